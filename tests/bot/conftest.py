"""The real bot connected to a practice workspace, with a desk in place of the handlers: tests say what it answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from bot.practice.config import Person, Room, WorkspaceConfig, from_manifest
from bot.practice.seat import Practice, Seat
from bot.practice.server import PracticeServer
from bot.practice.slack.store import Store
from bot.practice.slack.workspace import Workspace
from bot.process import running
from bot.service import Service
from bot.settings import Settings
from bot.slack.manifest import manifest
from handlers.render import Rendering, renders
from handlers.turn import Answer, Event, Nothing
from prompts_and_forms.card import Card
from storage.database.db import Database
from storage.messages import outbox
from storage.messages.events_seen import first_time
from storage.unit import people, units
from tests.worlds.until import PATIENCE, Seen, until

ANN, BEN, OUTSIDER, BOT = "U0ANN", "U0BEN", "U0OUT", "U0UNITBOT"
UNIT = "C0UNIT"
HALL = "C0HALL"
CONFIG: WorkspaceConfig = from_manifest(
    manifest(),
    people=(
        Person(id=ANN, name="ann", real_name="Ann Archer"),
        Person(id=BEN, name="ben", real_name="Ben Brook"),
        Person(id=OUTSIDER, name="olu", real_name="Olu Outside"),
    ),
    rooms=(
        Room(id=UNIT, name="unit-kestrel", members=(ANN, BEN, BOT)),
        Room(id=HALL, name="hall", members=(ANN, OUTSIDER), is_private=False),
    ),
)
Reply = Callable[[Session, Event, datetime], Answer]
CARDS: dict[str, Card | None] = {}


@renders("test:{name}")
def drawn_for_a_test(view: Rendering, name: str) -> Card | None:
    return CARDS[name]


@dataclass
class Desk:
    """Stands where the handlers stand: keeps the events it was given and answers as the test says."""

    replies: dict[str, Reply] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def __call__(self, session: Session, event: Event, now: datetime) -> Answer:
        if not first_time(session, event.id, event.at):
            return Nothing()
        self.events.append(event)
        reply = self.replies.get(event.name) or self.replies.get(event.kind.value)
        return reply(session, event, now) if reply else Nothing()

    def of(self, kind: str) -> list[Event]:
        return [event for event in self.events if event.kind.value == kind]


@dataclass
class World:
    server: PracticeServer
    practice: Practice
    db: Database
    desk: Desk
    folder: Path
    stack: AsyncExitStack
    service: Service | None = None

    @property
    def ann(self) -> Seat:
        return self.practice.seat(ANN)

    @property
    def ben(self) -> Seat:
        return self.practice.seat(BEN)

    @property
    def settings(self) -> Settings:
        return Settings(
            bot_token=CONFIG.bot_token,
            app_token=CONFIG.app_token,
            api_url=f"{self.server.base_url}/api/",
            database_url=str(self.db.url),
            tiers=self.server.workspace.config.enforce_rates,
            key=bytes(32),
            clock_file=self.folder / "clock.json",
        )

    async def connect(self) -> Service:
        self.service = await self.stack.enter_async_context(running(self.settings, self.db, self.desk))
        return self.service

    async def say(self, key: str, card: Card | None, **where: Any) -> None:
        """Puts a message into the outbox, as a handler would, and wakes the sender."""
        await self.ask(outbox.say, key, card, **where)

    async def show(self, key: str, card: Card | None, **where: Any) -> None:
        await self.ask(outbox.show, key, card, **where)

    async def ask(
        self, how: Callable[..., None], key: str, card: Card | None, asked_by: str = "", **where: Any
    ) -> None:
        CARDS[key.removeprefix("test:")] = card
        with self.db.write() as session:
            session.info[outbox.ASKED_BY] = asked_by
            how(session, key, now=datetime.now(UTC), **({"channel": UNIT} | where))
        if self.service is not None:
            self.service.runtime.woken.set()

    async def quiet(self) -> None:
        """Waits until nothing is unacknowledged, in progress or due."""
        await self.practice.settle(PATIENCE)
        if self.service is not None and not await self.service.settled(PATIENCE):
            raise TimeoutError("the bot is not done")
        await self.practice.settle(PATIENCE)

    async def heard(self, count: int, kind: str = "message") -> list[Event]:
        """Waits until the desk has been given this many events of a kind."""
        return await self.until(lambda: found if len(found := self.desk.of(kind)) >= count else [])

    async def until(self, look: Callable[[], Awaitable[Seen] | Seen]) -> Seen:
        """Waits for something, as long as anything goes on in the workspace."""
        return await until(look, self.server.moves)

    async def texts(self, channel: str = UNIT, thread_ts: str | None = None, seat: Seat | None = None) -> list[str]:
        return [message["text"] for message in await (seat or self.ann).messages(channel, thread_ts)]

    async def calls(self, method: str) -> list[dict[str, Any]]:
        return [call for call in (await self.practice.ledger())["calls"] if call["method"] == method]


@pytest.fixture
async def idle(db: Database, tmp_path: Path) -> AsyncIterator[World]:
    """The workspace and the database, with the bot not yet connected."""
    with db.write() as session:
        now = datetime.now(UTC)
        unit = units.add_unit(session, name="Kestrel Unit", channel=UNIT, now=now)
        for chat_user, name, roles in ((ANN, "Ann", ["unit_coordinator"]), (BEN, "Ben", ["social_worker"])):
            person = people.add_person(session, chat_user=chat_user, name=name)
            people.add_member(session, unit_id=unit.id, person_id=person.id, roles=roles, on=now.date())
    server = PracticeServer(Workspace(CONFIG, Store()), tmp_path / "clock.json")
    await server.start()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(server.close)
        practice = await stack.enter_async_context(Practice(server.base_url))
        yield World(server, practice, db, Desk(), tmp_path, stack)


@pytest.fixture
async def world(idle: World) -> World:
    """The bot is connected."""
    await idle.connect()
    return idle
