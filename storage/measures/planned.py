"""Which questionnaires are planned for a unit's families, from what is kept: a fixed number of questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from prompts_and_forms.days import timescale_file
from prompts_and_forms.measures import planning
from prompts_and_forms.measures.planning import Kept, Planned, State, Work
from prompts_and_forms.states import MeasureState, PlanState
from storage.clinical import clinical_work
from storage.database.bodies import CarerBody, ChildBody, FamilyBody
from storage.database.tables import Carer, Child, Family
from storage.database.tables_measures import Measure
from storage.database.vault import unseal
from storage.family import families, spells
from storage.measures import measures


def of_family(session: Session, family: Family, today: date) -> list[Planned]:
    """Everything planned for one family, done or not, by day."""
    return of_families(session, [family], {family.id: families.body(session, family)}, today)[family.id]


def of_families(
    session: Session, held: Sequence[Family], bodies: Mapping[str, FamilyBody], today: date
) -> dict[str, list[Planned]]:
    """The same for many families at once. `Planned.child` is the child's row id."""
    ids = [family.id for family in held]
    children, kept = _children(session, ids), _kept(session, ids)
    work = clinical_work.of_families(session, ids)
    since, rules = _looked_after(session, held, bodies), timescale_file.rules()
    changes: dict[str, list[Any]] = defaultdict(list)
    for row, informant in measures.plan_rows(session, ids):
        changes[row.family_id].append((row, informant))
    found = {}
    for family in held:
        body, done = bodies[family.id], work[family.id]
        planned = planning.planned(
            Work(done.started_on, done.ended_on),
            children[family.id],
            kept[family.id],
            body.permission,
            rules,
            today,
            since.get(family.id),
        )
        found[family.id] = _changed(planned, changes[family.id], kept[family.id], today)
    return found


def _children(session: Session, ids: Sequence[str]) -> dict[str, list[planning.Child]]:
    carers: dict[str, list[CarerBody]] = defaultdict(list)
    wanted = select(Carer).where(col(Carer.family_id).in_(ids), col(Carer.active)).order_by(col(Carer.position))
    for carer in session.exec(wanted):
        carers[carer.family_id].append(unseal(session, carer, CarerBody))
    found: dict[str, list[planning.Child]] = defaultdict(list)
    born = select(Child).where(col(Child.family_id).in_(ids), col(Child.active)).order_by(col(Child.position))
    for child in session.exec(born):
        body = unseal(session, child, ChildBody)
        found[child.family_id].append(
            planning.Child(
                child.id,
                body.age,
                bool(body.school),
                body.unborn,
                _carer(body.key, carers[child.family_id]),
                months=body.age_months,
                age_on=body.age_on,
                turns_18=body.turns_18,
            )
        )
    return found


def _carer(child_key: str, carers: Iterable[CarerBody]) -> str:
    """Whom a parent form goes to first: a carer who lives with the child."""
    able = [one for one in carers if one.lives_with_children and (not one.children or child_key in one.children)]
    return next((one.initials or one.key for one in able), "")


def _kept(session: Session, ids: Sequence[str]) -> dict[str, list[Kept]]:
    found: dict[str, list[Kept]] = defaultdict(list)
    wanted = select(Measure).where(col(Measure.family_id).in_(ids), col(Measure.replaced_by_id).is_(None))
    for row in session.exec(wanted):
        on = row.completed_on or row.recorded_at.date()
        informant = measures.body(session, row).informant
        done = row.state == MeasureState.KEPT
        found[row.family_id].append(Kept(row.child_id or "", row.measure, row.form, row.point, on, informant, done))
    return found


def _looked_after(session: Session, held: Sequence[Family], bodies: Mapping[str, FamilyBody]) -> dict[str, date]:
    """Since when each family's children are looked after this time, for those who are."""
    now = [family for family in held if family.category == "looked_after"]
    found = spells.of_families(session, now)
    began = {family.id: found[family.id].began(bodies[family.id].dates.get("looked_after_since")) for family in now}
    return {family_id: day for family_id, day in began.items() if day is not None}


def _changed(planned: list[Planned], changes: list[Any], kept: list[Kept], today: date) -> list[Planned]:
    """The plan with what people changed: others who are asked too, and forms that were given out."""
    found = list(planned)
    for row, informant in changes:
        if row.state == PlanState.EXTRA:
            found.append(_extra(row, informant, kept, today))
        elif row.state == PlanState.WAITING and row.sent_on is not None:
            found = [replace(one, sent_on=row.sent_on) if one.is_open and _is_same(one, row) else one for one in found]
    return sorted(found, key=lambda one: (one.due_on, one.child, one.measure, one.version))


def _is_same(one: Planned, row: Any) -> bool:
    return (one.child, one.measure, one.version, one.point) == (row.child_id, row.measure, row.form, row.point)


def _extra(row: Any, informant: str, kept: list[Kept], today: date) -> Planned:
    due = row.due_on or row.at.date()
    mine = [
        one
        for one in kept
        if (one.child, one.measure, one.version, one.point) == (row.child_id, row.measure, row.form, row.point)
        and measures.informant_key(one.informant) == measures.informant_key(informant)
    ]
    state = State.DUE if due <= today else State.COMING
    if mine:
        state = State.DONE if any(one.completed for one in mine) else State.NOT_COMPLETED
    return Planned(row.child_id, row.measure, row.form, "other", row.point, due, state, informant)
