"""Where a message lies in the chat platform, and which message lies there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Insert, bindparam, update
from sqlmodel import Session, col, select

from storage.database.columns import new_id
from storage.database.rows import dialect_of, insert_in
from storage.database.tables import Contribution
from storage.database.tables_machinery import OutboxMessage, Post
from storage.turn import known

GONE = "~gone:"

BY_KEY = select(Post).where(Post.key == bindparam("key"))
KEY_AT = select(Post.key).where(Post.channel == bindparam("channel"), Post.ts == bindparam("ts"))


def find_post(session: Session, key: str) -> Post | None:
    """Where the message of this name lies on the platform, if it was posted."""
    return session.exec(BY_KEY, params={"key": key}, execution_options={"populate_existing": True}).first()


def find_posts(session: Session, keys: Collection[str]) -> dict[str, Post]:
    """Where each of these messages lies, for those that lie anywhere."""
    if not keys:
        return {}
    asked = select(Post).where(col(Post.key).in_(keys)).execution_options(populate_existing=True)
    return {post.key: post for post in session.exec(asked)}


def key_at(session: Session, channel: str, ts: str) -> str | None:
    """The key of the message at this address, also where it was posted again elsewhere since."""
    where = {"channel": channel, "ts": ts}
    key = known.once(session, (Post,), ("key at", channel, ts), lambda: session.exec(KEY_AT, params=where).first())
    return key.split(GONE)[0] if key else None


@dataclass(frozen=True)
class PostKey:
    """What a message is drawn from: a row, "discussion:ID", or a part of one, "meeting:ID/board"."""

    noun: str
    row_id: str
    part: str = ""

    @classmethod
    def read(cls, key: str) -> PostKey:
        """As it stands in the outbox."""
        noun, _, rest = key.partition(":")
        row_id, _, part = rest.partition("/")
        return cls(noun, row_id, part)


def drawn_from(session: Session, channel: str, ts: str) -> PostKey | None:
    """What the message at this address is drawn from; None for one the bot did not post."""
    key = key_at(session, channel, ts)
    return PostKey.read(key) if key else None


@dataclass(frozen=True)
class PostAddress:
    """The message of this key lies there; `thread` is the ts of the thread's first message."""

    key: str
    channel: str
    ts: str
    thread: str = ""


def part_key(key: str, number: int) -> str:
    """A card longer than a message becomes several posts: key, key#2, ..."""
    return key if number == 1 else f"{key}#{number}"


def keep_post(session: Session, key: str, channel: str, ts: str, thread: str = "") -> None:
    """Note where the message of this key lies now."""
    keep_posts(session, [PostAddress(key, channel, ts, thread)])


def keep_posts(session: Session, where: Iterable[PostAddress]) -> None:
    """The same for several."""
    rows = [
        {"id": new_id(), "key": one.key, "channel": one.channel, "ts": one.ts, "thread": one.thread} for one in where
    ]
    if rows:
        session.connection().execute(_keeping(dialect_of(session)), rows)


@cache
def _keeping(dialect: str) -> Insert:
    insert = insert_in(dialect, Post)
    lies = {name: insert.excluded[name] for name in ("channel", "ts", "thread")}
    return insert.on_conflict_do_update(index_elements=["key"], set_=lies)


def follow_channel(session: Session, old: str, new: str) -> None:
    """The platform knows a channel by another id now: everything that lies there, waits for it or was said there."""
    for table in (Post, OutboxMessage, Contribution):
        session.connection().execute(update(table).where(col(table.channel) == old).values(channel=new))
    session.expire_all()
    known.forget(session)


def lose_post(session: Session, key: str) -> None:
    """The message is gone from the platform. Replies to the old one are still understood."""
    post = find_post(session, key)
    if post is None:
        return
    older = session.exec(select(Post.id).where(col(Post.key).startswith(key + GONE, autoescape=True))).all()
    post.key = f"{key}{GONE}{len(older) + 1}"
    session.add(post)
    session.flush()


def forget_post(session: Session, key: str) -> None:
    """The message was taken away because a newer one says what it said; nobody can answer it any more."""
    post = find_post(session, key)
    if post is not None:
        session.delete(post)
        session.flush()


def lose_posts_of(session: Session, start: str) -> None:
    """The messages whose keys begin so can no longer be edited: they are posted anew when they are drawn again."""
    found = session.exec(select(Post.key).where(col(Post.key).startswith(start, autoescape=True))).all()
    for key in found:
        if GONE not in key:
            lose_post(session, key)
