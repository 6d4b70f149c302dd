"""A practice workspace as judge, both databases, and the figures printed at the end.

FAULTS=whole runs everything at full length (`make faults`); without it the same faults come fewer times. TIERS=on
holds the bot to Slack's tiers meanwhile.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import cast

import pytest

from storage.database.db import Database
from storage.database.vault import Vault
from tests.faults.lives import KEY, Lives, Nursery, WatchedApi, watched
from tests.faults.numbered import CONFIG
from tests.faults.world import BOTH, ROWS, World
from tests.worlds.practised import workspace_with
from tests.worlds.storage_world import PostgresServer


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
    async with AsyncExitStack() as stack:
        server, practice = await workspace_with(CONFIG, tmp_path, stack, watched)
        lives = Lives(nursery, server, url, tmp_path)
        stack.push_async_callback(lives.close)
        api = cast("WatchedApi", server.api)
        yield World(server, practice, db, tmp_path, stack, api, url, lives)
