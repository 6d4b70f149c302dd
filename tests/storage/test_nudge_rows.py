"""Reminders as rows, on both databases: planned once, settled by the record, dealt with by people."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session, select

from prompts_and_forms.nudges.nudge_facts import Due
from storage.database.audit import audit
from storage.database.db import Database
from storage.database.tables import Unit
from storage.database.tables_nudges import Nudge, NudgeSaid
from storage.nudges import nudges
from tests.worlds.storage_world import NOW, a_person, a_unit, later

DAY = NOW.date()
LATEST = date(2100, 1, 1)


def due(person: str, subject: str = "a1", on: date = DAY) -> Due:
    return Due("action", subject, person, on, on)


def plan(session: Session, unit: str, found: list[Due], until: date = LATEST) -> list[str]:
    return nudges.settle_and_add(session, unit, nudges.live(session, [unit]), found, until)


def states(db: Database) -> list[str]:
    with db.read() as session:
        return sorted(row.state for row in session.exec(select(Nudge)))


def a_plan(db: Database) -> tuple[str, str, str]:
    """A unit, a person in it, and the one reminder they have."""
    with db.write() as session:
        unit, person = a_unit(session).id, a_person(session).id
        [nudge] = plan(session, unit, [due(person)])
    return unit, person, nudge


def test_planning_twice_makes_one_row(db: Database) -> None:
    unit, person, _nudge = a_plan(db)
    with db.write() as session:
        assert plan(session, unit, [due(person)]) == []
    assert states(db) == ["open"]


def test_what_is_said_after_the_plans_end_waits_for_the_next_plan(db: Database) -> None:
    with db.write() as session:
        unit, person = a_unit(session).id, a_person(session).id
        assert plan(session, unit, [due(person, on=DAY + timedelta(days=9))], until=DAY) == []
    assert states(db) == []


def test_the_record_settles_it_and_opens_it_again(db: Database) -> None:
    unit, person, nudge = a_plan(db)
    with db.write() as session:
        plan(session, unit, [])
    assert states(db) == ["settled"]
    with db.write() as session:
        assert plan(session, unit, [due(person)]) == [nudge]
    assert states(db) == ["open"]


def test_what_a_person_dealt_with_stays_so(db: Database) -> None:
    unit, person, nudge = a_plan(db)
    with db.write() as session:
        row = session.get_one(Nudge, nudge)
        nudges.settle(session, row, by_id=person, now=NOW)
    with db.write() as session:
        assert plan(session, unit, [due(person)]) == []
    assert states(db) == ["settled"]


def test_handed_over_it_is_the_others_for_as_long_as_the_record_asks(db: Database) -> None:
    unit, person, nudge = a_plan(db)
    with db.write() as session:
        other = a_person(session, "Devan", "U2").id
        nudges.hand_over(session, session.get_one(Nudge, nudge), other, by_id=person, now=NOW, reason="")
    with db.write() as session:
        assert plan(session, unit, [due(person)]) == []
    assert states(db) == ["handed_on", "open"]
    with db.write() as session:
        plan(session, unit, [])
    assert states(db) == ["handed_on", "settled"]


def test_said_twice_on_one_day_is_noted_once(db: Database) -> None:
    _unit, person, nudge = a_plan(db)
    for _ in range(2):
        with db.write() as session:
            nudges.mark_said(session, [nudges.Saying(session.get_one(Nudge, nudge), person, DAY)])
    with db.read() as session:
        assert len(session.exec(select(NudgeSaid)).all()) == 1
        assert [row.id for row in nudges.said_on(session, person, DAY)] == [nudge]


def test_a_day_put_together_keeps_what_the_person_chose(db: Database) -> None:
    _unit, person, _nudge = a_plan(db)
    with db.write() as session:
        nudges.choose(session, person, at="11:00", days=[0, 1], left_out=["drift"])
        nudges.mark_digested(session, [person], DAY)
        nudges.mark_digested(session, [person], DAY + timedelta(days=1))
    with db.read() as session:
        chosen = nudges.preference(session, person)
    assert (chosen.at, chosen.days, chosen.left_out) == ("11:00", [0, 1], ["drift"])
    assert chosen.digested_on == DAY + timedelta(days=1)


def test_what_was_looked_at_is_not_looked_at_again(db: Database) -> None:
    """A change counts for a unit from when its own plan was last brought in line, whenever the other units' was."""
    with db.write() as session:
        unit = a_unit(session).id
        nudges.keep_plan(session, unit, DAY, NOW)
        row = session.get_one(Unit, unit)
        audit(session, at=later(600), what="changed", row=row, unit_id=unit, family_id="f1")
        audit(session, at=later(900), what="read", row=row, unit_id=unit, family_id="f2")
        audit(session, at=later(900), what="changed", row=row, unit_id=unit)
    with db.write() as session:
        changed = nudges.changed_since(session, NOW)[unit]
        assert changed.since(NOW) == (frozenset({"f1"}), True)
        assert changed.since(later(800)) == (frozenset(), True)
        assert changed.since(later(1100)) == (frozenset(), False)
        nudges.keep_looked(session, [unit], later(1100))
    with db.read() as session:
        plan = nudges.plans(session)[unit]
        assert (plan.until, plan.looked_at) == (DAY, later(1100))
