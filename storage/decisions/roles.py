"""Who does what for a family, in the unit's own words. Nothing here commits."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session, col, or_, select

from storage.database.audit import audit
from storage.database.bodies import RoleBody
from storage.database.tables import Family
from storage.database.tables_decisions import AgreedRole
from storage.database.vault import Scope, seal, unseal


def agree(
    session: Session,
    family_id: str,
    body: RoleBody,
    *,
    person_id: str | None,
    from_on: date,
    until_on: date | None,
    recorded_by_id: str,
    now: datetime,
    discussion_id: str | None = None,
) -> AgreedRole:
    """Who does what in a family's work, from a day on."""
    role = AgreedRole(
        family_id=family_id,
        discussion_id=discussion_id,
        person_id=person_id,
        from_on=from_on,
        until_on=until_on,
        recorded_by_id=recorded_by_id,
    )
    seal(session, role, body, Scope.family(family_id))
    session.add(role)
    session.flush()
    _audit(session, "role_agreed", role, recorded_by_id, now)
    return role


def end(session: Session, role: AgreedRole, on: date, *, by_id: str, now: datetime) -> None:
    """The role ends on this day; it stays in the history."""
    role.until_on = on
    session.add(role)
    session.flush()
    _audit(session, "role_ended", role, by_id, now)


def by_id(session: Session, role_id: str) -> AgreedRole | None:
    """None for an unknown role."""
    return session.get(AgreedRole, role_id)


def words(session: Session, role: AgreedRole) -> RoleBody:
    """What a role is about."""
    return unseal(session, role, RoleBody)


def of_family(session: Session, family_id: str, on: date | None = None) -> list[AgreedRole]:
    """Agreed roles, oldest first; with `on`, those that hold that day."""
    query = select(AgreedRole).where(AgreedRole.family_id == family_id)
    if on is not None:
        query = query.where(
            col(AgreedRole.from_on) <= on, or_(col(AgreedRole.until_on).is_(None), col(AgreedRole.until_on) >= on)
        )
    return list(session.exec(query.order_by(col(AgreedRole.from_on), col(AgreedRole.id))))


def agreed_in(session: Session, discussion_id: str) -> list[AgreedRole]:
    """The roles agreed in a discussion."""
    query = select(AgreedRole).where(AgreedRole.discussion_id == discussion_id)
    return list(session.exec(query.order_by(col(AgreedRole.from_on), col(AgreedRole.id))))


def _audit(session: Session, what: str, role: AgreedRole, person_id: str, now: datetime) -> None:
    family = session.get(Family, role.family_id)
    audit(
        session,
        at=now,
        what=what,
        row=role,
        person_id=person_id,
        unit_id=family.unit_id if family else None,
        family_id=role.family_id,
    )
