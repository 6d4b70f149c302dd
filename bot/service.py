"""The running bot: a platform, the sender, the clock and the heartbeat, started together and stopped cleanly."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from functools import partial
from typing import Any

from bot.caretaker import Caretaker
from bot.clock import Clock
from bot.health import Heartbeat, look, measure
from bot.logs import log, where
from bot.platform import MakePlatform
from bot.runtime import Handle, Runtime
from bot.scheduler import Ticker
from bot.sending.compare import Comparer
from bot.sending.delivery import Delivery
from bot.settings import Settings
from handlers import routes
from prompts_and_forms.days import timescale_file
from prompts_and_forms.measures import catalogue
from prompts_and_forms.nudges import nudge_kinds
from storage.database.db import Database
from storage.messages.delivery import LEASE
from storage.messages.events_seen import first_time
from storage.messages.outbox import how_many_due
from storage.messages.threads import any_open


def _read_in() -> None:
    """Handlers and rule files, read before anybody can press, for nobody's turn should wait for them."""
    routes.load()
    timescale_file.rules()
    nudge_kinds.load()
    catalogue.measures()


class Service:
    """A bot that hears people over a line of its own, posts, and keeps the clock."""

    def __init__(
        self, settings: Settings, db: Database, platform: MakePlatform, handle: Handle = routes.handle
    ) -> None:
        self._settings, self._db = settings, db
        self._make_platform, self._handle = platform, handle
        self.caretaker: Caretaker | None = None
        self._log = log("service")
        self._tasks: list[asyncio.Task[Any]] = []
        self.broken = asyncio.Event()

    async def start(self) -> None:
        """Connects and begins to work. Raises CannotStart when the platform refuses the bot."""
        await self._prepare()
        await self._say_how_things_are()
        await self._connect()
        self._work()
        self._log.info("connected")

    async def _prepare(self) -> None:
        settings = self._settings
        await asyncio.to_thread(_read_in)
        self.clock = Clock(settings.clock_file)
        self.runtime = Runtime(self._db, self.clock, self._handle)
        self.platform = self._make_platform(settings, self.runtime)
        self.delivery = Delivery(self.runtime, self.platform, settings.lease or LEASE)
        self.comparer = Comparer(self.runtime, self.platform)
        self.ticker = Ticker(self.runtime, self.clock)
        self.heartbeat = Heartbeat(self.runtime)
        await self.platform.line.sign_in()

    async def _say_how_things_are(self) -> None:
        if self._settings.health is None:
            return
        runtime, line = self.runtime, self.platform.line
        self.caretaker = Caretaker(
            self._settings.health, lambda: look(runtime, line), lambda: measure(runtime), runtime.tally
        )
        await self.caretaker.open()

    async def _connect(self) -> None:
        """What was missed before a connection is caught up with."""
        await self.platform.line.listen(lambda: self._soon(self._catch_up()))

    def _work(self) -> None:
        """What goes on by itself, until `stop`. When one of it ends, `broken` is set."""
        self._keep_going(self.delivery.run())
        self._keep_going(self.heartbeat.run())
        self.ticker.start()
        if self.platform.sweep_every:
            self._keep_going(self._sweep(self.platform.sweep_every))

    def _keep_going(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.append(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            self._log.error("stopped_working", where=where(error) if (error := task.exception()) else "")
            self.broken.set()

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.append(task)
        task.add_done_callback(self._tasks.remove)

    async def _catch_up(self) -> None:
        try:
            await self.platform.reconciler.reconcile()
            await self.comparer.compare()
        except Exception as error:
            self._log.warning("not_caught_up", reason=type(error).__name__)

    async def _sweep(self, every: float) -> None:
        """Looks again and again for what was not told, while there is an open thread; one process each time."""
        while True:
            await asyncio.sleep(every)
            at = datetime.now(UTC)
            turn = f"sweep:{int(at.timestamp() / every)}"
            try:
                if await self.runtime.read(any_open) and await self.runtime.write(
                    partial(first_time, event_id=turn, at=at)
                ):
                    await self.platform.reconciler.reconcile()
            except Exception as error:
                self._log.warning("not_swept", reason=type(error).__name__)

    @property
    def busy(self) -> bool:
        """Whether somebody's turn is going on or their answer is on its way."""
        return self.platform.line.busy or self.runtime.busy

    async def settled(self, patience: float = 20.0) -> bool:
        """Waits until everybody has their answer and all that is due is posted.

        False when nothing has moved for `patience` seconds: no turn ended and no message arrived. What the platform
        has not delivered yet, only the platform knows.
        """
        time = asyncio.get_running_loop().time
        moved, since, left = (-1, -1, -1), time(), -1
        while time() - since < patience:
            if not (self.busy or self.delivery.busy):
                left = await self._left()
                if not (left or self.busy or self.delivery.busy):
                    return True
            if moved != (moved := (self.runtime.handled, self.runtime.tally.brought, left)):
                since = time()
            await asyncio.sleep(0.002)
        return False

    async def _left(self) -> int:
        now = self.clock.now()
        return await self.runtime.read(lambda session: how_many_due(session, now))

    async def _disconnect(self) -> None:
        """No more events come in."""
        await self.platform.line.hang_up()

    async def stop(self) -> None:
        """Lets answers on their way arrive, and ends everything else."""
        await self._disconnect()
        await self.ticker.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.caretaker is not None:
            await self.caretaker.close()
        await self.platform.close()
        self.runtime.close()
