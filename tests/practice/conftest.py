"""The world of the practice workspace's own tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.practice.config import WorkspaceConfig
from bot.practice.seat import Practice
from bot.practice.server import PracticeServer
from bot.practice.slack.store import Store
from bot.practice.slack.workspace import Workspace
from tests.worlds.practice_pieces import CONFIG, Clock, Starter, World, stop


@pytest.fixture
async def start() -> AsyncIterator[Starter]:
    """Starts workspaces and stops them all at the end."""
    worlds: list[World] = []

    async def starting(config: WorkspaceConfig = CONFIG, database: Path | None = None) -> World:
        clock = Clock()
        server = PracticeServer(Workspace(config.model_copy(), Store(database), clock))
        base_url = await server.start()
        worlds.append(World(server, Practice(base_url), clock))
        return worlds[-1]

    yield starting
    for world in worlds:
        await stop(world)


@pytest.fixture
async def world(start: Starter) -> World:
    return await start()
