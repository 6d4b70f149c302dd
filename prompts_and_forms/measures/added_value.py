"""The SDQ added value score of a service: how much better children did than similar children who had no help.

Ford and others 2009, British Journal of Psychiatry 194: 552-8. For the parent form, about six months apart, in
higher-risk groups. Never for one child: one child's 95 % range is about 10 points either way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

SPREAD = Decimal(5)
"""Standard deviation of the score in the study's population."""
Z_95 = Decimal("1.96")
LEAST_CHILDREN = 10
"""Below this an average says next to nothing, and would come close to showing single children."""


class Status(StrEnum):
    OK = "ok"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Pair:
    """Parent-form results of one child at the start and at follow-up; None is missing."""

    informant: str
    first_total: int | None
    first_impact: int | None
    first_emotional: int | None
    later_total: int | None


@dataclass(frozen=True)
class Score:
    """`effect_size` = score divided by 5. Kept inside the service's sum, never shown for a child."""

    status: Status
    value: Decimal | None = None
    effect_size: Decimal | None = None


@dataclass(frozen=True)
class ServiceScore:
    """The average over `children` pairs with its 95 % interval; `mean` None where there are too few."""

    children: int
    left_out: int
    mean: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


def score(pair: Pair) -> Score:
    """2.3 + 0.8 first total + 0.2 first impact - 0.3 first emotional - later total, in exact tenths."""
    if pair.informant != "parent":
        return Score(Status.NOT_APPLICABLE)
    known = (pair.first_total, pair.first_impact, pair.first_emotional, pair.later_total)
    if any(part is None for part in known):
        return Score(Status.MISSING)
    total, impact, emotional, later = (int(part or 0) for part in known)
    tenths = 23 + 8 * total + 2 * impact - 3 * emotional - 10 * later
    value = Decimal(tenths) / 10
    return Score(Status.OK, value, value / SPREAD)


def service(pairs: Iterable[Pair], least: int = LEAST_CHILDREN) -> ServiceScore:
    """The service's average and interval; pairs that give no score are counted as left out."""
    scores = [score(pair) for pair in pairs]
    values = [one.value for one in scores if one.value is not None]
    left_out = len(scores) - len(values)
    if len(values) < max(least, 2):
        return ServiceScore(len(values), left_out)
    mean = sum(values, Decimal(0)) / len(values)
    half = Z_95 * SPREAD / Decimal(len(values)).sqrt()
    tenth = Decimal("0.1")
    return ServiceScore(
        len(values), left_out, mean.quantize(tenth), (mean - half).quantize(tenth), (mean + half).quantize(tenth)
    )
