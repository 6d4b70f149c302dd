"""The clock's own events: one tick a minute, and one at once when the unit's clock was moved."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.logs import log
from bot.runtime import Runtime, TurnFailed
from handlers.turn import Event, EventKind
from storage.database import chain
from storage.messages.events_seen import forget_seen

LOOK_SECONDS = 1.0
SEEN_DAYS = 30
"""Slack sends nothing again after minutes; a month leaves room for a clock moved in practice."""


class Ticker:
    """Runs until stopped. A tick is the minute of the unit's clock, so the same minute is never handled twice."""

    def __init__(self, runtime: Runtime, clock: Clock) -> None:
        self._runtime, self._clock = runtime, clock
        self._scheduler = AsyncIOScheduler(jobstores={"default": MemoryJobStore()}, timezone="UTC")
        self._watcher: asyncio.Task[None] | None = None
        self._log = log("ticker")

    def start(self) -> None:
        """Begins to tick, at every full minute."""
        self._scheduler.add_job(
            self.tick, "cron", minute="*", second=0, id="tick", coalesce=True, max_instances=1, misfire_grace_time=30
        )
        self._scheduler.start()
        self._watcher = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Ends the ticking."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)

    async def tick(self) -> None:
        """One minute's work, now; once a night old events are forgotten and the audit is anchored."""
        now = self._clock.now()
        minute = now.replace(second=0, microsecond=0)
        try:
            await self._runtime.handle(Event(id=f"tick:{minute:%Y-%m-%dT%H:%M}", kind=EventKind.TICK, at=minute))
            if minute.hour == 3 and minute.minute == 0:
                await self._runtime.write(lambda session: forget_seen(session, now - timedelta(days=SEEN_DAYS)))
                await self.anchor()
        except TurnFailed:
            self._log.warning("tick_failed")

    async def anchor(self) -> None:
        """Says in the log where the audit ends, for a log lies elsewhere than the database."""
        now = self._clock.now()
        found = await self._runtime.write(lambda session: chain.keep_anchor(session, now))
        self._log.info("audit_anchor", anchor=f"{found.no}:{found.mark}")

    async def _watch(self) -> None:
        offset = self._clock.offset()
        await self.tick()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self._clock.offset() != offset:
                offset = self._clock.offset()
                self._runtime.woken.set()
                await self.tick()
