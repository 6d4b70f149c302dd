"""A form closed half-filled: what stood in it is saved, said so, and offered again."""

from __future__ import annotations

from typing import Any

from bot.practice.seat import shaped_values
from bot.slack import half_written
from tests.worlds.practised import Json, Room, words
from tests.worlds.until import until

FAMILY = {"ref": "B1234C", "initials": "QD"}


async def typed(room: Room, who: str, values: dict[str, Any], into: str) -> Json:
    """Somebody types in the open window and does nothing else; `into` is the field they were in last."""
    view = await room.window(who)
    block = next(block for block in view["blocks"] if block["block_id"] == into)
    action = {
        "type": block["element"]["type"],
        "block_id": into,
        "action_id": block["element"]["action_id"],
        "value": values[into],
    }
    state = {"values": shaped_values(view["blocks"], values)}
    place = {"type": "view", "view_id": view["id"]}
    await room.practice.post("action", user=room.users[who], container=place, action=action, state=state)
    return view


async def closed(room: Room, who: str) -> None:
    await room.seat(who).close(await room.window(who))
    await room.settle()


def held(view: Json) -> dict[str, Any]:
    """What stands in a window's text fields."""
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    return {block["block_id"]: block["element"].get("initial_value") for block in inputs if "element" in block}


async def test_a_form_closed_half_filled_is_saved_and_offered_again(room: Room) -> None:
    await room.command("pippa", "/family", "add")
    await typed(room, "pippa", FAMILY, "initials")
    await closed(room, "pippa")
    assert "You closed “Add a family”. What you filled in is saved." in (await room.notes("pippa"))[-1]
    await room.press("pippa", "form.resume")
    again = held(await room.window("pippa"))
    assert (again["ref"], again["initials"]) == ("B1234C", "QD")


async def test_a_form_nothing_was_typed_in_closes_without_a_word(room: Room) -> None:
    await room.command("pippa", "/family", "add")
    before = await room.notes("pippa")
    await closed(room, "pippa")
    assert await room.notes("pippa") == before


async def test_a_form_handed_in_is_no_draft_any_more(room: Room) -> None:
    await room.command("pippa", "/family", "add")
    await typed(room, "pippa", FAMILY, "initials")
    await room.submit("pippa", {**FAMILY, "category": "child_in_need"})
    await room.command("pippa", "/forms")
    assert "Add a family" not in (await room.notes("pippa"))[-1]


async def test_when_the_bot_stops_what_stands_in_windows_is_saved(room: Room) -> None:
    await room.command("pippa", "/family", "add")
    await typed(room, "pippa", FAMILY, "initials")
    await room.restart()
    await closed(room, "pippa")
    await room.press("pippa", "form.resume")
    assert held(await room.window("pippa"))["ref"] == "B1234C"


async def test_what_stands_in_a_window_for_a_while_is_saved_without_closing(room: Room, monkeypatch: Any) -> None:
    monkeypatch.setattr(half_written, "PAUSE", 0.05)
    await room.command("pippa", "/family", "add")
    await typed(room, "pippa", FAMILY, "initials")

    async def listed() -> bool:
        await room.command("pippa", "/forms")
        return "Add a family" in (await room.notes("pippa"))[-1]

    await until(listed)


async def test_an_nhs_number_typed_and_left_is_not_saved(room: Room) -> None:
    await room.command("pippa", "/family", "add")
    await typed(room, "pippa", {"ref": "B1234C", "summary": "NHS 943 476 5919"}, "ref")
    await closed(room, "pippa")
    await room.press("pippa", "form.resume")
    view = await room.window("pippa")
    assert held(view)["ref"] == "B1234C"
    assert "943 476 5919" not in words(view) + str(held(view))


async def test_a_form_opened_again_goes_on_and_another_one_begins_anew(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    await meeting.form("devan", talk, "action")
    await typed(meeting, "devan", {"text": "Ring Nan"}, "text")
    await closed(meeting, "devan")
    again = await meeting.form("devan", talk, "action")
    assert held(again)["text"] == "Ring Nan"
    assert "Here is what you wrote." in words(again)
    assert held(await meeting.form("orla", talk, "action"))["text"] is None
    await meeting.submit("devan", {"text": "Ring Nan."})
    assert held(await meeting.form("devan", talk, "action"))["text"] is None
