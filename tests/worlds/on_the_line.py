"""What a connected bot has posted, and what its desk answers."""

from __future__ import annotations

from typing import Any

from sqlmodel import select, update

from handlers.turn import Answer
from prompts_and_forms.card import Card, card, say
from storage.database.tables_machinery import OutboxMessage
from tests.bot.conftest import UNIT, World


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
