"""A practice workspace with a small unit in it, a real Bolt app for it, and the Block Kit pieces they exchange."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.practice.config import Person, Room, Shortcut, SlashCommand, WorkspaceConfig
from bot.practice.seat import Practice, Seat
from bot.practice.server import PracticeServer

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def marked(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str, text: str = "", **more: Any) -> Json:
    return {"text": plain(text or value), "value": value, **more}


def button(action_id: str = "go", label: str = "Go", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(label), **more}


def row(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def section(text: str = "hello", **more: Any) -> Json:
    return {"type": "section", "text": marked(text), **more}


def asking(element: Json, block_id: str = "answer", **more: Any) -> Json:
    return {"type": "input", "block_id": block_id, "label": plain("Question"), "element": element, **more}


def text_field(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "value", **more}


def menu(count: int = 2, **more: Any) -> Json:
    choices = [option(f"o{number}", f"Choice {number}") for number in range(count)]
    return {"type": "static_select", "action_id": "pick", "options": choices, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Family"), "blocks": list(blocks), **more}


def form(*blocks: Json, **more: Any) -> Json:
    """A modal that can be submitted."""
    fields = blocks or (asking(text_field()),)
    return modal(*fields, **{"submit": plain("Save"), "callback_id": "form", **more})


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://example.org/i.png", "alt_text": "a map", **more}


def rich(*leaves: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(leaves)}]}


def raw(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


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


async def stop(world: World) -> None:
    for bot in world.bots:
        await bot.close_async()
    world.bots.clear()
    await world.practice.close()
    await world.server.close()
