"""Somebody leaves, over the real connection: one list, one form, and who goes on with it hears."""

from __future__ import annotations

from storage.unit import work_left
from storage.unit.work_left import Kind
from tests.worlds.practised import NINE_THIRTY, Room, words


async def test_the_work_of_somebody_who_leaves_is_handed_over_in_one_form(room: Room) -> None:
    devan, marisol = room.unit.people["devan"], room.unit.people["marisol"]
    with room.read() as session:
        found = work_left.of_person(session, room.unit.unit_id, devan, NINE_THIRTY)
    first = next(one for one in found if one.kind is Kind.ACTION)
    await room.command("pippa", "/unit", "members")
    await room.press("pippa", "unit.leaver", choose=devan)
    assert "In hand" in (await room.notes("pippa"))[-1]
    await room.press("pippa", "unit.work_left", person=devan)
    await room.submit("pippa", {f"rows#{first.key}#to": marisol})
    assert "1 thing has somebody new." in (await room.notes("pippa"))[-1]
    assert any("work that was Devan's" in words(one) for one in await room.direct("marisol"))
