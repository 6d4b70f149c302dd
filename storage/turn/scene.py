"""What an event is about, in one question: who acts, in which unit, and the rows that its ids or its message lead to.

The rows are in the session from then on, so that whoever asks for them by name or id asks nothing more. Rows of a
family that is closed to the person are let go of again: to them it does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, cast, func, null, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col

from storage.database import chain
from storage.database.hiding import hidden, hide_nothing
from storage.database.rows import dialect_of
from storage.database.tables import Contribution, Discussion, Family, Meeting, Membership, Person, Unit
from storage.database.tables_machinery import Draft, Post
from storage.family import access
from storage.turn import known

NAMED: dict[str, type[SQLModel]] = {
    "draft": Draft,
    "discussion": Discussion,
    "meeting": Meeting,
    "family": Family,
    "unit": Unit,
}
NOBODYS: ColumnElement[Any] = cast(null(), String)
THREAD, BOARD = "discussion:", "meeting:"


def enter(
    session: Session, *, chat_user: str, channel: str, ts: str, thread: str, ids: Mapping[str, str]
) -> Person | None:
    """Who acts. `ids`: what an event names, by what it is an id of; `ts` and `thread`: its message, if it is one.

    Families closed to them do not exist in this session from here on.
    """
    if not chat_user:
        return None
    named = {name: ids[name] for name in NAMED if ids.get(name)}
    typed = bool(channel and (ts or thread)) and not named
    asked = {"chat_user": chat_user, "channel": channel, **{f"the_{name}": value for name, value in named.items()}}
    if typed:
        asked |= {"ts": ts, "thread": thread}
    hide_nothing(session)
    row = session.execute(_question(frozenset(named), typed), asked).first()
    assert row is not None, "there is always one row"
    if dialect_of(session) == "sqlite":
        chain.keep_head(session, row.last_no, row.last_mark)
    if row.Person is None:
        _let_go(session, row)
        return None
    access.begins(session, row.Person, row.some, row.moved)
    _learn(session, row, channel, ts if typed else "", thread if typed else "", named)
    person: Person = row.Person
    return person


def _learn(session: Session, row: Any, channel: str, ts: str, thread: str, named: Mapping[str, str]) -> None:
    """What is looked for by something else than its id."""
    if row.Unit is not None:
        known.learn(session, (Membership,), ("place", row.Unit.id, row.Person.id), row.Membership)
    if not named and channel:
        known.learn(session, (Unit,), ("unit", channel), row.Unit)
    if thread:
        known.learn(session, (Post,), ("key at", channel, thread), row.key)
    if ts and not hidden(session):
        known.learn(session, (Contribution,), ("contribution", channel, ts), row.Contribution)
    if row.Discussion is not None and row.Discussion in session:
        since = row.Discussion.card_at or row.Discussion.started_at
        known.learn(session, (Contribution,), ("notes since", row.Discussion.id, since), row.notes)


def _let_go(session: Session, row: Any) -> None:
    """To somebody unknown nothing of it exists."""
    for one in (row.Discussion, row.Family, row.Draft, row.Contribution):
        if one is not None:
            session.expunge(one)


@cache
def _question(named: frozenset[str], typed: bool) -> Select[Any]:
    """One row, whatever there is of it."""
    one = select(cast(bindparam("chat_user"), String).label("chat_user")).subquery("one")
    last_no, last_mark = chain.last_line()
    below = aliased(Contribution)
    since = func.coalesce(Discussion.card_at, Discussion.started_at)
    notes = select(func.count()).where(col(below.discussion_id) == Discussion.id, col(below.said_at) >= since)
    joined: Any = one.outerjoin(Person, col(Person.chat_user) == one.c.chat_user)
    lies = and_(col(Post.channel) == _given("channel"), col(Post.ts) == _given("thread"))
    said = and_(col(Contribution.channel) == _given("channel"), col(Contribution.ts) == _given("ts"))
    joined = joined.outerjoin(Post, lies if typed else col(Post.id) == NOBODYS)
    joined = joined.outerjoin(Contribution, said if typed else col(Contribution.id) == NOBODYS)
    for table, which in _by_id(named, typed):
        joined = joined.outerjoin(table, which)
    mine = and_(col(Membership.unit_id) == Unit.id, col(Membership.person_id) == Person.id)
    joined = joined.outerjoin(Membership, mine)
    rows = (Person, Unit, Membership, Draft, Discussion, Meeting, Family, Contribution)
    along: tuple[Any, ...] = (col(Post.key).label("key"), notes.scalar_subquery().label("notes"))
    ends = (last_no.label("last_no"), last_mark.label("last_mark"))
    gates = (access.SOME_CLOSED.label("some"), access.SOME_MOVED.label("moved"))
    return select(*rows, *along, *ends, *gates).select_from(joined)


def _by_id(named: frozenset[str], typed: bool) -> list[tuple[Any, ColumnElement[bool]]]:
    """Each table with how its row is found: by the id the event names, or by a row that was found before."""
    thread = func.substr(Post.key, len(THREAD) + 1)
    board = func.replace(func.substr(Post.key, len(BOARD) + 1), "/board", "")
    discussion = func.coalesce(Contribution.discussion_id, thread) if typed else Draft.discussion_id
    meeting = func.coalesce(Discussion.meeting_id, Contribution.meeting_id, board if typed else Draft.meeting_id)
    family = func.coalesce(Discussion.family_id, Draft.family_id)
    unit = func.coalesce(Draft.unit_id, Meeting.unit_id, Discussion.unit_id, Family.unit_id)
    led_to = {"draft": NOBODYS, "discussion": discussion, "meeting": meeting, "family": family, "unit": unit}
    found = []
    for name, table in NAMED.items():
        wanted = _given(f"the_{name}") if name in named else led_to[name]
        which = col(table.id) == wanted  # type: ignore[attr-defined]
        if name == "unit" and not named:
            which = col(Unit.channel) == _given("channel")
        found.append((table, which))
    return found


def _given(name: str) -> ColumnElement[str]:
    return cast(bindparam(name), String)
