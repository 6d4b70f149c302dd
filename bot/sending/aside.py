"""What goes on beside an answer, and what an answer waits for only so long: the same on every platform."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.logs import log, where

CLOSING_SECONDS = 2.0


class Aside:
    """Work a platform's adapter has under way. `trouble` is what its calls raise that is not our own mistake."""

    def __init__(self, room: str, trouble: tuple[type[Exception], ...]) -> None:
        self._trouble, self._log = trouble, log(room)
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def busy(self) -> bool:
        """Whether some of it is not over."""
        return bool(self._tasks)

    def later(self, work: Coroutine[Any, Any, Any]) -> None:
        """Begins work nobody waits for; what it raises is logged without its words."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    async def within(self, work: Coroutine[Any, Any, Any], patience: float) -> Any:
        """The outcome, or None where that takes longer than `patience` seconds or is refused: a turn goes on."""
        try:
            async with asyncio.timeout(patience):
                return await work
        except self._trouble as error:
            self._log.warning("not_asked", reason=type(error).__name__)
            return None

    async def close(self) -> None:
        """Waits a little for what is under way."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CLOSING_SECONDS)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._log.error("answer_failed", where=where(error))
