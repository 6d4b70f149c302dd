"""A clinical staff meeting is recorded once and counts for every unit of its clinical manager."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.turn import Done
from prompts_and_forms.clinical.review_rules import Kind
from storage.clinical import reviews
from storage.database.db import Database
from storage.database.looked import Asked, lines
from storage.database.tables import Unit
from storage.database.tables_measures import Review
from storage.unit import people, units
from tests.worlds.in_memory import words_of
from tests.worlds.records_world import TODAY, Room


@pytest.fixture
def room(db: Database) -> Room:
    """Ngozi is clinical manager of Kestrel and Wren, and a group manager sits in Rook."""
    room = Room(db)
    with db.write() as session:
        for name, role in (("Wren Unit", "clinical_manager"), ("Rook Unit", "group_manager")):
            unit = units.add_unit(session, name=name, channel=f"C0{name[:4].upper()}", now=room.now)
            membership = people.add_member(
                session, unit_id=unit.id, person_id=room.people["ngozi"], roles=[role], on=TODAY
            )
            membership.linked = True
    return room


def held(room: Room, name: str) -> list[Review]:
    with room.reading() as session:
        unit = units.by_name(session, name)
        assert unit is not None
        return [row for row in reviews.of_unit(session, unit.id) if row.kind == Kind.CLINICAL_STAFF]


def record(room: Room, who: str, days: int = 0, kind: str = "clinical_staff", **more: str) -> str:
    asked = room.press(who, "review.record_unit", unit=room.unit.unit_id, kind=kind)
    answers = {"kind": kind, "held_on": (TODAY - timedelta(days=days)).isoformat(), **more}
    answer = room.hand_in(who, asked, answers)
    assert isinstance(answer, Done), answer
    return words_of(answer)


def test_recorded_in_one_unit_it_counts_for_the_others_of_the_clinical_manager(room: Room) -> None:
    said = record(room, "ngozi")
    assert "It counts for your other units too: Wren Unit. Nobody has to record it again." in said
    assert [row.held_on for row in held(room, "Wren Unit")] == [TODAY]
    assert held(room, "Rook Unit") == []
    with room.reading() as session:
        unit = units.by_name(session, "Wren Unit")
        assert isinstance(unit, Unit)
        due = {one.kind: one for one in reviews.due_of_unit(session, unit)}
    assert due[Kind.CLINICAL_STAFF].start == TODAY


def test_one_that_is_recorded_already_is_not_doubled(room: Room) -> None:
    record(room, "ngozi")
    record(room, "ngozi", note="And the rota.")
    assert len(held(room, "Wren Unit")) == 1


def test_supervision_and_what_others_record_stay_in_their_unit(room: Room) -> None:
    assert "other units" not in record(room, "ngozi", kind="supervision", person=room.people["tomasz"])
    assert "other units" not in record(room, "orla", days=3)
    assert held(room, "Wren Unit") == []


def test_each_unit_it_counts_for_has_its_own_line_in_the_audit(room: Room) -> None:
    record(room, "ngozi")
    (row,) = held(room, "Wren Unit")
    with room.reading() as session:
        written = [line for line in lines(session, Asked(unit_id=row.unit_id)) if line.row_kind == "review"]
    assert [(line.what, line.person_id) for line in written] == [("made", room.people["ngozi"])]
