"""When a child is to be seen again: by the plan's own interval, or else the usual one for the category.

Usual intervals: a child protection plan 10 working days (local procedures), child in need 28 days (local), looked after
6 weeks (Care Planning Regulations 2010, regulation 28). A working day is Monday to Friday, no bank holiday in England.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

CHILD_PROTECTION = "child_protection"
CHILD_PROTECTION_WORKING_DAYS = 10
DAYS = {"child_in_need": 28, "complex_child_in_need": 28, "looked_after": 42}


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    import holidays  # it takes a moment to load, and only some days need it

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def after_working_days(start: date, count: int) -> date:
    """The day that is `count` working days after `start`; the start itself is day 0, whatever day it is."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return day


def see_by(category: str, seen_on: date, visiting_days: int | None = None) -> date | None:
    """The last day on which the child is still seen in time; None where no interval is known."""
    if visiting_days is not None:
        return seen_on + timedelta(days=visiting_days)
    if category == CHILD_PROTECTION:
        return after_working_days(seen_on, CHILD_PROTECTION_WORKING_DAYS)
    days = DAYS.get(category)
    return None if days is None else seen_on + timedelta(days=days)
