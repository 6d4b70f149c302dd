"""Sentences about the next agenda, before its meeting: what people ask for, and what the coordinator changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from prompts_and_forms.days import day_words

MOST = 200
"""Characters of a reason."""
ADD = "Add to the next agenda"
SHOW = "Show the agenda"
CHANGE = "Change"
SEND = "Send to the unit"
TAKE_OFF = "Take off the agenda"
NOTICE = "The next agenda"
NO_DAY = "The unit has no day for its meeting yet. The coordinator can choose one with /unit settings."
NO_FAMILIES = "No families yet. /family add brings in the first one."
FITS = "The plan fits the meeting."
LEFT = "left for another day"
ASKED_ALREADY = "That is on the next agenda already."
WHAT_IS_IT = "Please choose a family, or write what it is about."
TOO_LONG = f"Please say it in {MOST} characters or fewer."
CUT = f"Only the first {MOST} characters of the message fit here. Please look them over."
MEETING_ON = "A meeting is on now. For today, use “Change the agenda” on its board; this is for the next one."
CLOSED = "{ref} is closed, so it cannot be on an agenda. /family {ref} opens it again."
WHICH = "Which family do you want to change?"
ON_IT = "On the next agenda"
ASKED_FOR = "Take something off"
NOTHING_TO_CHANGE = "There is nothing on the next agenda to change yet."
NOT_YOURS = "Only whoever asked for it, the coordinator, the lead or the deputy can take it off."
GONE = "That is not on the next agenda any more. Nothing was changed."
TAKEN_OFF = "Taken off the next agenda."
SENT = "Sent. It is in the unit's channel, and stays up to date there."
NEVER_WAITS = "{family} stays as it is for this agenda, because: {why}. The meeting itself can decide otherwise."
SET = {
    "light": ("Make it light", "Full or light as the rules say", "{family} is light on the next agenda."),
    "first": ("First", "Back to its usual place", "{family} comes first on the next agenda."),
    "leave": ("Leave for another day", "Bring back", "{family} is left for another day."),
}
"""Of each change the button that makes it, the one that takes it back, and what is said."""
FITTED = "Done. “Change” takes any of it back."
TAKEN_BACK = "{family} is on the next agenda as before."


def title(day: date | None, start: str) -> str:
    """Which agenda this is."""
    return f"Agenda for {day_words.with_weekday(day)}, {start}" if day else "The next agenda"


def goes_on(day: date | None) -> str:
    """Which agenda something goes on."""
    return f"For the meeting of {day_words.with_weekday(day)}." if day else f"For the next meeting. {NO_DAY}"


def added(what: str, day: date | None) -> str:
    """What was added, and to which agenda."""
    when = f"the agenda of {day_words.with_weekday(day)}" if day else "the next agenda"
    return f"{what} is on {when}."


def others(names: Sequence[str]) -> str:
    """Who asked for the same family."""
    return f"{' and '.join(names)} asked for it too."


def rule_said(kind: str) -> str:
    """What the rules would have, where the coordinator changed it."""
    return f" [the rule said {kind}]"
