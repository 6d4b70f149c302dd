"""Questionnaires as the figures count them: what was planned for each piece of work, what came back, what changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, select

from prompts_and_forms.managers.facts import FormFact
from prompts_and_forms.measures import change
from prompts_and_forms.measures.change import Verdict
from prompts_and_forms.measures.planning import BEFORE_THE_END, EARLY, END, START, Planned, State
from prompts_and_forms.states import MeasureState
from storage.clinical import clinical_work
from storage.database.bodies import FamilyBody, MeasureBody
from storage.database.tables import Family
from storage.database.tables_measures import Measure
from storage.database.vault import unseal
from storage.measures import measures
from storage.measures import planned as measures_planned

Result = tuple[date, Measure, MeasureBody]


def of_families(
    session: Session, held: Sequence[Family], bodies: Mapping[str, FamilyBody], today: date
) -> tuple[FormFact, ...]:
    """The planned questionnaires of each family's newest piece of work, at its start and at its end."""
    ids = [family.id for family in held]
    planned = measures_planned.of_families(session, held, bodies, today)
    work, results = clinical_work.of_families(session, ids), _results(session, ids)
    found: list[FormFact] = []
    for family_id in ids:
        done = work[family_id]
        first = min(done.session_days, default=None)
        for one in planned[family_id]:
            if one.point not in (START, END):
                continue
            mine = _of_line(one, results[family_id], done.started_on, done.ended_on)
            pair = _pair(one, mine, results[family_id], done.started_on)
            found.append(
                FormFact(
                    family_id=family_id,
                    measure=one.measure,
                    asked_of=one.asked_of,
                    point=one.point,
                    state=one.state,
                    first_session=first,
                    ended_on=done.ended_on,
                    done_on=min((on for on, _, _ in mine), default=None),
                    paired=pair is not None,
                    verdicts=_verdicts(*pair) if pair else (),
                )
            )
    return tuple(found)


def _results(session: Session, ids: Sequence[str]) -> dict[str, list[Result]]:
    wanted = select(Measure).where(
        col(Measure.family_id).in_(ids),
        col(Measure.replaced_by_id).is_(None),
        Measure.state == MeasureState.KEPT,
    )
    found: dict[str, list[Result]] = defaultdict(list)
    for row in session.exec(wanted.order_by(col(Measure.recorded_at), col(Measure.id))):
        on = row.completed_on or row.recorded_at.date()
        found[row.family_id].append((on, row, unseal(session, row, MeasureBody)))
    return found


def _of_line(one: Planned, results: Sequence[Result], started: date | None, ended: date | None) -> list[Result]:
    """The results a line of the plan means: the same child, side and point, of this piece of work."""
    return [
        (on, row, body)
        for on, row, body in results
        if (row.child_id, row.measure, row.point) == (one.child, one.measure, one.point)
        and _side(row.form) == _side(one.version)
        and _in_work(on, one.point, started, ended)
    ]


def _in_work(on: date, point: str, started: date | None, ended: date | None) -> bool:
    if point == START:
        return started is not None and started - EARLY <= on and (ended is None or on <= ended)
    return ended is None or on >= ended - BEFORE_THE_END


def _pair(
    one: Planned, mine: Sequence[Result], results: Sequence[Result], started: date | None
) -> tuple[Result, Result] | None:
    """A result of the end and the one of the start by the same informant on the same form."""
    if one.point != END or one.measure != "SDQ" or one.state is not State.DONE:
        return None
    for later in mine:
        for first in results:
            _on, row, body = first
            alike = (row.child_id, row.measure, row.form) == (later[1].child_id, later[1].measure, later[1].form)
            if not alike or row.point != START or not _in_work(first[0], START, started, None):
                continue
            if measures.informant_key(body.informant) == measures.informant_key(later[2].informant):
                return first, later
    return None


def _verdicts(first: Result, later: Result) -> tuple[tuple[str, Verdict], ...]:
    found = change.changes("SDQ", first[1].form, first[2].scores, later[2].scores)
    return tuple((scale, one.verdict) for scale, one in found.items())


def _side(version: str) -> str:
    return version.split("_")[0]
