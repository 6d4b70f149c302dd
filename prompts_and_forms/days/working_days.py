"""Working days in England: Monday to Friday, no bank holiday. The day something starts is day 0, whatever day it is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache

ONE_DAY = timedelta(days=1)
MORNING = time(8, 30)


@cache
def _bank_holidays(year: int) -> dict[date, str]:
    import holidays  # it takes a moment to load, and only some days need it

    return dict(holidays.country_holidays("GB", subdiv="ENG", years=year))


@cache
def last_year_known() -> int:
    """The last year for which bank holidays can be worked out at all."""
    import holidays

    return int(holidays.country_holidays("GB", subdiv="ENG").end_year)


def bank_holiday(day: date) -> str:
    """The bank holiday of England on that day, as "Christmas Day"; "" where there is none."""
    return _bank_holidays(day.year).get(day, "").partition(" (")[0]


def is_working_day(day: date) -> bool:
    """Whether it is a Monday to Friday and no bank holiday of England."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def after_working_days(start: date, count: int) -> date:
    """The day that is `count` working days after `start`; the start itself is day 0. A minus count goes back."""
    step = ONE_DAY if count >= 0 else -ONE_DAY
    day, left = start, abs(count)
    while left > 0:
        day += step
        if is_working_day(day):
            left -= 1
    return day


def on_or_before(day: date) -> date:
    """The day itself when it is a working day, or else the last one before it."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def on_or_after(day: date) -> date:
    """The day itself when it is a working day, or else the next one."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def at_work(local: datetime, *, until: int = 24) -> datetime:
    """That moment on a working day before the hour `until`; else the next working morning, when reminders come."""
    if is_working_day(local.date()) and local.hour < until:
        return local
    return datetime.combine(on_or_after(local.date() + ONE_DAY), MORNING, local.tzinfo)


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`; 0 where `end` is not later."""
    days = (end - start).days
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, days + 1))
