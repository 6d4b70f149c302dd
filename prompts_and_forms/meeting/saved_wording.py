"""What was saved, as a card says it in one line."""

from __future__ import annotations

from datetime import date

from prompts_and_forms.days import day_words

SAFETY = "Safety"
CHANGE = "What has changed"
WORDS = "In their words"
ACTIONS = "Actions"
ACTION = "Action"
IDEA = "Idea"
AGREEMENT = "Joint working agreement"
ROLE = "Role"
VIEWS = "Different views"
CONVERSATION = "Next conversation"
NEXT = "Next discussion"
OUTSIDE = "somebody outside the unit"
LONG = 160
RESULTS = {
    "done": "Done",
    "carry_on": "Under way",
    "carry_over": "Carried over",
    "not_done": "Not done yet",
    "drop": "No longer needed",
}
NOT_SAVED = "Your message is not saved"
NOTE_MOVED = "The note is moved"


def shortened(words: str) -> str:
    """Words in one line; the whole text is in the record."""
    line = " ".join(words.split())
    return line if len(line) <= LONG else f"{line[: LONG - 1].rstrip()}…"


def concern(concern_today: bool, manager: bool | None) -> str:
    """What a safety check said about today."""
    if concern_today:
        return "There is a concern today."
    if manager:
        return "A manager is needed today."
    return "No concern today." if manager is False else "Not sure about today."


def seen(who: str, on: date | None, by: str, alone: bool | None) -> str:
    """ "TB seen Tue 24 Nov, alone, by Devan." """
    if on is None:
        return f"{who}: last seen not recorded."
    parts = [f"{who} seen {day_words.of_this_year(on)}"]
    if alone is not None:
        parts.append("alone" if alone else "not alone")
    return f"{', '.join(parts)}{f', by {by}' if by else ''}."


def worry(words: str) -> str:
    """A worry, shortened."""
    return f"Worry: {shortened(words).rstrip('.')}."


def quoted(who: str, words: str) -> str:
    """What somebody said, in quotation marks; that nothing is recorded where they said nothing."""
    if not words:
        return f"{who}: nothing recorded." if who else ""
    return f"{who}: “{words}”" if who else f"“{words}”"


def result(text: str, what: str) -> str:
    """What became of an action."""
    return f"{RESULTS.get(what, what)}: {text.rstrip('.')}."


def new_action(text: str, owner: str, due: date | None) -> str:
    """A new action with owner and day, or that one of them is missing."""
    who = owner or "nobody yet"
    return f"{text.rstrip('.')} ({who}{f', by {day_words.of_this_year(due)}' if due else ', no date yet'})."


def sentence(words: str) -> str:
    """Words with a full stop, where they end without one of their own."""
    return words if not words or words.endswith((".", "!", "?", "…")) else f"{words}."


def agreement(focus: str, status: str, review_on: date | None) -> str:
    """An agreement by its focus, where it stands, and when it is looked at again."""
    review = f", review {day_words.of_this_year(review_on)}" if review_on else ""
    return f"{sentence(focus)} {status[:1].upper()}{status[1:]}{review}."


def conversation(who: str, with_whom: list[str], on: date | None, first: str) -> str:
    """ "Devan with TB, by Tue 1 Dec: “How was the week?”" """
    whom = ", ".join(name for name in with_whom if name)
    said = f"{who or 'Nobody yet'}{f' with {whom}' if whom else ''}{f', by {day_words.of_this_year(on)}' if on else ''}"
    return f"{said}: “{first}”" if first else f"{said}."


def by(name: str) -> str:
    """Who saved it."""
    return f"saved by {name}."


def signed(name: str) -> str:
    """The same behind a record's own words."""
    return f"({name})"
