"""The delivery side of the outbox: claim some messages, then say how it went with each.

A claim is one UPDATE that raises the rows' fence and takes a lease on the machine's clock; what was shown is noted
several in one turn. Whoever comes back with an older fence changes nothing. A sender that died leaves a lease that
lapses; the next claim says `tried_before`, so the platform's history is looked through for the key first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate, Update
from sqlmodel import Session

from prompts_and_forms.states import OutboxState
from storage.database.tables_machinery import IN_ORDER, Post
from storage.messages.outbox import BOX, NUDGE, POST, SAFETY, is_open, look_for_copies, pin_again
from storage.messages.posts import PostAddress, find_posts, keep_posts, lose_post, part_key

LEASE = timedelta(seconds=30)
STRAYED = timedelta(minutes=20)
"""A lease or a hold that ends later than this was given by a clock that was wrong."""
UNKNOWN = "unknown whether it arrived"
"""The error of a reminder that was given up because nobody can look whether it arrived: it may have."""


@dataclass(frozen=True)
class Claimed:
    """One message to send now. `post` is where it lies already (edit it), `parent` where its thread begins.

    `drawing` goes back to `finish`, `shown` is the drawing that lies there. `tried_before`: an earlier try may
    have reached the platform, so look for the key. `free`: no call was taken for it.
    """

    id: str
    key: str
    how: str
    channel: str
    chat_user: str
    thread_key: str
    priority: int
    fence: int
    drawing: int
    tried_before: bool
    attempts: int
    first_try_at: datetime
    lease: timedelta
    lease_until: datetime
    post: Post | None
    parent: Post | None
    asked_by: str = ""
    shown: int = 0
    free: bool = False


@dataclass(frozen=True)
class Shown:
    """A message was shown, at this address. `ts` is empty where none is to be kept; `parts`: ts of its later parts.

    `posted_again`: an earlier try was not found, but may still arrive. Copies of it are looked for a while later.
    """

    claimed: Claimed
    channel: str
    ts: str = ""
    thread: str = ""
    parts: tuple[str, ...] = ()
    posted_again: bool = False


def claim(
    session: Session,
    *,
    now: datetime,
    machine: datetime,
    lease: timedelta = LEASE,
    upto: int = NUDGE,
    resting: Collection[str] = (),
) -> Claimed | None:
    """The next message that may be sent, or None. See `claim_some`."""
    found = claim_some(session, most=1, now=now, machine=machine, lease=lease, upto=upto, resting=resting)
    return found[0] if found else None


def claim_some(
    session: Session,
    *,
    most: int,
    now: datetime,
    machine: datetime,
    lease: timedelta = LEASE,
    upto: int = NUDGE,
    resting: Collection[str] = (),
    counted: Collection[str] = (),
) -> list[Claimed]:
    """At most so many messages that may be sent now, each of another lane. Safety first, then the meeting, then nudges.

    `now` is the unit's clock (what is due), `machine` the real one (leases and holds). `upto` leaves out what matters
    less; `resting` are channels and chat users that take no posts for now, contacts left out; `counted` are kinds to
    leave out (`kind`).
    """
    asked = moments(now, machine) | {"most": most, "upto": upto, "lease_end": machine + lease}
    if resting:
        asked["resting"] = list(resting)
    if counted:
        asked["counted"] = list(counted)
    rows = session.connection().execute(_claiming(bool(resting), bool(counted)), asked).all()
    return taken(session, rows, lease)


Allowed = Callable[[str, Sequence[int]], int]
"""For how many messages of a kind, of these priorities and in their order, the platform takes calls now."""


def claim_counted(
    session: Session,
    allowed: Allowed,
    *,
    kinds: Collection[str],
    most: int,
    now: datetime,
    machine: datetime,
    lease: timedelta = LEASE,
    upto: int = NUDGE,
) -> list[Claimed]:
    """The same for the kinds of message whose calls are counted: as many of each as `allowed` says."""
    asked = moments(now, machine) | {"most": most, "upto": upto, "counted": list(kinds)}
    by_kind: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in session.connection().execute(_candidates(), asked):
        by_kind[row.kind].append((row.id, row.priority))
    ids: list[str] = []
    for kind, found in by_kind.items():
        count = allowed(kind, [priority for _id, priority in found])
        ids += [row_id for row_id, _priority in found[:count]]
    if not ids:
        return []
    mine = {"chosen": ids, "lease_end": machine + lease, "machine_now": machine}
    return taken(session, session.connection().execute(_claiming_these(), mine).all(), lease)


def moments(now: datetime, machine: datetime) -> dict[str, Any]:
    """What a question of what may be sent names: both clocks."""
    return {"unit_now": now, "machine_now": machine, "strayed": machine + STRAYED}


def taken(session: Session, rows: Sequence[Row[Any]], lease: timedelta) -> list[Claimed]:
    """Rows of a claim as messages, each with where it lies."""
    lying = {row.key for row in rows if row.shown} | {row.thread_key for row in rows if row.thread_key}
    posts = find_posts(session, lying)
    return [_claimed(row, lease, posts) for row in sorted(rows, key=_order)]


def kind() -> ColumnElement[str]:
    """What a message asks of the platform: "edit" where it lies there already, otherwise its `how`."""
    return case((and_(BOX.c.shown > 0, BOX.c.how.in_(("say", "show"))), "edit"), else_=BOX.c.how)


@cache
def _candidates() -> Select[Any]:
    of_these: BindParameter[Any] = bindparam("counted", expanding=True)
    found = next_message().add_columns(BOX.c.priority, kind().label("kind"))
    return found.where(BOX.c.priority <= bindparam("upto"), kind().in_(of_these)).limit(bindparam("most"))


@cache
def _claiming(some_rest: bool, some_counted: bool) -> ReturningUpdate[Any]:
    """Made once: building it takes longer than asking it."""
    wanted = next_message().where(BOX.c.priority <= bindparam("upto")).limit(bindparam("most"))
    if some_rest:
        at_rest: BindParameter[Any] = bindparam("resting", expanding=True)
        goes = and_(BOX.c.channel.not_in(at_rest), BOX.c.chat_user.not_in(at_rest))
        wanted = wanted.where(or_(BOX.c.priority == SAFETY, kind() == "edit", goes))
    if some_counted:
        others: BindParameter[Any] = bindparam("counted", expanding=True)
        wanted = wanted.where(kind().not_in(others))
    return taking(BOX.c.id.in_(select(wanted.cte("chosen").c.id)))


@cache
def _claiming_these() -> ReturningUpdate[Any]:
    these: BindParameter[Any] = bindparam("chosen", expanding=True)
    return taking(BOX.c.id.in_(these))


def taking(which: ColumnElement[bool]) -> ReturningUpdate[Any]:
    """The claim itself, of these rows."""
    taken = update(BOX).where(which)
    taken = taken.values(
        state=OutboxState.SENDING,
        fence=BOX.c.fence + 1,
        lease_until=bindparam("lease_end", type_=BOX.c.lease_until.type),
        hold_until=None,
        attempts=BOX.c.attempts + 1,
        first_try_at=func.coalesce(BOX.c.first_try_at, _MACHINE_NOW),
    )
    return taken.returning(*BOX.c)


def next_message() -> Select[tuple[str]]:
    """The question a claim asks: which open messages come next. Its moments: `unit_now`, `machine_now`, `strayed`."""
    return (
        select(BOX.c.id)
        .where(_sendable(_UNIT_NOW, _MACHINE_NOW, _STRAYED))
        .order_by(*(BOX.c[column] for column in IN_ORDER))
        .with_for_update(skip_locked=True, of=BOX)
    )


def finish(session: Session, claimed: Claimed, *, at: datetime, channel: str, ts: str, thread: str = "") -> bool:
    """It is shown, at this address. False where somebody else has taken the message since: this copy is one too many.

    A note has no address to keep (`ts` empty). Where another drawing was asked for meanwhile, the message waits again.
    """
    return bool(finish_some(session, [Shown(claimed, channel, ts, thread)], at=at, wait=True))


def finish_some(session: Session, shown: Sequence[Shown], *, at: datetime, wait: bool = False) -> set[str]:
    """The same for several at once; answers the ids of those that were still this sender's.

    A row somebody is just changing is left out, for waiting with some rows in hand could stop both for good; the
    caller tries it again on its own. With `wait` (one row only) it is waited for.
    """
    drawn: dict[int, list[Shown]] = defaultdict(list)
    for one in shown:
        drawn[one.claimed.drawing].append(one)
    done: set[str] = set()
    for drawing, some in drawn.items():
        rows = {"ids": [one.claimed.id for one in some], "fences": [(o.claimed.id, o.claimed.fence) for o in some]}
        found = session.connection().execute(_finishing(wait), {**rows, "drawn": drawing, "at": at})
        done.update(row_id for (row_id,) in found)
    mine = [one for one in shown if one.claimed.id in done]
    for one in mine:
        _leave_old_place(session, one)
    keep_posts(session, [lies for one in mine for lies in _where(one)])
    for one in mine:
        if one.posted_again:
            look_for_copies(session, one.claimed.key, at=at + settled(one.claimed.lease))
    return done


def settled(lease: timedelta) -> timedelta:
    """How long after a try it may still be accepted: a minute in the product."""
    return 2 * lease


@cache
def _finishing(wait: bool) -> ReturningUpdate[Any]:
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    fences: BindParameter[Any] = bindparam("fences", expanding=True)
    ours = and_(BOX.c.id.in_(ids), tuple_(BOX.c.id, BOX.c.fence).in_(fences), BOX.c.state == OutboxState.SENDING)
    if not wait:
        ours = BOX.c.id.in_(select(BOX.c.id).where(ours).with_for_update(skip_locked=True))
    drawing = bindparam("drawn", type_=BOX.c.shown.type)
    done = update(BOX).where(ours).values(**_ending(drawing), sent_at=bindparam("at", type_=BOX.c.sent_at.type))
    return done.returning(BOX.c.id)


def _ending(drawing: ColumnElement[int]) -> dict[str, Any]:
    state = case((BOX.c.wanted > drawing, "waiting"), else_="sent")
    return {
        "state": state,
        "shown": drawing,
        "attempts": 0,
        "first_try_at": None,
        "lease_until": None,
        "error": "",
    }


def _leave_old_place(session: Session, one: Shown) -> None:
    """A message that had to be posted anew: its old place is still known for replies, and its pin comes with it."""
    old = one.claimed.post
    if old is not None and one.ts and one.claimed.how in ("say", "show") and old.ts != one.ts:
        lose_post(session, one.claimed.key)
        pin_again(session, one.claimed.key)


def _where(one: Shown) -> list[PostAddress]:
    """Where the message and its other parts lie now."""
    if not one.ts or one.claimed.how not in ("say", "show"):
        return []
    stamps = (one.ts, *one.parts)
    return [
        PostAddress(part_key(one.claimed.key, number), one.channel, ts, one.thread)
        for number, ts in enumerate(stamps, start=1)
    ]


def still_ours(session: Session, claimed: Claimed, *, machine: datetime) -> bool:
    """Is this sender still the one? Asked just before posting, it takes a new lease from `machine` on."""
    longer = _still_ours(claimed).values(lease_until=machine + claimed.lease)
    return session.connection().execute(longer).rowcount == 1


def longest_wait(session: Session, *, now: datetime, machine: datetime) -> timedelta | None:
    """How long the message has waited that could have been sent for longest; None where none waits."""
    own_time = func.coalesce(BOX.c.hold_until, BOX.c.lease_until)
    sendable = _sendable(_UNIT_NOW, _MACHINE_NOW, _STRAYED)
    by_unit = select(func.min(BOX.c.due_at)).where(sendable, own_time.is_(None))
    by_machine = select(func.min(own_time)).where(sendable)
    moment = {"unit_now": now, "machine_now": machine, "strayed": machine + STRAYED}
    since = [session.connection().execute(asked, moment).scalar() for asked in (by_unit, by_machine)]
    waits = [moment - start for moment, start in zip((now, machine), since, strict=True) if start is not None]
    return max(waits, default=None)


def senders_at_work(session: Session, since: datetime, machine: datetime) -> bool:
    """Has any sender shown something since then, or is it at it, or told to wait by the platform?"""
    at_work = or_(BOX.c.sent_at >= since, BOX.c.lease_until > machine, BOX.c.hold_until > machine)
    return session.connection().execute(select(BOX.c.id).where(at_work).limit(1)).first() is not None


def not_sent_until(session: Session, claimed: Claimed, until: datetime) -> bool:
    """The platform refused it for now (429): it was surely not shown. Tried again from `until` (machine clock)."""
    none_before = BOX.c.attempts <= 1
    back = _still_ours(claimed).values(
        state=OutboxState.WAITING,
        hold_until=until,
        lease_until=None,
        attempts=BOX.c.attempts - 1,
        first_try_at=case((none_before, None), else_=BOX.c.first_try_at),
    )
    return session.connection().execute(back).rowcount == 1


def unknown(session: Session, claimed: Claimed, error: str, until: datetime | None = None) -> bool:
    """Nobody knows whether it was shown (time-out, reset, 5xx): the lease is left to lapse, at `until` where given."""
    lapse = _still_ours(claimed).values(error=error, lease_until=until or BOX.c.lease_until)
    return session.connection().execute(lapse).rowcount == 1


def failed(session: Session, claimed: Claimed, error: str) -> bool:
    """The platform will never take it (`error` is its code). A drawing of something already posted stays as it was."""
    lost = _still_ours(claimed).values(state=OutboxState.FAILED, error=error, lease_until=None)
    if session.connection().execute(lost).rowcount != 1:
        return False
    if claimed.post is None:
        replies = and_(BOX.c.state == OutboxState.WAITING, BOX.c.thread_key == claimed.key)
        session.connection().execute(update(BOX).where(replies).values(state=OutboxState.FAILED, error="no parent"))
    return True


def not_wanted(session: Session, claimed: Claimed) -> bool:
    """There is nothing to show any more: the record has moved on since the message was asked for."""
    state = case((BOX.c.shown > 0, "sent"), else_="cancelled")
    gone = _still_ours(claimed).values(state=state, wanted=BOX.c.shown, lease_until=None)
    return session.connection().execute(gone).rowcount == 1


_UNIT_NOW = bindparam("unit_now", type_=BOX.c.due_at.type)
_MACHINE_NOW = bindparam("machine_now", type_=BOX.c.lease_until.type)
_STRAYED = bindparam("strayed", type_=BOX.c.lease_until.type)


def _sendable(
    now: ColumnElement[datetime], machine: ColumnElement[datetime], strayed: ColumnElement[datetime]
) -> ColumnElement[bool]:
    earlier = BOX.alias("earlier")
    held = or_(BOX.c.hold_until.is_(None), BOX.c.hold_until <= machine, BOX.c.hold_until > strayed)
    waits = and_(BOX.c.state == OutboxState.WAITING, BOX.c.due_at <= now, held)
    over = or_(BOX.c.lease_until <= machine, BOX.c.lease_until > strayed)
    lapsed = and_(BOX.c.state == OutboxState.SENDING, over)
    # Not EXISTS, which PostgreSQL may answer by reading every post there ever was.
    parent = select(POST.c.id).where(POST.c.key == BOX.c.thread_key).scalar_subquery()
    before = (
        select(earlier.c.id)
        .where(
            is_open(earlier),
            earlier.c.lane == BOX.c.lane,
            earlier.c.lane_no < BOX.c.lane_no,
            earlier.c.shown == 0,
            earlier.c.due_at <= now,
        )
        .exists()
    )
    is_parent = BOX.c.key == BOX.c.lane
    in_order = or_(BOX.c.priority == SAFETY, is_parent, BOX.c.shown > 0, ~before)
    return and_(is_open(BOX), or_(waits, lapsed), or_(BOX.c.thread_key == "", parent.is_not(None)), in_order)


def _still_ours(claimed: Claimed) -> Update:
    return update(BOX).where(BOX.c.id == claimed.id, BOX.c.fence == claimed.fence, BOX.c.state == OutboxState.SENDING)


def _order(row: Row[tuple[object, ...]]) -> tuple[Any, ...]:
    return tuple(row._mapping[column] for column in IN_ORDER)


def _claimed(row: Row[tuple[object, ...]], lease: timedelta, posts: Mapping[str, Post]) -> Claimed:
    known = row._mapping
    return Claimed(
        id=known["id"],
        key=known["key"],
        how=known["how"],
        channel=known["channel"],
        chat_user=known["chat_user"],
        thread_key=known["thread_key"],
        priority=known["priority"],
        fence=known["fence"],
        drawing=known["wanted"],
        tried_before=known["attempts"] > 1,
        attempts=known["attempts"],
        first_try_at=known["first_try_at"],
        lease=lease,
        lease_until=known["lease_until"],
        post=posts.get(known["key"]),
        parent=posts.get(known["thread_key"]),
        asked_by=known["asked_by"],
        shown=known["shown"],
    )
