"""Sentences of family group decision-making."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from prompts_and_forms.days import day_words

BUTTON = "Family group decision"
TITLE = "Family group decision-making"
NOT_OFFERED = (
    "no offer is recorded yet. The law asks for one before care or supervision proceedings, and in the letter before "
    "them (Children's Wellbeing and Schools Act 2026, s1)"
)
ANSWERS = {"accepted": "the family said yes", "declined": "the family said no", "waiting": "no answer yet"}


def how_far(answer: str, days: Mapping[str, date | None], today: date) -> str:
    """Where it is, in one line: the offer, the answer, the family's meeting, and when their plan is looked at again."""
    parts = [f"offered on {day_words.in_short(on)}"] if (on := days.get("offered_on")) else ["offered"]
    parts += [ANSWERS[answer]] if answer in ANSWERS else []
    parts += [f"they met on {day_words.in_short(held)}"] if (held := days.get("held_on")) else []
    reviewed, due = days.get("reviewed_on"), days.get("review_on")
    if reviewed:
        parts.append(f"their plan was looked at again on {day_words.in_short(reviewed)}")
    if due and (reviewed is None or due > reviewed):
        late = " (that day has gone by)" if due < today else ""
        parts.append(f"their plan is looked at again on {day_words.in_short(due)}{late}")
    return "; ".join(parts)
