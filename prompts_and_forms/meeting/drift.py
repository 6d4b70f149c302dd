"""Whether a child in need family has stood still: no full discussion, visit or finished action for a set time. Pure.

Source: the study of complex child in need (a holding place is meant to be left). Six weeks unless the unit chose
otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

MAY_DRIFT = ("child_in_need", "complex_child_in_need")


def last_moved(category: str, moved: Iterable[date | None]) -> date | None:
    """The newest of the days on which something moved; None for a family that cannot drift, or where none is known."""
    return max((day for day in moved if day is not None), default=None) if category in MAY_DRIFT else None


def weeks_still(category: str, moved: Iterable[date | None], today: date, allowed: int) -> int:
    """Whole weeks since something moved where they are `allowed` or more; 0 for a family that moves."""
    last = last_moved(category, moved)
    weeks = (today - last).days // 7 if last else 0
    return weeks if weeks >= allowed else 0
