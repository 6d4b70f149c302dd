"""The real bot connected to a practice workspace, with a desk in place of the handlers: tests say what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, select, update

from bot.practice.config import Person, Room, WorkspaceConfig, from_manifest
from bot.practice.seat import Seat
from bot.process import running
from bot.service import Service
from bot.slack.manifest import manifest
from handlers.render import Rendering, renders
from handlers.turn import Answer, Event, Nothing
from prompts_and_forms.card import Card, card, say
from storage.database.tables_machinery import OutboxMessage
from storage.messages import outbox
from storage.messages.events_seen import first_time
from tests.worlds.practised import Practised
from tests.worlds.until import patience

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
class World(Practised):
    desk: Desk

    @property
    def ann(self) -> Seat:
        return self.practice.seat(ANN)

    @property
    def ben(self) -> Seat:
        return self.practice.seat(BEN)

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
        await self.server.settled(patience())
        if self.service is not None and not await self.service.settled(patience()):
            raise TimeoutError("the bot is not done")
        await self.server.settled(patience())

    async def heard(self, count: int, kind: str = "message") -> list[Event]:
        """Waits until the desk has been given this many events of a kind."""
        return await self.until(lambda: found if len(found := self.desk.of(kind)) >= count else [])

    async def texts(self, channel: str = UNIT, thread_ts: str | None = None, seat: Seat | None = None) -> list[str]:
        return [message["text"] for message in await (seat or self.ann).messages(channel, thread_ts)]


def answering(answer: Answer) -> Any:
    return lambda session, event, now: answer


async def whispers(world: World, channel: str = UNIT, thread: str | None = None) -> list[str]:
    found = await world.ann.messages(channel, thread)
    return [message["text"] for message in found if message.get("is_ephemeral")]


def words(text: str) -> Card:
    return card(text, say(text))


async def shown(world: World, thread: str | None = None) -> list[str]:
    return await world.texts(UNIT, thread)


async def first_ts(world: World) -> str:
    return str((await world.ann.messages(UNIT))[0]["ts"])


def state_of(world: World, key: str) -> str:
    with world.db.read() as session:
        return session.exec(select(OutboxMessage.state).where(OutboxMessage.key == key)).one()


def holds_are_over(world: World) -> None:
    with world.db.write() as session:
        session.connection().execute(update(OutboxMessage).values(hold_until=None))
    assert world.service is not None
    world.service.runtime.woken.set()
