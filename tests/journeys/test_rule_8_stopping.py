"""Rule 8 over the real connection: wherever it is pressed, 999 and the contacts are on that screen in a second."""

from __future__ import annotations

import time

import pytest

from tests.worlds.practised import OUTSIDER, Json, Room, buttons, words
from tests.worlds.until import patience

CONTACT = "extension 4000 (fictional)"
FIRST_WORDS = 120
"""So much of the window is read without scrolling, on a telephone too: 999 stands in it."""


async def _shown_within_a_second(meeting: Room, who: str, began: float) -> str:
    async def there() -> Json:
        view = await meeting.seat(who).top_modal()
        return view if view is not None and CONTACT in words(view) else {}

    read = words((await meeting.until(there))["blocks"])
    assert time.monotonic() - began < patience(1.0), "the contacts were not there within a second"
    assert "call 999" in read[:FIRST_WORDS]
    assert read.index("call 999") < read.index(CONTACT)
    return read


@pytest.mark.parametrize("kind", ["light", "full"])
@pytest.mark.parametrize("place", ["card", "thread", "board", "message"])
async def test_contacts_are_there_within_a_second_where_it_was_pressed(meeting: Room, kind: str, place: str) -> None:
    talk = await meeting.start("K5052R", kind)
    ts = await meeting.type("devan", talk, "School rang.")
    began = time.monotonic()
    match place:
        case "card":
            shown, element = await meeting.look_for("marisol", "discussion.concern")
            began = time.monotonic()
            await meeting.act("marisol", shown, element)
        case "thread":
            shown, element = await meeting.look_for("marisol", "discussion.concern", talk=talk)
            began = time.monotonic()
            await meeting.act("marisol", shown, element)
        case "board":
            shown, element = await meeting.look_for("marisol", "board.concern")
            began = time.monotonic()
            await meeting.act("marisol", shown, element)
        case "message":
            await meeting.seat("marisol").shortcut("immediate_concern", meeting.channel, ts)
    await _shown_within_a_second(meeting, "marisol", began)
    if place == "board":
        await meeting.press_in_window("marisol", "board.concern_family", choose=meeting.unit.families["K5052R"])
    await meeting.settle()
    assert meeting.discussion(talk).state == "stopped"
    newest = (await meeting.seen("tomasz", talk))[-1]
    assert CONTACT in words(newest)
    under_board = (await meeting.seen("tomasz"))[-1]
    assert CONTACT in words(under_board)
    assert "K5052R" not in words(under_board)
    for who in ("orla", "devan", "ngozi", "graham"):
        heard = words((await meeting.direct(who))[-1])
        assert "Immediate concern: K5052R" in heard
        assert CONTACT in heard
        assert "(NC)" not in heard


async def test_a_slip_is_taken_back_in_the_window_and_nothing_asks_any_more(meeting: Room) -> None:
    talk = await meeting.start("K5052R", "light")
    await meeting.press("marisol", "discussion.concern", talk=talk)
    await meeting.press_in_window("marisol", "stop.mistake")
    assert "back where it was" in words(await meeting.window("marisol"))
    assert meeting.discussion(talk).state == "open"
    for message in (*(await meeting.seen("orla", talk)), *(await meeting.direct("orla"))):
        assert "Say who was told" not in buttons(message)
    assert "Pressed by mistake, says Marisol" in words((await meeting.direct("orla"))[-1])


async def test_the_lead_writes_down_who_was_told_from_the_message(meeting: Room) -> None:
    talk = await meeting.start("K5052R", "light")
    await meeting.press("marisol", "discussion.concern", talk=talk)
    await meeting.press_direct("orla", "form.open", form="stop")
    await meeting.submit("orla", {"told#0#outside": "Duty manager", "after": "go_on"})
    assert meeting.discussion(talk).state == "open"
    assert "Told: Duty manager at 09:" in words((await meeting.direct("graham"))[-1])
    assert "Told: Duty manager at 09:" in await meeting.said("tomasz")


async def test_where_others_can_read_only_the_contacts_are_posted(meeting: Room) -> None:
    talk = await meeting.start("K5052R", "light")
    await meeting.practice.post("member", user_added=OUTSIDER, channel=meeting.channel)
    await meeting.settle()
    await meeting.press("marisol", "discussion.concern", talk=talk)
    under_board = (await meeting.seen("tomasz"))[-1]
    assert CONTACT in words(under_board)
    assert "K5052R" not in words(under_board)
    assert CONTACT in words((await meeting.direct("graham"))[-1])
