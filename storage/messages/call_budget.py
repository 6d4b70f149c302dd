"""What is left of the platform's calls, by method, for every process of one workspace together.

A row is a bucket that fills by the machine's clock. Calls are taken from it several at once: a claim takes what it
claims for, in its own transaction, and a process leases some for the calls it makes by itself. A refusal empties the
bucket, lets the method rest, and makes it fill more slowly for a while.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Insert, Row, bindparam, select, update
from sqlalchemy.sql.dml import Update
from sqlmodel import Session

from storage.database.columns import metadata, new_id
from storage.database.rows import dialect_of, insert_in
from storage.database.tables_machinery import CallBudget

BUDGET = metadata.tables["call_budget"]
USED = 0.96
"""Of what the platform takes a minute: clocks and calls on their way differ a little."""
AT_ONCE = 0.8
"""Of a minute's calls may come at once; the platform may count in other steps than a bucket does."""
AT_FIRST = 0.4
"""Of them are there when nobody knows what was called before."""
SLOWER, SLOWEST = 0.8, 0.3
LEARNED_FOR = timedelta(minutes=10)
LOCKED_FOR = 0.05
LONGEST_REST = timedelta(minutes=10)
"""A rest that ends later than this was noted by a clock that was wrong."""


@dataclass(frozen=True)
class Left:
    """How many calls there are now, and the seconds until the next one where there is none."""

    calls: float
    wait: float = 0.0


@dataclass(frozen=True)
class _Bucket:
    left: float
    rate: float
    rest: float


def take(
    session: Session, method: str, tier: float, wanted: Sequence[int], *, machine: datetime, back: float = 0.0
) -> Left:
    """Takes calls for the first of `wanted` that there are: each says how many calls must be left after it.

    `tier`: how many a minute the platform takes. `back`: calls taken before and not made. Answers how many were taken,
    and when to ask again.
    """
    row = _row(session, method, tier, machine)
    if row is None:
        return Left(0, LOCKED_FOR)
    bucket = _filled(row, tier, machine)
    left, taken = min(bucket.left + back, _most(tier)), 0
    for keep in wanted if not bucket.rest else ():
        if left - 1 < keep:
            break
        left, taken = left - 1, taken + 1
    if taken or back:
        _keep(session, method, left, machine)
    if taken == len(wanted):
        return Left(taken)
    return Left(taken, max(bucket.rest, (wanted[taken] + 1 - left) / bucket.rate))


def owe(session: Session, method: str, tier: float, count: float, *, machine: datetime) -> None:
    """So many calls were made without having been taken; less than none given back."""
    row = _row(session, method, tier, machine, wait=True)
    if row is not None:
        left = _filled(row, tier, machine).left - count
        _keep(session, method, min(left, _most(tier)), machine)


def refused(session: Session, method: str, tier: float, *, wait: float, machine: datetime) -> None:
    """The platform refused a call: there are none left, and none are made while it asks to wait."""
    row = _row(session, method, tier, machine, wait=True)
    if row is None:
        return
    known = _learned(row, tier, machine)
    again = row.rest_until is not None and row.rest_until > machine
    slower = known if again else max(known * SLOWER, tier * SLOWEST)
    rest = {"left": 0.0, "counted_at": machine, "a_minute": slower, "refused_at": machine}
    rest["rest_until"] = machine + timedelta(seconds=wait)
    session.connection().execute(update(BUDGET).where(BUDGET.c.method == method).values(**rest))


def _row(session: Session, method: str, tier: float, machine: datetime, *, wait: bool = False) -> Row[Any] | None:
    """The row, nobody else's until the end of this turn; None while somebody else has it, unless that is waited for."""
    asking = _asking(wait)
    row = session.connection().execute(asking, {"method": method}).first()
    if row is not None:
        return row
    start = {"id": new_id(), "method": method, "left": tier * AT_FIRST, "counted_at": machine, "a_minute": tier * USED}
    session.connection().execute(_beginning(dialect_of(session)), start)
    return session.connection().execute(asking, {"method": method}).first()


@cache
def _asking(wait: bool) -> Any:
    return select(BUDGET).where(BUDGET.c.method == bindparam("method")).with_for_update(skip_locked=not wait)


@cache
def _beginning(dialect: str) -> Insert:
    return insert_in(dialect, CallBudget).on_conflict_do_nothing(index_elements=["method"])


@cache
def _keeping() -> Update:
    kept = {"left": bindparam("new_left"), "counted_at": bindparam("at", type_=BUDGET.c.counted_at.type)}
    return update(BUDGET).where(BUDGET.c.method == bindparam("named")).values(**kept)


def _keep(session: Session, method: str, left: float, machine: datetime) -> None:
    session.connection().execute(_keeping(), {"named": method, "new_left": left, "at": machine})


def _filled(row: Row[Any], tier: float, machine: datetime) -> _Bucket:
    rate = _learned(row, tier, machine) / 60
    passed = max((machine - row.counted_at).total_seconds(), 0.0)
    rest = row.rest_until - machine if row.rest_until else timedelta()
    resting = rest.total_seconds() if timedelta() < rest <= LONGEST_REST else 0.0
    return _Bucket(min(row.left + passed * rate, _most(tier)), rate, resting)


def _learned(row: Row[Any], tier: float, machine: datetime) -> float:
    """How many a minute, for now: after a refusal fewer, until ten minutes have gone well."""
    lately = row.refused_at is not None and timedelta() <= machine - row.refused_at < LEARNED_FOR
    return float(row.a_minute) if lately else tier * USED


def _most(tier: float) -> float:
    return math.floor(tier * AT_ONCE)
