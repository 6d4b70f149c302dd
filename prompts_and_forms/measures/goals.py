"""Goal based outcomes: up to three goals in somebody's own words, each 0 (not met at all) to 10 (met)."""

from __future__ import annotations

from collections.abc import Mapping

from prompts_and_forms.typed import is_empty, same_name

MOST_GOALS = 3
SCALES = tuple(f"goal_{n}" for n in range(1, MOST_GOALS + 1))


def without_words(goals: Mapping[str, str], scores: Mapping[str, object | None]) -> list[str]:
    """Goals that have a score and no words: nobody could know later what was scored."""
    return [scale for scale in SCALES if scores.get(scale) is not None and is_empty(goals.get(scale, ""))]


def same_goal(first: str, later: str) -> bool:
    """Whether two scores are about one goal: the same words, however spaces, capitals and accents were typed."""
    return same_name(first, later)
