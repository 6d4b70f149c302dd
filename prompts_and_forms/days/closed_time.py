"""Time a family was closed counts for no reminder: a clock that ran before goes on when the family is opened again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

Span = tuple[date, date]
"""The day a family was closed and the day it was opened again."""


def open_time(day: date, closed: Iterable[Span]) -> date:
    """The day moved on by the days the family was closed after it; at most to the day it was opened again."""
    lost = sum((until - max(since, day)).days for since, until in closed if until > day and until > since)
    return day + timedelta(days=lost)


def open_time_of(day: date | None, closed: Iterable[Span]) -> date | None:
    """The same of a day that may not be known."""
    return open_time(day, closed) if day else None
