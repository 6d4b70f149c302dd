"""A day as it lies in a kept answer: as a date, or written as one."""

from __future__ import annotations

from datetime import date
from typing import Any


def as_day(value: Any) -> date | None:
    """The day that was saved; None for nothing and for what is no day."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
