"""What a turn gathers to write with its commit. What was gathered since a savepoint goes where that is taken back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlmodel import Session

_LISTS = "gathered"
_MARKS = "gathered at savepoints"


def gathered_as(session: Session, name: str) -> list[Any]:
    """What this session has gathered under a name so far, oldest first."""
    lists: dict[str, list[Any]] = session.info.setdefault(_LISTS, {})
    return lists.setdefault(name, [])


def take_back_with_savepoints(kind: type[Session]) -> None:
    """What was gathered since a savepoint goes when the savepoint is rolled back."""

    def begun(session: Any, transaction: Any) -> None:
        if transaction.nested:
            lists = session.info.get(_LISTS, {})
            session.info.setdefault(_MARKS, {})[transaction] = {name: len(found) for name, found in lists.items()}

    def undone(session: Any, transaction: Any) -> None:
        marks = session.info.get(_MARKS, {}).pop(transaction, None)
        if marks is None and transaction.nested:
            return
        for name, found in session.info.get(_LISTS, {}).items():
            del found[(marks or {}).get(name, 0) :]

    event.listen(kind, "after_transaction_create", begun)
    event.listen(kind, "after_soft_rollback", undone)
