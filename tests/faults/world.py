"""A practice workspace as judge of a bot that dies, stalls and comes back, on either database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.clock import Clock, move_clock
from bot.practice.bot_process import settings_for
from bot.process import running
from bot.runtime import Handle
from bot.service import Service
from handlers import routes
from storage.messages.outbox import how_many_due
from tests.faults.lives import KEY, LEASE, WHOLE, Lives, WatchedApi
from tests.faults.numbered import CONFIG, Figures, judge, orders_kept
from tests.worlds.practised import Practised
from tests.worlds.until import until

BOTH = ("sqlite", "postgresql")


def on(*databases: str) -> pytest.MarkDecorator:
    """Where the shortened form tries this; the whole form tries it on both."""
    return pytest.mark.parametrize("url", BOTH if WHOLE else databases, indirect=True)


ROWS: list[tuple[str, str, Figures]] = []


@dataclass
class World(Practised):
    api: WatchedApi
    url: str
    lives: Lives
    keys: list[str] = field(default_factory=list)

    @property
    def is_sqlite(self) -> bool:
        return self.db.is_sqlite

    async def connect(self, handle: Handle = routes.handle) -> Service:
        """The bot in this process."""
        settings = settings_for(CONFIG, self.server.base_url, database_url=self.url, key=KEY, clock=self.clock_file)
        settings = settings.model_copy(update={"lease": timedelta(seconds=LEASE)})
        self.service = await self.stack.enter_async_context(running(settings, self.db, handle))
        return self.service

    def move_clock(self, offset: timedelta) -> None:
        """The unit's clock; a bot in this process looks at once instead of within a second."""
        move_clock(self.clock_file, offset)
        if self.service is not None:
            self.service.runtime.woken.set()

    async def all_sent(self) -> None:
        """Waits until nothing is due any more."""
        await self.until(self.nothing_due)

    async def until(self, look: Callable[[], Awaitable[bool]]) -> None:
        """Waits for something, as long as messages go on being posted."""
        await until(look, lambda: self.api.posted, every=0.05)

    async def nothing_due(self) -> bool:
        def look() -> bool:
            with self.db.read() as session:
                return how_many_due(session, Clock(self.clock_file).now()) == 0

        return await asyncio.to_thread(look)

    def figures(self, name: str, kills: int = 0) -> Figures:
        """Judged, kept for the table, and answered."""
        found = judge(self.server, self.keys, kills)
        ROWS.append((name, "SQLite" if self.is_sqlite else "PostgreSQL", found))
        assert orders_kept(self.server)
        return found
