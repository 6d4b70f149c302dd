"""Sentences of bringing in a list of families. A fault begins small: it stands after "line 7, "."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

TOO_LARGE = "This file is larger than {most} MB. Please send the list in two parts."
TOO_LONG = "This file has more than {most:,} lines. Please send the list in two parts."
A_WORKBOOK = "This is an Excel workbook. Please save it as CSV first: File, Save As, CSV UTF-8."
NOT_A_SHEET = "I cannot read this as a CSV file. Please save it again from your spreadsheet: File, Save As, CSV UTF-8."
NO_REFERENCE = "There is no column “Case reference” in the first line. Please start from the template."
TWICE = "The column “{name}” is there twice. Please take one out."
EMPTY = "There are no families in this file, only headings."

REF_MISSING = "the case reference is missing"
REF_LETTER = "the reference has the wrong check letter"
REF_MISFITS = "the reference does not look like your council's"
REF_ELSEWHERE = "this reference is in use already, so it cannot be added here"
CLOSED = "this family is closed; open it again with /family first"
CATEGORY_MISSING = "the category is missing"
CATEGORY_UNKNOWN = (
    "“{said}” is no category; write child in need, complex child in need, child protection or looked after"
)
WORKER_UNKNOWN = "nobody in the unit is called “{said}”"
WORKER_SEVERAL = "several people in the unit are called “{said}”; please write the whole name"
NOT_A_DATE = "“{said}” under “{column}” is no date; write the day first, such as 03/09/2026"
TO_COME = "the date under “{column}” is still to come"
INITIALS = "“{said}” is too long for initials; up to four letters, never a name"
INITIALS_MISSING = "the initials of the {who} are missing"
AGE = "“{said}” is no age; write years, such as 9, or 14 months, or unborn"
AGE_ODD = "the age does not fit; under eighteen, or up to 25 for a young person who stays on"
BIRTH = "the date under “Child turns 18” looks like a date of birth; write the day they turn 18, or their age"
AGE_AND_DATE = "the age and the day they turn 18 do not fit together"
SAME_CHILD = "line {line} has another child with the initials {initials}; write {initials} and {initials}2"
SAME_CARER = "line {line} has another carer with the initials {initials}; write {initials} and {initials}2"
KNOWN_TWICE = "the family has two people with the initials {initials} already; please change them with /family"
OTHERWISE = "“{column}” is different from line {line}"
PRIVATE = "the safe-contact warning has {what} in it; please take that out"
COURT_FOR = "“Court for” needs a date under “Court”"
SUMMARY_LINES = 20
"""Families that change listed; the rest are counted."""
MOST_FAULTS = 50
"""Faults listed in a message, so that one round of mending is enough; at the computer every one is."""


def count_words(number: int, word: str) -> str:
    """A number before a word: "12 new"."""
    return f"{number:,} {word}"


def summary(new: int, changed: int, same: int, refused: int) -> str:
    """What an import does, in one line."""
    parts = [count_words(new, "new"), count_words(changed, "changed")]
    if same:
        parts.append(count_words(same, "already as in the list"))
    if refused:
        parts.append(count_words(refused, "refused"))
    return ", ".join(parts)


class Found(Protocol):
    """What an import does, as far as it is said."""

    changed: list[tuple[str, tuple[str, ...]]]

    @property
    def refused(self) -> Sequence[object]: ...

    def summary(self) -> str: ...


def preview_lines(found: Found, unread: tuple[str, ...]) -> list[str]:
    """What an import would do: the counts, what changes (cut at a readable length), and everything that is wrong."""
    lines = [f"{found.summary()}."]
    lines += _cut("Changes", [changed(ref, what) for ref, what in found.changed], SUMMARY_LINES)
    lines += _cut("Refused", [str(fault) for fault in found.refused], len(found.refused))
    return [*lines, not_read(unread)] if unread else lines


def _cut(title: str, lines: list[str], most: int) -> list[str]:
    if not lines:
        return []
    left = len(lines) - most
    shown = [f"{title}: {lines[0]}" if len(lines) == 1 else f"{title}:", *lines[0 if len(lines) > 1 else 1 :]]
    return [*shown[: most + 1], more(left)] if left > 0 else shown


def fault(line: int, ref: str, sentence: str) -> str:
    """What is wrong in one line."""
    return f"line {line}, {ref}: {sentence}" if ref else f"line {line}: {sentence}"


def not_read(columns: tuple[str, ...]) -> str:
    """Columns nothing is done with, and the wish that they stay at home."""
    names = ", ".join(f"“{name}”" for name in columns)
    return f"Not read: {names}. Please leave out what I do not need."


def more(number: int) -> str:
    """How many lines are not shown."""
    return f"and {number:,} more"


def changed(ref: str, what: tuple[str, ...]) -> str:
    """What changes in one family."""
    return f"{ref}: {', '.join(what)}"
