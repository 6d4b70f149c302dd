"""When a manager's message of the week and their spreadsheet of the month are due. Pure: the moment comes in.

On the day they chose, from the hour they chose; on a bank holiday the next working day instead. What was missed because
the bot did not run comes a day late; later it waits for the next week. The first one is never late.
The spreadsheet comes on the first working day of the month, from the same hour; within a week for whoever was away.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from prompts_and_forms.days.working_days import on_or_after

LATEST_HOUR = 18
CATCH_UP = timedelta(days=1)
SHEET_UNTIL = timedelta(days=7)


def due_day(today: date, weekday: int) -> date:
    """The day the latest message was meant for: the chosen weekday, or the working day after a bank holiday."""
    return on_or_after(today - timedelta(days=(today.weekday() - weekday) % 7))


def is_due(local: datetime, weekday: int | None, at: str, last: date | None) -> bool:
    """Whether it is to be put together now; `last` is the day of the one before."""
    if weekday is None or local.hour >= LATEST_HOUR or f"{local:%H:%M}" < at:
        return False
    meant = due_day(local.date(), weekday)
    if last is None:
        return meant == local.date()
    return last < meant <= local.date() <= on_or_after(meant + CATCH_UP)


def sheet_is_due(local: datetime, at: str, last: date | None) -> bool:
    """Whether the spreadsheet of the month is to be asked for now; `last` is the day of the one before."""
    today = local.date()
    if local.hour >= LATEST_HOUR or f"{local:%H:%M}" < at:
        return False
    first = on_or_after(today.replace(day=1))
    wanted = last is None or last < today.replace(day=1)
    return wanted and on_or_after(today) == today and first <= today < first + SHEET_UNTIL
