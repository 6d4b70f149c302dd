"""What of an erased family still lies in chat: the bot's own posts are deleted when somebody asks for it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from storage.database.tables_retention import LeftInChat
from storage.messages import outbox
from storage.messages.posts import lose_post


def ask_to_delete(session: Session, erased_id: str, now: datetime) -> int:
    """Asks for every post of the bot's to be deleted that nobody has asked for before; answers how many."""
    wanted = select(LeftInChat).where(
        LeftInChat.erased_id == erased_id,
        col(LeftInChat.ours),
        col(LeftInChat.asked_at).is_(None),
        col(LeftInChat.gone_at).is_(None),
    )
    rows = session.exec(wanted).all()
    for row in rows:
        row.asked_at = now
        session.add(row)
        outbox.remove(session, row.id, key_of(row.id), now=now)
    session.flush()
    return len(rows)


def gone(session: Session, post_key: str, now: datetime) -> None:
    """The post under this key is no longer in chat."""
    row = session.get(LeftInChat, post_key.removeprefix(LEFT))
    if row is not None and row.gone_at is None:
        row.gone_at = now
        session.add(row)
    lose_post(session, post_key)


LEFT = "left:"
"""How the key of such a post begins, once what it was about is gone."""


def key_of(left_id: str) -> str:
    """The key under which such a post lies."""
    return f"{LEFT}{left_id}"
