"""What somebody above the unit reads, over the real connection: the week, the month, Home, a figure, two units."""

from __future__ import annotations

from datetime import UTC, date, datetime

from storage.database.tables import Family, Unit
from storage.unit import people, units
from tests.worlds.practised import HERON, Json, NothingToPress, Room, buttons, elements, label_of, named, words

MONDAY = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)
TUESDAY = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)


def in_heron_too(room: Room, who: str) -> None:
    with room.db.write() as session:
        membership = people.add_member(
            session, unit_id=room.other_unit.unit_id, person_id=room.unit.people[who], roles=["clinical_manager"],
            on=date(2026, 1, 5),
        )  # fmt: skip
        membership.linked, membership.in_meeting = True, False


async def pick(room: Room, who: str, shown: Json, name: str, choose: str | None = None) -> None:
    """Presses or chooses in exactly this message or view; a button by its action or by what it says."""
    for block, element in elements(shown):
        if name in (named(element)[0], label_of(element)):
            await room.act(who, {**shown, "blocks": [block]}, element, choose)
            await room.settle()
            return
    raise NothingToPress(f"{name} in {words(shown)}")


async def test_a_managers_week_and_month_and_what_a_figure_means(room: Room) -> None:
    await room.clock(MONDAY)
    await room.settle()
    week = next(one for one in await room.direct("ngozi") if "Figures of Kestrel Unit" in words(one))
    assert week["text"] == "Your units this week"
    assert words(week).index("Needs you") < words(week).index("Discussed this week")
    await room.press_direct("ngozi", "figures.show")
    figures = (await room.direct("ngozi"))[-1]
    assert {"What does it mean?", "Families behind a number", "As a spreadsheet"} <= buttons(figures)
    await pick(room, "ngozi", figures, "figures.meaning", "children_seen")
    assert "children for whom a visiting interval is known" in words((await room.direct("ngozi"))[-1])
    await room.clock(TUESDAY)
    await room.settle()
    (file,) = [one["files"] for one in await room.direct("ngozi") if one.get("files")]
    assert file[0]["name"].endswith(".xlsx")


async def test_home_says_your_units_first_and_a_command_asks_which_of_two(room: Room) -> None:
    in_heron_too(room, "ngozi")
    home = await room.seat("ngozi").home()
    assert home is not None
    said = words(home)
    assert said.index("Your units") < said.index("Heron Unit") < said.index("Kestrel Unit")
    await pick(room, "ngozi", home, "home.unit", room.unit.unit_id)
    assert "Figures" in buttons(await room.window("ngozi"))
    direct = await room.seat("ngozi").direct_channel()
    await room.command("ngozi", "/family", "list", channel=direct)
    asked = (await room.direct("ngozi"))[-1]
    assert {"Heron Unit", "Kestrel Unit"} <= buttons(asked)
    await pick(room, "ngozi", asked, "Heron Unit")
    first = next(iter(room.other_unit.families))
    assert first in words((await room.direct("ngozi"))[-1])
    await room.command("ngozi", "/family", "list", channel=direct)
    assert first in words((await room.direct("ngozi"))[-1])


async def test_words_are_found_where_and_when_they_were_said(meeting: Room) -> None:
    talk = await meeting.start("K3107C")
    await meeting.type("devan", talk, "Nan keeps the spare goldfish key in the blue teapot.")
    await meeting.command("orla", "/find", "goldfish teapot")
    found = (await meeting.notes("orla"))[-1]
    assert "K3107C" in found
    assert "goldfish key" in found
    await meeting.command("bryn", "/find", "goldfish", channel=HERON)
    assert "goldfish key" not in (await meeting.notes("bryn", channel=HERON))[-1]


async def test_a_unit_gives_all_its_families_to_another_one_and_closes(room: Room) -> None:
    room.channel = HERON
    await room.command("ama", "/unit")
    await room.press("ama", "unit.move_families")
    await room.press("ama", "unit.families_to", choose=room.unit.unit_id)
    await room.submit("ama", {"which": "every", "on": room.day(0), "why": "One unit from now on."})
    await room.press_direct("orla", "transfer.accept")
    await room.submit("orla", {})
    await room.command("ama", "/unit")
    await room.press("ama", "unit.close")
    await room.press("ama", "unit.close_now")
    assert "Heron Unit is closed from today" in (await room.notes("ama"))[-1]
    with room.read() as session:
        assert units.is_closed(session.get_one(Unit, room.other_unit.unit_id))
        assert session.get_one(Family, next(iter(room.other_unit.families.values()))).unit_id == room.unit.unit_id
