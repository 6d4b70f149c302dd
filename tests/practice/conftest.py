"""A practice workspace with a small unit in it, and a real Bolt app connected to it over the real SDK."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.practice.config import Person, Room, Shortcut, SlashCommand, WorkspaceConfig
from bot.practice.seat import Practice, Seat
from bot.practice.server import PracticeServer
from bot.practice.slack.store import Store
from bot.practice.slack.workspace import Workspace

ANN, BEN, OUTSIDER, BOT = "U0ANN", "U0BEN", "U0OUT", "U0UNITBOT"
UNIT, TOWN, EMPTY = "C0UNIT", "C0TOWN", "C0EMPTY"
CONFIG = WorkspaceConfig(
    people=(
        Person(id=ANN, name="ann", real_name="Ann Archer", title="Unit coordinator"),
        Person(id=BEN, name="ben", real_name="Ben Brook"),
        Person(id=OUTSIDER, name="olu", real_name="Olu Outside"),
    ),
    rooms=(
        Room(id=UNIT, name="unit-kestrel", members=(ANN, BEN, BOT)),
        Room(id=TOWN, name="town-hall", members=(OUTSIDER,), is_private=False),
        Room(id=EMPTY, name="managers", members=(BEN,)),
    ),
    commands=(SlashCommand(command="/unit", description="Your unit"), SlashCommand(command="/meeting")),
    shortcuts=(Shortcut(callback_id="to_action", name="Make this an action"),),
)


@dataclass
class Clock:
    """A clock the test moves by hand."""

    seconds: float = 1_790_000_000.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class World:
    """The running workspace, its seats, and the bot's client."""

    server: PracticeServer
    practice: Practice
    clock: Clock
    bots: list[AsyncSocketModeHandler] = field(default_factory=list)

    @property
    def ann(self) -> Seat:
        return self.practice.seat(ANN)

    @property
    def ben(self) -> Seat:
        return self.practice.seat(BEN)

    @property
    def outsider(self) -> Seat:
        return self.practice.seat(OUTSIDER)

    @property
    def api(self) -> str:
        return f"{self.server.base_url}/api/"

    def client(self, token: str = CONFIG.bot_token) -> AsyncWebClient:
        return AsyncWebClient(token=token, base_url=self.api, retry_handlers=[])

    def app(self) -> AsyncApp:
        """A Bolt app, not connected yet."""
        return AsyncApp(client=self.client(), process_before_response=True)

    async def connect(self, app: AsyncApp) -> AsyncSocketModeHandler:
        handler = AsyncSocketModeHandler(
            app, CONFIG.app_token, web_client=self.client(CONFIG.app_token), ping_interval=1
        )
        await handler.connect_async()
        self.bots.append(handler)
        return handler


Starter = Callable[..., Awaitable[World]]


@pytest.fixture
async def start() -> AsyncIterator[Starter]:
    """Starts workspaces and stops them all at the end."""
    worlds: list[World] = []

    async def starting(config: WorkspaceConfig = CONFIG, database: Path | None = None) -> World:
        clock = Clock()
        server = PracticeServer(Workspace(config, Store(database), clock))
        base_url = await server.start()
        worlds.append(World(server, Practice(base_url), clock))
        return worlds[-1]

    yield starting
    for world in worlds:
        await stop(world)


async def stop(world: World) -> None:
    for bot in world.bots:
        await bot.close_async()
    world.bots.clear()
    await world.practice.close()
    await world.server.close()


@pytest.fixture
async def world(start: Starter) -> World:
    return await start()
