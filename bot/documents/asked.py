"""The document an outbox row asks for, read from the record as it stands when it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.documents.make import document
from bot.documents.model import Document
from bot.documents.source import Source
from handlers.documents import Asked, read_key
from storage import people, units


@dataclass(frozen=True)
class Wish:
    """A document put together, still to be drawn as `form` (pdf or docx)."""

    document: Document
    form: str
    unit_slug: str


def wish(session: Session, key: str, now: datetime) -> Wish | None:
    """None where the person has left the unit since, or the key says nothing. Raises DocumentTrouble."""
    asked: Asked | None = read_key(key)
    unit = units.by_id(session, asked.unit_id) if asked else None
    if asked is None or unit is None or people.belongs(session, unit.id, asked.person_id) is None:
        return None
    source = Source(session, unit, now, people.name_of(session, asked.person_id))
    return Wish(document(source, asked.what, asked.row_id), asked.form, unit.slug)
