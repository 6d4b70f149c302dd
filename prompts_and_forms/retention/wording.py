"""How long things stay, in words."""

from __future__ import annotations

from prompts_and_forms.days import day_words

FAULT = "{name}, line {line}: {problem}. Nothing is due until this is mended."
NO_RULES = "there are no rules in it"
NO_NAMES = "a rule is a list of names and values"
TWICE = "two rules called {rule} are in force on the same day"

STILL_OPEN = "It is still open here."
NO_RULE = "There is no rule for one of the categories it had."
NOT_SET = "Your council has not said how long yet: {rule}."
NO_BIRTHDAY = "I do not know when every child turns 18, so I cannot work out the day."
NOT_COPIED = "Not everything about it is marked as copied to the case file."
UNDER_HOLD = "There is a legal hold."
MEETING_ON = "It is on the agenda of a meeting that is open now."
NOT_YET = "Not before {day}."

RULES = {
    "looked_after": "looked after, to the youngest child's 75th birthday",
    "looked_after_died": "looked after and died under 18",
    "child_protection": "child protection",
    "child_in_need": "child in need",
    "complex_child_in_need": "complex child in need",
    "drafts": "forms that were begun and never sent",
    "chat": "what still lies in chat",
    "audit": "who looked and what was done",
}


def rule_name(rule: str) -> str:
    """A rule, as people read it."""
    return RULES.get(rule, rule.replace("_", " "))


def not_yet(day: object) -> str:
    """From which day it is due."""
    return NOT_YET.format(day=day_words.in_full(day))  # type: ignore[arg-type]
