"""Claims of what somebody has pressed in: it is drawn again by an answer to the press, which is no call that counts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, select
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import Session

from prompts_and_forms.states import OutboxState
from storage.messages.delivery import LEASE, Claimed, moments, next_message, taken, taking
from storage.messages.outbox import BOX
from storage.messages.posts import key_at


def claim_pressed(
    session: Session, channel: str, ts: str, *, machine: datetime, lease: timedelta = LEASE
) -> tuple[str, Claimed | None]:
    """The key of the message that lies there, and it, where another drawing waits that a whole channel sees."""
    key = key_at(session, channel, ts)
    if key is None:
        return "", None
    mine = {"pressed": key, "lease_end": machine + lease, "machine_now": machine}
    found = taken(session, session.connection().execute(_claiming_pressed(), mine).all(), lease)
    return key, found[0] if found else None


def claim_answered(
    session: Session, keys: Collection[str], *, most: int, now: datetime, machine: datetime, lease: timedelta = LEASE
) -> list[Claimed]:
    """Those of these messages that lie there already and may be drawn again now, without a call that counts."""
    asked = moments(now, machine) | {"keys": list(keys), "most": most, "lease_end": machine + lease}
    rows = session.connection().execute(_claiming_answered(), asked).all()
    return [replace(one, free=True) for one in taken(session, rows, lease)]


@cache
def _claiming_answered() -> ReturningUpdate[Any]:
    these: BindParameter[Any] = bindparam("keys", expanding=True)
    wanted = next_message().where(BOX.c.key.in_(these), BOX.c.how == "show", BOX.c.shown > 0, BOX.c.chat_user == "")
    return taking(BOX.c.id.in_(select(wanted.limit(bindparam("most")).cte("chosen").c.id)))


@cache
def _claiming_pressed() -> ReturningUpdate[Any]:
    waits = and_(BOX.c.state == OutboxState.WAITING, BOX.c.shown > 0, BOX.c.how == "show", BOX.c.chat_user == "")
    return taking(and_(BOX.c.key == bindparam("pressed"), waits))
