"""Questionnaires that were kept, and what is planned. Nothing here commits.

A result is never overwritten: a corrected one points to what replaced it. A missing score is missing, never nought.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from prompts_and_forms.measures.added_value import Pair
from prompts_and_forms.states import MeasureState, PlanState
from prompts_and_forms.typed import name_key
from storage.database.bodies import MeasureBody, TextBody
from storage.database.tables_measures import Measure, MeasurePlan
from storage.database.vault import Scope, seal, unseal

PAIR_DAYS = range(120, 246)
"""Added value is meant for pairs about six months apart: four to eight months are counted."""


def keep(
    session: Session,
    *,
    unit_id: str,
    family_id: str,
    child_id: str | None,
    measure: str,
    form: str,
    point: str,
    completed_on: date | None,
    body: MeasureBody,
    by_id: str | None,
    now: datetime,
    entry_id: str | None = None,
    state: MeasureState = MeasureState.KEPT,
    reason: str = "",
    slug: str = "",
) -> Measure:
    """Keeps one result, or with state not_completed the reason why there is none."""
    row = Measure(
        slug=slug,
        unit_id=unit_id,
        family_id=family_id,
        child_id=child_id,
        measure=measure,
        form=form,
        point=point,
        state=state,
        reason=reason,
        completed_on=completed_on,
        recorded_by_id=by_id,
        recorded_at=now,
        entry_id=entry_id,
    )
    seal(session, row, body, Scope.family(family_id))
    session.add(row)
    session.flush()
    return row


def replace(session: Session, old: Measure, new: Measure) -> None:
    """The new one stands from now on; the old one stays to be read."""
    old.replaced_by_id = new.id
    session.add(old)
    session.flush()


def by_id(session: Session, measure_id: str | None) -> Measure | None:
    """None for no id and for an unknown questionnaire."""
    return session.get(Measure, measure_id) if measure_id else None


def body(session: Session, row: Measure) -> MeasureBody:
    """What was answered."""
    return unseal(session, row, MeasureBody)


def of_family(session: Session, family_id: str, *, replaced_too: bool = False) -> list[Measure]:
    """Everything kept for a family, oldest first; corrected ones left out unless asked for."""
    wanted = select(Measure).where(Measure.family_id == family_id)
    if not replaced_too:
        wanted = wanted.where(col(Measure.replaced_by_id).is_(None))
    return sorted(session.exec(wanted), key=_when)


def of_unit(session: Session, unit_id: str) -> list[Measure]:
    """Every questionnaire of a unit that counts."""
    wanted = select(Measure).where(Measure.unit_id == unit_id, col(Measure.replaced_by_id).is_(None))
    return sorted(session.exec(wanted), key=_when)


def line_of(session: Session, row: Measure) -> list[tuple[Measure, MeasureBody]]:
    """Results that may be compared with this one, itself included: same child, form and informant, oldest first."""
    who = informant_key(body(session, row).informant)
    alike = (
        select(Measure)
        .where(Measure.family_id == row.family_id, Measure.measure == row.measure, Measure.form == row.form)
        .where(
            Measure.state == MeasureState.KEPT, col(Measure.replaced_by_id).is_(None), Measure.child_id == row.child_id
        )
    )
    found = [(one, body(session, one)) for one in session.exec(alike)]
    return sorted(((one, b) for one, b in found if informant_key(b.informant) == who), key=lambda pair: _when(pair[0]))


def informant_key(name: str) -> str:
    """Two names of one informant: the same words, however spaces, capitals and accents were typed."""
    return name_key(name)


def read_alert(session: Session, row: Measure, *, by_id: str, now: datetime) -> bool:
    """Somebody has read that an answer needs a person. True for the first."""
    if row.alert_read_at is not None:
        return False
    row.alert_read_by_id, row.alert_read_at = by_id, now
    session.add(row)
    session.flush()
    return True


# ---- what people changed in the plan


def plan_row(
    session: Session,
    *,
    unit_id: str,
    family_id: str,
    child_id: str,
    measure: str,
    form: str,
    point: str,
    state: PlanState,
    by_id: str,
    now: datetime,
    informant: str = "",
    due_on: date | None = None,
    sent_on: date | None = None,
) -> MeasurePlan:
    """Somebody else is asked too (state extra), or a form was given out and is not back yet (waiting)."""
    row = MeasurePlan(
        unit_id=unit_id,
        family_id=family_id,
        child_id=child_id,
        measure=measure,
        form=form,
        point=point,
        state=state,
        due_on=due_on,
        sent_on=sent_on,
        by_id=by_id,
        at=now,
    )
    seal(session, row, TextBody(text=informant), Scope.family(family_id))
    session.add(row)
    session.flush()
    return row


def withdraw(session: Session, row: MeasurePlan) -> None:
    """The change in the plan no longer counts."""
    row.state = PlanState.WITHDRAWN
    session.add(row)
    session.flush()


def plan_rows(session: Session, family_ids: Sequence[str]) -> list[tuple[MeasurePlan, str]]:
    """What was changed in the plan of these families, each with who is asked."""
    wanted = select(MeasurePlan).where(
        col(MeasurePlan.family_id).in_(family_ids), MeasurePlan.state != PlanState.WITHDRAWN
    )
    return [(row, unseal(session, row, TextBody).text) for row in session.exec(wanted.order_by(col(MeasurePlan.at)))]


# ---- the service


def parent_pairs(session: Session, unit_ids: Sequence[str]) -> list[Pair]:
    """One pair of parent SDQs a child: the first and the last by one informant on one form, four to eight months apart.

    A child with a first SDQ and no such second one is a pair without a later total, so that it can be counted.
    """
    wanted = (
        select(Measure)
        .where(col(Measure.unit_id).in_(unit_ids), Measure.measure == "SDQ", col(Measure.form).startswith("parent"))
        .where(
            Measure.state == MeasureState.KEPT,
            col(Measure.replaced_by_id).is_(None),
            col(Measure.child_id).is_not(None),
        )
    )
    lines: dict[tuple[str, str, str], list[tuple[date, MeasureBody]]] = {}
    for row in session.exec(wanted):
        if row.completed_on is not None:
            known = body(session, row)
            key = (row.child_id or "", row.form, informant_key(known.informant))
            lines.setdefault(key, []).append((row.completed_on, known))
    best: dict[str, Pair] = {}
    for (child_id, _form, _who), results in sorted(lines.items()):
        pair = _pair(sorted(results, key=lambda one: one[0]))
        if child_id not in best or best[child_id].later_total is None:
            best[child_id] = pair
    return list(best.values())


def _pair(results: list[tuple[date, MeasureBody]]) -> Pair:
    first_on, first = results[0]
    later = [known for on, known in results if (on - first_on).days in PAIR_DAYS]
    return Pair(
        "parent",
        _whole(first, "total"),
        _whole(first, "impact"),
        _whole(first, "emotional"),
        _whole(later[-1], "total") if later else None,
    )


def _whole(known: MeasureBody, scale: str) -> int | None:
    value = known.scores.get(scale)
    return None if value is None else int(value)


def _when(row: Measure) -> Any:
    return (row.completed_on or row.recorded_at.date(), row.recorded_at, row.slug, row.id)
