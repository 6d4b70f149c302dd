"""Waiting for something, for as long as work goes on: a busy machine is slow, and that alone is no fault."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, TypeVar

Seen = TypeVar("Seen")

PATIENCE = 60.0
"""Seconds for which nothing may move at all; a program that starts on a busy machine needs a good part of them."""


async def until(
    look: Callable[[], Awaitable[Seen] | Seen],
    moved: Callable[[], Any] | None = None,
    *,
    patience: float = PATIENCE,
    every: float = 0.01,
) -> Seen:
    """Looks again and again until there is something to see, and answers it.

    `moved` answers a value that changes while work goes on. Raises TimeoutError when it, and what was seen, have been
    the same for `patience` seconds.
    """
    before, since = None, monotonic()
    while not (seen := await _answer(look)):
        now = (seen, await _answer(moved) if moved else None)
        if now != before:
            before, since = now, monotonic()
        if monotonic() - since > patience:
            raise TimeoutError(f"nothing moved for {patience:g} seconds; last seen: {before}")
        await asyncio.sleep(every)
    return seen


async def _answer(ask: Callable[[], Awaitable[Any] | Any]) -> Any:
    found = ask()
    return await found if inspect.isawaitable(found) else found
