"""The Revised Children's Anxiety and Depression Scale: raw scales and their sums, T scores from the norm tables.

Ages 8 to 18, 47 items scored 0 to 3. T scores depend on age and sex; the bot has no norm tables, they are entered.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

ITEMS: dict[str, tuple[int, ...]] = {
    "separation_anxiety": (5, 9, 17, 18, 33, 45, 46),
    "social_phobia": (4, 7, 8, 12, 20, 30, 32, 38, 43),
    "generalised_anxiety": (1, 13, 22, 27, 35, 37),
    "panic": (3, 14, 24, 26, 28, 34, 36, 39, 41),
    "obsessions": (10, 16, 23, 31, 42, 44),
    "depression": (2, 6, 11, 15, 19, 21, 25, 29, 40, 47),
}
ANXIETY = tuple(scale for scale in ITEMS if scale != "depression")
LEVELS = ((65, "borderline"), (70, "in the clinical range"))


def sums(raw: Mapping[str, int | None]) -> dict[str, int | None]:
    """Anxiety in all (0 to 111) and everything (0 to 141); each missing when one of its scales is missing."""
    anxious = [raw.get(scale) for scale in ANXIETY]
    given = [value for value in anxious if value is not None]
    anxiety = sum(given) if len(given) == len(anxious) else None
    low_mood = raw.get("depression")
    return {"anxiety": anxiety, "total": None if anxiety is None or low_mood is None else anxiety + low_mood}


def level(t_score: Decimal | int | None) -> str:
    """borderline (T 65 to 69), in the clinical range (70 and over); "" below that or when missing."""
    if t_score is None:
        return ""
    return next((label for least, label in reversed(LEVELS) if t_score >= least), "")
