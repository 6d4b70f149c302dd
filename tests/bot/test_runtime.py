"""One turn at a time, a person's patience, and errors that tell nobody's words."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import Session

from bot import logs
from bot.clock import Clock
from bot.runtime import Runtime, TurnFailed
from bot.sending.lease import Taking
from bot.slack.blocks import words_of
from handlers.turn import Answer, Event, EventKind, Note, Nothing
from storage.database.db import Database
from storage.messages import delivery, outbox
from storage.unit import units
from tests.worlds.until import patience, until

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


class Hand:
    """A handler that does what it is told."""

    def __init__(self) -> None:
        self.does: Any = lambda session: Nothing()

    def __call__(self, session: Session, event: Event, now: datetime) -> Answer:
        answer: Answer = self.does(session)
        return answer


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
async def runtime(db: Database, hand: Hand) -> AsyncIterator[Runtime]:
    runtime = Runtime(db, Clock(), hand)
    yield runtime
    runtime.close()


def event(kind: EventKind = EventKind.BUTTON, number: int = 1) -> Event:
    return Event(id=f"e{number}", kind=kind, at=NOW)


def add_unit(session: Session) -> Answer:
    units.add_unit(session, name="Kestrel", channel="C1", now=NOW)
    return Nothing()


def count(db: Database) -> int:
    with db.read() as session:
        return len(units.every_unit(session))


async def test_a_turn_is_kept_before_it_is_answered(runtime: Runtime, hand: Hand, db: Database) -> None:
    hand.does = add_unit
    assert await runtime.handle(event()) == Nothing()
    assert count(db) == 1
    assert runtime.woken.is_set()


def failing(session: Session) -> Answer:
    add_unit(session)
    raise ValueError("LD said her mother hits her")


async def test_a_failed_turn_keeps_nothing_and_gives_a_number(
    runtime: Runtime, hand: Hand, db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up("DEBUG")
    hand.does = failing
    answer = await runtime.handle(event())
    assert isinstance(answer, Note)
    number = words_of(answer.card).split("quote ")[1].split()[0]
    assert count(db) == 0
    lines = capsys.readouterr().err
    assert number in lines
    assert "mother" not in lines


async def test_a_typed_message_that_failed_is_left_to_be_delivered_again(runtime: Runtime, hand: Hand) -> None:
    hand.does = failing
    with pytest.raises(TurnFailed):
        await runtime.handle(event(EventKind.MESSAGE))


async def something_long(runtime: Runtime) -> tuple[threading.Event, asyncio.Task[bool]]:
    """A write that goes on until it is released."""
    begun, release = threading.Event(), threading.Event()

    def work(session: Session) -> bool:
        begun.set()
        return release.wait(patience())

    task = asyncio.create_task(runtime.write(work))
    await asyncio.to_thread(begun.wait, patience())
    return release, task


async def test_a_person_is_asked_to_try_again_when_others_take_long(runtime: Runtime, hand: Hand) -> None:
    release, slow = await something_long(runtime)
    answer = await runtime.handle(event())
    release.set()
    await slow
    assert isinstance(answer, Note)
    assert "try again" in words_of(answer.card)


async def test_a_locked_database_is_said_in_words(runtime: Runtime, hand: Hand, db: Database) -> None:
    hand.does = add_unit
    with db.write() as other:
        add_unit(other)
        answer = await runtime.handle(event())
        other.rollback()
    assert isinstance(answer, Note)
    assert "try again" in words_of(answer.card)


async def test_people_come_before_background_work(runtime: Runtime, hand: Hand) -> None:
    order: list[str] = []
    release, first = await something_long(runtime)
    behind = asyncio.create_task(runtime.write(lambda session: order.append("background")))
    await asyncio.sleep(0)
    hand.does = lambda session: order.append("person") or Nothing()
    person = asyncio.create_task(runtime.handle(event()))
    await asyncio.sleep(0)
    release.set()
    await asyncio.gather(first, behind, person)
    assert order == ["person", "background"]


async def test_twenty_people_at_once_are_all_answered(runtime: Runtime, hand: Hand, db: Database) -> None:
    hand.does = add_unit
    await asyncio.gather(*(runtime.handle(event(number=n)) for n in range(20)))
    assert count(db) == 20


async def test_what_a_sender_takes_as_it_is_stopped_goes_to_the_next_at_once(runtime: Runtime, db: Database) -> None:
    now = datetime.now(UTC)
    with db.write() as session:
        outbox.say(session, "test:a", now=now, channel="C0UNIT")
    taking = Taking(runtime)
    release, slow = await something_long(runtime)
    sender = asyncio.create_task(taking.by(lambda session: delivery.claim_some(session, most=1, now=now, machine=now)))
    await until(lambda: taking.going_on)
    sender.cancel()
    release.set()
    await slow
    with pytest.raises(asyncio.CancelledError):
        await sender
    assert not taking.going_on
    with db.write() as session:
        found = delivery.claim(session, now=now, machine=datetime.now(UTC))
    assert found is not None
    assert (found.key, found.tried_before) == ("test:a", False)
