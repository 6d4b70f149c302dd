"""Rule 15 over the real connection: adding to the next agenda by command and message, and the coordinator's copy."""

from __future__ import annotations

from datetime import UTC, datetime

from storage.database.tables import Unit
from tests.worlds.practised import Room, buttons, words

LIGHT = "K1936E"
THE_DAY_BEFORE = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


async def test_a_family_and_a_message_go_on_the_next_agenda_which_the_coordinator_sends(idle: Room) -> None:
    room = idle
    with room.db.write() as session:
        unit = session.get_one(Unit, room.unit.unit_id)
        unit.weekday = 1
        session.add(unit)
    await room.clock(THE_DAY_BEFORE)
    await room.connect()
    await room.settle()
    await room.command("devan", "/meeting", f"add {LIGHT}")
    assert (await room.submit("devan", {"why": "The court letter came"})).get("response_action") != "errors"
    assert "is on the agenda of Tuesday 24 November 2026" in (await room.notes("devan"))[-1]
    ts = await room.seat("tomasz").type(room.channel, "Duty rota over Christmas")
    await room.seat("tomasz").shortcut("add_to_agenda", room.channel, ts)
    await room.settle()
    await room.submit("tomasz", {})
    await room.tick()
    own = [m for m in await room.direct("pippa") if "Agenda for Tuesday 24 November 2026" in words(m)]
    assert len(own) == 1
    for said in ("Devan asked: The court letter came", "Duty rota over Christmas (Tomasz)"):
        assert said in words(own[0])
    assert {"Send to the unit", "Change", "Add to the next agenda"} <= buttons(own[0])
    await room.press_direct("pippa", "next.send")
    await room.command("orla", "/meeting", "add Away day")
    await room.submit("orla", {})
    posted = room.posted(f"unit:{room.unit.unit_id}/agenda:2026-11-24")
    assert len(posted) == 1
    sent = next(m for m in await room.seen("marisol") if m["ts"] == posted[0])
    assert "Away day (Orla)" in words(sent)
    assert buttons(sent) == {"Add to the next agenda"}


async def test_a_turn_at_facilitating_is_swapped_by_one_press_and_the_others_yes(room: Room) -> None:
    with room.db.write() as session:
        unit = session.get_one(Unit, room.unit.unit_id)
        unit.weekday = 1
        session.add(unit)
    await room.command("pippa", "/meeting", "rota")
    await room.press("pippa", "rota.choose")
    await room.submit("pippa", {"people": [room.unit.people[who] for who in ("devan", "marisol")]})
    await room.command("devan", "/meeting", "rota")
    await room.press("devan", "rota.swap", choose="2026-12-01")
    await room.press_direct("marisol", "rota.yes")
    assert "said yes and facilitates on Tuesday 24 November 2026" in words((await room.direct("devan"))[-1])
    await room.open_meeting()
    assert room.meeting().facilitator_id == room.unit.people["marisol"]
