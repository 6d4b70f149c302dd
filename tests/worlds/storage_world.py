"""The small world storage tests live in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from storage.database.tables import Person, Unit

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def a_unit(session: Session, name: str = "Kestrel Unit") -> Unit:
    unit = Unit(name=name, created_at=NOW)
    session.add(unit)
    session.flush()
    return unit


def a_person(session: Session, name: str = "Orla", chat_user: str = "U1") -> Person:
    person = Person(name=name, chat_user=chat_user)
    session.add(person)
    session.flush()
    return person
