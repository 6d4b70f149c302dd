"""Which reviews fell due on which day, and when they were held: the chain of each family's plan reviews."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlmodel import Session

from prompts_and_forms.clinical.review_rules import OF_CATEGORY, DueReview, Kind, next_due
from prompts_and_forms.days import timescale_file
from prompts_and_forms.days.timescales import Rules
from prompts_and_forms.days.visiting import RULES as VISIT_RULES
from prompts_and_forms.managers.facts import ReviewFact
from storage.database.bodies import FamilyBody
from storage.database.tables import Family, Unit
from storage.database.tables_measures import Review
from storage.family import spells
from storage.family.spells import Spell
from storage.unit import people, units

__all__ = ["LATE", "PLAN", "DueReview", "Kind", "fell_due", "has_interval"]

PLAN = frozenset(
    {Kind.CONFERENCE, Kind.CORE_GROUP, Kind.CIN_REVIEW, Kind.CIN_MANAGER, Kind.CCIN_REVIEW, Kind.LAC_REVIEW}
)
"""Reviews of a plan: a rule gives each of them its last day."""
LATE = frozenset(set(Kind) - {Kind.VISIT, Kind.SUPERVISION})
"""Visits and supervision have figures of their own."""
STARTS = {Kind.LAC_REVIEW: ("looked_after_since", "plan_start")}


def has_interval(family: Family) -> bool:
    """Whether it is known how often the family's children are to be seen."""
    return family.visiting_days is not None or family.category in VISIT_RULES


def fell_due(
    session: Session,
    unit: Unit,
    held: Sequence[Family],
    bodies: Mapping[str, FamilyBody],
    rows: Sequence[Review],
    due: Mapping[str, Sequence[DueReview]],
) -> tuple[ReviewFact, ...]:
    """Every review of a plan with the day it was due: those that were held, and the one each family waits for now."""
    rules, spell = timescale_file.rules(), spells.of_families(session, held)
    chairs, began = _chairs(session, rows), unit.created_at.astimezone(units.zone(unit)).date()
    found: list[ReviewFact] = []
    for family in held:
        own = [row for row in rows if row.family_id == family.id and Kind(row.kind) in PLAN]
        found += _of_family(family, bodies[family.id], spell[family.id], own, rules, chairs, began)
        for one in due.get(family.id, ()):
            if one.kind in PLAN and one.on is not None:
                found.append(ReviewFact(one.kind, family.id, one.on))
    return tuple(found)


def _of_family(
    family: Family,
    body: FamilyBody,
    spell: Spell,
    own: Sequence[Review],
    rules: Rules,
    chairs: frozenset[str],
    began: date,
) -> Iterator[ReviewFact]:
    """What was held, each with the day it was due by: as it was saved with the one before, else by the rule.

    Of a first one that fell due before the unit came to the bot nobody knows what came before it: it is left out.
    """
    plan, named = OF_CATEGORY.get(family.category), body.dates.get("last_review")
    for kind in sorted({Kind(row.kind) for row in own}):
        mine = {row.held_on: row for row in own if Kind(row.kind) is kind and spell.counts(row.held_on)}
        days = sorted({*mine, *([named] if kind is plan and named is not None and spell.counts(named) else [])})
        for place, day in enumerate(days):
            if day not in mine:
                continue
            before = mine.get(days[place - 1]) if place else None
            by = before.due_on if before is not None else None
            if by is None:
                worked_out = next_due(kind, family.category, tuple(days[:place]), _start(kind, body, spell), rules)
                by = worked_out.on if worked_out and (place or (worked_out.on or began) >= began) else None
            if by is not None:
                yield ReviewFact(kind, family.id, by, day, mine[day].id in chairs)


def _start(kind: Kind, body: FamilyBody, spell: Spell) -> date | None:
    names = STARTS.get(kind, ("plan_start",))
    return spell.began(next((day for name in names if (day := body.dates.get(name))), None))


def _chairs(session: Session, rows: Sequence[Review]) -> frozenset[str]:
    """The reviews that a team manager chaired."""
    wanted = {(row.unit_id, row.chaired_by_id) for row in rows if row.chaired_by_id}
    able = {
        (unit_id, membership.person_id)
        for unit_id in {unit_id for unit_id, _ in wanted}
        for membership, _person in people.members(session, unit_id, include_left=True)
        if "team_manager" in membership.roles
    }
    return frozenset(row.id for row in rows if (row.unit_id, row.chaired_by_id) in able)
