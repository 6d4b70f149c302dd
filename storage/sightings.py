"""When each child was last seen, and last seen alone. Nothing here commits."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session

from storage import families
from storage.audit import audit
from storage.tables import Child, Family
from storage.vault import Scope, seal


def child_by_key(session: Session, family_id: str, key: str) -> Child | None:
    """The child a unit writes as K3107C-1; None when this family has no such child."""
    return next((child for child, body in families.children(session, family_id) if body.key == key), None)


def child_was_seen(
    session: Session,
    *,
    family_id: str,
    child_key: str,
    on: date,
    by_id: str | None,
    alone: bool,
    place: str | None,
    person_id: str,
    now: datetime,
) -> Child | None:
    """Notes a sighting. An older one than is known changes nothing, so a late note never hides a newer visit."""
    for child, body in families.children(session, family_id):
        if body.key != child_key:
            continue
        if child.last_seen_on is None or on >= child.last_seen_on:
            child.last_seen_on = on
            child.seen_by_id = by_id or child.seen_by_id
            if place:
                seal(session, child, body.model_copy(update={"seen_place": place}), Scope.family(family_id))
        if alone and (child.seen_alone_on is None or on >= child.seen_alone_on):
            child.seen_alone_on = on
        session.add(child)
        session.flush()
        family = session.get(Family, family_id)
        audit(
            session,
            at=now,
            what="child_seen",
            row=child,
            person_id=person_id,
            unit_id=family.unit_id if family else None,
            family_id=family_id,
        )
        return child
    return None
