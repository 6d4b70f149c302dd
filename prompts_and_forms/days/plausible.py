"""Which dates can be meant. What lies outside is a slip of the finger (2206 for 2026, 0206) and is asked about."""

from __future__ import annotations

from datetime import date

from prompts_and_forms.days.ages import ADULT, KnownAge, age_range, whole_years
from prompts_and_forms.days.timescales import months_later

YEARS_BACK = 30
"""Longer ago than any child of the unit lives, with room for what their parents lived through as young people."""
YEARS_AHEAD = 5
"""No review, action or leave is planned further ahead."""
BACK = {"born": 110}
AHEAD = {"turns_18": ADULT + 1}
"""Questions, by their ids, about a longer time."""
OLDEST = 25
"""A young person who stays with the service after 18 is at most so old."""
DUE_WITHIN_MONTHS = 10


def date_fault(question_id: str, day: date, today: date) -> str:
    """Why a date cannot be meant, as a code: long_ago or far_ahead; "" where it can."""
    back, ahead = BACK.get(question_id, YEARS_BACK), AHEAD.get(question_id, YEARS_AHEAD)
    if day < months_later(today, -12 * back):
        return "long_ago"
    return "far_ahead" if day > months_later(today, 12 * ahead) else ""


def turns_18_fault(turns_18: date, years: int | None, months: int | None, unborn: bool, today: date) -> bool:
    """Whether a child of that age cannot turn 18 on that day. A year more or less is not held against it."""
    then = ADULT + whole_years(turns_18, today)
    if unborn:
        return then > 0
    said = age_range(KnownAge(years, months, today), today)
    if said is None:
        return not -1 <= then <= OLDEST
    return not said[0] - 1 <= then <= said[1] + 1


def birth_fault(due: date, today: date) -> bool:
    """Whether a child not yet born cannot be due on that day."""
    return not months_later(today, -2) <= due <= months_later(today, DUE_WITHIN_MONTHS)
