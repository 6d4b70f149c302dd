"""Who has looked at a family, in words."""

from __future__ import annotations

from datetime import datetime

BUTTON = "Who has looked"
NOTICE = "Who has looked"
NOT_FOR_YOU = "Who has looked at a family is shown to the unit's lead, the deputy and managers. Please ask one of them."
NOBODY = "Nobody has looked at this family in the last year."
THE_BOT = "The bot itself, or whoever runs it"
SINCE = "This is the last 12 months. Whoever runs the bot can list every single time with: unitbot audit"


def heading(label: str) -> str:
    """Over the list."""
    return f"Who has looked at {label}"


def line(who: str, first: datetime, last: datetime, times: int) -> str:
    """One person: how often, and when last."""
    if times == 1:
        return f"{who}: once, {_when(last)}"
    return f"{who}: {times} times, last {_when(last)}, first {_when(first)}"


def more(people: int) -> str:
    """Under a list that was cut."""
    return f"And {people} more people."


def _when(at: datetime) -> str:
    return f"{at.day} {at:%B %Y at %H:%M}"
