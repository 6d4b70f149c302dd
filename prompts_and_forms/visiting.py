"""When a child is to be seen again: by the plan's own interval, or else the usual one for the category.

Usual intervals: a child protection plan 10 working days (local procedures), child in need 28 days (local), looked after
6 weeks (Care Planning Regulations 2010, regulation 28).
"""

from __future__ import annotations

from datetime import date, timedelta

from prompts_and_forms.working_days import after_working_days, is_working_day

__all__ = ["after_working_days", "is_working_day", "see_by"]

CHILD_PROTECTION = "child_protection"
CHILD_PROTECTION_WORKING_DAYS = 10
DAYS = {"child_in_need": 28, "complex_child_in_need": 28, "looked_after": 42}


def see_by(category: str, seen_on: date, visiting_days: int | None = None) -> date | None:
    """The last day on which the child is still seen in time; None where no interval is known."""
    if visiting_days is not None:
        return seen_on + timedelta(days=visiting_days)
    if category == CHILD_PROTECTION:
        return after_working_days(seen_on, CHILD_PROTECTION_WORKING_DAYS)
    days = DAYS.get(category)
    return None if days is None else seen_on + timedelta(days=days)
