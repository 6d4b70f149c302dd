"""Sentences about taking turns at facilitating the meeting."""

from __future__ import annotations

from datetime import date

from prompts_and_forms.days import day_words

TITLE = "Who facilitates"
CHOOSE = "Who takes turns"
NO_ROTA = "Nobody takes turns yet, so the unit lead facilitates. The coordinator can choose who takes turns."
SHOW = "Who facilitates"
SWAP = "Swap my turn with"
YES, NO = "Yes, swap", "No"
NOT_YOURS = "That is not your turn any more, so there is nothing to swap. “Who facilitates” shows how it is now."
CHANGED = "The turns have changed since then, so nothing was swapped. “Who facilitates” shows how they are now."
ANSWERED = "That was answered already. “Who facilitates” shows how it is now."
ASKED_ALREADY = "{who} has been asked already. You hear when there is an answer."
NOT_ASKED = "Only {who} can answer this."
LEFT = "{who} has left the unit. Please take the name off the list."
MINE = "It is your turn to facilitate."


def facilitates(who: str) -> str:
    """Who facilitates the next meeting."""
    return f"{who} facilitates."


def turn_words(day: date, who: str, *, swapped: bool) -> str:
    """One turn: "Tue 24 Nov: Devan"."""
    return f"{day_words.of_this_year(day)}: {who}{' (swapped)' if swapped else ''}"


def choice_words(who: str, day: date) -> str:
    """With whom, and which day one would take on."""
    return f"{who}, {day_words.of_this_year(day)}"


def asked(who: str) -> str:
    """That somebody was asked."""
    return f"{who} has been asked. You hear when there is an answer."


def question(who: str, theirs: date, yours: date) -> str:
    """What the other is asked."""
    return (
        f"{who} asks to swap: would you facilitate on {day_words.with_weekday(theirs)}? "
        f"{who} would take yours on {day_words.with_weekday(yours)}."
    )


def answered(who: str, *, yes: bool, mine: date, theirs: date) -> str:
    """What came of it, for whoever asked: `mine` is the day they had, `theirs` the one they take on."""
    if not yes:
        return f"{who} cannot swap. The turn on {day_words.with_weekday(mine)} is still yours."
    return (
        f"{who} said yes and facilitates on {day_words.with_weekday(mine)}. You have {day_words.with_weekday(theirs)}."
    )


def i_answered(who: str, *, yes: bool, theirs: date, yours: date) -> str:
    """The same for whoever was asked."""
    if not yes:
        return f"You said no to {who}. Nothing has changed."
    return (
        f"Swapped with {who}. You facilitate on {day_words.with_weekday(theirs)}, "
        f"{who} on {day_words.with_weekday(yours)}."
    )
