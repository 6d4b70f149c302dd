"""Somebody leaves, a unit gets another lead, splits, merges or closes: what people read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from prompts_and_forms.days import day_words

HAND_OVER = "Hand over their work"
NOTICE = "Handing over"
NOTHING = "{who} has nothing in hand in this unit."
IN_HAND = "In hand"
NOT_A_CLINICIAN = "Clinical work goes to a clinician or a clinical manager of this unit."
NOT_HERE = "Please choose somebody who is in the unit."
LONGEST = 70
WORDS = {
    "leads": "lead worker",
    "clinician": "clinical work",
    "action": "{what}",
    "role": "role: {what}",
    "test": "test of an idea: {what}",
    "talk": "a conversation with the family",
    "draft": "half-written: {what}",
}


def work_line(family: str, kind: str, what: str, due: date | None) -> str:
    """One piece of work, short enough for a form."""
    line = f"{family}: {WORDS[kind].format(what=' '.join(what.split()))}"
    day = f" ({day_words.of_this_year(due)})" if due else ""
    room = LONGEST - len(day)
    return f"{line if len(line) <= room else line[: room - 3].rstrip() + '...'}{day}"


def handed(count: int, left: int, who: str) -> str:
    """What was handed over, and what is still with them."""
    done = "1 thing has" if count == 1 else f"{count} things have"
    if left:
        return f"{done} somebody new. {left} still with {who}."
    return f"{done} somebody new. Nothing is left with {who}."


def taken(by: str, who: str, unit: str) -> str:
    """For somebody who goes on with it."""
    return f"{by} has given you work that was {who}'s in {unit}. Your Home tab and your reminders show it."


# ---- another lead

LEAD_NOTICE = "You lead the unit"


def leads_now(unit: str, by: str) -> str:
    """For the new lead."""
    return f"You lead {unit} from now on ({by} changed it)."


def waits(records: int, families: int) -> list[str]:
    """What waits for the new lead's yes."""
    found = []
    if records:
        found.append("1 record waits for your yes." if records == 1 else f"{records} records wait for your yes.")
    if families:
        one = "Another unit asks you to take a family."
        found.append(one if families == 1 else f"Other units ask you to take {families} families.")
    return found or ["Nothing waits for your yes."]


# ---- splitting, merging, closing

MOVE_FAMILIES = "Move families to another unit"
CHOOSE_UNIT = "Where do the families of {unit} go? The lead there is asked once, for all you choose."
EMPTY = "{unit} has no families that could go."
NONE_CHOSEN = "Please choose at least one family, or all of them."
ALL_ON_THE_WAY = "These families are on their way already: {families}. Please leave them out."
CLOSE, CLOSE_TITLE, OPEN_AGAIN = "Close the unit", "Closing a unit", "Open the unit again"
WHAT_CLOSING_MEANS = (
    "{unit} meets no more and nobody is reminded for it. "
    "Its people can still read what was recorded, and it can be opened again."
)
STILL_OPEN = "{unit} still has {count}. Move them to another unit or close them first."
MEETING_OPEN = "A meeting of {unit} is open. Please close it first."
ON_THE_WAY = "A family is on its way to or from {unit}. Wait for the day, or withdraw it first."
CLOSED = "{unit} is closed from today."
IS_CLOSED = "{unit} was closed on {day}, so it does not meet. Its coordinator or lead can open it again with /unit."
OPENED = "{unit} is open again."


def families_count(count: int) -> str:
    """How many families are still open."""
    return "1 open family" if count == 1 else f"{count} open families"


def asked(unit: str, labels: Sequence[str]) -> str:
    """After asking for several families at once."""
    return f"{unit} is asked to take {', '.join(labels)}. You hear as soon as somebody answers."
