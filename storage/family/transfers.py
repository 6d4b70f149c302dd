"""Families on their way to another unit: asked for, accepted, withdrawn, moved. Nothing here commits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, or_, select

from prompts_and_forms.states import DiscussionState, MeetingState, TransferState
from storage.database.audit import audit
from storage.database.bodies import FamilyBody, TransferBody
from storage.database.hiding import SEES_ALL
from storage.database.tables import AgendaItem, Discussion, Family, Meeting, Person, Unit
from storage.database.tables_machinery import Draft, FamilyMove
from storage.database.vault import Scope, cannot_read, seal, unseal
from storage.family import access
from storage.forms.drafts import HANDED_BY
from storage.unit import people

LIVE = (TransferState.ASKED, TransferState.ACCEPTED)
UNFINISHED = (DiscussionState.OPEN, DiscussionState.STOPPED, DiscussionState.READ_BACK, DiscussionState.AWAITING)
WENT_WITH = "went_with"
"""In a draft's args: the move it changed hands with."""
SHOWN_FOR = timedelta(days=90)
"""So long a unit's list says which families went to another unit."""


@dataclass(frozen=True)
class Tombstone:
    """What a unit still knows of a family that went to another one. `taken_by`: who has what somebody had begun."""

    ref: str
    to_unit: str
    on: date
    taken_by: str | None = None


def get(session: Session, move_id: str | None) -> FamilyMove | None:
    """None for no id, an unknown one, and for a family this session does not see."""
    return session.get(FamilyMove, move_id) if move_id else None


def words(session: Session, move: FamilyMove) -> TransferBody:
    """What was written with it."""
    return unseal(session, move, TransferBody)


def live_of(session: Session, family_id: str) -> FamilyMove | None:
    """The request about a family that is not over yet."""
    wanted = select(FamilyMove).where(FamilyMove.family_id == family_id, col(FamilyMove.state).in_(LIVE))
    return session.exec(wanted).first()


def of_family(session: Session, family_id: str) -> list[FamilyMove]:
    """Everything that was ever asked about a family, oldest first."""
    wanted = select(FamilyMove).where(FamilyMove.family_id == family_id)
    return list(session.exec(wanted.order_by(col(FamilyMove.asked_at), col(FamilyMove.id))))


def asked_together(session: Session, move: FamilyMove) -> list[FamilyMove]:
    """The families asked for in one go with this one, itself among them."""
    wanted = select(FamilyMove).where(FamilyMove.together == move.together)
    return list(session.exec(wanted.order_by(col(FamilyMove.asked_at), col(FamilyMove.id))))


def of_units(session: Session, unit_id: str) -> list[FamilyMove]:
    """What is on its way from this unit or to it, the soonest first."""
    either = or_(FamilyMove.from_unit_id == unit_id, FamilyMove.to_unit_id == unit_id)
    wanted = select(FamilyMove).where(either, col(FamilyMove.state).in_(LIVE))
    return list(session.exec(wanted.order_by(col(FamilyMove.on), col(FamilyMove.id))))


def leaving(session: Session, unit_id: str) -> dict[str, date]:
    """The families of a unit whose day to leave is agreed, each with the day."""
    wanted = select(FamilyMove).where(FamilyMove.from_unit_id == unit_id, FamilyMove.state == TransferState.ACCEPTED)
    return {move.family_id: move.on for move in session.exec(wanted)}


def who_may_answer(session: Session, unit: Unit, family_ids: Collection[str], today: date) -> list[Person]:
    """Who can say yes for that unit and may see all these families; whoever is on leave comes last."""
    held = set(family_ids)
    able = people.who_can_say_yes(session, unit)
    seeing = [one for one in able if not held & access.closed_to(session, one.id)]
    away = {
        membership.person_id
        for membership, _one in people.members(session, unit.id)
        if people.is_on_leave(membership, today)
    }
    return sorted(seeing, key=lambda one: one.id in away)


def due(session: Session, today: date) -> list[FamilyMove]:
    """Those that are accepted and whose day has come."""
    wanted = select(FamilyMove).where(FamilyMove.state == TransferState.ACCEPTED, FamilyMove.on <= today)
    return list(session.exec(wanted.order_by(col(FamilyMove.on), col(FamilyMove.asked_at), col(FamilyMove.id))))


