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
