"""How much is posted: not more than the platform takes, in all and in each channel; meetings before reminders."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bot.platform import Rates
from storage.messages.outbox import NUDGE

MEETING_FOR = 60.0
"""Seconds after its last message for which a meeting counts as going on."""


class Pace:
    """How many reminders may go, given what was posted. Moments are of a monotonic clock, in seconds.

    What is no reminder is never held back here: it only leaves less for reminders.
    """

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._gap = 2 / rates.a_second
        self._left, self._seen_at = float(rates.burst), 0.0
        self._busy_until = 0.0
        self._rest_until = 0.0
        self._nudge_at = -self._gap

    def nudges(self, moment: float) -> int:
        """How many reminders may go out now."""
        self._fill(moment)
        if moment < self._rest_until:
            return 0
        if moment < self._busy_until and moment - self._nudge_at < self._gap:
            return 0
        most = 1 if moment < self._busy_until else self._rates.burst
        return max(min(math.floor(self._left), most), 0)

    def wait(self, moment: float) -> float:
        """Seconds until the next reminder may go."""
        self._fill(moment)
        waits = [self._rest_until - moment, (1 - self._left) / self._rates.a_second]
        if moment < self._busy_until:
            waits.append(min(self._nudge_at + self._gap, self._busy_until) - moment)
        return max(*waits, 0.0)

    def went(self, priority: int, moment: float, *, new_post: bool, in_channel: bool) -> None:
        """A message was taken up to be sent; an edit takes nothing of this. What goes to one person is no meeting."""
        self._fill(moment)
        if priority >= NUDGE:
            self._nudge_at = moment
        elif in_channel:
            self._busy_until = moment + MEETING_FOR
        if new_post:
            self._left = max(self._left - 1, -float(self._rates.burst))

    def refused(self, moment: float, seconds: float) -> None:
        """The platform asked to wait: reminders wait as long, and go at half the pace for a while."""
        self._rest_until = max(self._rest_until, moment + seconds)
        self._busy_until = max(self._busy_until, moment + seconds + MEETING_FOR)

    def _fill(self, moment: float) -> None:
        self._left = min(self._left + max(moment - self._seen_at, 0.0) * self._rates.a_second, float(self._rates.burst))
        self._seen_at = max(moment, self._seen_at)


BURST, A_SECOND = 8, 1.0
"""New posts one channel or conversation takes at once, and then a second. Slack allows bursts and names no number."""
LEARNED_FOR = 600.0


@dataclass
class _Place:
    left: float
    seen_at: float
    most: float
    learned_at: float = -LEARNED_FOR
    rest_until: float = 0.0


class Places:
    """New posts by channel or conversation: a burst, then one a second. Where the platform refuses one, the burst
    was too large, and is smaller for ten minutes. What cannot wait is posted in any case, and counted."""

    def __init__(self, burst: float = BURST) -> None:
        self._burst = burst
        self._places: dict[str, _Place] = {}

    def full(self, moment: float) -> tuple[str, ...]:
        """Where nothing may be posted now."""
        for name in [name for name, one in self._places.items() if self._is_fresh(one, moment)]:
            del self._places[name]
        return tuple(name for name, one in self._places.items() if self._wait(one, moment) > 0)

    def wait(self, moment: float) -> float:
        """Seconds until the first of those takes a post again; 0 where none is full."""
        waits = [self._wait(one, moment) for one in self._places.values()]
        return min((wait for wait in waits if wait > 0), default=0.0)

    def post(self, name: str, moment: float, *, at_once: bool = False) -> float:
        """Takes one post and answers 0, or the seconds to wait for it; `at_once`: it does not wait."""
        one = self._places.setdefault(name, _Place(self._burst, moment, self._burst))
        wait = 0.0 if at_once else self._wait(one, moment)
        if not wait:
            one.left = max(one.left - 1, -self._burst)
        return wait

    def refused(self, name: str, moment: float, seconds: float) -> None:
        """The platform took no more posts there, and asked to wait."""
        one = self._places.setdefault(name, _Place(self._burst, moment, self._burst))
        if moment >= one.rest_until:
            one.most = max(one.most / 2, 1.0)
        one.left, one.learned_at, one.rest_until = 1.0, moment, moment + seconds

    def _wait(self, one: _Place, moment: float) -> float:
        if moment >= one.learned_at + LEARNED_FOR:
            one.most = self._burst
        one.left = min(one.left + max(moment - one.seen_at, 0.0) * A_SECOND, one.most)
        one.seen_at = max(moment, one.seen_at)
        return max(one.rest_until - moment, (1 - one.left) / A_SECOND, 0.0)

    def _is_fresh(self, one: _Place, moment: float) -> bool:
        return self._wait(one, moment) <= 0 and one.left >= self._burst
