"""Several processes on one PostgreSQL database: woken by each other's commits, sharing the work, keeping one clock."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from bot.clock import Clock
from bot.practice.bot_process import settings_for
from bot.runtime import Runtime, TurnFailed
from bot.slack.platform import SlackPlatform
from bot.worker import Worker
from handlers.turn import Answer, Event, EventKind, Nothing
from storage.database.db import Database
from storage.messages import wake
from tests.faults.lives import KEY, WHOLE
from tests.faults.numbered import CONFIG, key_of, plan, plan_one
from tests.faults.world import World
from tests.worlds.until import patience

pytestmark = pytest.mark.parametrize("url", ["postgresql"], indirect=True)
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def plans_one(session: Session, event: Event, now: datetime) -> Answer:
    if event.name == "plan":
        plan_one(session, 1)
    if event.name == "fail":
        plan_one(session, 2)
        raise RuntimeError("broken")
    return Nothing()


async def test_a_commit_with_a_message_wakes_every_sender_and_nothing_else_does(db: Database) -> None:
    runtime = Runtime(db, Clock(), plans_one)
    async with aclosing(wake.rings(db.url)) as rings:
        await anext(rings)
        for number, name in enumerate(["nothing", "fail", "plan"]):
            with suppress(TurnFailed):
                await runtime.handle(Event(id=f"e{number}", kind=EventKind.MESSAGE, at=NOW, name=name))
        await asyncio.wait_for(anext(rings), patience(10))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(rings), 0.2)
    runtime.close()


async def test_workers_share_what_waits(world: World) -> None:
    many = 600 if WHOLE else 60
    world.keys = await asyncio.to_thread(plan, world.db, range(many))
    workers = [await world.lives.next() for _ in range(4)]
    await world.all_sent()
    assert all(worker.lives for worker in workers)
    assert world.figures("four workers at once").exactly_once


async def test_a_worker_that_lost_the_line_hears_again(world: World) -> None:
    settings = settings_for(CONFIG, world.server.base_url, database_url=world.url, key=KEY, clock=world.clock_file)
    worker = Worker(settings, world.db, SlackPlatform)
    await worker.start()
    with world.db.write() as session:
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
        session.connection().exec_driver_sql(cut.replace("%", "%%"))
    world.keys = await asyncio.to_thread(plan, world.db, range(10))
    await world.all_sent()
    assert not worker.broken.is_set()
    await worker.stop()
    assert world.keys[1] == key_of(1)
    assert world.figures("a worker's line to the database cut").exactly_once
