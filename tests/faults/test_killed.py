"""Processes that die or stand still while messages are on their way."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from tests.faults.lives import LEASE, WHOLE, Life
from tests.faults.numbered import plan
from tests.faults.world import World, on
from tests.worlds.until import patience

MANY, KILLS = (600, 25) if WHOLE else (60, 4)


async def test_killed_again_and_again_every_message_arrives_once(world: World) -> None:
    world.keys = await asyncio.to_thread(plan, world.db, range(MANY))
    chance = random.Random(11)
    for number in range(KILLS):
        life = await world.lives.next()
        await world.api.until_posted(MANY * (number + 1) // (KILLS + 2))
        await asyncio.sleep(chance.random() * 0.02)
        life.kill()
        await life.ended()
    await world.lives.next()
    await world.all_sent()
    assert world.figures(f"killed with kill -9, {KILLS} times", KILLS).exactly_once


async def killed(world: World, life: Life, method: str, moment: str) -> None:
    """The process dies at this moment of the next such call, and the call itself goes on without it."""
    died = asyncio.Event()

    def kill() -> None:
        life.kill()
        died.set()

    world.api.trap(method, moment, kill)
    await asyncio.wait_for(died.wait(), patience(30))
    await life.ended()


async def killed_before_noting(world: World, life: Life) -> None:
    """The answer has arrived and cannot be noted, for somebody else holds the database; then the process dies."""
    held = asyncio.Event()
    free: list[Callable[[], None]] = []

    async def hold() -> None:
        free.append(await asyncio.to_thread(_hold_database, world))
        held.set()

    world.api.trap("chat.postMessage", "done", hold)
    await asyncio.wait_for(held.wait(), patience(30))
    await asyncio.sleep(0.3)
    life.kill()
    await life.ended()
    await asyncio.to_thread(free[0])


def _hold_database(world: World) -> Callable[[], None]:
    if world.is_sqlite:
        connection = world.db.engine.connect().execution_options(turn="write", wait=10.0)
        connection.begin()
        return connection.close
    other = psycopg.connect(world.url)
    other.execute("LOCK TABLE outbox IN SHARE MODE")
    return other.close


Step = Callable[[World, Life], Awaitable[None]]


def killed_twice(method: str) -> Step:
    """The second process dies as it looks for what the first one may have posted."""

    async def step(world: World, life: Life) -> None:
        await killed(world, life, "chat.postMessage", "done")
        await killed(world, await world.lives.next(), method, "done")

    return step


def at(method: str, moment: str) -> Step:
    return lambda world, life: killed(world, life, method, moment)


STEPS: dict[str, Step] = {
    "taken, its channel not checked": at("conversations.info", "refused"),
    "its channel checked": at("conversations.info", "done"),
    "on its way, not accepted": at("chat.postMessage", "refused"),
    "accepted, not answered": at("chat.postMessage", "done"),
    "answered, not noted": killed_before_noting,
    "its place asked for after that": killed_twice("conversations.open"),
    "looked for after that": killed_twice("conversations.history"),
}


@on("postgresql")
async def test_killed_at_each_step_of_a_send(world: World) -> None:
    world.keys = await asyncio.to_thread(plan, world.db, range(120 if WHOLE else 40))
    for step in STEPS.values():
        await step(world, await world.lives.next())
    await world.lives.next()
    await world.all_sent()
    kills = len(STEPS) + 2
    assert world.figures("killed at each step of a send", kills).exactly_once


@on("sqlite")
@pytest.mark.parametrize("wrong_by", [3600.0, -3600.0] if WHOLE else [3600.0])
async def test_a_machine_whose_clock_is_an_hour_wrong(world: World, wrong_by: float) -> None:
    """It dies having posted without noting it; one with the right clock goes on."""
    long_due = datetime.now(UTC) - timedelta(hours=2)
    world.keys = await asyncio.to_thread(plan, world.db, range(30), due_at=long_due)
    life = await world.lives.next(wrong_by)
    await killed(world, life, "chat.postMessage", "done")
    await world.lives.next()
    await world.all_sent()
    name = "the machine's clock an hour fast" if wrong_by > 0 else "the machine's clock an hour slow"
    assert world.figures(name, 1).exactly_once


IN_HAND = 6
"""Messages one sender has on their way at once."""


@on("postgresql")
async def test_stopped_past_its_lease(world: World) -> None:
    """A process stands still with messages in hand until somebody else has taken them, and then goes on."""
    world.keys = await asyncio.to_thread(plan, world.db, range(200 if WHOLE else 40))
    slow = await world.lives.next()
    stopped = asyncio.Event()

    def halt() -> None:
        slow.halt()
        stopped.set()

    world.api.trap("chat.postMessage", "done", halt, after=2)
    await asyncio.wait_for(stopped.wait(), patience(30))
    if not world.is_sqlite:
        await world.lives.next()
        await world.all_sent()
    else:
        await asyncio.sleep(LEASE + 0.5)
    slow.go_on()
    await world.all_sent()
    await asyncio.sleep(0.5)
    found = world.figures("stopped past its lease, then went on")
    assert (found.sent, found.lost, found.twice) == (found.planned, 0, 0)
    assert found.taken_back <= IN_HAND, "one halted between its last check and the wire goes out late: its copy is gone"
