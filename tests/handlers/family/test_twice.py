"""A family that was looked after, or had a plan, twice: what counts the time since counts this time alone."""

from __future__ import annotations

from datetime import date

import pytest

from prompts_and_forms.clinical.review_rules import DueReview, Kind
from storage.clinical import reviews
from storage.database.bodies import ChildBody, ReviewBody
from storage.database.db import Database
from storage.database.tables import Family
from storage.family import families, spells
from storage.measures import planned
from storage.meeting.agenda_facts import known_families
from tests.worlds.setting_up import NOW, TODAY, a_family, heron_unit

FIRST, HOME, AGAIN = date(2023, 5, 1), date(2024, 2, 1), date(2025, 11, 10)


@pytest.fixture
def unit_id(db: Database) -> str:
    return heron_unit(db)


def twice(db: Database, unit_id: str, category: str, named: str, named_on: date = FIRST) -> str:
    """In the category from FIRST, at home from HOME, in it again from AGAIN; the day named is that of the first."""
    family_id = a_family(db, unit_id, category="child_in_need", dates={named: named_on})
    with db.write() as session:
        family = session.get_one(Family, family_id)
        family.allocated_on = date(2023, 1, 1)
        for row, _why in families.category_history(session, family_id):
            row.from_on = date(2023, 1, 1)
            session.add(row)
        for now, on in ((category, FIRST), ("child_in_need", HOME), (category, AGAIN)):
            families.add_category(session, family, category=now, from_on=on, decided_by_id=None, why="", now=NOW)
        families.keep_child(session, family_id, ChildBody(key="B1234C-1", initials="TD", age=9))
    return family_id


def review(db: Database, family_id: str, kind: Kind) -> DueReview:
    with db.read() as session:
        family = session.get_one(Family, family_id)
        due = reviews.due_of_families(session, [family], {family_id: families.body(session, family)})[family_id]
        return next(one for one in due if one.kind is kind)


def held(db: Database, unit_id: str, family_id: str, kind: Kind, on: date) -> None:
    with db.write() as session:
        family = session.get_one(Family, family_id)
        reviews.record(
            session,
            unit_id=unit_id,
            family=family,
            held=reviews.Held(kind=kind, held_on=on, subject_id=None),
            body=ReviewBody(),
            by_id="",
            now=NOW,
        )


def yearly(db: Database, family_id: str) -> list[date]:
    with db.read() as session:
        family = session.get_one(Family, family_id)
        return [one.due_on for one in planned.of_family(session, family, TODAY) if one.point == "yearly"]


def test_the_yearly_questionnaire_waits_for_twelve_months_of_this_time(db: Database, unit_id: str) -> None:
    assert yearly(db, twice(db, unit_id, "looked_after", "looked_after_since")) == []


def test_looked_after_once_for_long_is_asked_for_every_year(db: Database, unit_id: str) -> None:
    family_id = a_family(db, unit_id, category="looked_after", dates={"looked_after_since": FIRST})
    with db.write() as session:
        families.keep_child(session, family_id, ChildBody(key="B1234C-1", initials="TD", age=9))
    assert len(yearly(db, family_id)) == 1


def test_a_day_named_for_this_time_counts(db: Database, unit_id: str) -> None:
    family_id = twice(db, unit_id, "looked_after", "looked_after_since", named_on=date(2025, 1, 15))
    assert len(yearly(db, family_id)) == 1


def test_the_first_review_of_this_time_is_due_not_the_next_one_of_the_earlier_time(db: Database, unit_id: str) -> None:
    family_id = twice(db, unit_id, "looked_after", "looked_after_since")
    held(db, unit_id, family_id, Kind.LAC_REVIEW, date(2023, 5, 25))
    due = review(db, family_id, Kind.LAC_REVIEW)
    assert due.start == AGAIN
    held(db, unit_id, family_id, Kind.LAC_REVIEW, date(2025, 12, 1))
    assert review(db, family_id, Kind.LAC_REVIEW).start == date(2025, 12, 1)


def test_a_second_plan_is_counted_from_its_own_start(db: Database, unit_id: str) -> None:
    family_id = twice(db, unit_id, "child_protection", "plan_start")
    held(db, unit_id, family_id, Kind.COMPLEX_CASE, date(2023, 12, 1))
    assert review(db, family_id, Kind.COMPLEX_CASE).start == AGAIN
    with db.read() as session:
        [known] = known_families(session, unit_id, TODAY)
        spell = spells.of_families(session, [known.family])[family_id]
    assert (known.plan_start, spell.since) == (AGAIN, AGAIN)


def test_a_plan_that_began_before_the_category_was_written_down_keeps_its_day(db: Database, unit_id: str) -> None:
    family_id = a_family(db, unit_id, category="child_in_need", dates={"plan_start": date(2026, 1, 20)})
    with db.write() as session:
        family = session.get_one(Family, family_id)
        families.add_category(
            session, family, category="child_protection", from_on=date(2026, 2, 2), decided_by_id=None, why="", now=NOW
        )
    assert review(db, family_id, Kind.CONFERENCE).start == date(2026, 1, 20)
