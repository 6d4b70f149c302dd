"""Being told to stop, on every system."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

HUNG_UP = getattr(signal, "SIGHUP", None)
"""The terminal was closed; Windows has no such signal."""


def on_signals(stop: Callable[[], None], *signals: signal.Signals | None) -> None:
    """Calls `stop` in the running loop when one of these signals comes, also where loops know no signals (Windows)."""
    loop = asyncio.get_running_loop()
    for number in signals:
        if number is None:
            continue
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
