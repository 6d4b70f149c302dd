"""Change between two results of one questionnaire: same informant, same form, and reliable where a threshold is agreed.

Thresholds: NHS England's published code for the mental health services data set, with two of its directions put right
(prosocial: higher is better; SCORE-15: higher is more difficulty). Data: reliable_change.csv. Decimals, never floats.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

from prompts_and_forms.measures import catalogue

FILE = Path(__file__).parent / "reliable_change.csv"


class Verdict(StrEnum):
    IMPROVED = "improved"
    DETERIORATED = "deteriorated"
    NO_RELIABLE_CHANGE = "no_reliable_change"
    NO_THRESHOLD = "no_threshold"
    NOT_COMPARABLE = "not_comparable"
    MISSING = "missing"


@dataclass(frozen=True)
class Threshold:
    """A change of at least `points` is more than chance; `higher_is_better` is the direction of improvement."""

    points: Decimal
    higher_is_better: bool


@dataclass(frozen=True)
class Change:
    """`by` = later minus first; None where one of them is missing or they cannot be compared."""

    scale: str
    first: Decimal | None
    later: Decimal | None
    by: Decimal | None
    verdict: Verdict
    threshold: Threshold | None = None


def threshold(measure: str, version: str, scale: str) -> Threshold | None:
    """The agreed threshold; None where there is none (SDQ total, every school form, age 2 to 4 ...)."""
    table = _thresholds()
    return table.get((measure, version, scale)) or table.get((measure, "", scale))


def between(
    measure: str,
    scale: str,
    first: tuple[str, Decimal | int | None],
    later: tuple[str, Decimal | int | None],
) -> Change:
    """The change on one scale; `first` and `later` are (form, score). Two forms are never compared."""
    one, two = _decimal(first[1]), _decimal(later[1])
    if first[0] != later[0]:
        return Change(scale, one, two, None, Verdict.NOT_COMPARABLE)
    if one is None or two is None:
        return Change(scale, one, two, None, Verdict.MISSING)
    by = two - one
    agreed = threshold(measure, later[0], scale)
    if agreed is None:
        return Change(scale, one, two, by, Verdict.NO_THRESHOLD)
    return Change(scale, one, two, by, _verdict(by, agreed), agreed)


def changes(measure: str, version: str, first: catalogue.Scores, later: catalogue.Scores) -> dict[str, Change]:
    """The change on every scale both results have, in the catalogue's order."""
    known = catalogue.get(measure).scales
    return {
        scale: between(measure, scale, (version, first.get(scale)), (version, later.get(scale)))
        for scale in known
        if scale in first and scale in later
    }


def direction(measure: str, scale: str, by: Decimal) -> str:
    """better, worse, the same, or "" where the scale has no direction. Says nothing about whether it is reliable."""
    known = catalogue.find(measure)
    better = known.scales[scale].better if known and scale in known.scales else "none"
    if by == 0:
        return "the same"
    if better == "none":
        return ""
    return "better" if (by > 0) == (better == "higher") else "worse"


def _verdict(by: Decimal, agreed: Threshold) -> Verdict:
    if abs(by) < agreed.points:
        return Verdict.NO_RELIABLE_CHANGE
    return Verdict.IMPROVED if (by > 0) == agreed.higher_is_better else Verdict.DETERIORATED


def _decimal(value: Decimal | int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


@cache
def _thresholds() -> dict[tuple[str, str, str], Threshold]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return {
            (row["measure"], row["version"], row["scale"]): Threshold(
                Decimal(row["threshold"]), row["better"] == "higher"
            )
            for row in csv.DictReader(file)
        }
