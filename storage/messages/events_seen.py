"""Every event is handled once, however often it is delivered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session

from storage.database.columns import metadata, new_id
from storage.database.rows import insert_once
from storage.database.tables_machinery import Seen


def first_time(session: Session, event_id: str, at: datetime) -> bool:
    """True for the first delivery of this event, False for every later one."""
    return insert_once(session, Seen, {"id": new_id(), "event_id": event_id, "at": at}, "event_id")


def forget_seen(session: Session, before: datetime) -> int:
    """Let go of events no platform sends again; returns how many."""
    table = metadata.tables["seen"]
    return session.connection().execute(delete(table).where(table.c.at < before)).rowcount
