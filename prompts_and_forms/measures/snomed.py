"""SNOMED CT codes of scores, from NHS England's list for the mental health services data set. Older codes are read,
current ones are written. Data: snomed.csv.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "snomed.csv"
SAME_CODE = {("ORS", "young_person"): "adult", ("ORS", "carer"): "child", ("GBO", "parent"): "self"}
"""Forms that share the code of another form."""
SAME_CODE |= {("GBO", "family"): "self"}


@dataclass(frozen=True)
class Term:
    """`current` is False for a code of the older list. `measure` is "" for something the bot does not keep."""

    code: str
    term: str
    current: bool
    measure: str
    version: str
    scale: str


def code(measure: str, version: str, scale: str) -> str:
    """The current code of a score; "" where the list has none (MFQ, Conners 3, T scores, externalising ...)."""
    place = (measure, SAME_CODE.get((measure, version), version), scale)
    return _written().get(place, "")


def read(code_: str) -> Term | None:
    """What a code stands for, older codes included; None for one that is not in the list."""
    return _by_code().get(code_.strip())


def current(code_: str) -> str:
    """The code to write for a code that was read: an older one becomes the current one of the same score."""
    found = read(code_)
    if found is None or found.current:
        return code_ if found else ""
    return code(found.measure, found.version, found.scale) if found.measure else ""


@cache
def terms() -> tuple[Term, ...]:
    """Every code of the two lists, read from their file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Term(row["code"], row["term"], row["list"] == "current", row["measure"], row["version"], row["scale"])
            for row in csv.DictReader(file)
        )


@cache
def _by_code() -> dict[str, Term]:
    return {term.code: term for term in terms()}


@cache
def _written() -> dict[tuple[str, str, str], str]:
    return {(term.measure, term.version, term.scale): term.code for term in terms() if term.current and term.measure}


_TIMES = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
    (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
    (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
    (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2),
    (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
    (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
_SHIFT = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def is_sound(code_: str) -> bool:
    """Whether the last digit checks (Verhoeff), as in every SNOMED CT identifier."""
    if not code_.isascii() or not code_.isdigit() or not 6 <= len(code_) <= 18:
        return False
    check = 0
    for place, letter in enumerate(reversed(code_)):
        digit = int(letter)
        for _ in range(place % 8):
            digit = _SHIFT[digit]
        check = _TIMES[check][digit]
    return check == 0
