"""Rule 12 over the real connection: after the meeting each has one message, and the buttons in it work."""

from __future__ import annotations

from tests.worlds.practised import Room, buttons, words


async def test_everybody_present_has_one_message_and_presses_in_it(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    row = {"text": "Call school", "owner": meeting.unit.people["marisol"], "due": meeting.day(3)}
    await meeting.record("pippa", talk, "action", row)
    said = {"by": meeting.unit.people["tomasz"], "when": meeting.day(2), "opening_line": "We wondered about mornings."}
    await meeting.record("pippa", talk, "conversation", said)
    await meeting.finish("devan", talk)
    await meeting.press("orla", "meeting.close")
    await meeting.press("orla", "meeting.close_now")
    for who in ("orla", "devan", "marisol", "tomasz", "ngozi"):
        mine = [m for m in await meeting.direct(who) if "After the meeting of Tuesday 24 November" in words(m)]
        assert len(mine) == 1, who
    (hers,) = [m for m in await meeting.direct("pippa") if "After the meeting" in words(m) or "Copy to" in words(m)]
    assert "Your actions" in words(hers)
    await meeting.press_direct("marisol", "own.action_done")
    assert "Done since the meeting" in words((await meeting.direct("marisol"))[-1])
    await meeting.press_direct("tomasz", "own.conversation_carry")
    await meeting.submit("tomasz", {"when": meeting.day(9)})
    assert "Thu 3 Dec" in words((await meeting.direct("tomasz"))[-1])
    await meeting.press_direct("tomasz", "own.conversation_hand")
    await meeting.submit("tomasz", {"to": meeting.unit.people["devan"]})
    assert "We wondered about mornings." in words((await meeting.direct("devan"))[-1])


async def test_the_coordinator_has_one_message_one_document_and_two_ways_to_mark(meeting: Room) -> None:
    talks = [await meeting.start(ref, "light") for ref in ("K4419D", "K5052R", "K1936E")]
    for talk in talks:
        await meeting.finish("devan", talk)
    await meeting.press("orla", "meeting.close")
    await meeting.press("orla", "meeting.close_now")
    found = [m for m in await meeting.direct("pippa") if "Copy to the case file" in words(m)]
    assert len(found) == 1
    assert {"PDF", "Word", "Mark as copied", "Mark all as copied"} <= buttons(found[0])
    await meeting.press_direct("pippa", "record.copied", discussion=talks[0])
    assert meeting.discussion(talks[0]).copied_by_id == meeting.unit.people["pippa"]
    await meeting.press_direct("pippa", "record.copied_all")
    assert all(meeting.discussion(talk).copied_at for talk in talks)
    await meeting.press_direct("pippa", "document.docx", what="records")
    files = [m for m in await meeting.direct("pippa") if m.get("files")]
    assert len(files) == 1
