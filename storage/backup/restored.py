"""What was brought back from a backup, and what the chat platform shows that the record does not know any more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from prompts_and_forms.states import OutboxState
from storage.database.tables_machinery import OutboxMessage, Post, Restoration

BEFORE = timedelta(minutes=5)
"""Clocks differ a little; what the record does know is left out anyway."""


def newest(session: Session) -> Restoration | None:
    """The last backup that was brought back here, if ever one was."""
    return session.exec(select(Restoration).order_by(col(Restoration.restored_at).desc()).limit(1)).first()


def to_compare(session: Session) -> tuple[str, datetime] | None:
    """The id of one nobody has compared with the platform yet, and since when to look."""
    found = newest(session)
    return None if found is None or found.compared else (found.id, found.made_at - BEFORE)


def unknown(session: Session, channel: str, posts: Mapping[str, str]) -> list[str]:
    """Those of the bot's posts in a channel (ts and key) that the record does not know.

    What waits to be sent again is looked for by its key, so it will be known.
    """
    lying = select(Post.ts).where(Post.channel == channel, col(Post.ts).in_(list(posts)))
    waiting = select(OutboxMessage.key).where(
        col(OutboxMessage.key).in_(list(posts.values())),
        col(OutboxMessage.state).in_((OutboxState.WAITING, OutboxState.SENDING)),
    )
    known, keys = set(session.exec(lying)), set(session.exec(waiting))
    return [ts for ts, key in posts.items() if ts not in known and key not in keys]


def keep_compared(session: Session, restoration_id: str, missing: dict[str, list[str]]) -> Restoration | None:
    """Notes what the record does not know, by unit; None where somebody has done so already."""
    row = session.get(Restoration, restoration_id)
    if row is None or row.compared:
        return None
    row.compared, row.missing = True, missing
    session.add(row)
    session.flush()
    return row
