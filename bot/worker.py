"""`unitbot worker`: posts what waits and keeps the clock, for web processes that only take requests.

Several may run: each takes messages nobody else has taken, and a minute's tick is handled by whoever is first.
"""

from __future__ import annotations

import asyncio

from bot.logs import where
from bot.service import Service
from storage.messages.wake import rings

AGAIN_SECONDS = 2.0


class Worker(Service):
    """A bot that hears nothing from people. Web processes wake it with their commits."""

    async def _connect(self) -> None:
        self._keep_going(self._listen())

    async def _listen(self) -> None:
        while True:
            try:
                async for _ in rings(self._db.url):
                    self.runtime.woken.set()
            except Exception as error:
                self._log.warning("not_listening", where=where(error))
            await asyncio.sleep(AGAIN_SECONDS)
