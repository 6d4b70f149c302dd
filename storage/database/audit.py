"""Who did what to which row. Ids only: nothing a person wrote ever lies here.

Lines are gathered while a turn goes on and written with its commit, each chained to the one before (chain.py). What is
taken back with a savepoint leaves no line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import event
from sqlmodel import Session

GATHERED = "audit lines"
THROUGH = "through what"
"""Where a session keeps through what somebody acts: a command, a button, a form, the clock."""
_MARKS = "audit lines at savepoints"


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
    lines: list[Line] = session.info.setdefault(GATHERED, [])
    return lines


def take_back_with_savepoints(kind: type[Session]) -> None:
    """What was noted since a savepoint goes when the savepoint is rolled back."""

    def begun(session: Any, transaction: Any) -> None:
        if transaction.nested:
            session.info.setdefault(_MARKS, {})[transaction] = len(gathered(session))

    def undone(session: Any, transaction: Any) -> None:
        mark = session.info.get(_MARKS, {}).pop(transaction, None)
        if mark is not None:
            del gathered(session)[mark:]
        elif not transaction.nested:
            gathered(session).clear()

    event.listen(kind, "after_transaction_create", begun)
    event.listen(kind, "after_soft_rollback", undone)
