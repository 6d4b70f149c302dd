"""Which chat platform a database serves: one, for good. Its ids of people and messages mean nothing on another."""

from __future__ import annotations

from sqlmodel import Session, select

from storage.database.columns import new_id
from storage.database.rows import insert_once
from storage.database.tables import Unit
from storage.database.tables_machinery import Installation

SLACK = "slack"


def belongs_to(session: Session, platform: str, tenant: str = "") -> tuple[str, str]:
    """The platform and tenant this database serves: those given, where it served none before.

    One with a unit in it from before platforms were noted is Slack's.
    """
    found = session.exec(select(Installation)).first()
    if found is not None:
        return found.platform, found.tenant
    if session.exec(select(Unit.id).limit(1)).first() is not None:
        platform, tenant = SLACK, ""
    insert_once(session, Installation, {"id": new_id(), "one": 1, "platform": platform, "tenant": tenant}, "one")
    kept = session.exec(select(Installation)).one()
    return kept.platform, kept.tenant


def served(session: Session) -> tuple[str, str]:
    """The platform and tenant this database serves, as far as anything has started on it yet."""
    found = session.exec(select(Installation)).first()
    return (found.platform, found.tenant) if found is not None else (SLACK, "")
