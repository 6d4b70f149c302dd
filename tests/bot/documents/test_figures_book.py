"""The manager's spreadsheet of the month: four sheets that open in any reader, and totals that give nobody away."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest

from bot.documents.asked import wish
from bot.documents.contents import figures
from bot.documents.everything import figures_file
from bot.documents.source import Source
from handlers.documents import Asked, key_of
from prompts_and_forms.managers.wording import MEANINGS
from storage.database.db import Database
from storage.database.tables import Unit
from storage.unit import people
from tests.worlds.records_world import TODAY, Room


@pytest.fixture
def room(db: Database) -> Room:
    return Room(db)


def rows(room: Room, what: str = "figures") -> dict[str, list[tuple[object, ...]]]:
    with room.reading() as session:
        found = figures.counted(session, [(session.get_one(Unit, room.unit.unit_id), TODAY)])
        book = figures.totals(found) if what == "figures_totals" else figures.sheets(session, found)
        return {sheet.name: [tuple(one) for one in sheet.rows] for sheet in book}


def book(room: Room, who: str, what: str = "figures") -> bytes | None:
    with room.reading() as session:
        asked = Asked(what, "", "xlsx", room.unit.unit_id, room.people[who])
        found = wish(session, key_of(asked), room.now)
        return found.draw().content if found is not None else None


def test_it_has_definitions_units_a_trend_of_thirteen_weeks_and_lists(room: Room) -> None:
    found = rows(room)
    assert list(found) == ["Definitions", "Units", "13-week trend", "Lists"]
    assert [one[0] for one in found["Definitions"]] == [one.name for one in MEANINGS.values()]
    assert ("Kestrel Unit", "Discussed this week", 12, 14, "12 of 14 (86%)") in found["Units"]
    week = next(one for one in found["13-week trend"] if one[1] == "Discussed this week")
    assert len(week) == 15
    assert week[-2:] == ("9 of 14 (64%)", "12 of 14 (86%)")
    assert ("Kestrel Unit", "Discussed this week", "K1564A (CQ)", "missing") in found["Lists"]


def test_it_names_no_worker_and_puts_no_unit_in_the_order_of_a_number(room: Room) -> None:
    said = str(rows(room))
    assert not any(name.capitalize() in said for name in room.people)


def test_tracking_is_never_a_table_of_two_things_at_once(room: Room) -> None:
    lines = [one for one in rows(room)["Units"] if str(one[1]).startswith("Tracking form:")]
    assert lines
    assert not any("theme" in str(one[1]) and "kind" in str(one[1]) for one in lines)


def test_totals_hide_small_numbers_and_name_no_unit_and_no_family(room: Room) -> None:
    found = rows(room, "figures_totals")
    assert list(found) == ["Definitions", "Totals"]
    said = {one[0]: one[1:] for one in found["Totals"]}
    assert said["Discussed this week"] == ("hidden", "14")
    assert said["Agreements that wait for a side"] == ("0", "0")
    assert said["Actions overdue"] == ("7", "22")
    assert said["Supervision in the past month"] == ("hidden", "1 to 5")
    numbers = [str(cell) for one in found["Totals"] for cell in one[1:] if cell is not None]
    assert not any(cell in ("1", "2", "3", "4", "5") for cell in numbers)
    assert "Kestrel" not in str(found["Totals"])
    assert "K2045X" not in str(found["Totals"])


def test_it_opens_as_a_workbook(room: Room) -> None:
    with room.reading() as session:
        unit = session.get_one(Unit, room.unit.unit_id)
        made = figures_file(Source(session, unit, room.now), "figures", [(unit, TODAY)])
    assert made.name.startswith("kestrel-figures-2026-11-17-")
    with ZipFile(BytesIO(made.content)) as found:
        assert "xl/worksheets/sheet4.xml" in found.namelist()
        assert b"Definitions" in found.read("xl/workbook.xml")


def test_only_managers_of_the_unit_are_sent_one(room: Room) -> None:
    assert book(room, "graham") is not None
    assert book(room, "orla") is None
    assert book(room, "ngozi", "figures_totals") is None
    with room.db.write() as session:
        membership = people.membership(session, room.unit.unit_id, room.people["graham"])
        assert membership is not None
        people.leave_unit(session, membership, TODAY)
    assert book(room, "graham") is None


def test_a_family_closed_to_the_manager_is_in_no_sheet_of_theirs(room: Room) -> None:
    room.close_to("K2045X", "graham")
    theirs, others = book(room, "graham"), book(room, "ngozi")
    assert theirs is not None
    assert others is not None

    def said(content: bytes) -> bytes:
        with ZipFile(BytesIO(content)) as found:
            return b"".join(found.read(name) for name in found.namelist())

    assert b"K2045X" not in said(theirs)
    assert b"K2045X" in said(others)
