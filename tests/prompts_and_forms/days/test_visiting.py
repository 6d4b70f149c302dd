"""When a child is to be seen again."""

from __future__ import annotations

from datetime import date

import pytest

from prompts_and_forms.days.visiting import after_working_days, is_working_day, see_by


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        (date(2026, 4, 2), 15, date(2026, 4, 27)),
        (date(2026, 5, 16), 15, date(2026, 6, 8)),
        (date(2026, 3, 2), 45, date(2026, 5, 7)),
        (date(2026, 12, 10), 20, date(2027, 1, 12)),
    ],
)
def test_weekends_and_bank_holidays_do_not_count(start: date, count: int, due: date) -> None:
    assert after_working_days(start, count) == due


def test_christmas_day_is_no_working_day() -> None:
    assert not is_working_day(date(2026, 12, 25))
    assert is_working_day(date(2026, 12, 24))


@pytest.mark.parametrize(
    ("category", "due"),
    [
        ("child_protection", date(2026, 11, 16)),
        ("child_in_need", date(2026, 11, 30)),
        ("complex_child_in_need", date(2026, 11, 30)),
        ("looked_after", date(2026, 12, 14)),
        ("something_else", None),
    ],
)
def test_each_category_has_its_usual_interval(category: str, due: date | None) -> None:
    assert see_by(category, date(2026, 11, 2)) == due


def test_the_plans_own_interval_counts_first() -> None:
    assert see_by("child_protection", date(2026, 11, 2), visiting_days=7) == date(2026, 11, 9)
