"""Waiting for something, for as long as work goes on: a busy machine is slow, and that alone is no fault."""

from __future__ import annotations

import asyncio
import inspect
import os
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, TypeVar

Seen = TypeVar("Seen")

PATIENCE = 60.0
"""Seconds for which nothing may move at all on a quiet machine; a program that starts needs a good part of them."""


def patience(seconds: float = PATIENCE) -> float:
    """So many seconds on a quiet machine, and more by as much as this one has more to do than it can do at once."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


async def until(
    look: Callable[[], Awaitable[Seen] | Seen],
    moved: Callable[[], Any] | None = None,
    *,
    at_most: float = PATIENCE,
    every: float = 0.01,
) -> Seen:
    """Looks again and again until there is something to see, and answers it.

    `moved` answers a value that changes while work goes on. Raises TimeoutError when it, and what was seen, have been
    the same for `at_most` seconds, or longer on a busy machine.
    """
    before, since = None, monotonic()
    while not (seen := await _answer(look)):
        now = (seen, await _answer(moved) if moved else None)
        if now != before:
            before, since = now, monotonic()
        if (gone := monotonic() - since) > patience(at_most):
            raise TimeoutError(f"nothing moved for {gone:.0f} seconds; last seen: {before}")
        await asyncio.sleep(every)
    return seen


async def _answer(ask: Callable[[], Awaitable[Any] | Any]) -> Any:
    found = ask()
    return await found if inspect.isawaitable(found) else found
