"""Bad input: each answered with a clear sentence, nothing lost, nothing acted on that was only typed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import select

from bot.practice.seat import SeatError
from storage.database.tables import Action, Contribution, Entry, Family, RemarkGiven
from storage.decisions import actions
from tests.worlds.practised import BOT, HERON, Room, words

LONG_3000 = "Ärger, 中文 and words. " * 143
LONG_12000 = "Mum said: “we try, every single morning, and some days it works.” " * 190
STRANGE = (
    "y",
    LONG_3000[:3000],
    LONG_12000[:12000],
    "👩‍👧‍👦 🙂 ❤️ café",
    "שלום, the aunt said. مرحبا \u202eback to front",
    "<!channel> <!here> <!everyone> @channel @here",
    "<@U1> and <@U0KEST04|Pippa> and <#C0KESTREL>",
    "a < b && c > d &amp; &lt;b&gt; &lt;!channel&gt;",
    "*bold* _slanted_ ~gone~ `code` ```block``` > quote 😄 <https://example.org|a link>",
    "- a\n- b\n\n\n1. one\n\ttab   spaces",
    "%s {name} {0} $HOME \\n ' \" ; DROP TABLE family; -- =1+1",
)
COMMANDS = ("/unit", "/family", "/meeting", "/hypothesis", "/agreement", "/action")


async def test_every_command_answers_help_and_a_wrong_word_says_what_is_possible(room: Room) -> None:
    for command in COMMANDS:
        await room.command("devan", command, "help")
        helped = (await room.notes("devan"))[-1]
        assert command in helped
        await room.command("devan", command, "xyzzy with some more words")
        wrong = (await room.notes("devan"))[-1]
        assert "xyzzy" in wrong
        assert command in wrong, wrong
        assert await room.seat("devan").top_modal() is None


async def test_strange_and_long_texts_come_back_as_they_were_typed(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    seat, thread = meeting.seat("devan"), meeting.thread(talk)
    for text in STRANGE:
        await seat.type(meeting.channel, text, thread)
    await seat.type(meeting.channel, "@Pippa please write this down", thread, mentions={"U0KEST04": "Pippa"})
    await meeting.settle()
    assert meeting.kept(talk) == [*STRANGE, "@Pippa please write this down"]

    await meeting.finish("marisol", talk)
    await meeting.press("orla", "discussion.record", talk=talk)
    record = "\n".join(await meeting.notes("orla", talk))
    for text in STRANGE:
        assert _squeezed(text) in _squeezed(record), text[:60]
    await meeting.press("orla", "meeting.close")
    await meeting.press("orla", "meeting.close_now")
    assert list(_acted_on(meeting)) == []


async def test_half_a_character_never_stops_a_message_a_form_or_a_command(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    await meeting.seat("devan").type(meeting.channel, "Mum said \ud83d yes.", meeting.thread(talk))
    await meeting.settle()
    assert meeting.kept(talk) == ["Mum said \ufffd yes."]
    await meeting.form("devan", talk, "action")
    await meeting.submit(
        "devan", {"text": "Ring \udc69 school", "owner": meeting.unit.people["devan"], "due": meeting.day(7)}
    )
    await meeting.command("devan", "/family", "K4419D\ud83d")
    assert "K4419D" in (await meeting.notes("devan"))[-1]


async def test_a_long_text_in_a_form_goes_on_in_further_boxes_and_is_kept_whole(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    whole = LONG_12000[:11_999]
    view = await meeting.form("devan", talk, "action")
    parts = [whole[at : at + 3000] for at in range(0, len(whole), 3000)]
    keys = ["text", *(f"text~{number}" for number in range(2, len(parts) + 1))]
    for count in range(1, len(parts) + 1):
        shown = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        assert keys[count - 1] in shown
        await meeting.submit("devan", dict(zip(keys[:count], parts[:count], strict=True)))
        if count < len(parts):
            view = await meeting.window("devan")
            assert "A box was filled to the end" in words(view)
    assert await meeting.seat("devan").top_modal() is None
    with meeting.db.read() as session:
        kept = session.exec(select(Action).where(Action.discussion_id == talk)).one()
        assert actions.words(session, kept).text == whole


async def test_nothing_typed_is_nothing_kept_and_said_beside_the_field(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    with pytest.raises(SeatError):
        await meeting.seat("devan").type(meeting.channel, "   ", meeting.thread(talk))
    await meeting.form("devan", talk, "action")
    answer = await meeting.submit("devan", {"text": "   ", "how_we_know": "She says so"})
    assert list(answer["errors"]) == ["text"]
    assert await meeting.seat("devan").top_modal() is not None
    await meeting.submit("devan", {"text": "Ask her", "how_we_know": "She says so"})
    assert meeting.count(Contribution) == 0
    assert await meeting.seat("devan").top_modal() is None


async def test_a_case_reference_is_used_once_in_the_council(room: Room) -> None:
    before = room.count(Family)
    for who, channel, said in (("pippa", room.channel, "already known"), ("dagny", HERON, "not free")):
        await room.command(who, "/family", "add", channel)
        answer = await room.submit(who, {"ref": "k4419d ", "category": "child_in_need"})
        assert said in answer["errors"]["ref"]
        assert "Kestrel" not in str(answer["errors"])
        await room.seat(who).close(await room.window(who))
        await room.settle()
    assert room.count(Family) == before


async def test_a_family_of_another_unit_is_answered_like_one_nobody_knows(room: Room) -> None:
    for command in ("/family", "/action", "/hypothesis", "/agreement"):
        answers = []
        for ref in ("H1007U", "Q9999Z"):
            await room.command("devan", command, ref)
            answers.append((await room.notes("devan"))[-1].replace(ref, "REF"))
            assert await room.seat("devan").top_modal() is None
        assert answers[0] == answers[1]
        assert "I do not know the case reference REF in this unit" in answers[0]


async def test_impossible_and_past_dates_are_said_beside_the_field(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    await meeting.form("devan", talk, "l_next")
    gone = await meeting.submit("devan", {"next_discussion#0#date": meeting.day(-1), "next_discussion#0#kind": "full"})
    assert "gone" in gone["errors"]["next_discussion#0#date"]
    for impossible in ("2026-02-30", "soon", "2026-13-01"):
        answer = await _given(meeting, "devan", {"next_discussion#0#date": impossible})
        assert answer
    assert meeting.discussion(talk).next_on is None
    await meeting.submit("devan", {"next_discussion#0#date": meeting.day(9), "next_discussion#0#kind": "light"})
    assert str(meeting.discussion(talk).next_on) == meeting.day(9)

    await meeting.form("devan", talk, "l_safety")
    seen = [b["block_id"] for b in (await meeting.window("devan"))["blocks"] if "#date" in str(b.get("block_id"))]
    answer = await meeting.submit("devan", {"immediate_concern": "no", seen[0]: meeting.day(3)})
    assert list(answer["errors"]) == [seen[0]]
    assert meeting.count(Entry) == 1 + _loaded_entries(meeting)


async def test_an_action_is_not_given_to_somebody_who_has_left(room: Room) -> None:
    gone = room.other_unit.people["gwen"]
    await room.command("bryn", "/action", "H1007U", HERON)
    answer = await room.submit("bryn", {"text": "Call the school", "owner": gone})
    assert "Gwen left the unit" in answer["errors"]["owner"]
    view = await room.window("bryn")
    assert view is not None
    await room.submit("bryn", {"text": "Call the school", "owner": room.other_unit.people["ama"]})
    assert await room.seat("bryn").top_modal() is None


async def test_the_same_event_three_times_and_out_of_order_is_kept_once(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    await meeting.practice.faults(redeliver_events=2)
    seat, thread = meeting.seat("devan"), meeting.thread(talk)
    ts = await seat.type(meeting.channel, "First words.", thread)
    await seat.edit(meeting.channel, ts, "Better words.")
    other = await seat.type(meeting.channel, "Not this.", thread)
    await seat.delete(meeting.channel, other)
    third = await seat.type(meeting.channel, "One.", thread)
    for text in ("Two.", "Three."):
        await seat.edit(meeting.channel, third, text)
    await meeting.settle()
    assert meeting.kept(talk) == ["Better words.", "Three."]
    gone = meeting.note(other)
    assert gone is None or gone.state == "deleted"
    assert meeting.count(Contribution) <= 3


async def test_two_people_typing_and_handing_in_at_once_lose_nothing(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    people = ("orla", "devan", "marisol", "pippa", "tomasz", "ngozi")
    await asyncio.gather(
        *(
            meeting.seat(who).type(meeting.channel, f"{who} says {number}", meeting.thread(talk))
            for who in people
            for number in range(3)
        )
    )
    await meeting.settle()
    assert sorted(meeting.kept(talk)) == sorted(f"{who} says {number}" for who in people for number in range(3))
    for who in people[:3]:
        await meeting.form(who, talk, "action")
    views = [await meeting.window(who) for who in people[:3]]
    await asyncio.gather(
        *(meeting.seat(who).submit(view, {"text": f"Do it, {who}"}) for who, view in zip(people, views, strict=False))
    )
    await meeting.settle()
    with meeting.db.read() as session:
        made = session.exec(select(Action).where(Action.discussion_id == talk)).all()
        assert sorted(actions.words(session, a).text for a in made) == [f"Do it, {who}" for who in sorted(people[:3])]


async def test_old_buttons_and_those_of_a_closed_meeting_change_nothing(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    kinds = ("do:park", "do:switch", "")
    olds = {
        chosen: await meeting.look_for(
            "devan", "stage.more" if chosen else "discussion.finish", talk=talk, choose=chosen or None
        )
        for chosen in kinds
    }
    board = await meeting.look_for("devan", "meeting.timer")
    await meeting.press("orla", "meeting.close")
    await meeting.practice.faults(ratelimit={"chat.update": 1, "retry_after": 2})
    shown, element = await meeting.look_for("orla", "meeting.close_now")
    await meeting.act("orla", shown, element)
    await meeting.act("devan", *board)
    await meeting.settle()
    was = meeting.discussion(talk)
    for chosen, old in olds.items():
        await meeting.act("devan", *old, chosen or None)
        await meeting.settle()
        assert "This meeting is closed, so nothing was changed" in (await meeting.notes("devan", talk))[-1]
    assert meeting.discussion(talk) == was
    assert any("This meeting is closed" in note for note in await meeting.notes("devan"))


async def test_a_picture_is_not_kept_and_its_author_is_told(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    picture = {"name": "drawing.png", "mimetype": "image/png", "content_base64": "iVBORw0KGgo="}
    await meeting.type("devan", talk, "Look at this", files=[picture])
    assert meeting.kept(talk) == ["Look at this"]
    with meeting.db.read() as session:
        assert [r.code for r in session.exec(select(RemarkGiven)) if r.code == "file_not_kept"] == ["file_not_kept"]
    assert "I do not save files" in (await meeting.notes("devan", talk))[-1]


# ---- small parts


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _loaded_entries(room: Room) -> int:
    with room.db.read() as session:
        return len(session.exec(select(Entry).where(Entry.meeting_id != room.meeting().id)).all()) + len(
            session.exec(select(Entry).where(Entry.meeting_id == None)).all()  # noqa: E711
        )


async def _given(room: Room, who: str, values: dict[str, Any]) -> str:
    """What the person is told about an answer that cannot be: by Slack itself or beside the field."""
    try:
        answer = await room.submit(who, values)
    except SeatError as refused:
        return refused.sentence
    return str(answer.get("errors") or "")


def _acted_on(room: Room) -> Iterator[str]:
    """Marks in the bot's messages that Slack would act on: a call to everyone, a mention, a link nobody meant."""
    for channel in room.server.workspace.channels.values():
        for message in channel.messages.values():
            if message.get("user") == BOT:
                yield from _live_marks(message.get("blocks", []))


def _live_marks(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _live_marks(one)
    if not isinstance(part, dict):
        return
    if part.get("type") == "mrkdwn":
        text = str(part["text"])
        if any(mark in text for mark in ("<!", "<@", "<#", "<http")):
            yield text
    if part.get("type") in ("broadcast", "user", "channel", "usergroup", "link"):
        yield str(part)
    for value in part.values():
        yield from _live_marks(value)
