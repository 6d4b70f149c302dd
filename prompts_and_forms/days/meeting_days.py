"""The days a unit meets: by its weekday and how often it meets, with what was moved or left out. Pure.

A day that falls on a bank holiday is not announced as usual: somebody says first whether the meeting is moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice, takewhile

from prompts_and_forms.days.working_days import ONE_DAY, bank_holiday, is_working_day, on_or_after, on_or_before

WEEK = 7
BACK = timedelta(days=42)
"""A meeting can be moved to a later day, so the usual days of the last weeks are looked at, too."""
AHEAD = timedelta(days=400)


@dataclass(frozen=True)
class Rhythm:
    """`last` is the day of the last weekly meeting that was opened. `moved`: usual day -> new day, None = left out."""

    every_days: int = WEEK
    weekday: int | None = None
    last: date | None = None
    moved: Mapping[date, date | None] = field(default_factory=dict)


@dataclass(frozen=True)
class MeetingDay:
    """`usual` is the day the unit would meet on, `on` the day it does; None = nobody meets, or nobody has said yet."""

    usual: date
    on: date | None
    holiday: str = ""
    """The bank holiday `usual` falls on, while nobody has said what becomes of the meeting."""

    @property
    def day(self) -> date:
        """The day it is known by."""
        return self.on or self.usual


def meeting_days(rhythm: Rhythm, start: date) -> Iterator[MeetingDay]:
    """From `start` on, the soonest first: meetings to come, and usual days whose bank holiday nobody has dealt with."""
    seen = (_held(rhythm, usual) for usual in _usual(rhythm, start))
    coming = [one for one in seen if one.day >= start and (one.on is not None or one.holiday)]
    return iter(sorted(coming, key=lambda one: one.day))


def held_on(rhythm: Rhythm, start: date, most: int = 5) -> tuple[date, ...]:
    """The next days from `start` on which the unit meets; () where neither weekday nor a last meeting is known."""
    return tuple(islice((one.on for one in meeting_days(rhythm, start) if one.on is not None), most))


def next_discussion(days: Sequence[date], today: date, usual: date, before: date | None, *, soon: bool) -> date:
    """The day proposed for a family's next discussion: a day the unit meets, up to the usual one and before `before`.

    `soon` (after a concern): the very next meeting. Where no meeting fits, the last working day in time.
    """
    last = min(usual, before - ONE_DAY) if before else usual
    if soon and days:
        return days[0]
    fitting = [day for day in days if today < day <= last]
    if fitting:
        return fitting[-1]
    planned = on_or_before(last)
    return planned if planned > today else on_or_after(max(last, today + ONE_DAY))


def instead_of(usual: date, today: date) -> date:
    """The day proposed for a meeting that is moved: the last working day before it, else the next one after it."""
    before = on_or_before(usual - ONE_DAY)
    return before if before > today else on_or_after(max(usual, today) + ONE_DAY)


def _held(rhythm: Rhythm, usual: date) -> MeetingDay:
    if usual in rhythm.moved:
        return MeetingDay(usual, rhythm.moved[usual])
    if rhythm.weekday is None and usual.weekday() >= 5:
        return MeetingDay(usual, on_or_before(usual))
    holiday = bank_holiday(usual)
    return MeetingDay(usual, None if holiday else usual, holiday)


def _usual(rhythm: Rhythm, start: date) -> Iterator[date]:
    first, step = _anchor(rhythm, start), _step(rhythm)
    if first is None:
        return iter(())
    rounds = max((start - BACK - first).days // step, 0)
    day = first + timedelta(days=rounds * step)
    return takewhile(lambda one: one <= start + AHEAD, _every(day, step))


def _every(day: date, step: int) -> Iterator[date]:
    while True:
        yield day
        day += timedelta(days=step)


def _step(rhythm: Rhythm) -> int:
    """Days from one meeting to the next; whole weeks where there is a weekday."""
    if rhythm.weekday is None:
        return max(rhythm.every_days, 1)
    return max(round(rhythm.every_days / WEEK), 1) * WEEK


def _anchor(rhythm: Rhythm, start: date) -> date | None:
    """A usual day to count on from: the one after that of the last meeting, or where none was held the next weekday."""
    if rhythm.last is None:
        return start + timedelta(days=(rhythm.weekday - start.weekday()) % WEEK) if rhythm.weekday is not None else None
    last = next((usual for usual, on in rhythm.moved.items() if on == rhythm.last), rhythm.last)
    if rhythm.weekday is not None:
        early = 1 if _step(rhythm) == WEEK else WEEK // 2
        ahead = (rhythm.weekday - last.weekday()) % WEEK
        last += timedelta(days=ahead if ahead <= early else ahead - WEEK)
    return last + timedelta(days=_step(rhythm))


def move_fault(usual: date, on: date, today: date, every_days: int) -> str:
    """Why a meeting cannot be moved to that day, as a code: past, holiday, weekend or far; "" where it can."""
    if on < today:
        return "past"
    if abs((on - usual).days) >= max(every_days, WEEK):
        return "far"
    if bank_holiday(on):
        return "holiday"
    return "" if is_working_day(on) or on.weekday() == usual.weekday() else "weekend"
