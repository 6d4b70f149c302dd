"""What a turn has read is not read again: answers are known until a row of the kinds they are made of changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState
from sqlmodel import Session, SQLModel

T = TypeVar("T")
Kinds = tuple[type[SQLModel], ...]
_KNOWN = "known answers"


def keep_in_mind(session: Session) -> None:
    """From now on this session answers a question it was asked before from memory."""
    session.info.setdefault(_KNOWN, {})


def once(session: Session, kinds: Kinds, question: Hashable, ask: Callable[[], T]) -> T:
    """The answer to a question about rows of these kinds: asked again only where one of them was changed."""
    known = session.info.get(_KNOWN)
    if known is None:
        return ask()
    if question in known and not _waits_to_be_written(session, kinds):
        found: T = known[question][1]
        return found
    answer = ask()
    known[question] = (kinds, answer)
    return answer


def answer(session: Session, question: Hashable) -> Any:
    """What is known already; None where it was not asked, or is no longer sure."""
    asked = session.info.get(_KNOWN, {}).get(question)
    return asked[1] if asked is not None and not _waits_to_be_written(session, asked[0]) else None


def learn(session: Session, kinds: Kinds, question: Hashable, answer: object) -> None:
    """The answer came along with another question."""
    known = session.info.get(_KNOWN)
    if known is not None:
        known[question] = (kinds, answer)


def forget(session: Session) -> None:
    """Rows were changed beside the session, or others may be seen now: everything is asked anew."""
    if (known := session.info.get(_KNOWN)) is not None:
        known.clear()


def forgets_what_changes(kind: type[Session]) -> None:
    """Sessions of this kind know when an answer is no longer true."""
    event.listen(kind, "before_flush", _written)
    event.listen(kind, "after_soft_rollback", lambda session, _transaction: forget(session))
    event.listen(kind, "do_orm_execute", _changed)


def _waits_to_be_written(session: Session, kinds: Kinds) -> bool:
    return any(isinstance(row, kinds) for rows in (session.new, session.dirty, session.deleted) for row in rows)


def _written(session: Session, _context: Any, _instances: Any) -> None:
    known = session.info.get(_KNOWN)
    if not known:
        return
    changed = {type(row) for rows in (session.new, session.dirty, session.deleted) for row in rows}
    for question in [question for question, (kinds, _answer) in known.items() if changed.intersection(kinds)]:
        del known[question]


def _changed(state: ORMExecuteState) -> None:
    if not state.is_select:
        forget(state.session)  # type: ignore[arg-type]
