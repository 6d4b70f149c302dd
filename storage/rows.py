"""Statements both databases understand, for rows that must exist once."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def insert_for(session: Session, kind: type[SQLModel]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, in the words of the session's database."""
    table = kind.__table__  # type: ignore[attr-defined]
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def insert_once(session: Session, kind: type[SQLModel], values: dict[str, Any], *unique: str) -> bool:
    """Put the row in unless one with the same `unique` columns is there. True if it was new."""
    insert = insert_for(session, kind)
    statement = insert.values(**values).on_conflict_do_nothing(index_elements=list(unique))
    return session.connection().execute(statement.returning(insert.table.c.id)).first() is not None
