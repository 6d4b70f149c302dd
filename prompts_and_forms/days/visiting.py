"""When a child is to be seen again: by the plan's own interval, or else by the rule for the category."""

from __future__ import annotations

from datetime import date, timedelta

from prompts_and_forms.days import timescale_file
from prompts_and_forms.days.working_days import after_working_days, is_working_day

__all__ = ["after_working_days", "is_working_day", "see_by"]

CHILD_PROTECTION = "child_protection"
RULES = {
    CHILD_PROTECTION: "cp_visit",
    "child_in_need": "cin_visit",
    "complex_child_in_need": "cin_visit",
    "looked_after": "lac_visit_6w",
}


def see_by(category: str, seen_on: date, visiting_days: int | None = None) -> date | None:
    """The last day on which the child is still seen in time; None where no interval is known."""
    if visiting_days is not None:
        return seen_on + timedelta(days=visiting_days)
    found = timescale_file.rules().due(RULES.get(category, ""), seen_on)
    return found.on if found else None
