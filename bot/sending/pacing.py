"""How much is posted: not more than the platform takes, meetings first, reminders at most half while one goes on."""

from __future__ import annotations

import math

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
