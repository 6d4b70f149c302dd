"""Who did what to which row. Ids only: nothing a person wrote ever lies here.

Lines are gathered while a turn goes on and written with its commit, each chained to the one before (chain.py). What is
taken back with a savepoint leaves no line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from storage.turn.gathered import gathered_as

GATHERED = "audit lines"
THROUGH = "through what"
"""Where a session keeps through what somebody acts: a command, a button, a form, the clock."""


class HasId(Protocol):
    id: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line before it is written."""

    at: datetime
    what: str
    row_kind: str
    row_id: str
    person_id: str | None
    unit_id: str | None
    family_id: str | None
    through: str


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
    kind: str = row.__table__.name  # type: ignore[attr-defined]
    through = session.info.get(THROUGH, "")
    gathered(session).append(Line(at, what, kind, row.id, person_id, unit_id, family_id, through))


def gathered(session: Session) -> list[Line]:
    """The lines of this turn so far, oldest first."""
    return gathered_as(session, GATHERED)
