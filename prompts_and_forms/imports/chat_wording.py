"""Sentences about a list of families that was sent in a message."""

from __future__ import annotations

NOT_TAKEN = "The list was not brought in"
NOT_YOURS = "Families are brought in by a unit's coordinator, lead, deputy or linked manager. Please ask one of them."
NOT_FETCHED = "I could not fetch this file from Slack. Please send it again."
WHICH_UNIT = "Which unit are these families with?"
CHOOSE_UNIT = "Choose the unit"
NO_LONGER_THERE = "This list is done with, or a newer one took its place. Please send it again if you still need it."
HOW = (
    "Send me the list as a CSV file in a direct message. I say first what would change and what is wrong, and nothing "
    "changes until you press the button."
)
HEADINGS = "Make a sheet with these headings, one row for each child or carer:"
ONLY_NEEDED = "Only “Case reference” is needed in every row, and “Category” for a new family. Leave out names."
PREVIEW = "A list of families"
CHANGES = "Changes"
REFUSED = "Refused"
NOTHING_YET = "Nothing has changed yet. The list waits here for a day."
NOTHING_TO_DO = "There is nothing to bring in."
LEAVE = "Leave it"
LEFT = "Nothing was brought in."
ASKED_TO_TALK = (
    "Some references are not free. I have asked those who can help to talk to each other, and told them nothing else."
)
DONE = "The list is in"
DELETE_FILE = "You can delete your message with the file now; I need it no longer."


def preview_words(unit: str, summary: str) -> str:
    """What the list would do."""
    return f"For {unit}: {summary}."


def done_words(unit: str, summary: str) -> str:
    """What the list did."""
    return f"Brought into {unit}: {summary}."


def bring_in_label(count: int) -> str:
    """The button that does it."""
    return "Bring in 1 family" if count == 1 else f"Bring in {count} families"


def too_many(count: int, most: int) -> str:
    """More families than a message brings in."""
    return (
        f"There are {count:,} families in this list; a message brings in up to {most}. Please send it in parts, or "
        "have it brought in with “unitbot import” where the bot runs."
    )
