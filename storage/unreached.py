"""Reminders that never arrived: what was said to somebody, and which of those messages were refused for good."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlmodel import Session, col, select

from storage.tables_machinery import OutboxMessage
from storage.tables_reminders import NudgeSaid

BATCH = 500
"""Keys a statement looks up at once."""


def said_to(session: Session, person_ids: Collection[str], since: date) -> list[NudgeSaid]:
    """What these people were told of since that day."""
    wanted = select(NudgeSaid).where(col(NudgeSaid.person_id).in_(person_ids), NudgeSaid.day >= since)
    return list(session.exec(wanted))


def refused(session: Session, keys: Collection[str]) -> list[str]:
    """Those of these messages that the platform will never take."""
    every = list(keys)
    found: list[str] = []
    for start in range(0, len(every), BATCH):
        some = col(OutboxMessage.key).in_(every[start : start + BATCH])
        found += session.exec(select(OutboxMessage.key).where(some, OutboxMessage.state == "failed"))
    return found
