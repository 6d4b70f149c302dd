"""A message is one sender's for as long as its lease runs; whoever works on it for longer takes the lease anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bot.runtime import Runtime
from storage.database.db import DatabaseTrouble
from storage.messages import delivery
from storage.messages.delivery import Claimed


class TakenOver(Exception):
    """This sender was stopped for longer than its lease, and another one has the message now."""


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
