"""Noting what was shown: whatever arrived while one commit was under way is noted together by the next one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.runtime import Runtime
from storage.messages import delivery
from storage.messages.delivery import Shown


@dataclass
class _Line:
    shown: Shown
    ours: bool | None = None


class Noting:
    """Notes what was shown, several messages in one commit."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._lines: list[_Line] = []
        self._pen = asyncio.Lock()

    async def shown(self, shown: Shown) -> bool:
        """Notes it and answers once that is committed; False where another sender has the message by now."""
        line = _Line(shown)
        self._lines.append(line)
        try:
            async with self._pen:
                if line.ours is None:
                    await self._write([*self._lines])
        finally:
            self._lines.remove(line)
        return bool(line.ours) or await self._alone(shown)

    async def _write(self, lines: list[_Line]) -> None:
        together = [line.shown for line in lines if line.ours is None]
        at = datetime.now(UTC)
        done = await self._runtime.write(lambda session: delivery.finish_some(session, together, at=at))
        for line in lines:
            if line.ours is None:
                line.ours = line.shown.claimed.id in done

    async def _alone(self, shown: Shown) -> bool:
        """Somebody may just have been changing the row; on its own it can be waited for."""
        at = datetime.now(UTC)
        done = await self._runtime.write(lambda session: delivery.finish_some(session, [shown], at=at, wait=True))
        return bool(done)
