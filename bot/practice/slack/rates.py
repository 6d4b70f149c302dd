"""Slack's rate tiers, for who wants to be held to them: so many calls a minute for each method, with a burst."""

from dataclasses import dataclass
from math import ceil

from bot.practice.slack.limits import limits

POST_BURST = 10
"""Messages one channel takes at once before one a second. Slack says bursts are allowed and names no number."""


@dataclass
class _Bucket:
    left: float
    seen_at: float


class Rates:
    """One bucket a method, and for posting one a channel. `wait` spends from it.

    `at_least`: seconds a refused call of a method is told to wait, where Slack asks for more patience than is due.
    """

    def __init__(self) -> None:
        self._buckets: dict[str, _Bucket] = {}
        self.at_least: dict[str, int] = {}

    def use_up(self, method: str, now: float) -> None:
        """The calls of a method that may come at once were made a moment ago."""
        self._buckets[method] = _Bucket(0.0, now)

    def wait(self, method: str, channel: str, now: float) -> int | None:
        """Seconds to wait when this call is one too many; None when it may go ahead."""
        tier = limits()["methods"].get(method, {}).get("tier")
        per_minute = limits()["rate_tiers"].get(tier, {}).get("per_minute")
        if method == "chat.postMessage":
            return self._spend(f"{method} {channel}", 1.0, POST_BURST, now)
        if per_minute is None:
            return None
        return self._spend(method, per_minute / 60, per_minute, now)

    def _spend(self, name: str, per_second: float, most: float, now: float) -> int | None:
        bucket = self._buckets.setdefault(name, _Bucket(most, now))
        bucket.left = min(most, bucket.left + max(now - bucket.seen_at, 0.0) * per_second)
        bucket.seen_at = now
        if bucket.left < 1:
            return max(1, ceil((1 - bucket.left) / per_second), self.at_least.get(name.partition(" ")[0], 0))
        bucket.left -= 1
        return None
