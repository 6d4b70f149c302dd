"""One line a unit for people who are in many: a few questions for all the units together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, func
from sqlalchemy import select as columns_of
from sqlmodel import Session, col

from prompts_and_forms.states import ActionStatus, DiscussionState, FamilyStatus, MeetingState
from storage.database.tables import Action, Discussion, Family, Meeting

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class UnitRow:
    """What one line says of a unit; families closed to the reader are in none of it.

    `due`: open families that came a week ago or more, `discussed` those of them discussed in seven days.
    """

    families: int = 0
    due: int = 0
    discussed: int = 0
    overdue: int = 0
    to_confirm: int = 0
    meeting: bool = False


def of_units(session: Session, unit_ids: Collection[str], today: date) -> dict[str, UnitRow]:
    """A line for each of these units, in four questions."""
    found = dict.fromkeys(unit_ids, UnitRow())
    late = dict(_pairs(session, _overdue(unit_ids, today)))
    waiting = dict(_pairs(session, _to_confirm(unit_ids)))
    going_on = {unit_id for (unit_id,) in session.execute(_meetings(unit_ids))}
    for unit_id, families, due, discussed in session.execute(_families(unit_ids, today)):
        found[unit_id] = UnitRow(families, int(due or 0), int(discussed or 0))
    return {
        unit_id: UnitRow(
            row.families,
            row.due,
            row.discussed,
            late.get(unit_id, 0),
            waiting.get(unit_id, 0),
            unit_id in going_on,
        )
        for unit_id, row in found.items()
    }


def _pairs(session: Session, wanted: Any) -> list[tuple[str, int]]:
    return [(unit_id, int(count)) for unit_id, count in session.execute(wanted)]


def _families(unit_ids: Collection[str], today: date) -> Any:
    week = col(Family.allocated_on) <= today - WEEK
    had = col(Family.last_discussed_on).between(today - WEEK, today)
    return (
        columns_of(
            col(Family.unit_id),
            func.count(),
            func.sum(case((week, 1), else_=0)),
            func.sum(case((week & had, 1), else_=0)),
        )
        .where(col(Family.unit_id).in_(unit_ids), col(Family.status) == FamilyStatus.OPEN)
        .group_by(col(Family.unit_id))
    )


def _overdue(unit_ids: Collection[str], today: date) -> Any:
    return (
        columns_of(col(Family.unit_id), func.count())
        .join(Action, col(Action.family_id) == col(Family.id))
        .where(col(Family.unit_id).in_(unit_ids), col(Action.status) == ActionStatus.OPEN)
        .where(col(Action.due_on) < today)
        .group_by(col(Family.unit_id))
    )


def _to_confirm(unit_ids: Collection[str]) -> Any:
    waiting = col(Discussion.state).in_((DiscussionState.READ_BACK, DiscussionState.AWAITING))
    return (
        columns_of(col(Discussion.unit_id), func.count())
        .where(col(Discussion.unit_id).in_(unit_ids), waiting)
        .group_by(col(Discussion.unit_id))
    )


def _meetings(unit_ids: Collection[str]) -> Any:
    return columns_of(col(Meeting.unit_id)).where(
        col(Meeting.unit_id).in_(unit_ids), col(Meeting.state) == MeetingState.OPEN
    )
