"""A letter that says what was agreed, for parents and carers, and a shorter one for a child or young person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from prompts_and_forms.days import day_words
from prompts_and_forms.documents.plain_english import CHILDREN, GROWN_UPS, Reading


@dataclass(frozen=True)
class Reader:
    """Who reads a letter, and the few sentences around the lines people wrote."""

    title: str
    first: str
    idea: str
    idea_is: str
    next: str
    say_so: str
    age: int


CARERS = Reader(
    title="What we agreed",
    first="Thank you for talking with us. This is what we agreed:",
    idea="An idea we talked about",
    idea_is="It is only an idea. Please tell us what you think of it.",
    next="We meet next on {day}.",
    say_so="If something here is not what you remember, or you want to add to it, please tell me. We can change it.",
    age=GROWN_UPS,
)
YOUNG = Reader(
    title="What we said we would do",
    first="Thank you for talking with us. This is what we said:",
    idea="An idea we talked about",
    idea_is="It is only an idea. You can tell us what you think.",
    next="We see each other next on {day}.",
    say_so="If something here is wrong, or you want to add something, tell me. You can also ask somebody to tell me.",
    age=CHILDREN,
)
READERS = {"letter": CARERS, "letter_young": YOUNG}
DEAR, SIGNED, PHONE = ("Dear",), ("Signed",), ("You can ring me on:",)
SUBJECT = {"letter": "for parents and carers", "letter_young": "for a child or young person"}

# ---- in chat

BUTTON = "Write a letter"
NOTICE = "A letter to the family"
FROM_WHAT = "A letter takes its lines from an agreement, or from what a meeting decided. You choose which of them stay."
NOTHING_YET = "Nothing is agreed or decided yet that a letter could say."
TO_CARERS, TO_YOUNG, EARLIER = "To parents or carers about", "To a child or young person about", "Letters so far"
WHO_HAS_IT, EDIT = "Say who has it", "Edit"
GIVEN = "Who has it"
NOBODY_HAS_IT = "Nobody has it yet. Print it, and say here who was given it and how."
FEW_WORDS = "It is too short to say how hard it is to read."
LONG, TRADE = "Long sentences: two short ones are easier", "Words of the trade, and what people say at home"
EMPTY = "Every line is empty. Please leave at least one, or close the form."
AGREEMENT, MEETING = "Agreement: {focus}", "Meeting of {day}"


def reads(found: Reading, aim: int) -> str:
    """How hard the letter is to read."""
    if found.age is None:
        return FEW_WORDS
    how = f"This reads at about the age of {found.age}."
    if found.age <= aim:
        return f"{how} That is easy enough."
    return f"{how} Aim for {aim}: shorter sentences, and shorter words."


def agreed_line(who: str, what: str, by: date | None) -> str:
    """Somebody's action as a line of a letter."""
    return f"{who}: {what}" + (f", by {day_words.with_weekday(by)}" if by else "")


def review_line(on: date) -> str:
    """When an agreement is looked at again."""
    return f"We look at this again on {day_words.with_weekday(on)}"


def given_line(whom: Iterable[str], how: str, on: date, by: str, note: str) -> str:
    """Who has the letter, how and since when."""
    said = f"{', '.join(whom)}: {how}, {day_words.in_full(on)} ({by})"
    return f"{said}. {note}" if note.strip() else said
