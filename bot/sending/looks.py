"""One look at a time at each channel, for whoever asks who reads it while somebody is looking."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

Looking = Callable[[], Coroutine[Any, Any, None]]


class Looks:
    """A look goes on when those who wait for it give up, for the next one to know."""

    def __init__(self) -> None:
        self._going: dict[str, asyncio.Task[None]] = {}
        self._ended: Counter[str] = Counter()

    def ended(self, channel: str) -> int:
        """How many are over. Where that grows while somebody reads what is known, it has to be read again."""
        return self._ended[channel]

    def begin(self, channel: str, looking: Looking) -> asyncio.Task[None]:
        """The look that is under way, or a new one."""
        look = self._going.get(channel)
        if look is None:
            look = self._going[channel] = asyncio.create_task(looking())
            look.add_done_callback(partial(self._over, channel))
        return look

    def forget(self, channel: str) -> None:
        """What is being looked at counts no more: the next one looks anew."""
        self._going.pop(channel, None)

    def forget_all(self) -> None:
        """The same for every channel."""
        self._going.clear()

    def _over(self, channel: str, look: asyncio.Task[None]) -> None:
        if self._going.get(channel) is look:
            del self._going[channel]
        self._ended[channel] += 1
        if not look.cancelled():
            look.exception()
