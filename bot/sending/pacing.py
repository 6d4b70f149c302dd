"""How much is posted: not more than the platform takes, in all and in each channel; meetings before reminders."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.platform import IN_ONE, Rates
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


LEARNED_FOR = 600.0


@dataclass
class _Place:
    left: list[float]
    seen_at: float
    share: float = 1.0
    """How much of the first burst there is, for a while after the platform took no more."""
    learned_at: float = -LEARNED_FOR
    rest_until: float = 0.0
    still_until: float = 0.0


class Places:
    """New posts by channel or conversation: by each limit a burst, then so many a second.

    Where the platform refuses one, the burst was too large, and is smaller for ten minutes. What cannot wait is posted
    in any case, and counted.
    """

    def __init__(self, limits: Sequence[tuple[float, float]] = IN_ONE) -> None:
        self._limits = limits
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
        one = self._place(name, moment)
        wait = 0.0 if at_once else self._wait(one, moment)
        if not wait:
            one.left = [max(left - 1, -burst) for left, (burst, _) in zip(one.left, self._limits, strict=True)]
        return wait

    def still(self, name: str, moment: float) -> float:
        """Seconds for which not even an edit may be made there."""
        one = self._places.get(name)
        return max(one.still_until - moment, 0.0) if one else 0.0

    def refused(self, name: str, moment: float, seconds: float, *, edits: bool = False) -> None:
        """The platform took no more posts there, and asked to wait. `edits`: it takes none of these either."""
        one = self._place(name, moment)
        if moment >= one.rest_until:
            one.share /= 2
        one.left[0], one.learned_at, one.rest_until = 1.0, moment, moment + seconds
        if edits:
            one.still_until = one.rest_until

    def _place(self, name: str, moment: float) -> _Place:
        return self._places.setdefault(name, _Place([burst for burst, _ in self._limits], moment))

    def _wait(self, one: _Place, moment: float) -> float:
        if moment >= one.learned_at + LEARNED_FOR:
            one.share = 1.0
        gone, one.seen_at = max(moment - one.seen_at, 0.0), max(moment, one.seen_at)
        waits = [one.rest_until - moment, 0.0]
        for n, (burst, a_second) in enumerate(self._limits):
            most = burst if n else max(burst * one.share, 1.0)
            one.left[n] = min(one.left[n] + gone * a_second, most)
            waits.append((1 - one.left[n]) / a_second)
        return max(waits)

    def _is_fresh(self, one: _Place, moment: float) -> bool:
        return self._wait(one, moment) <= 0 and all(
            left >= burst for left, (burst, _) in zip(one.left, self._limits, strict=True)
        )
