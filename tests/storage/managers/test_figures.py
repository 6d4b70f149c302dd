"""The sample unit's figures: worked out by hand, counted again slowly, and without what is closed to the reader."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import event
from sqlmodel import Session

from prompts_and_forms import yaml_lines
from prompts_and_forms.managers import figures as rules
from prompts_and_forms.managers.facts import UnitFacts
from storage.clinical import reviews
from storage.clinical.reviews import Held, Kind
from storage.database.bodies import FamilyBody, ReviewBody
from storage.database.db import Database
from storage.database.hiding import hide
from storage.database.tables import Family, Unit
from storage.family import families
from storage.managers import figures
from storage.unit import people, units
from tests.worlds.managers.recount import recount
from tests.worlds.records_world import TODAY, Room

BY_HAND = yaml_lines.load(Path(__file__).parent / "kestrel_by_hand.yaml")


def facts(session: Session, room: Room) -> UnitFacts:
    unit = session.get(Unit, room.unit.unit_id)
    assert unit is not None
    return figures.of_unit(session, unit, TODAY)


def test_the_sample_unit_has_the_figures_worked_out_by_hand(db: Database) -> None:
    room = Room(db)
    with db.read() as session:
        known = facts(session, room)
    found = {one.id: [one.count, one.of] for one in rules.all_figures(known, TODAY)}
    assert found == {name: list(value) for name, value in BY_HAND.items()}


def test_the_sample_unit_counted_slowly_is_the_same_today_and_in_every_week_before(db: Database) -> None:
    room = Room(db)
    with db.read() as session:
        known = facts(session, room)
    for day in rules.weeks(TODAY):
        slow = recount(known, day)
        assert {one.id: (one.count, one.of) for one in rules.all_figures(known, day)} == slow


def test_a_family_closed_to_the_reader_is_in_no_figure_and_on_no_list(db: Database) -> None:
    room = Room(db)
    hidden = room.family("K2045X")
    with db.read() as session:
        hide(session, [hidden])
        found = {one.id: one for one in rules.all_figures(facts(session, room), TODAY)}
    assert all(hidden not in one.families for one in found.values())
    assert (found["discussed_week"].count, found["discussed_week"].of) == (12, 13)
    assert (found["actions_overdue"].count, found["actions_overdue"].of) == (6, 21)
    assert (found["children_seen"].count, found["children_seen"].of) == (26, 28)


def test_a_unit_without_anything_and_one_of_a_single_family_are_counted(db: Database) -> None:
    now = datetime(2026, 11, 17, 9, tzinfo=UTC)
    with db.write() as session:
        unit = units.add_unit(session, name="Wren Unit", channel="C0WREN", now=now)
        empty = rules.all_figures(figures.of_unit(session, unit, TODAY), TODAY)
        families.add_family(
            session,
            unit_id=unit.id,
            known=FamilyBody(ref="W1234A"),
            category="child_in_need",
            allocated_on=TODAY - timedelta(days=60),
            lead_worker_id=None,
            visiting_days=None,
            decided_by_id=None,
            now=now,
        )
        one = {found.id: found for found in rules.all_figures(figures.of_unit(session, unit, TODAY), TODAY)}
    assert [(found.count, found.of) for found in empty] == [(0, 0)] * len(rules.FIGURES)
    assert (one["discussed_week"].count, one["discussed_week"].of) == (0, 1)
    assert (one["drift"].of, one["drift"].apart[0].count) == (0, 1)


def test_a_review_held_by_its_day_is_on_time_and_says_who_was_in_the_chair(db: Database) -> None:
    room = Room(db)
    with db.write() as session:
        family = session.get(Family, room.family("K3681B"))
        for back, chair in ((84, "graham"), (2, "graham")):
            reviews.record(
                session,
                unit_id=room.unit.unit_id,
                family=family,
                held=Held(Kind.CCIN_REVIEW, TODAY - timedelta(days=back), chaired_by_id=room.people[chair]),
                body=ReviewBody(),
                by_id=room.people["pippa"],
                now=room.now,
            )
        known = facts(session, room)
    held = [one for one in known.reviews if one.family_id == room.family("K3681B") and one.held_on]
    assert [(one.held_on, one.chaired) for one in held][-1] == (TODAY - timedelta(days=2), True)
    later = TODAY + timedelta(days=30)
    found = rules.ccin_flow(known, later)
    assert (found.count, found.of) == (1, 1)


def test_supervision_counts_and_a_clinician_who_left_does_not(db: Database) -> None:
    room = Room(db)
    with db.write() as session:
        reviews.record(
            session,
            unit_id=room.unit.unit_id,
            family=None,
            held=Held(Kind.SUPERVISION, TODAY - timedelta(days=9), subject_id=room.people["tomasz"]),
            body=ReviewBody(),
            by_id=room.people["ngozi"],
            now=room.now,
        )
        had = rules.supervision(facts(session, room), TODAY)
        membership = people.membership(session, room.unit.unit_id, room.people["tomasz"])
        assert membership is not None
        people.leave_unit(session, membership, TODAY)
        gone = rules.supervision(facts(session, room), TODAY)
    assert ((had.count, had.of), (gone.count, gone.of)) == ((1, 1), (0, 0))


def test_the_number_of_questions_does_not_grow_with_the_families(db: Database) -> None:
    room = Room(db)
    counted = [_statements(db, room)]
    with db.write() as session:
        for number in range(10):
            families.add_family(
                session,
                unit_id=room.unit.unit_id,
                known=FamilyBody(ref=f"M{number:04}A"),
                category="child_in_need",
                allocated_on=TODAY,
                lead_worker_id=None,
                visiting_days=None,
                decided_by_id=None,
                now=room.now,
            )
    counted.append(_statements(db, room))
    assert counted[1] <= counted[0] + 1


def _statements(db: Database, room: Room) -> int:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    with db.read() as session:
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            facts(session, room)
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)
