"""Telling senders in other processes that something waits: a PostgreSQL notice, sent with the commit and lost with it.

A notice only wakes; the rows are the truth, and a sender that hears nothing looks once a second all the same.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from sqlalchemy import func, select
from sqlalchemy.engine import URL
from sqlmodel import Session

CHANNEL = "unitbot_outbox"
PUT = "put_in_outbox"


def mark(session: Session) -> None:
    """This turn asked for a message."""
    session.info[PUT] = True


def ring(session: Session) -> None:
    """Wakes the senders of every process once this turn is committed, where it asked for a message."""
    if session.info.pop(PUT, False) and session.get_bind().dialect.name == "postgresql":
        session.connection().execute(select(func.pg_notify(CHANNEL, "")))


async def rings(address: URL) -> AsyncIterator[None]:
    """Answers once when it begins to listen and then at each notice, until the connection is lost (psycopg.Error)."""
    import psycopg

    where = address.set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(where, autocommit=True) as connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        yield
        async for _ in connection.notifies():
            yield
