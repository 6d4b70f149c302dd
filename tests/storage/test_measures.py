"""Results, plans and reviews on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from prompts_and_forms.clinical.review_rules import Kind
from prompts_and_forms.measures import added_value
from storage.clinical import episodes, reviews
from storage.clinical.reviews import Held
from storage.database.bodies import ChildBody, FamilyBody, MeasureBody, ReviewBody
from storage.database.db import Database
from storage.database.tables import Child, Family
from storage.database.tables_measures import Measure, RuleEdition
from storage.family import families
from storage.measures import measures
from storage.measures import planned as measures_planned
from tests.worlds.storage_world import NOW, a_person, a_unit

TODAY = NOW.date()


def a_family(session: Session, **more: Any) -> tuple[Family, Child]:
    unit, person = a_unit(session), a_person(session)
    family = families.add_family(
        session,
        unit_id=unit.id,
        known=FamilyBody(ref="B1234C", **more),
        category="child_in_need",
        allocated_on=TODAY,
        lead_worker_id=person.id,
        visiting_days=None,
        decided_by_id=None,
        now=NOW,
    )
    return family, families.keep_child(session, family.id, ChildBody(key="B1234C-1", age=12, school=True))


def keep(session: Session, family: Family, child: Child, ago: int, informant: str = "AD", **scores: Any) -> Measure:
    return measures.keep(
        session,
        unit_id=family.unit_id,
        family_id=family.id,
        child_id=child.id,
        measure="SDQ",
        form="parent_4_17",
        point="start",
        completed_on=TODAY - timedelta(days=ago),
        body=MeasureBody(informant=informant, scores=scores),
        by_id=None,
        now=NOW,
    )


def test_scores_come_back_exactly_and_missing_is_missing(db: Database) -> None:
    with db.write() as session:
        family, child = a_family(session)
        keep(session, family, child, 3, total=None, emotional=Decimal(0), impact=Decimal("6.60"))
    with db.read() as session:
        (row,) = measures.of_family(session, session.exec(select(Family)).one().id)
        assert measures.body(session, row).scores == {"total": None, "emotional": 0, "impact": Decimal("6.60")}
        assert b"emotional" not in row.sealed


def test_results_are_compared_for_one_informant_whatever_the_spelling(db: Database) -> None:
    with db.write() as session:
        family, child = a_family(session)
        first = keep(session, family, child, 90, total=Decimal(20))
        keep(session, family, child, 60, informant="VD", total=Decimal(9))
        last = keep(session, family, child, 3, informant=" ad ", total=Decimal(12))
        assert [row.id for row, _ in measures.line_of(session, last)] == [first.id, last.id]


def test_a_corrected_result_is_left_out_and_not_lost(db: Database) -> None:
    with db.write() as session:
        family, child = a_family(session)
        old, new = keep(session, family, child, 3), keep(session, family, child, 3)
        measures.replace(session, old, new)
        assert [row.id for row in measures.of_family(session, family.id)] == [new.id]
        assert len(measures.of_family(session, family.id, replaced_too=True)) == 2


def test_pairs_for_added_value_are_one_a_child_and_about_six_months_apart(db: Database) -> None:
    with db.write() as session:
        family, child = a_family(session)
        second = families.keep_child(session, family.id, ChildBody(key="B1234C-2", age=9))
        known = {"total": Decimal(12), "impact": Decimal(2), "emotional": Decimal(4)}
        keep(session, family, child, 200, **known)
        keep(session, family, child, 150, total=Decimal(9))
        keep(session, family, child, 20, total=Decimal(7))
        keep(session, family, second, 20, **known)
        pairs = measures.parent_pairs(session, [family.unit_id])
        assert sorted(pair.later_total or 0 for pair in pairs) == [0, 7]
        assert added_value.service(pairs).left_out == 1


def test_what_is_planned_follows_the_clinical_work_of_the_record(db: Database) -> None:
    with db.write() as session:
        family, _child = a_family(session, permission={"status": "not_asked"})
        work = episodes.begin(session, family, TODAY, NOW)
        work.commissioned_on = TODAY
        planned = measures_planned.of_family(session, family, TODAY)
        assert {(one.version, one.state.value) for one in planned} == {
            ("parent_4_17", "due"),
            ("teacher_4_17", "waiting_for_permission"),
            ("self_11_17", "due"),
        }


def test_reviews_keep_the_due_day_and_the_words_of_its_rule(db: Database) -> None:
    with db.write() as session:
        family, _child = a_family(session, dates={"plan_start": TODAY - timedelta(days=80)})
        for held_on in (TODAY - timedelta(days=20), TODAY):
            reviews.record(
                session,
                unit_id=family.unit_id,
                family=family,
                held=Held(Kind.CIN_REVIEW, held_on),
                body=ReviewBody(decided="Go on."),
                by_id=family.lead_worker_id or "",
                now=NOW,
            )
    with db.read() as session:
        family = session.exec(select(Family)).one()
        rows = reviews.of_family(session, family.id)
        assert [row.due_on for row in rows] == [date(2026, 5, 10), date(2026, 6, 2)]
        assert len(session.exec(select(RuleEdition)).all()) == 1
        words, changed = reviews.rule_words(session, rows[0].rule_id, rows[0].edition, rows[0].held_on)
        assert "3 months" in words
        assert changed is False
        (due,) = [one for one in reviews.due_of_family(session, family) if one.kind is Kind.CIN_REVIEW]
        assert due.on == date(2026, 6, 2)
        assert families.body(session, family).dates["last_review"] == TODAY
