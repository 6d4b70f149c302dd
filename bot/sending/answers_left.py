"""Answers to presses that are left: the platform takes several to each press for a while, beside its limits.

A message somebody has pressed in can so be drawn again, later too, without a call that counts. Only the process that
heard of the press can answer it; every other one edits.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

Replace = Callable[[Any], Awaitable[bool]]
"""Puts this page in the place of what was pressed; False where it was refused."""
A_PRESS = 5
"""Answers the platform takes to one press."""
GOOD_FOR = 25 * 60.0
"""Seconds for which they are used; the platform takes them for half an hour."""
MOST = 300
"""Messages whose answers are remembered."""


@dataclass
class _Left:
    channel: str
    ts: str
    replace: Replace
    count: int
    until: float


class AnswersLeft:
    """By the key of the message. Moments are of a monotonic clock, in seconds."""

    def __init__(self) -> None:
        self._left: OrderedDict[str, _Left] = OrderedDict()

    def pressed(self, key: str, channel: str, ts: str, replace: Replace, moment: float) -> None:
        """Somebody has pressed in this message: there are as many answers as a press has."""
        self._left[key] = _Left(channel, ts, replace, A_PRESS, moment + GOOD_FOR)
        self._left.move_to_end(key)
        while len(self._left) > MOST:
            self._left.popitem(last=False)

    def keys(self, moment: float) -> list[str]:
        """The messages that can be drawn again by an answer."""
        for key in [key for key, one in self._left.items() if moment >= one.until]:
            del self._left[key]
        return list(self._left)

    def forget(self, key: str) -> None:
        """The message is not drawn by answers any more."""
        self._left.pop(key, None)

    async def drawn(self, key: str, channel: str, ts: str, page: Any, moment: float) -> bool:
        """Draws the message that lies there by an answer; False where none is left, or the platform takes none."""
        one = self._left.get(key)
        if one is None:
            return False
        one.count -= 1
        if one.count == 0 or moment >= one.until or (one.channel, one.ts) != (channel, ts):
            del self._left[key]
        if moment >= one.until or (one.channel, one.ts) != (channel, ts):
            return False
        try:
            taken = await one.replace(page)
        except BaseException:
            self._left.pop(key, None)
            raise
        if not taken:
            self._left.pop(key, None)
        return taken
