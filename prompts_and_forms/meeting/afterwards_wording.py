"""Sentences of what follows a meeting: each person's own work, and the records to copy to the case file."""

from __future__ import annotations

from datetime import date

from prompts_and_forms.days import day_words
from prompts_and_forms.meeting.wording import families_words, names_words

OWN_NOTICE = "After today's meeting"
ACTIONS = "Your actions"
CONVERSATIONS = "Your next conversations"
NOTHING = "Nothing from this meeting waits for you. Thank you."
DONE_SINCE = "Done since the meeting"
DONE, CARRY, HAND_OVER = "Done", "Carry over", "Hand over"
CONVERSATION_DONE = "That conversation is done already."
NO_CONVERSATION = "I no longer find that conversation."

COPY_NOTICE = "The records of the meeting are ready to copy"
COPY_ALL = "Mark all as copied"
COPY_ONE = "Mark as copied"
COPY_AGAIN = "Mark as copied again"
READ = "Read the record"
NOT_FINISHED = "not finished, and on the next agenda"
WAITS = "waits for the lead to confirm"
CHANGED = "something was added or changed since the lead confirmed"
NOTHING_TO_COPY = "No record of this meeting is left to copy."
ALL_AS = "All records in one document:"
RECORD_UNKNOWN = "I no longer know that record."
ALREADY_MARKED = "Already marked"
SOMEBODY_MARKED_IT = "{who} has already marked this record as copied."


def own_title(day: date) -> str:
    """The heading of one's own work after a meeting."""
    return f"After the meeting of {day_words.with_weekday(day)}"


def more_actions(count: int) -> str:
    """How many actions are not shown, and where they are."""
    return f"And {count} more: /action mine shows them all."


def conversation_line(who: list[str], when: str) -> str:
    """With whom, and by when."""
    talked_to = f"with {names_words(who)}" if who else "with the family"
    return f"{talked_to}, {when}"


def copy_title(day: date) -> str:
    """The heading of what is to be copied after a meeting."""
    return f"Copy to the case file: {day_words.with_weekday(day)}"


def copy_family(label: str) -> str:
    """The heading of one family's summary to copy."""
    return f"Copy to the case file: {label}"


def copied_count(done: int, total: int) -> str:
    """How many summaries have been copied."""
    return f"{done} of {families_words(total)} copied."


def missing(words: list[str]) -> str:
    """What the record lacks."""
    return f"Recorded as missing: {'; '.join(words)}."


def confirmed(name: str) -> str:
    """Who confirmed a record."""
    return f"confirmed by {name}"


def copied(name: str, day: date, time: str) -> str:
    """Who copied a summary, and when."""
    return f"Copied by {name}, {day_words.of_this_year(day)} at {time}."
