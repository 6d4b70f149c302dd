"""Who did what to which row. Ids only: nothing a person wrote ever lies here."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from storage.database.tables_machinery import Audit


class HasId(Protocol):
    id: str


def audit(
    session: Session,
    *,
    at: datetime,
    what: str,
    row: HasId,
    person_id: str | None = None,
    unit_id: str | None = None,
    family_id: str | None = None,
) -> None:
    """Note that `what` ("made", "changed", "read", ...) happened to the row."""
    session.add(
        Audit(
            at=at,
            what=what,
            row_kind=row.__table__.name,  # type: ignore[attr-defined]
            row_id=row.id,
            person_id=person_id,
            unit_id=unit_id,
            family_id=family_id,
        )
    )
