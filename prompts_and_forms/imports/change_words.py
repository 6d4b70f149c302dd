"""What a list changes in a family, in a few words each."""

from __future__ import annotations

from datetime import date

from prompts_and_forms.days import day_words
from prompts_and_forms.unit import wording as unit_wording

INITIALS = "family initials"
COURT = "court date"
LEAD_WORKER = "lead worker"
WHY = "From the list of families that was brought in."


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
