"""A clinician's reflections on joining, sealed under that person's own key and never under the family's."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from storage.database.audit import audit
from storage.database.bodies import ReflectionBody
from storage.database.tables import Reflection
from storage.database.vault import Scope, seal, unseal

READINGS = ("too_close", "healthy", "too_far")


def keep(
    session: Session,
    body: ReflectionBody,
    *,
    person_id: str,
    unit_id: str,
    recorded_by_id: str,
    now: datetime,
    agreement_id: str | None = None,
    reading: str | None = None,
) -> Reflection:
    """Keeps a reflection for `person_id`, whose key seals it whoever typed it."""
    if reading is not None and reading not in READINGS:
        raise ValueError(f"no such reading: {reading}")
    reflection = Reflection(person_id=person_id, unit_id=unit_id, agreement_id=agreement_id, reading=reading, at=now)
    seal(session, reflection, body, Scope.person(person_id))
    session.add(reflection)
    session.flush()
    audit(session, at=now, what="reflection_kept", row=reflection, person_id=recorded_by_id, unit_id=unit_id)
    return reflection


def by_id(session: Session, reflection_id: str) -> Reflection | None:
    """None for an unknown reflection."""
    return session.get(Reflection, reflection_id)


def words(session: Session, reflection: Reflection) -> ReflectionBody:
    """What a reflection says."""
    return unseal(session, reflection, ReflectionBody)


def of_person(session: Session, person_id: str, unit_id: str) -> list[Reflection]:
    """A person's own reflections in a unit, shared or not."""
    query = select(Reflection).where(Reflection.person_id == person_id, Reflection.unit_id == unit_id)
    return list(session.exec(query.order_by(col(Reflection.at), col(Reflection.id))))


def of_unit(session: Session, unit_id: str) -> list[Reflection]:
    """Every reflection written in a unit; who may read one is asked elsewhere."""
    query = select(Reflection).where(Reflection.unit_id == unit_id)
    return list(session.exec(query.order_by(col(Reflection.at), col(Reflection.id))))


def share(session: Session, reflection: Reflection, *, by_id: str, now: datetime) -> None:
    """The clinician lets the unit see it."""
    reflection.shared = True
    session.add(reflection)
    session.flush()
    audit(session, at=now, what="reflection_shared", row=reflection, person_id=by_id, unit_id=reflection.unit_id)
