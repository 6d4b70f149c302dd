"""A family goes to another unit and back over the real connection: asked, accepted, and both units read about it."""

from __future__ import annotations

from datetime import timedelta

from storage.database.tables import Family
from storage.export.export import export_unit
from tests.worlds.council.two_units import without_the_moves
from tests.worlds.practised import HERON, NINE_THIRTY, Room, buttons, words

REF = "K3107C"


async def test_the_lead_asks_the_other_says_yes_on_the_day_it_goes_and_it_comes_back_whole(room: Room) -> None:
    family, heron, kestrel = room.unit.families[REF], room.other_unit.unit_id, room.unit.unit_id
    with room.read() as session:
        before = export_unit(session, kestrel)
    await room.command("orla", "/family", REF)
    await room.press("orla", "family.transfer", family=family)
    await room.press("orla", "transfer.unit", choose=heron)
    await room.submit("orla", {"on": room.day(7), "why": "They moved to the coast.", "works": "Afternoons."})
    asked = (await room.direct("ama"))[-1]
    assert "They moved to the coast." in words(asked)
    assert {"Accept", "Not this time", "Handover pack as PDF", "Handover pack as Word"} <= buttons(asked)
    await room.press_direct("ama", "document.pdf", what="handover")
    assert len([one for one in await room.direct("ama") if one.get("files")]) == 1
    await room.press_direct("ama", "transfer.accept")
    await room.submit("ama", {"lead_worker": room.other_unit.people["bryn"]})
    assert "Heron Unit takes K3107C" in words((await room.direct("orla"))[-1])
    await room.clock(NINE_THIRTY + timedelta(days=7, minutes=5))
    await room.settle()
    with room.read() as session:
        assert session.get_one(Family, family).unit_id == heron
    assert any("is with you from today" in words(one) for one in await room.direct("ama"))
    await room.command("devan", "/family", REF)
    assert "K3107C is with Heron Unit" in (await room.notes("devan"))[-1]
    await room.command("bryn", "/family", REF, channel=HERON)
    assert "Came from" in (await room.notes("bryn", channel=HERON))[-1]
    room.channel = HERON
    await room.command("ama", "/family", REF)
    await room.press("ama", "family.transfer", family=family)
    await room.press("ama", "transfer.unit", choose=kestrel)
    await room.submit("ama", {"on": room.day(7), "why": "They are back."})
    await room.press_direct("orla", "transfer.accept")
    await room.submit("orla", {"lead_worker": room.unit.people["devan"]})
    assert any(f"{REF} (BD) came from Heron Unit" in words(one) for one in await room.direct("orla"))
    with room.read() as session:
        assert without_the_moves(export_unit(session, kestrel)) == without_the_moves(before)
