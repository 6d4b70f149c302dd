"""The platform answers late, not at all, or too often."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections import Counter
from datetime import datetime

from sqlmodel import Session, func, select

from handlers.turn import Answer, Event, EventKind, Nothing
from storage.database.tables_machinery import OutboxMessage
from storage.messages import outbox
from storage.messages.events_seen import first_time
from tests.faults.lives import WHOLE
from tests.faults.numbered import PEOPLE, UNIT, judge, key_of, plan
from tests.faults.world import World, on

MANY = 600 if WHOLE else 60


@on("sqlite")
async def test_one_answer_in_ten_is_lost_on_its_way_back(world: World) -> None:
    """And some calls end in one of Slack's own errors."""
    errors = ["http_500", "internal_error", "http_503", "fatal_error"] * (5 if WHOLE else 1)
    world.server.faults.order({"errors": {"chat.postMessage": errors}})
    chance = random.Random(7)
    world.api.drops = lambda method: method == "chat.postMessage" and chance.random() < 0.1
    world.keys = await asyncio.to_thread(plan, world.db, range(MANY))
    await world.connect()
    await world.all_sent()
    assert world.figures("answers lost after acceptance, server errors").exactly_once


@on("sqlite")
async def test_slack_accepts_a_message_after_it_was_posted_again(world: World) -> None:
    """The copy is taken away by itself, at the cost of one look for each message that was posted again.

    Slack may take its time, but not longer than a copy is looked for: each is done once the second one lies there.
    """
    world.api.late = late = 40 if WHOLE else 6
    world.keys = await asyncio.to_thread(plan, world.db, range(2 * late))
    await world.connect()

    async def posted_twice() -> bool:
        return judge(world.server, world.keys).sent == 2 * late and accepted_twice(world) == late

    await world.until(posted_twice)

    async def once() -> bool:
        return judge(world.server, world.keys).twice == 0

    await world.until(once)
    assert looks_for_copies(world) == late
    found = world.figures("accepted after it was posted again")
    assert (found.lost, found.twice, found.taken_back) == (0, 0, late)


@on("postgresql")
async def test_a_reminder_waits_for_a_try_that_may_still_arrive(world: World) -> None:
    world.api.late = 3
    world.keys = await asyncio.to_thread(plan, world.db, range(1, 4), priority=outbox.NUDGE)
    await world.connect()

    async def looked() -> bool:
        return asked_for(world, "conversations.history") >= 3

    await world.until(looked)
    await world.api.accept_late()
    await world.all_sent()
    assert world.figures("a reminder accepted late").exactly_once


def accepted_twice(world: World) -> int:
    """How many messages were accepted more than once, whether their copy lies there still or not."""
    posted = Counter(
        call["key"] for call in world.server.ledger.calls if call["method"] == "chat.postMessage" and call["ok"]
    )
    return sum(posted[key] > 1 for key in world.keys)


def looks_for_copies(world: World) -> int:
    with world.db.read() as session:
        return session.exec(select(func.count()).where(OutboxMessage.how == "copies")).one()


def asked_for(world: World, method: str) -> int:
    return sum(call["method"] == method for call in world.server.ledger.calls)


@on("postgresql")
async def test_slack_asks_to_wait_again_and_again(world: World) -> None:
    limited = {"chat.postMessage": {"count": MANY // 4, "retry_after": 1}, "conversations.open": {"count": 5}}
    world.server.faults.order({"ratelimit": limited})
    world.keys = await asyncio.to_thread(plan, world.db, range(MANY))
    await world.connect()
    await world.all_sent()
    assert world.figures("429 storm").exactly_once


async def test_each_event_is_delivered_three_times(world: World) -> None:
    """Every typed message plans one; each delivery would plan another if it counted as new."""
    deliveries: list[str] = []
    numbers = itertools.count()

    def handle(session: Session, event: Event, now: datetime) -> Answer:
        if event.kind is EventKind.MESSAGE:
            deliveries.append(event.id)
            if first_time(session, event.id, event.at):
                outbox.say(session, key_of(next(numbers)), now=now, channel=UNIT)
        return Nothing()

    service = await world.connect(handle)
    world.server.faults.order({"redeliver_events": 2})
    typed = 60 if WHOLE else 20
    for number in range(typed):
        await world.practice.seat(PEOPLE[number % len(PEOPLE)]).type(UNIT, f"note {number}")

    async def heard() -> bool:
        return len(deliveries) >= 3 * typed

    await world.until(heard)
    assert await service.settled()
    posted = [call for call in world.server.ledger.calls if call["method"] == "chat.postMessage" and call["ok"]]
    planned = [call["key"] for call in posted]
    assert len(planned) == typed
    assert len(set(deliveries)) == typed
    world.keys = planned
    assert world.figures("each event delivered three times").exactly_once
