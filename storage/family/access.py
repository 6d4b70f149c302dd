"""Families that are closed to named people, or open to named people only. Nothing here commits."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, exists
from sqlmodel import Session, col, or_, select

from prompts_and_forms.states import MemberStatus, TransferState
from storage.database.audit import audit
from storage.database.bodies import TextBody
from storage.database.hiding import SEES_ALL, hide, hide_nothing
from storage.database.tables import Family, Membership, Person, Unit
from storage.database.tables_machinery import FamilyAccess, FamilyMove
from storage.database.vault import Scope, seal, unseal

EMERGENCY = timedelta(hours=1)
BREAK_GLASS = "break_glass"
SOME = "some families are closed to somebody"
NOT_THIS_WORKER, NAMED_ONLY = "not_this_worker", "named_only"
KINDS = (NOT_THIS_WORKER, NAMED_ONLY)

IN_FORCE = select(FamilyAccess).where(col(FamilyAccess.ended_at).is_(None))
MOVED = FamilyMove.state == TransferState.MOVED
SOME_CLOSED = exists(IN_FORCE.with_only_columns(col(FamilyAccess.id)))
SOME_MOVED = exists(select(FamilyMove.id).where(MOVED))
WHO = select(Person, SOME_CLOSED, SOME_MOVED).where(Person.chat_user == bindparam("chat_user"))
"""Asked with every event, so made once; where no family is closed to anybody or ever moved, nothing else is asked."""


def who(session: Session, chat_user: str) -> Person | None:
    """The person behind a chat account. Families closed to them do not exist in this session from here on."""
    row = session.execute(WHO, {"chat_user": chat_user}).first() if chat_user else None
    if row is not None:
        begins(session, *row)
    return row[0] if row is not None else None


def begins(session: Session, person: Person, some: bool, moved: bool) -> None:
    """This person acts in the session from here on. `some`, `moved`: families are closed to somebody, or were moved."""
    hide_nothing(session)
    session.info[SOME] = bool(some)
    if some or moved:
        hide(session, hidden_from(session, person.id))


def hide_from(session: Session, person_id: str | None, channel: str = "") -> None:
    """For what goes to one person: families closed to them do not exist. None: what goes to a whole channel.

    A family that went to another unit does not exist for the one it was with.
    """
    hide_nothing(session)
    if person_id:
        hide(session, hidden_from(session, person_id))
    else:
        hide(session, closed_to_somebody(session) | _moved_away(session, channel))


def hidden_from(session: Session, person_id: str) -> set[str]:
    """The families one person must not see anything of: closed to them, or no longer with a unit of theirs."""
    return closed_to(session, person_id) | _not_theirs_now(session, person_id)


def _moved_away(session: Session, channel: str) -> set[str]:
    """The families that were moved and are not with the unit of this channel."""
    moved = select(FamilyMove.family_id).where(MOVED)
    elsewhere = select(Family.id).join(Unit, col(Unit.id) == col(Family.unit_id)).where(Unit.channel != channel)
    return set(session.exec(elsewhere.where(col(Family.id).in_(moved))))


def _not_theirs_now(session: Session, person_id: str) -> set[str]:
    """The families that were moved and are in no unit of this person, nor offered to one, nor open to them now."""
    mine = select(Membership.unit_id).where(Membership.person_id == person_id, Membership.status != MemberStatus.LEFT)
    moved = select(FamilyMove.family_id).where(MOVED)
    offered = select(FamilyMove.family_id).where(
        or_(FamilyMove.state == TransferState.ASKED, FamilyMove.state == TransferState.ACCEPTED),
        col(FamilyMove.to_unit_id).in_(mine),
    )
    wanted = select(Family.id).where(
        col(Family.id).in_(moved), col(Family.unit_id).not_in(mine), col(Family.id).not_in(offered)
    )
    return set(session.exec(wanted))


def closed_to(session: Session, person_id: str) -> set[str]:
    """The families that are closed to one person by name."""
    rows = session.exec(IN_FORCE, execution_options={SEES_ALL: True}).all()
    shut = {row.family_id for row in rows if row.kind == NOT_THIS_WORKER and row.person_id == person_id}
    named = {row.family_id for row in rows if row.kind == NAMED_ONLY}
    mine = {row.family_id for row in rows if row.kind == NAMED_ONLY and row.person_id == person_id}
    return shut | (named - mine)


def closed_to_somebody(session: Session) -> set[str]:
    """The families of which nothing may stand where a whole unit reads."""
    return {row.family_id for row in session.exec(IN_FORCE)}


def of_family(session: Session, family_id: str) -> list[FamilyAccess]:
    """What is in force for a family, oldest first."""
    if session.info.get(SOME) is False:
        return []
    return list(session.exec(IN_FORCE.where(FamilyAccess.family_id == family_id).order_by(col(FamilyAccess.from_at))))


def close_to(
    session: Session,
    family: Family,
    *,
    kind: str,
    person_id: str,
    reason: str,
    review_on: date | None,
    by_id: str,
    now: datetime,
) -> FamilyAccess:
    """Closes a family to a person, or makes them one of the few it is open to."""
    row = FamilyAccess(
        family_id=family.id, kind=kind, person_id=person_id, by_id=by_id, from_at=now, review_on=review_on
    )
    seal(session, row, TextBody(text=reason), Scope.family(family.id))
    session.add(row)
    session.flush()
    session.info[SOME] = True
    audit(session, at=now, what=kind, row=row, person_id=by_id, unit_id=family.unit_id, family_id=family.id)
    return row


def open_in_emergency(session: Session, family: Family, *, person_id: str, reason: str, now: datetime) -> FamilyAccess:
    """Lets somebody from outside the unit read a family for an hour; the reason is kept for ever."""
    row = FamilyAccess(
        family_id=family.id, kind=BREAK_GLASS, person_id=person_id, by_id=person_id, from_at=now,
        ended_at=now + EMERGENCY,
    )  # fmt: skip
    seal(session, row, TextBody(text=reason), Scope.family(family.id))
    session.add(row)
    session.flush()
    audit(session, at=now, what=BREAK_GLASS, row=row, person_id=person_id, unit_id=family.unit_id, family_id=family.id)
    return row


def opened(session: Session, family_id: str, person_id: str, now: datetime) -> FamilyAccess | None:
    """The emergency somebody has opened a family for, while its hour lasts."""
    wanted = select(FamilyAccess).where(
        FamilyAccess.family_id == family_id,
        FamilyAccess.kind == BREAK_GLASS,
        FamilyAccess.person_id == person_id,
        col(FamilyAccess.from_at) <= now,
        col(FamilyAccess.ended_at) > now,
    )
    return session.exec(wanted.order_by(col(FamilyAccess.from_at).desc()).limit(1)).first()


def end(session: Session, row: FamilyAccess, *, by_id: str, unit_id: str, now: datetime) -> None:
    """It no longer holds from now on; that it did is kept."""
    row.ended_at, row.ended_by_id = now, by_id
    session.add(row)
    session.flush()
    audit(session, at=now, what="ended", row=row, person_id=by_id, unit_id=unit_id, family_id=row.family_id)


def reason(session: Session, row: FamilyAccess) -> str:
    """Why, in the words of whoever set it."""
    return unseal(session, row, TextBody).text
