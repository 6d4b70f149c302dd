"""Statements both databases understand, for rows that must exist once."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import Session, SQLModel


class NotThere(KeyError):
    """What a turn is about does not exist, or not for whoever acts."""


def dialect_of(session: Session) -> str:
    """The database's kind, as SQLAlchemy names it: sqlite or postgresql."""
    return session.get_bind().dialect.name


def insert_for(session: Session, kind: type[SQLModel]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, in the words of the session's database."""
    return insert_in(dialect_of(session), kind)


def insert_in(dialect: str, kind: type[SQLModel]) -> sqlite.Insert | postgresql.Insert:
    """The same for a named dialect, for statements that are made once and kept."""
    table = kind.__table__  # type: ignore[attr-defined]
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def insert_once(session: Session, kind: type[SQLModel], values: dict[str, Any], *unique: str) -> bool:
    """Put the row in unless one with the same `unique` columns is there. True if it was new."""
    statement = _once(dialect_of(session), kind, unique)
    return session.connection().execute(statement, values).first() is not None


@cache
def _once(dialect: str, kind: type[SQLModel], unique: tuple[str, ...]) -> ReturningInsert[Any]:
    insert = insert_in(dialect, kind)
    return insert.on_conflict_do_nothing(index_elements=list(unique)).returning(insert.table.c.id)
