"""When an answer to a request to see the record is due: one month, stopped while something is asked, two months more.

UK GDPR Article 12(3), the Data (Use and Access) Act 2025, and the Information Commissioner's way of counting: the same
day of the next month, its last day where it is shorter, the next working day where that is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from prompts_and_forms.days.timescales import months_later
from prompts_and_forms.days.working_days import on_or_after

MONTH, EXTENDED = 1, 3


@dataclass(frozen=True)
class Stop:
    """The clock stood still from the day something was asked until the day it was answered."""

    asked_on: date
    answered_on: date | None = None


def due_on(received: date, stops: Sequence[Stop] = (), *, extended: bool = False) -> date | None:
    """The last day for the answer; None while the clock stands still."""
    if any(stop.answered_on is None for stop in stops):
        return None
    still = sum((stop.answered_on - stop.asked_on).days for stop in stops if stop.answered_on)
    last = months_later(received, EXTENDED if extended else MONTH)
    return on_or_after(last + timedelta(days=still))


def may_extend(today: date, received: date, stops: Sequence[Stop] = ()) -> bool:
    """Whoever asked must hear of more time within the first month (and what the clock stood still)."""
    last = due_on(received, stops)
    return last is None or today <= last
