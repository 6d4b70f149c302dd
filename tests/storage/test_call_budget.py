"""The calls a platform takes are shared out: what matters more has some left, and a refusal is heeded by everybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage.database.db import Database
from storage.messages import call_budget

EDITS, TIER = "chat.update", 50
START = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)


def taken(db: Database, wanted: list[int], at: datetime = START) -> float:
    with db.write() as session:
        return call_budget.take(session, EDITS, TIER, wanted, machine=at).calls


def in_a_minute(db: Database, begin: datetime) -> float:
    return sum(taken(db, [0] * 5, begin + timedelta(seconds=n)) for n in range(1, 61))


def test_no_more_is_taken_in_a_minute_than_the_platform_takes(db: Database) -> None:
    taken(db, [0] * 50)
    assert TIER - 4 <= in_a_minute(db, START) <= TIER


def test_what_matters_less_leaves_some_calls_for_what_matters_more(db: Database) -> None:
    assert taken(db, [4] * 50) == TIER * call_budget.AT_FIRST - 4
    assert taken(db, [4]) == 0
    assert taken(db, [0]) == 1


def test_a_refusal_lets_the_method_rest_for_everybody_and_slows_it_for_ten_minutes(db: Database) -> None:
    taken(db, [0])
    with db.write() as session:
        call_budget.refused(session, EDITS, TIER, wait=15, machine=START)
    assert taken(db, [0], START + timedelta(seconds=14)) == 0
    slower = in_a_minute(db, START + timedelta(seconds=15))
    assert slower <= TIER * call_budget.SLOWER + 15
    assert in_a_minute(db, START + timedelta(minutes=11)) > TIER


def test_a_clock_that_goes_back_neither_stops_the_calls_nor_gives_more(db: Database) -> None:
    taken(db, [0] * 50)
    assert taken(db, [0], START - timedelta(hours=1)) == 0
    assert taken(db, [0], START - timedelta(hours=1) + timedelta(seconds=2)) <= 1


def test_what_was_called_without_asking_is_paid_back(db: Database) -> None:
    taken(db, [0])
    with db.write() as session:
        call_budget.owe(session, EDITS, TIER, TIER * call_budget.AT_FIRST + 2, machine=START)
    assert taken(db, [0], START + timedelta(seconds=2)) == 0
    assert taken(db, [0], START + timedelta(seconds=6)) == 1
