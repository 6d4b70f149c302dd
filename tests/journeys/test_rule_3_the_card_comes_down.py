"""Rule 3 over the real connection: one card, always last; what it leaves behind is a heading or nothing at all."""

from __future__ import annotations

from tests.worlds.practised import Room, buttons, elements, words


async def cards(meeting: Room, talk: str) -> list[str]:
    """The first words of every card in the thread, oldest first."""
    found = [m for m in await meeting.seen("devan", talk) if "Immediate concern" in buttons(m)]
    return [words(one).split("\n")[0] for one in found]


async def test_rule_3_a_stage_leaves_its_heading_and_only_the_newest_card_has_the_controls(meeting: Room) -> None:
    talk = await meeting.start("K3107C", "full")
    await meeting.no_concern("devan", talk)
    await meeting.record("devan", talk, "action", {"text": "Ring Nan."})
    await meeting.record("devan", talk, "action", {"text": "Ring school."})
    await meeting.on("devan", talk)
    await meeting.type("devan", talk, "All well at school.")
    shown = await cards(meeting, talk)
    assert shown[-1].startswith("Safety first (2 of 9)")
    assert len([m for m in await meeting.seen("devan", talk) if "More" in buttons(m)]) <= 1
    found = meeting.discussion(talk)
    numbers = range(1, found.stage_no + 1)
    lying = [n for n in numbers if meeting.posted(f"discussion:{talk}/stage:{n}")]
    assert lying[-1] == found.stage_no
    assert 1 not in lying
    assert not set(numbers) <= set(lying)


async def test_rule_4_what_was_saved_stays_in_view_above_a_short_card(meeting: Room) -> None:
    talk = await meeting.start("K3107C", "full")
    await meeting.on("devan", talk)
    asked = "When was each child last seen, by whom"
    assert await marked(meeting, talk) == ["Safety"]
    await meeting.no_concern("devan", talk)
    shown = [words(m) for m in await meeting.seen("devan", talk)]
    assert "Safety: No concern today" in shown[-2]
    assert asked not in shown[-1]
    assert len([one for one in shown if asked in one]) == 1
    assert await marked(meeting, talk) == ["Next: What has changed"]
    await meeting.on("devan", talk)
    shown = [words(m) for m in await meeting.seen("devan", talk)]
    assert [one for one in shown if asked in one] == []
    assert any(one.startswith("Safety first\n") for one in shown)


async def marked(meeting: Room, talk: str) -> list[str]:
    """What the newest card marks as the one thing to do."""
    newest = (await meeting.seen("devan", talk))[-1]
    return [element["text"]["text"] for _, element in elements(newest) if element.get("style") == "primary"]


async def test_rule_3_an_old_card_stays_until_the_newer_one_is_there(meeting: Room) -> None:
    talk = await meeting.start("K3107C", "full")
    first = f"discussion:{talk}/stage:1"
    await meeting.practice.faults(ratelimit={"chat.postMessage": 1, "retry_after": 1})
    await meeting.press("devan", "stage.next", talk=talk)
    await meeting.all_sent(without_waits=True)
    assert meeting.posted(f"discussion:{talk}/stage:2")
    assert meeting.posted(first) == []
    methods = [call["method"] for call in await meeting.calls()]
    assert methods.index("chat.delete") > len(methods) - 1 - methods[::-1].index("chat.postMessage")


async def test_rule_3_a_card_that_could_not_be_taken_away_is_taken_away_later_and_none_is_lost(meeting: Room) -> None:
    talk = await meeting.start("K3107C", "full")
    await meeting.practice.faults(drop_replies={"chat.delete": 1})
    await meeting.press("devan", "stage.next", talk=talk)
    await meeting.restart()
    await meeting.waits_are_over()
    await meeting.all_sent(without_waits=True)
    assert meeting.posted(f"discussion:{talk}/stage:1") == []
    assert len(meeting.posted(f"discussion:{talk}/stage:2")) == 1


async def test_what_was_saved_is_a_line_with_all_of_it_one_press_away(meeting: Room) -> None:
    talk = await meeting.start("K3107C", "full")
    await meeting.record("devan", talk, "action", {"text": "Ring Nan.", "due": meeting.day(7)})
    said = await meeting.said("orla", talk)
    assert "Action: Ring Nan (nobody yet, by Tue 1 Dec). (Devan)" in said
    await meeting.press("orla", "entry.show", talk=talk)
    window = await meeting.window("orla")
    assert "Recorded by Devan." in words(window)
    assert {"Edit action", "Done or no longer needed", "Carry over", "Hand over"} <= buttons(window)
    await meeting.press_in_window("orla", "action.edit")
    assert "What will be done?" in words(await meeting.window("orla"))