def is_held_up(session: Session, move: FamilyMove) -> bool:
    """Whether the family cannot go yet: it is in a meeting that is open, or its last record waits to be confirmed."""
    talk = select(Discussion.id).where(Discussion.family_id == move.family_id, col(Discussion.state).in_(UNFINISHED))
    if session.exec(talk.limit(1)).first() is not None:
        return True
    on_it = (
        select(AgendaItem.id)
        .join(Meeting, col(Meeting.id) == col(AgendaItem.meeting_id))
        .where(AgendaItem.family_id == move.family_id, Meeting.state == MeetingState.OPEN)
    )
    return session.exec(on_it.limit(1)).first() is not None


def can_be_read(session: Session, family: Family) -> bool:
    """Whether there is a record to hand over: not where it was erased or its key is lost."""
    return bool(unseal(session, family, FamilyBody).ref) and ("family", family.id) not in cannot_read(session)


# ---- writing


def ask(
    session: Session,
    family: Family,
    to_unit_id: str,
    said: TransferBody,
    *,
    on: date,
    meeting_at: datetime | None,
    together: str,
    by_id: str,
    now: datetime,
) -> FamilyMove:
    """A request; the caller saw that there is none yet."""
    move = FamilyMove(
        family_id=family.id,
        from_unit_id=family.unit_id,
        to_unit_id=to_unit_id,
        together=together,
        on=on,
        meeting_at=meeting_at,
        asked_by_id=by_id,
        asked_at=now,
    )
    _keep(session, move, said)
    _audit(session, "transfer_asked", move, by_id, now)
    return move


def answer(session: Session, move: FamilyMove, state: TransferState, said: str, *, by_id: str, now: datetime) -> None:
    """Accepted, declined or withdrawn, with the words of whoever did it."""
    move.state, move.answered_by_id, move.answered_at = state, by_id, now
    _keep(session, move, words(session, move).model_copy(update={"answer": said}))
    _audit(session, f"transfer_{state}", move, by_id, now)


def _keep(session: Session, move: FamilyMove, said: TransferBody) -> None:
    seal(session, move, said, Scope.family(move.family_id))
    session.add(move)
    session.flush()


def _audit(session: Session, what: str, move: FamilyMove, by_id: str | None, now: datetime) -> None:
    for unit_id in (move.from_unit_id, move.to_unit_id):
        audit(session, at=now, what=what, row=move, person_id=by_id, unit_id=unit_id, family_id=move.family_id)


# ---- what is left behind


def tombstones(session: Session, unit_id: str, person_id: str, since: datetime) -> list[Tombstone]:
    """The families that went from this unit to another one since then and have not come back, the last first.

    None of them that is closed to this person.
    """
    moved = _moved(FamilyMove.from_unit_id == unit_id, col(FamilyMove.moved_at) >= since)
    shut = access.closed_to(session, person_id)
    found: dict[str, Tombstone] = {}
    for move, family, unit in session.execute(moved, execution_options={SEES_ALL: True}):
        if family.id not in shut and family.unit_id != unit_id and family.id not in found:
            found[family.id] = Tombstone(unseal(session, family, FamilyBody).ref, unit.name, move.on)
    return list(found.values())


def tombstone(session: Session, move_id: str, person_id: str) -> Tombstone | None:
    """The same of one move, for one person who had the family until then; None where it has not moved."""
    every = {SEES_ALL: True}
    row = session.execute(_moved(FamilyMove.id == move_id), execution_options=every).first()
    if row is None or row[1].id in access.closed_to(session, person_id):
        return None
    move, family, unit = row
    begun = select(Draft).where(Draft.family_id == family.id)
    went = (one for one in session.exec(begun, execution_options=every) if one.args.get(WENT_WITH) == move.id)
    taken = next((one.person_id for one in went if person_id in one.args.get(HANDED_BY, "").split()), None)
    return Tombstone(unseal(session, family, FamilyBody).ref, unit.name, move.on, taken)


def _moved(*which: Any) -> Any:
    return (
        select(FamilyMove, Family, Unit)
        .join(Family, col(Family.id) == col(FamilyMove.family_id))
        .join(Unit, col(Unit.id) == col(FamilyMove.to_unit_id))
        .where(FamilyMove.state == TransferState.MOVED, *which)
        .order_by(col(FamilyMove.moved_at).desc(), col(FamilyMove.id))
    )
