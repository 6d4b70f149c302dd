"""On the day a family goes to another unit, everything about it goes along: who may read it is who is in that unit."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from prompts_and_forms.states import DraftState, MemberStatus, NudgeState, TransferState
from storage.database.audit import audit
from storage.database.columns import Row
from storage.database.tables import Family, Membership, Unit
from storage.database.tables_machinery import Audit, Draft, FamilyMove
from storage.database.tables_nudges import Nudge
from storage.family import families
from storage.forms.drafts import PRIVATE_FORMS
from storage.retention import holds

STAYS = (Audit,)
"""What was done in which unit stays as it was."""


def carry(session: Session, move: FamilyMove, *, lead_worker_id: str | None, on: date, now: datetime) -> None:
    """The family belongs to the other unit from now on, with its whole record; the old unit is remembered."""
    family = session.get_one(Family, move.family_id)
    before = session.get_one(Unit, move.from_unit_id)
    known = families.body(session, family)
    came = {"on": on.isoformat(), "from_unit": before.name}
    families.keep_body(session, family, known.model_copy(update={"transferred": came}))
    family.unit_id, family.allocated_on, family.lead_worker_id = move.to_unit_id, on, lead_worker_id
    move.state, move.moved_at, move.lead_worker_id = TransferState.MOVED, now, lead_worker_id
    session.add(family)
    session.add(move)
    session.flush()
    _keep_holds(session, family, move, on, now)
    for kind in _kinds():
        rows = update(kind).where(kind.family_id == family.id).values(unit_id=move.to_unit_id)
        session.execute(rows, execution_options={"synchronize_session": False})
    _settle_given(session, move)
    session.expire_all()
    for unit_id in (move.from_unit_id, move.to_unit_id):
        audit(session, at=now, what="family_moved", row=move, unit_id=unit_id, family_id=family.id)


def _keep_holds(session: Session, family: Family, move: FamilyMove, on: date, now: datetime) -> None:
    """A hold on the unit it was with holds the family from now on too; one on the family itself goes along."""
    for row in holds.on_everything(session, on, move.from_unit_id):
        if row.unit_id == move.from_unit_id:
            why = holds.why(session, row)
            holds.put_on(session, why=why, by_id=row.by_id, now=now, family=family, until_on=row.until_on)


def _settle_given(session: Session, move: FamilyMove) -> None:
    """What somebody outside the new unit was reminded of is no longer theirs; the rules name who is there."""
    here = select(Membership.person_id).where(
        Membership.unit_id == move.to_unit_id, Membership.status != MemberStatus.LEFT
    )
    live = col(Nudge.state).in_((NudgeState.OPEN, NudgeState.SNOOZED))
    theirs = col(Nudge.person_id).not_in(here)
    gone = update(Nudge).where(col(Nudge.family_id) == move.family_id, live, theirs)
    session.execute(gone.values(state=NudgeState.SETTLED), execution_options={"synchronize_session": False})


@cache
def _kinds() -> tuple[Any, ...]:
    """Every table whose rows are about a family and say which unit it is with."""
    mapped = (mapper.class_ for mapper in Row._sa_registry.mappers)
    return tuple(
        kind for kind in mapped if {"family_id", "unit_id"} <= set(kind.__table__.c.keys()) and kind not in STAYS
    )


def begun_outside(session: Session, family_id: str, unit_id: str) -> list[Draft]:
    """Half-written forms about a family of people who are not in the unit."""
    here = select(Membership.person_id).where(Membership.unit_id == unit_id, Membership.status != MemberStatus.LEFT)
    wanted = select(Draft).where(
        Draft.family_id == family_id,
        Draft.state == DraftState.OPEN,
        col(Draft.saved).is_(True),
        col(Draft.form).not_in(PRIVATE_FORMS),
        col(Draft.person_id).not_in(here),
    )
    return list(session.exec(wanted.order_by(col(Draft.saved_at), col(Draft.id))))
