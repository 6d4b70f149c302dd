"""A practice workspace as judge, both databases, and the figures printed at the end.

FAULTS=whole runs everything at full length (`make faults`); without it the same faults come fewer times.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock, move_clock
from bot.practice.bot_process import settings_for
from bot.practice.seat import Practice
from bot.practice.server import PracticeServer
from bot.practice.slack.store import Store
from bot.practice.slack.workspace import Workspace
from bot.process import running
from bot.runtime import Handle
from bot.service import Service
from handlers import routes
from storage.database.db import Database
from storage.database.vault import Vault
from storage.messages.outbox import nothing_due
from tests.faults.lives import KEY, LEASE, WHOLE, Lives, Nursery, WatchedApi, watched
from tests.faults.numbered import CONFIG, Figures, judge, orders_kept
from tests.worlds.storage_world import PostgresServer
from tests.worlds.until import until

BOTH = ("sqlite", "postgresql")


def on(*databases: str) -> pytest.MarkDecorator:
    """Where the shortened form tries this; the whole form tries it on both."""
    return pytest.mark.parametrize("url", BOTH if WHOLE else databases, indirect=True)


ROWS: list[tuple[str, str, Figures]] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not ROWS:
        return
    terminalreporter.section("faults")
    head = f"{'what went wrong':46} {'database':11} planned   sent   lost  twice  taken back  kills"
    terminalreporter.write_line(head)
    for name, database, found in ROWS:
        figures = (
            f"{found.planned:7} {found.sent:6} {found.lost:6} {found.twice:6} {found.taken_back:11} {found.kills:6}"
        )
        terminalreporter.write_line(f"{name:46} {database:11} {figures}")
    for database in sorted({row[1] for row in ROWS}):
        found = [row[2] for row in ROWS if row[1] == database]
        planned, sent = sum(one.planned for one in found), sum(one.sent for one in found)
        lost, twice = sum(one.lost for one in found), sum(one.twice for one in found)
        kills = sum(one.kills for one in found)
        terminalreporter.write_line(
            f"{database}: {planned} planned, {sent} sent, {lost} lost, {twice} twice, {kills} kills."
        )


@dataclass
class World:
    server: PracticeServer
    api: WatchedApi
    url: str
    db: Database
    folder: Path
    lives: Lives
    practice: Practice
    stack: AsyncExitStack
    service: Service | None = None
    keys: list[str] = field(default_factory=list)

    @property
    def clock_file(self) -> Path:
        return self.folder / "clock.json"

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
                return nothing_due(session, Clock(self.clock_file).now())

        return await asyncio.to_thread(look)

    def figures(self, name: str, kills: int = 0) -> Figures:
        """Judged, kept for the table, and answered."""
        found = judge(self.server, self.keys, kills)
        ROWS.append((name, "SQLite" if self.is_sqlite else "PostgreSQL", found))
        assert orders_kept(self.server)
        return found


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    found = Nursery()
    yield found
    found.close()


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, empty_database: Path, tmp_path: Path) -> str:
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        return server.new_database()
    path = tmp_path / "unit.db"
    shutil.copy(empty_database, path)
    return f"sqlite:///{path}"


@pytest.fixture
def db(url: str) -> Iterator[Database]:
    database = Database.open(url, Vault(KEY))
    yield database
    database.close()


@pytest.fixture
async def world(url: str, db: Database, nursery: Nursery, tmp_path: Path) -> AsyncIterator[World]:
    """The workspace is there, nothing is planned, no bot is running."""
    server = PracticeServer(Workspace(CONFIG, Store()), tmp_path / "clock.json")
    api = watched(server)
    await server.start()
    lives = Lives(nursery, server, url, tmp_path)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(server.close)
        stack.push_async_callback(lives.close)
        practice = await stack.enter_async_context(Practice(server.base_url))
        yield World(server, api, url, db, tmp_path, lives, practice, stack)
