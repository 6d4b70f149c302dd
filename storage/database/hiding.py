"""The one gate for families that are closed to somebody: whatever is asked for in a session, their rows are not there.

It works on every question the session asks of a table with a family, lists and single rows alike, so no handler,
form, document or message can forget it. To the reader such a family does not exist.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import event, or_
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlmodel import Session, col

from storage.database.columns import Row
from storage.database.tables import Family
from storage.database.tables_machinery import Audit, Unreadable
from storage.turn import known

HIDDEN = "hidden families"
SEES_ALL = "sees_all"
"""An option of a question that must know of a family although nobody is shown anything of it."""
OF_THE_MACHINE = (Audit, Unreadable)


def hide(session: Session, family_ids: Collection[str]) -> None:
    """From now on these families do not exist for this session, and no others are hidden from it.

    Rows of them that were read before, for somebody else, are let go of.
    """
    if not family_ids and not hidden(session):
        return
    session.info[HIDDEN] = tuple(sorted(family_ids))
    known.forget(session)
    session.flush()
    for row in list(session):
        family_id = row.__dict__.get("id" if isinstance(row, Family) else "family_id")
        if family_id in family_ids and not isinstance(row, OF_THE_MACHINE):
            session.expunge(row)


def hide_nothing(session: Session) -> None:
    """Whoever acts from here on is somebody else, and what they may see is asked anew."""
    if session.info.pop(HIDDEN, None):
        known.forget(session)


def reveal(session: Session, family_id: str) -> None:
    """This family exists for this session after all."""
    session.info[HIDDEN] = tuple(one for one in hidden(session) if one != family_id)
    known.forget(session)


def hidden(session: Session) -> tuple[str, ...]:
    """The families that do not exist for this session."""
    found: tuple[str, ...] = session.info.get(HIDDEN, ())
    return found


def _narrow(state: ORMExecuteState) -> None:
    ids = state.session.info.get(HIDDEN)
    if not ids or not state.is_select or state.execution_options.get(SEES_ALL):
        return
    state.statement = state.statement.options(*_criteria(ids))


@cache
def _criteria(ids: tuple[str, ...]) -> tuple[Any, ...]:
    of_them = [
        with_loader_criteria(kind, or_(kind.family_id.is_(None), kind.family_id.not_in(ids))) for kind in _kinds()
    ]
    return (with_loader_criteria(Family, col(Family.id).not_in(ids)), *of_them)


@cache
def _kinds() -> tuple[Any, ...]:
    """Every table whose rows are about a family."""
    mapped = (mapper.class_ for mapper in Row._sa_registry.mappers)
    return tuple(kind for kind in mapped if "family_id" in kind.__table__.c and kind not in OF_THE_MACHINE)


def narrow(kind: type[Session]) -> None:
    """Lets every session of this kind go through the gate."""
    event.listen(kind, "do_orm_execute", _narrow)
