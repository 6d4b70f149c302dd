"""Messages that are to be shown: rows written in the same transaction as what they tell.

A message is addressed by what it shows (its key), never by where it lies. `say` is a new post, `show` a post that is
then edited in place, `note` is seen by one person only, `file` is a document for one person, `pin` pins the post of
a key, `remove` takes it away, `again` draws one message once more when another is there, `copies` takes away what lies
there twice. Delivery: see delivery.py.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Insert,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlmodel import Session

from prompts_and_forms.states import OutboxState
from storage.database.columns import metadata, new_id
from storage.database.rows import dialect_of, insert_in
from storage.database.tables_machinery import OutboxMessage
from storage.messages import wake
from storage.messages.posts import find_post, lose_post
from storage.turn.gathered import gathered_as

SAFETY = 0
STOP = 1
"""What else shows an immediate concern: the stage and the board that were there before."""
PRESSED = 2
"""What somebody pressed, and what they saved."""
STAGE = 3
MEETING = 5
BOARD = 6
ECHO = 7
"""What shows that something was heard."""
PAST = 8
"""What is of the past, as a card with a newer one below: nobody looks at it."""
NUDGE = 9

BOX = metadata.tables["outbox"]
POST = metadata.tables["post"]
OPEN = (OutboxState.WAITING, OutboxState.SENDING)
"""States of a message still to be sent; questions spell them out, as the index does."""
IS_SHOWN = BOX.c.how != "copies"
"""Something people see; looking for copies nobody waits for."""
AGAIN = "again:"
"""Before the key of a message that is drawn once more when another one is there."""
ASKED_AGAIN = OutboxState.WAITING
ASKED_BY = "asked by"
"""Where a session keeps whose turn it is: the chat user hears when what they asked for cannot be posted."""
PRESSED_AT = "pressed at"
"""Where a session keeps the message somebody has just pressed in: channel, ts, and until when (the machine's clock) its
drawing is left to whoever answers the press. The platform takes that answer beside its limits."""
GATHERS, GATHERED = "outbox gathers", "messages asked for"
ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""Due at once, whatever the unit's clock says."""


def say(
    session: Session,
    key: str,
    *,
    now: datetime,
    channel: str = "",
    chat_user: str = "",
    thread: str = "",
    priority: int = MEETING,
    due_at: datetime | None = None,
) -> None:
    """Ask for a new post at the bottom; a second call with the same key does nothing.

    `thread` is the key of the parent message; `chat_user` alone means that person's direct messages. `now` and `due_at`
    are on the unit's clock.
    """
    lane = thread or (key if channel else f"dm:{chat_user}")
    values = _values(key, "say", now, channel, chat_user, thread, priority) | {"due_at": due_at or now}
    values |= _asked_by(session)
    _put(session, values, lane)
    if priority == SAFETY and thread:
        _hurry(session, thread)


def show(
    session: Session,
    key: str,
    *,
    now: datetime,
    channel: str = "",
    chat_user: str = "",
    thread: str = "",
    priority: int = MEETING,
    due_at: datetime | None = None,
) -> None:
    """Ask for a post that is later edited in place. Each call asks for one more drawing; those that wait are merged.

    With `due_at` the drawing may wait a little for others; a call without one brings it forward to `now`. What waits
    keeps the place of what matters most in it.
    """
    lane = thread or (key if channel else f"dm:{chat_user}")
    values = _values(key, "show", now, channel, chat_user, thread, priority) | _asked_by(session)
    _put(session, values, lane, due_at or now)


def show_again(session: Session, key: str, *, now: datetime, priority: int = MEETING) -> None:
    """Ask for one more drawing of a message that was asked for before; nothing for one that never was."""
    show_some_again(session, [key], now=now, priority=priority)


def show_some_again(session: Session, keys: Collection[str], *, now: datetime, priority: int = MEETING) -> None:
    """The same for several."""
    if any(row["new_key"] in keys for row in gathered_as(session, GATHERED)):
        put_in(session)
    asked = select(BOX.c.key, BOX.c.channel, BOX.c.chat_user, BOX.c.thread_key).where(BOX.c.key.in_(keys))
    for row in session.connection().execute(asked.order_by(BOX.c.key)).all() if keys else ():
        where = {"channel": row.channel, "chat_user": row.chat_user, "thread": row.thread_key}
        show(session, row.key, now=now, priority=priority, **where)


@cache
def _putting(dialect: str, pressed: bool) -> Insert:
    """One statement for all: the row where there is none; where there is, one more drawing of what is drawn again."""
    insert = insert_in(dialect, OutboxMessage).values(_new_row())
    due = bindparam("asked_due", type_=BOX.c.due_at.type)
    priority = insert.excluded.priority
    more = and_(is_open(BOX), BOX.c.priority < priority)
    sooner = and_(BOX.c.state == OutboxState.WAITING, BOX.c.due_at <= due)
    again = {
        "wanted": BOX.c.wanted + 1,
        "state": case((BOX.c.state == OutboxState.SENDING, OutboxState.SENDING), else_=ASKED_AGAIN),
        "due_at": case((sooner, BOX.c.due_at), else_=due),
        "priority": case((more, BOX.c.priority), else_=priority),
        "asked_by": insert.excluded.asked_by,
    }
    if pressed:
        at = and_(POST.c.channel == bindparam("at_channel"), POST.c.ts == bindparam("at_ts"))
        here = select(POST.c.key).where(at).scalar_subquery()
        left = bindparam("left_until", type_=BOX.c.hold_until.type)
        again["hold_until"] = case((and_(BOX.c.key == here, BOX.c.shown > 0), left), else_=BOX.c.hold_until)
    return insert.on_conflict_do_update(index_elements=["key"], set_=again, where=insert.excluded.how == "show")


def note(session: Session, key: str, *, now: datetime, channel: str, chat_user: str, thread: str = "") -> None:
    """Ask for words only this person sees, in the channel or thread. The platform may drop them: never rely on one."""
    _put(session, _values(key, "note", now, channel, chat_user, thread, MEETING), f"note:{chat_user}")


def file(session: Session, key: str, *, now: datetime, chat_user: str) -> None:
    """Ask for a document to be drawn and brought to this person. Nothing waits behind it."""
    values = _values(key, "file", now, "", chat_user, "", MEETING) | _asked_by(session)
    _put(session, values, key)


def pin(session: Session, key: str, *, now: datetime) -> None:
    """Ask for the post of this key to be pinned, once it is there."""
    _put(session, _values(f"pin:{key}", "pin", now, "", "", key, MEETING), f"pin:{key}")


def remove(session: Session, name: str, post_key: str, *, now: datetime) -> None:
    """Ask for the post that lies under `post_key` to be taken away."""
    _put(session, _values(f"remove:{name}", "remove", now, "", "", post_key, NUDGE), f"remove:{name}")


def pin_again(session: Session, key: str) -> None:
    """The post of this key lies somewhere else now; where it was pinned, it is pinned there."""
    fresh = {"state": OutboxState.WAITING, "error": "", "fence": BOX.c.fence + 1, "lease_until": None}
    counts = {"wanted": 1, "shown": 0, "attempts": 0, "first_try_at": None}
    put_in(session)
    pinned = update(BOX).where(BOX.c.key == f"pin:{key}")
    if session.connection().execute(pinned.values(**fresh, **counts)).rowcount:
        wake.mark(session)


def unpin(session: Session, key: str, *, now: datetime) -> None:
    """Ask for the post of this key to be pinned no longer, where there is one."""
    if find_post(session, key) is None:
        return
    _put(session, _values(f"unpin:{key}", "unpin", now, "", "", key, NUDGE), f"unpin:{key}")


def show_once_there(session: Session, key: str, there: str, *, now: datetime) -> None:
    """Ask for one more drawing of `key` as soon as the message `there` has been posted, not before."""
    _put(session, _values(f"{AGAIN}{key}", "again", now, "", "", there, MEETING), f"{AGAIN}{key}")


def look_for_copies(session: Session, key: str, *, at: datetime) -> None:
    """Ask for a look, not before `at` (the machine's clock), whether the message of this key lies there twice."""
    values = _values(f"copies:{key}", "copies", ANY_DAY, "", "", key, NUDGE)
    values |= {"lane": f"copies:{key}", "lane_no": 0, "hold_until": at}
    put_in(session)
    insert = insert_in(dialect_of(session), OutboxMessage).values(**values)
    again = {"state": OutboxState.WAITING, "shown": 0, "attempts": 0, "hold_until": at, "fence": BOX.c.fence + 1}
    session.connection().execute(insert.on_conflict_do_update(index_elements=["key"], set_=again))


def cancel(session: Session, key: str) -> None:
    """The message is no longer wanted; one on its way or posted already stays."""
    put_in(session)
    keep = case((BOX.c.shown > 0, OutboxState.SENT), else_=OutboxState.CANCELLED)
    change = (
        update(BOX).where(BOX.c.key == key, BOX.c.state == OutboxState.WAITING).values(state=keep, wanted=BOX.c.shown)
    )
    session.connection().execute(change)


def post_again(session: Session, key: str, *, now: datetime, gone: str = "") -> None:
    """The message is gone from the platform: forget where it lay and post it anew, with what failed for want of it.

    `gone`: the ts it was missed at. Where it lies elsewhere by now, somebody has posted it anew already.
    """
    put_in(session)
    if gone and (post := find_post(session, key)) is not None and post.ts != gone:
        return
    fresh = {"state": OutboxState.WAITING, "due_at": now, "error": "", "fence": BOX.c.fence + 1, "lease_until": None}
    counts = {"shown": 0, "attempts": 0, "first_try_at": None, "hold_until": None}
    session.connection().execute(update(BOX).where(BOX.c.key == key).values(**fresh, **counts, wanted=1))
    lose_post(session, key)
    pin_again(session, key)
    orphans = and_(BOX.c.thread_key == key, BOX.c.state == OutboxState.FAILED, BOX.c.error == "no parent")
    session.connection().execute(update(BOX).where(orphans).values(**fresh))


def follow_account(session: Session, old: str, new: str) -> None:
    """What waits for somebody's account is brought to their new one."""
    put_in(session)
    waits = and_(BOX.c.chat_user == old, is_open(BOX))
    lane = case((BOX.c.lane == f"dm:{old}", f"dm:{new}"), else_=BOX.c.lane)
    session.connection().execute(update(BOX).where(waits).values(chat_user=new, lane=lane))


def follow_unit(session: Session, old: str, new: str) -> None:
    """What waits for a unit's channel and is no reply is posted in its new one."""
    put_in(session)
    waits = and_(BOX.c.channel == old, BOX.c.thread_key == "", BOX.c.shown == 0, is_open(BOX))
    session.connection().execute(update(BOX).where(waits).values(channel=new))


def asked_for(session: Session, keys: Collection[str]) -> list[str]:
    """Those of these keys a message was asked for, sent or not."""
    put_in(session)
    found = session.connection().execute(select(BOX.c.key).where(BOX.c.key.in_(keys)).order_by(BOX.c.key))
    return [str(key) for key in found.scalars()]


def how_many_due(session: Session, now: datetime) -> int:
    """How many messages are due at `now` (the unit's clock) and not sent; a reply without its parent does not count."""
    return sum(due_by_priority(session, now).values())


def due_by_priority(session: Session, now: datetime) -> dict[int, int]:
    """The same, for each priority that has any."""
    put_in(session)
    parent = BOX.alias("parent")
    reachable = or_(
        BOX.c.thread_key == "",
        select(POST.c.id).where(POST.c.key == BOX.c.thread_key).exists(),
        and_(
            BOX.c.how != "again",
            select(parent.c.id).where(parent.c.key == BOX.c.thread_key, is_open(parent)).exists(),
        ),
    )
    due = or_(BOX.c.state == OutboxState.SENDING, and_(BOX.c.state == OutboxState.WAITING, BOX.c.due_at <= now))
    found = select(BOX.c.priority, func.count()).where(is_open(BOX), IS_SHOWN, due, reachable).group_by(BOX.c.priority)
    return {int(priority): int(count) for priority, count in session.connection().execute(found)}


def _values(
    key: str, how: str, now: datetime, channel: str, chat_user: str, thread: str, priority: int
) -> dict[str, Any]:
    where = {"channel": channel, "chat_user": chat_user, "thread_key": thread}
    start = {
        "state": OutboxState.WAITING,
        "wanted": 1,
        "shown": 0,
        "fence": 0,
        "attempts": 0,
        "error": "",
        "asked_by": "",
    }
    what = {"id": new_id(), "key": key, "how": how, "priority": priority, "due_at": now, "made_at": now}
    return {**what, **where, **start}


def _asked_by(session: Session) -> dict[str, str]:
    return {"asked_by": str(session.info.get(ASKED_BY) or "")}


def gather(session: Session) -> None:
    """From now on what this session asks for is put in together, at the latest by `put_in`."""
    session.info[GATHERS] = True


def put_in(session: Session, *, last: bool = False) -> None:
    """Puts in what was gathered, in its order and in one statement. `last`: nothing more is gathered."""
    if last:
        session.info.pop(GATHERS, None)
    if rows := gathered_as(session, GATHERED):
        asked = [*rows]
        rows.clear()
        session.connection().execute(_putting(dialect_of(session), PRESSED_AT in session.info), asked)


def _put(session: Session, values: dict[str, Any], lane: str, asked_due: datetime | None = None) -> None:
    """`asked_due`: when one more drawing of what lies there already is due."""
    wake.mark(session)
    row = {f"new_{name}": value for name, value in {**values, "lane": lane}.items()}
    there = dict(zip(("at_channel", "at_ts", "left_until"), session.info.get(PRESSED_AT, ()), strict=False))
    gathered_as(session, GATHERED).append({**row, "asked_due": asked_due or values["due_at"], **there})
    if not session.info.get(GATHERS):
        put_in(session)


def _new_row() -> dict[str, Any]:
    """Every column of a new row; its place is one more than what still waits: what is sent no longer needs a place."""
    names = [column.name for column in BOX.c if not column.nullable]
    return {name: bindparam(f"new_{name}") for name in names} | {"lane_no": next_place().scalar_subquery()}


@cache
def next_place() -> Select[Any]:
    """The next place in the line of messages that are still to go out."""
    last: ColumnElement[int] = func.coalesce(func.max(BOX.c.lane_no), 0)
    return select(last + 1).where(is_open(BOX))


def is_open(box: FromClause) -> ColumnElement[bool]:
    """Is the message still to be sent? In the very words of the indexes, or SQLite would not use them."""
    return box.c.state.in_([literal_column(f"'{state}'") for state in OPEN])


def _hurry(session: Session, key: str) -> None:
    """A parent that a safety message needs goes out as early as that message."""
    put_in(session)
    first_post = and_(BOX.c.key == key, BOX.c.state == OutboxState.WAITING, BOX.c.shown == 0)
    session.connection().execute(update(BOX).where(first_post).values(priority=SAFETY))
