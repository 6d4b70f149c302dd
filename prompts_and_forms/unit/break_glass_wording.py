"""A manager opens a family of another unit in an emergency, in words."""

from __future__ import annotations

NOTICE = "A family was opened in an emergency"
FOR_MANAGERS = "Only managers who are linked to a unit can open a family of another unit, and only in an emergency."
OWN_UNIT = "{ref} is in one of your own units: /family {ref} in its channel shows it."
UNTIL = "You can read this page until {until}. The unit has been told that you opened it, and why."
ENDED = "You can ask for it again with: /family emergency {ref}"


def told(who: str, label: str, at: str, why: str) -> str:
    """What those who look after the family's unit read."""
    return f"{who} opened {label} at {at}, from outside your unit, for one hour. The reason given: {why}"


WHAT_NOW = "If you think this was not right, talk to them today, and to whoever looks after information governance."
