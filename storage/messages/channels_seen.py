"""Who reads a channel, as the platform said: known to every process, and asked anew after every change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, Select, bindparam, select, update
from sqlmodel import Session

from storage.database.columns import metadata, new_id
from storage.database.rows import dialect_of, insert_in
from storage.database.tables_machinery import ChannelSeen

CHANNEL = metadata.tables["channel_seen"]


@dataclass(frozen=True)
class Readers:
    """What the platform said of a channel: what is wrong with it, and who is in it."""

    trouble: str = ""
    members: Sequence[str] = ()


@dataclass(frozen=True)
class Look:
    """The last look at a channel, where it still counts, and the number of the last change."""

    changes: int = 0
    readers: Readers | None = None
    at: datetime | None = None


def last_look(session: Session, channel: str) -> Look:
    """What is known of a channel now."""
    row = session.connection().execute(_asking(), {"channel": channel}).first()
    if row is None:
        return Look()
    readers = Readers(row.trouble, row.members) if row.looked_at is not None else None
    return Look(row.changes, readers, row.looked_at)


def keep_look(session: Session, channel: str, before: int, readers: Readers, at: datetime) -> None:
    """Keeps what was seen at `at`, unless something has happened to the channel since change `before`."""
    found = {"trouble": readers.trouble, "members": list(readers.members)}
    row = {"id": new_id(), "channel": channel, "changes": 0, "looked_at": at, **found}
    session.connection().execute(_keeping(dialect_of(session)), {**row, "before": before})


def has_changed(session: Session, channel: str) -> None:
    """Something happened to the channel: what is known of it counts no more, nor what somebody is just looking up."""
    row = {"id": new_id(), "channel": channel, "changes": 1, "trouble": "", "members": []}
    session.connection().execute(_changing(dialect_of(session)), row)


def all_may_have_changed(session: Session) -> None:
    """Nobody listened for a while: every channel is asked about anew."""
    session.connection().execute(update(CHANNEL).values(changes=CHANNEL.c.changes + 1, looked_at=None))


@cache
def _asking() -> Select[Any]:
    return select(CHANNEL).where(CHANNEL.c.channel == bindparam("channel"))


@cache
def _keeping(dialect: str) -> Insert:
    insert = insert_in(dialect, ChannelSeen)
    new = {name: insert.excluded[name] for name in ("trouble", "members", "looked_at")}
    same = CHANNEL.c.changes == bindparam("before")
    return insert.on_conflict_do_update(index_elements=["channel"], set_=new, where=same)


@cache
def _changing(dialect: str) -> Insert:
    insert = insert_in(dialect, ChannelSeen)
    again = {"changes": CHANNEL.c.changes + 1, "looked_at": None}
    return insert.on_conflict_do_update(index_elements=["channel"], set_=again)
