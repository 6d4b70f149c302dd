"""The Strengths and Difficulties Questionnaire: scales from item numbers, missing items, impact, bands.

Source of the rules: the official scoring syntax of the questionnaire's authors. Reversed items 7, 11, 14, 21, 25. A
scale needs three answers of five and is scaled up, halves upwards. A blank is missing and never zero. Bands are
population cut-points and no diagnosis; where there are none for a form, none is given.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from prompts_and_forms.measures import wording as measures_wording

BANDS_FILE = Path(__file__).parent / "sdq_bands.csv"

ITEMS: dict[str, tuple[int, ...]] = {
    "emotional": (3, 8, 13, 16, 24),
    "conduct": (5, 7, 12, 18, 22),
    "hyperactivity": (2, 10, 15, 21, 25),
    "peer": (6, 11, 14, 19, 23),
    "prosocial": (1, 4, 9, 17, 20),
}
REVERSED = frozenset({7, 11, 14, 21, 25})
LEAST_ANSWERED = 3
SCALES = ("emotional", "conduct", "hyperactivity", "peer", "prosocial", "impact")
IMPACT_POINTS = (0, 0, 1, 2)
IMPACT_ITEMS = {
    "parent": ("distress", "home", "friends", "learning", "leisure"),
    "self": ("distress", "home", "friends", "learning", "leisure"),
    "teacher": ("distress", "friends", "learning"),
}

Scheme = Literal["4band", "3band"]
BAND_KEYS = {
    "parent_2_4": ("parent", "2-4"),
    "parent_4_17": ("parent", "4-17"),
    "teacher_4_17": ("teacher", "4-17"),
    "self_11_17": ("self", "11-17"),
}
"""Forms with bands. The nursery form for 2 to 4 is not verified, and there are no bands from 18 on."""

CARER_RETURN = ((0, "normal"), (14, "borderline"), (17, "cause for concern"))
"""The bands of the carer's total in the looked-after children return."""


@dataclass(frozen=True)
class Scores:
    """Scale scores of one form; None is missing. `impact_incomplete`: some impact answers were left blank."""

    emotional: int | None = None
    conduct: int | None = None
    hyperactivity: int | None = None
    peer: int | None = None
    prosocial: int | None = None
    impact: int | None = None
    impact_incomplete: bool = False

    @property
    def total(self) -> int | None:
        """Total difficulties, 0 to 40; missing when one of its four scales is missing. Prosocial is apart."""
        return _sum(self.emotional, self.conduct, self.hyperactivity, self.peer)

    @property
    def externalising(self) -> int | None:
        """Conduct and hyperactivity together; None where one is missing."""
        return _sum(self.conduct, self.hyperactivity)

    @property
    def internalising(self) -> int | None:
        """Emotional and peer together; None where one is missing."""
        return _sum(self.emotional, self.peer)

    def as_dict(self) -> dict[str, int | None]:
        """Every score by name, the sums included."""
        named = {name: getattr(self, name) for name in SCALES}
        return named | {
            "total": self.total,
            "externalising": self.externalising,
            "internalising": self.internalising,
        }


@dataclass(frozen=True)
class Impact:
    """The impact section as answered: `overall` 0 (no) to 3; each other item 0 to 3; None is blank."""

    overall: int | None = None
    distress: int | None = None
    home: int | None = None
    friends: int | None = None
    learning: int | None = None
    leisure: int | None = None


@dataclass(frozen=True)
class Band:
    """`number` 1 is close to average. `note` says where the band is not settled."""

    scheme: Scheme
    number: int
    label: str
    note: str = ""


def scale_score(answers: Iterable[int | None]) -> int | None:
    """One scale, 0 to 10, from its five answers in the scored direction; missing with fewer than three."""
    given = [answer for answer in answers if answer is not None]
    if len(given) < LEAST_ANSWERED:
        return None
    return (10 * sum(given) + len(given)) // (2 * len(given))


def score(items: Mapping[int, int | None], informant: str, impact: Impact | None = None) -> Scores:
    """Scale scores from raw answers 0, 1 or 2 by item number. Raises ValueError for an answer that cannot be."""
    for number, answer in items.items():
        if number not in range(1, 26) or answer not in (None, 0, 1, 2):
            raise ValueError(measures_wording.item_fault(number))
    directed = {n: None if a is None else 2 - a if n in REVERSED else a for n, a in items.items()}
    scales = {scale: scale_score(directed.get(n) for n in numbers) for scale, numbers in ITEMS.items()}
    points, incomplete = impact_score(impact or Impact(), informant)
    return Scores(**scales, impact=points, impact_incomplete=incomplete)


def impact_score(impact: Impact, informant: str) -> tuple[int | None, bool]:
    """Impact (0 to 10, school 0 to 6) and whether answers are missing. No difficulties overall is 0, blank missing."""
    for name in ("overall", *IMPACT_ITEMS["parent"]):
        if getattr(impact, name) not in (None, 0, 1, 2, 3):
            raise ValueError(measures_wording.IMPACT_ANSWER)
    if impact.overall == 0:
        return 0, False
    answers = [getattr(impact, name) for name in IMPACT_ITEMS.get(informant, IMPACT_ITEMS["parent"])]
    given = [answer for answer in answers if answer is not None]
    if not given:
        return None, False
    return sum(IMPACT_POINTS[answer] for answer in given), len(given) < len(answers)


def entered(scores: Mapping[str, int | None], *, impact_incomplete: bool = False) -> Scores:
    """Scale scores as they stand on the paper form."""
    return Scores(**{name: scores.get(name) for name in SCALES}, impact_incomplete=impact_incomplete)


def total_fault(scores: Scores, said: int | None) -> str:
    """A sentence where the total on the paper is not the sum of its four scales, or stands without them."""
    if said is None or said == scores.total:
        return ""
    if scores.total is None:
        return measures_wording.TOTAL_WITHOUT_SCALES
    return measures_wording.total_differs(said, scores.total)


def has_bands(version: str, scheme: Scheme = "4band") -> bool:
    """Whether there are published bands for this version."""
    return any(key[0] == scheme and key[1:3] == BAND_KEYS.get(version) for key in _bands())


def band(version: str, scale: str, value: int | None, scheme: Scheme = "4band") -> Band | None:
    """The band of a score; None where it is missing or where there are no bands for that form and scale."""
    place = BAND_KEYS.get(version)
    if value is None or place is None:
        return None
    for least, most, found in _bands().get((scheme, *place, scale), ()):
        if least <= value <= most:
            return found
    return None


def carer_return_band(total: int | None) -> str:
    """normal, borderline or cause for concern, as the yearly return words it; "" for a missing total."""
    return "" if total is None else [label for least, label in CARER_RETURN if total >= least][-1]


@cache
def _bands() -> dict[tuple[str, str, str, str], tuple[tuple[int, int, Band], ...]]:
    found: dict[tuple[str, str, str, str], tuple[tuple[int, int, Band], ...]] = {}
    with BANDS_FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = (row["scheme"], row["informant"], row["age"], row["scale"])
            scheme: Scheme = "4band" if row["scheme"] == "4band" else "3band"
            note = "" if row["status"] == "checked" else row["status"]
            one = Band(scheme, int(row["band"]), row["label"], note)
            found[key] = (*found.get(key, ()), (int(row["min"]), int(row["max"]), one))
    return found


def _sum(*parts: int | None) -> int | None:
    given = [part for part in parts if part is not None]
    return sum(given) if len(given) == len(parts) else None
