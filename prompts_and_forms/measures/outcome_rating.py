"""Outcome and Session Rating Scales: four marks of 0 to 10, together 0 to 40; high is good."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

MARKS = 4
MOST = Decimal(10)
CUT_OFFS = {"adult": 25, "young_person": 28, "child": 32, "carer": 28}
TALK_BELOW = 36
"""A session rating below this is worth talking about with the person who gave it."""


def total(marks: Sequence[Decimal | None]) -> Decimal | None:
    """The sum of four marks; missing when one is. Raises ValueError for a mark outside 0 to 10."""
    for mark in marks:
        if mark is not None and not 0 <= mark <= MOST:
            raise ValueError("a mark lies between 0 and 10")
    given = [mark for mark in marks if mark is not None]
    return sum(given, Decimal(0)) if len(given) == MARKS else None


def below_cut_off(version: str, value: Decimal | int | None) -> bool | None:
    """Whether somebody's outcome rating is below the usual cut-off of their age; None when that is not known."""
    least = CUT_OFFS.get(version)
    return None if value is None or least is None else value < least


def worth_talking_about(session_rating: Decimal | int | None) -> bool | None:
    """Whether a session's rating is low enough to ask about; None without a rating."""
    return None if session_rating is None else session_rating < TALK_BELOW
