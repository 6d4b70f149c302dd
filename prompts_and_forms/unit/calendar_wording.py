"""A person's calendar in words: what it holds, the file, and the private address that can be withdrawn."""

from __future__ import annotations

NOTICE = "Your calendar"
NAME = "Unit meetings"
TITLE = "Your calendar"
WHAT = (
    "Meetings of your units, reviews of the families you lead or work with, supervision and handover meetings. "
    "Titles are plain: no family is named."
)
AS_FILE = "As a file"
MAKE, AGAIN, WITHDRAW = "Make a private address", "Make a new address", "Withdraw the address"
NO_ADDRESS = "A private address needs the bot to be reached from outside. Ask whoever runs it to set UNITBOT_ADDRESS."
THERE_IS_ONE = "You have a private address since {day}. It is shown only once; make a new one where you have lost it."
MADE = "This is your private address. Copy it now, it is not shown again:"
HOW = (
    "In Outlook: Add calendar, Subscribe from web. Whoever has the address can read the titles and times, "
    "so give it to nobody. A new one makes the old one useless."
)
WITHDRAWN = "The address is withdrawn. A calendar that uses it gets nothing more."
NONE_THERE = "You have no private address, so there is nothing to withdraw."
SUPERVISION, STAFF_MEETING, HANDOVER = "Supervision due", "Clinical staff meeting due", "Handover meeting"


def meeting(unit: str) -> str:
    """The unit's weekly meeting."""
    return f"Unit meeting, {unit}"


def reviews(count: int) -> str:
    """What is due to be looked at again on a day."""
    return "A review is due" if count == 1 else f"{count} reviews are due"
