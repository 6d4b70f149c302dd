"""What is due and is no family: forms somebody began and never sent, and copies in chat. Somebody confirms each list.

A form goes only some days after whoever began it was told, so that nobody's words go behind their back.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from prompts_and_forms.states import ContributionState
from storage.database.audit import audit
from storage.database.columns import metadata
from storage.database.rows import dialect_of
from storage.database.tables import Contribution, Discussion, Membership, Person
from storage.database.tables_machinery import Draft, OutboxMessage, Post
from storage.forms import drafts
from storage.messages import outbox
from storage.messages.posts import GONE
from storage.unit import people

TOLD = "told_on"
"""In a draft's args: the unit's day and the moment its writer was told that it may go."""
WAITS = timedelta(days=7)
REMOVE = "remove:"
PIECE = 500
NAMED = re.compile(r"^(?:discussion|copy):([0-9a-f]{32})")


@dataclass(frozen=True)
class Lies:
    """A post of the bot's, and where it lies."""

    id: str
    key: str
    channel: str
    ts: str
    thread: str


@dataclass(frozen=True)
class Lying:
    """A discussion with what of it still lies in chat: the bot's own posts, and messages people typed."""

    discussion: Discussion
    posts: tuple[Lies, ...]
    typed: tuple[Contribution, ...]


# ---- forms that were begun


def goes_from(session: Session, draft: Draft) -> date | None:
    """The first day it may go, None while its writer is still to be told. Nobody is told of an empty one."""
    if not draft.saved or not _may_hear(session, draft):
        return date.min
    told = _told(draft)
    return told + WAITS if told else None


def _told(draft: Draft) -> date | None:
    """The day its writer was told; None where nobody was, or where it was opened since."""
    day, _, at = draft.args.get(TOLD, "").partition(" ")
    return date.fromisoformat(day) if at and datetime.fromisoformat(at) >= draft.saved_at else None


def _may_hear(session: Session, draft: Draft) -> bool:
    if draft.unit_id is None:
        return True
    return people.belongs(session, draft.unit_id, draft.person_id) is not None


def tell(session: Session, found: Iterable[Draft], *, today: date, now: datetime) -> int:
    """Writes to everybody who began one of these and was not told before; answers how many forms that is."""
    fresh = [one for one in found if goes_from(session, one) is None]
    for draft in fresh:
        draft.args = {**draft.args, TOLD: f"{today.isoformat()} {now.isoformat()}"}
        session.add(draft)
    session.flush()
    for person_id in sorted({one.person_id for one in fresh}):
        person = session.get(Person, person_id)
        if person is not None and person.chat_user:
            key = f"person:{person_id}/old_forms:{today.isoformat()}"
            outbox.say(session, key, now=now, chat_user=person.chat_user, priority=outbox.NUDGE)
    return len(fresh)


def told_on(session: Session, person_id: str, day: str) -> list[Draft]:
    """The forms somebody was told of on a day and has still open, untouched."""
    return [one for one in drafts.drafts_of(session, person_id) if _told(one) == date.fromisoformat(day)]


def remove(session: Session, draft: Draft, *, by_id: str, now: datetime) -> None:
    """A form that was begun goes, with everything in it."""
    if dialect_of(session) == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete = ON")
    audit(
        session, at=now, what="draft_removed", row=draft, person_id=by_id, unit_id=draft.unit_id,
        family_id=draft.family_id,
    )  # fmt: skip
    session.delete(draft)
    session.flush()


# ---- chat


def lying(session: Session, found: Collection[Discussion]) -> list[Lying]:
    """Those of these discussions of which anything is still in chat, in the same order."""
    posts = _posts(session, found)
    typed: dict[str, list[Contribution]] = {}
    ids = sorted(one.id for one in found)
    said = select(Contribution).where(
        col(Contribution.discussion_id).in_(ids), Contribution.state == ContributionState.KEPT
    )
    for row in session.exec(said.order_by(col(Contribution.said_at), col(Contribution.id))):
        typed.setdefault(row.discussion_id or "", []).append(row)
    lie = [Lying(one, tuple(posts.get(one.id, ())), tuple(typed.get(one.id, ()))) for one in found]
    return [one for one in lie if one.posts or one.typed]


def _posts(session: Session, found: Collection[Discussion]) -> dict[str, list[Lies]]:
    """The bot's posts of these discussions, by discussion: those that name it, and whatever lies in its thread.

    Only the channels they were held in are looked through, and the direct messages of those who were in the unit.
    """
    ids = sorted(one.id for one in found)
    roots = _these(session, col(Post.key).in_([f"discussion:{one}" for one in ids]))
    in_unit = select(Membership.person_id).where(col(Membership.unit_id).in_({one.unit_id for one in found}))
    readers = sorted(set(session.exec(in_unit)))
    copies = [f"copy:{one}/{reader}" for one in ids for reader in readers]
    threads = {(one.channel, one.ts): one.key.partition(":")[2] for one in roots}
    lie = _these(session, col(Post.channel).in_(sorted({one.channel for one in roots})))
    for start in range(0, len(copies), PIECE):
        lie += _these(session, col(Post.key).in_(copies[start : start + PIECE]))
    asked = set(session.exec(select(OutboxMessage.key).where(OutboxMessage.how == "remove")))
    posts: dict[str, list[Lies]] = {}
    for one in sorted(lie, key=lambda one: (one.channel, one.ts, one.key)):
        named = NAMED.match(one.key)
        discussion_id = named.group(1) if named else threads.get((one.channel, one.thread), "")
        if discussion_id in ids and GONE not in one.key and f"{REMOVE}{one.id}" not in asked:
            posts.setdefault(discussion_id, []).append(one)
    return posts


def _these(session: Session, which: Any) -> list[Lies]:
    parts = (col(Post.id), col(Post.key), col(Post.channel), col(Post.ts), col(Post.thread))
    return [Lies(*row) for row in session.execute(sa.select(*parts).where(which))]


def clear(session: Session, one: Lying, *, by_id: str, now: datetime) -> int:
    """Asks for the bot's posts of a discussion to be taken away; the record itself stays. Answers how many."""
    for post in one.posts:
        outbox.remove(session, post.id, post.key, now=now)
    outbox.put_in(session)
    box = metadata.tables["outbox"]
    shown = box.c.key.in_([post.key for post in one.posts])
    session.connection().execute(box.delete().where(shown, ~outbox.is_open(box)))
    audit(
        session, at=now, what="chat_cleared", row=one.discussion, person_id=by_id, unit_id=one.discussion.unit_id,
        family_id=one.discussion.family_id,
    )  # fmt: skip
    return len(one.posts)
