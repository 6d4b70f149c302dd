"""What a list changes in a family, in a few words each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from prompts_and_forms.days import day_words
from prompts_and_forms.days.ages import KnownAge
from prompts_and_forms.unit import wording as unit_wording

INITIALS = "family initials"
COURT = "court date"
LEAD_WORKER = "lead worker"
SINCE = "with the unit since"
WHY = "From the list of families that was brought in."


NONE = "none"


@dataclass(frozen=True)
class Change:
    """One change in a few words, and what was recorded before where something was."""

    words: str
    was: str = ""


def was(what: str, value: object) -> str:
    """What was recorded before: "Next review: 3 Dec 2026"."""
    said = day_words.in_short(value) if isinstance(value, date) else str(value or NONE)
    return f"{what[:1].upper()}{what[1:]}: {said}"


def date_name(name: str) -> str:
    """A key date by its name."""
    return unit_wording.DATE_WORDS[name].lower()


def court_was(known: Mapping[str, Any] | None) -> str:
    """The court date before, and what it was for."""
    known = known or {}
    on = day_words.in_short(date.fromisoformat(str(known["on"]))) if known.get("on") else NONE
    return was(COURT, f"{on}, {known['type']}" if known.get("type") else on)


def child_was(child: KnownAge, initials: str, *, unborn: bool) -> str:
    """What was known of how old a child is."""
    age = "unborn" if unborn else None
    if child.months is not None:
        age = f"{child.months} months"
    elif child.years is not None:
        age = f"{child.years}"
    on = f" on {day_words.in_short(child.said_on)}" if child.said_on and age and not unborn else ""
    turns = f", turns 18 on {day_words.in_short(child.turns_18)}" if child.turns_18 else ""
    return was(child_words(initials), f"{age or NONE}{on}{turns}")


def carer_was(initials: str, relation: str, warning: str) -> str:
    """How a carer was described."""
    return f"{initials}: {relation or NONE}; safe contact: {warning or NONE}"


def date_words(name: str, on: date) -> str:
    """A key date and the day it is on from now on."""
    return f"{unit_wording.DATE_WORDS[name].lower()} {day_words.in_short(on)}"


def since_words(on: date) -> str:
    """Since when the family is with the unit."""
    return f"with the unit since {day_words.in_short(on)}"


def category_words(category: str) -> str:
    """The category from now on."""
    return f"now {unit_wording.category_words(category)}"


def new_child(initials: str) -> str:
    """A child the family did not have here."""
    return f"new child {initials}"


def child_words(initials: str) -> str:
    """A child whose age or day to come of age is different."""
    return f"age of {initials}"


def new_carer(initials: str) -> str:
    """A carer the family did not have here."""
    return f"new carer {initials}"


def carer_words(initials: str, *, warning: bool) -> str:
    """A carer who is described differently."""
    return f"safe-contact warning of {initials}" if warning else f"relation of {initials}"
