"""Where people and channels are reached, on a platform that says so only with what comes in."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Insert
from sqlmodel import Session, select

from storage.database.columns import new_id
from storage.database.rows import dialect_of, insert_in
from storage.database.tables_machinery import ChatAddress

PARTS = ("conversation_id", "service_url", "team_id")


def address_of(session: Session, who: str) -> ChatAddress | None:
    """Where a chat user or a channel is reached, if anything ever came in from there."""
    return session.exec(select(ChatAddress).where(ChatAddress.who == who)).first()


def keep_address(session: Session, who: str, conversation_id: str, service_url: str, team_id: str = "") -> None:
    """Notes where somebody or a channel is reached from now on."""
    row = {"id": new_id(), "who": who, "conversation_id": conversation_id, "service_url": service_url}
    session.connection().execute(_keeping(dialect_of(session)), row | {"team_id": team_id})


def channels_of(session: Session, team_id: str) -> list[str]:
    """The known channels of a team."""
    return sorted(session.exec(select(ChatAddress.who).where(ChatAddress.team_id == team_id)).all())


def a_service_url(session: Session) -> str:
    """Where the platform was reached last, for a conversation with somebody who never wrote; empty for nowhere yet."""
    return session.exec(select(ChatAddress.service_url).limit(1)).first() or ""


@cache
def _keeping(dialect: str) -> Insert:
    insert = insert_in(dialect, ChatAddress)
    new = {name: insert.excluded[name] for name in PARTS}
    return insert.on_conflict_do_update(index_elements=["who"], set_=new)
