"""Sentences of an immediate concern: what whoever pressed sees, what others hear, and what is true afterwards."""

from __future__ import annotations

from datetime import datetime

from prompts_and_forms.meeting.wording import names_words

WINDOW_TITLE = "Immediate concern"
WHICH = "Which family?"
WHICH_FIRST = "Then choose the family. Its discussion stops and everybody here sees these contacts."
NO_FAMILIES = "This unit has no families yet, so there is no discussion to stop."
NOT_POSTED = (
    "This family is open to a few people only, so nothing about it is posted in the channel. Please call now, and tell "
    "the unit lead yourself."
)
BY_MISTAKE = "Pressed by mistake"
WRITE_DOWN = "Write down what was seen or heard"
BOARD_FIRST = "A family's discussion has stopped so that people can act. The board shows which one. Others can go on."
THEN = "When somebody has been told, write down who and when. Then this family can go on, or wait until another day."
ANSWER_AGAIN = "The safety form says there is a concern. Change that answer, and the discussion is back where it was."
UNDONE_TITLE = "Pressed by mistake"
TOLD_ALREADY = (
    "Somebody has been told already, so the concern stays in the record. “Go on with this family” takes the discussion "
    "up again."
)
WHAT_HAPPENS_NOW = "What happens now"
WHO_DECIDES = "Who decides"
CONFIRMED_BY = "Confirmed by"
RECORDED_BY = "Recorded by"
SAY_WHO_WAS_TOLD = "Say who was told: a person, or a role or service."


def stopped(ref: str) -> str:
    """To whoever raised a concern: what happened, and where the contacts are."""
    return f"{ref} is stopped. The contacts are in its thread and under the board."


def heard(names: list[str]) -> str:
    """Who has a message about a concern."""
    return f"{names_words(names)} {'has' if len(names) == 1 else 'have'} a message about it."


def message_title(ref: str) -> str:
    """The heading of the message about a concern."""
    return f"Immediate concern: {ref}"


def message_notice(ref: str) -> str:
    """The line outside the chat for a concern."""
    return f"An immediate concern was raised about {ref}"


def raised(name: str, at: datetime) -> str:
    """Who raised a concern, and when."""
    return f"Raised by {name} at {at:%H:%M}."


def told(lines: list[str]) -> str:
    """Who was told."""
    return f"Told: {'; '.join(lines)}."


def mistaken(name: str, at: datetime) -> str:
    """That a concern was pressed by mistake, and that the discussion goes on."""
    return f"Pressed by mistake, says {name} ({at:%H:%M}). The discussion is back where it was."


def mistake_line(raiser: str, raised_at: datetime, name: str, at: datetime) -> str:
    """The history of a press by mistake, as a record shows it."""
    return f"Pressed by {raiser} at {raised_at:%H:%M}. By mistake, said {name} at {at:%H:%M}."


def undone(ref: str) -> str:
    """To whoever took a mistaken concern back."""
    return f"{ref} is back where it was. The record says that it was pressed by mistake."


def only_presser(names: list[str]) -> str:
    """Who may say so."""
    who = f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else names[0]
    return f"Only {who} can say it was pressed by mistake. If you think so too, please tell them."


NO_SUCH_CHILD = "I no longer find that child in this family. Please record it as an action."


def who_goes(child: str) -> str:
    """The button that answers for one child; two children can wait at once."""
    return f"Who goes to see {child}, and when?"


def not_seen(child: str) -> str:
    """Above the form that asks it."""
    return f"{child} has not been seen within the time this plan gives."


def see(child: str) -> str:
    """The action that answers for a child not seen in time."""
    return f"See {child}, who was not seen within the time this plan gives"


NOW = {
    "open": "Its discussion is going on.",
    "parked": "It is parked for now.",
    "read_back": "It has been read back and waits for the unit lead to confirm.",
    "awaiting": "It is finished for today and waits for the unit lead to confirm.",
    "closed": "It is finished.",
    "stopped": "It is still stopped.",
}


def confirmed(name: str, at: datetime) -> str:
    """That a discussion is finished, and who confirmed it."""
    return f"It is finished, and {name} confirmed it on {at.day} {at:%B} at {at:%H:%M}."


def true_now(ref: str, told_lines: list[str], now: str) -> str:
    """What an old button answers: who was told, and where the family is."""
    first = f"{ref} is not stopped any more."
    return " ".join([first, *([told(told_lines)] if told_lines else []), now])
