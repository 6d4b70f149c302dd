"""The handover pack in words."""

from __future__ import annotations

TITLE = "Handover pack"
IS = (
    "For the people who take over: what the unit has written down, in its own words. Ideas are marked as ideas. "
    "Read the safe-contact warnings first, and talk to the people at the end before the first visit."
)
NO_WARNING = "No safe-contact warning is recorded. Ask the lead worker before the first contact all the same."
WHO, PLAN, AGREED, OPEN = "Who they are", "The plan", "What is agreed", "What is open"
IDEAS, WORKS, DATES = "Ideas so far", "What works with this family", "Dates"
QUESTIONNAIRES, RING, MEETING = "Questionnaires", "Who to ring", "Handover meeting"
FROM_UNIT, TO_UNIT, MOVES_ON, ASKED_BY, WHY = "From", "To", "Moves on", "Asked by", "Why"
CATEGORY, SINCE, LEAD_WORKER = "Category", "With the unit since", "Lead worker"
NOT_SAID = "Nothing is written down about this yet."
NO_PLAN, NO_DATES, NONE_OPEN = "No plan is recorded yet.", "No dates are recorded yet.", "No actions are open."
NO_AGREEMENT, NO_IDEAS, NO_RESULTS = "Nothing is agreed yet.", "There are no ideas yet.", "No questionnaires yet."
PEOPLE_HEAD, DATE_HEAD = ("Who", "Part"), ("What", "When")
ACTIONS_HEAD = ("What will be done", "Who", "By when")
RESULT_HEAD = ("Child", "Filled in by", "Questionnaire", "On", "What it said")
NOTICED = "Noticed at the end of an agreement"
WORKED = "What worked, from reviews"
CONTACTS = "When it cannot wait"
COURT = "Court"
ROLES = "Who does what"


def seen(who: str, age: str, last: str, alone: str) -> str:
    """A child, with how old and when last seen."""
    days = f"last seen {last}" if last else "not seen yet"
    return f"{who}{f', {age}' if age else ''}: {days}{f', alone {alone}' if alone else ''}"
