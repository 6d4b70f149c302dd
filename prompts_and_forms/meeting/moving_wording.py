"""Sentences about the day of the unit's meeting: the next one, a bank holiday, and a meeting that is moved."""

from __future__ import annotations

from datetime import date

from prompts_and_forms.days import day_words
from prompts_and_forms.days.meeting_days import MeetingDay
from prompts_and_forms.days.working_days import bank_holiday

NOTICE = "The day of the meeting"
MOVE = "Move the meeting"
NO_SUCH_MEETING = (
    "There is no meeting to move: it is over, or the unit has no day for its meeting yet. "
    "Choose a day with /unit settings."
)
NOT_OPEN = "No meeting is open."
OPENS = "/meeting in the unit's channel opens one."
NEXT = "The next one is {when} at {start}; /meeting in the unit's channel opens it."
HOLIDAY = (
    "The next one would be on {day}. That is a bank holiday ({holiday}). "
    "Move it to another day, or say that there is none that time."
)
MOVED = "The meeting of {usual} is on {day} at {start} instead."
LEFT_OUT = "There is no meeting on {usual}."
AS_USUAL = "The meeting of {usual} is on that day, at {start}."
FAULTS = {
    "past": "{day} is over. Choose a day from today on.",
    "holiday": "{day} is a bank holiday ({holiday}). Choose a working day.",
    "weekend": "{day} is at the weekend. Choose a working day.",
    "far": "{day} is as far away as another meeting of the unit. Choose a day nearer to the usual one.",
}


def next_words(meeting: MeetingDay | None, start: str, today: date) -> str:
    """When the unit meets next; of a bank holiday nobody has dealt with, that it is one."""
    if meeting is None:
        return f"{NOT_OPEN} {OPENS}"
    if meeting.holiday:
        return f"{NOT_OPEN} {HOLIDAY.format(day=day_words.with_weekday(meeting.usual), holiday=meeting.holiday)}"
    when = "today" if meeting.day == today else day_words.with_weekday(meeting.day)
    return f"{NOT_OPEN} {NEXT.format(when=when, start=start)}"


def moved_words(usual: date, to: date | None, start: str) -> str:
    """What became of the meeting of that day."""
    if to is None:
        return LEFT_OUT.format(usual=day_words.with_weekday(usual))
    if to == usual:
        return AS_USUAL.format(usual=day_words.with_weekday(usual), start=start)
    return MOVED.format(usual=day_words.with_weekday(usual), day=day_words.with_weekday(to), start=start)


def fault_words(code: str, day: date) -> str:
    """Why a meeting cannot be moved to that day, and what to do."""
    return FAULTS[code].format(day=day_words.with_weekday(day), holiday=bank_holiday(day))
