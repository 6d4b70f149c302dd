"""What stands in open windows and was not handed in: the latest of each, saved after a pause and when it is closed.

Slack says nothing of typed words when a window is closed, so they are remembered while they are typed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from handlers.turn import Event

PAUSE = 4.0
"""Seconds of typing that are saved together: a write for each letter would keep everybody waiting."""
Save = Callable[[str, Event], Awaitable[None]]


class HalfWritten:
    """`save` gets the window's id and what stands in it."""

    def __init__(self, save: Save) -> None:
        self._save = save
        self._latest: dict[str, Event] = {}
        self._timers: dict[str, asyncio.Task[None]] = {}

    def note(self, view_id: str, event: Event) -> None:
        """Something was typed or chosen in a window."""
        self._latest[view_id] = event
        if view_id not in self._timers:
            self._timers[view_id] = asyncio.create_task(self._soon(view_id))

    async def flush(self, view_id: str) -> None:
        """Saves now what was not saved yet."""
        event = self._latest.pop(view_id, None)
        if event is not None:
            await self._save(view_id, event)

    def forget(self, view_id: str) -> None:
        """The window itself has told everything that stands in it."""
        self._latest.pop(view_id, None)

    async def close(self) -> None:
        """Saves everything that still waits."""
        for timer in self._timers.values():
            timer.cancel()
        for view_id in list(self._latest):
            await self.flush(view_id)

    async def _soon(self, view_id: str) -> None:
        await asyncio.sleep(PAUSE)
        self._timers.pop(view_id, None)
        await self.flush(view_id)
