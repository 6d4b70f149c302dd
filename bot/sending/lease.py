"""A message is one sender's for as long as its lease runs; whoever works on it for longer takes the lease anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from sqlmodel import Session

from bot.runtime import Runtime
from storage.database.db import DatabaseTrouble
from storage.messages import delivery
from storage.messages.delivery import Claimed

GIVE_BACK_SECONDS = 5.0
"""How long a sender that is stopped waits for the database, to give back what it has just taken."""


class TakenOver(Exception):
    """This sender was stopped for longer than its lease, and another one has the message now."""


class Taking:
    """A sender takes messages, one turn at a time. `going_on` is true from asking until they are its own."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self.going_on = False

    async def by(self, turn: Callable[[Session], list[Claimed]]) -> list[Claimed]:
        """What the turn takes.

        A sender that is stopped meanwhile gives them back: nothing was done about them yet, and the next sender need
        not wait for the end of a lease and look for what was never posted.
        """
        self.going_on = True
        taking = asyncio.ensure_future(self._runtime.write(turn))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            with suppress(DatabaseTrouble, TimeoutError):
                async with asyncio.timeout(GIVE_BACK_SECONDS):
                    await self._give_back(await taking)
            raise
        finally:
            self.going_on = False

    async def _give_back(self, taken: list[Claimed]) -> None:
        now = datetime.now(UTC)

        def back(session: Session) -> None:
            for claimed in taken:
                delivery.not_sent_until(session, claimed, now)

        await self._runtime.write(back)


async def renewed(runtime: Runtime, claimed: Claimed) -> bool:
    """Takes the lease anew; False where another sender has the message now."""
    return await runtime.write(lambda session: delivery.still_ours(session, claimed, machine=datetime.now(UTC)))


@asynccontextmanager
async def lease_held(runtime: Runtime, claimed: Claimed) -> AsyncIterator[None]:
    """Keeps a message with this sender for as long as the work on it takes: a long list outlasts one lease.

    A sender that dies renews nothing, so that another one takes over as soon as for any other message.
    """
    beat = asyncio.create_task(_beat(runtime, claimed))
    try:
        yield
    finally:
        beat.cancel()


async def _beat(runtime: Runtime, claimed: Claimed) -> None:
    ours = True
    while ours:
        await asyncio.sleep(claimed.lease.total_seconds() / 3)
        try:
            ours = await renewed(runtime, claimed)
        except DatabaseTrouble:
            continue
