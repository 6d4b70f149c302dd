"""The message of the week comes on its day and hour, once, and on a working day."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from prompts_and_forms.managers.weekly_rules import due_day, is_due, sheet_is_due


@pytest.mark.parametrize(
    ("local", "weekday", "at", "last", "due"),
    [
        ("2026-11-16 08:30", 0, "08:30", None, True),
        ("2026-11-16 08:29", 0, "08:30", None, False),
        ("2026-11-16 08:35", 0, "08:30", date(2026, 11, 16), False),
        ("2026-11-16 08:35", 0, "08:30", date(2026, 11, 9), True),
        ("2026-11-17 08:30", 0, "08:30", date(2026, 11, 9), True),
        ("2026-11-17 08:30", 0, "08:30", date(2026, 11, 16), False),
        ("2026-11-17 08:30", 0, "08:30", None, False),
        ("2026-11-18 08:30", 0, "08:30", date(2026, 11, 9), False),
        ("2026-11-20 15:00", 4, "15:00", None, True),
        ("2026-11-20 18:00", 4, "15:00", None, False),
        ("2026-11-16 08:30", None, "08:30", None, False),
        ("2026-12-28 08:30", 0, "08:30", None, False),
        ("2026-12-29 08:30", 0, "08:30", None, True),
    ],
)
def test_it_comes_once_a_week(local: str, weekday: int | None, at: str, last: date | None, due: bool) -> None:
    assert is_due(datetime.fromisoformat(local), weekday, at, last) is due


def test_a_bank_holiday_moves_it_to_the_next_working_day() -> None:
    assert due_day(date(2026, 12, 28), 0) == date(2026, 12, 29)


@pytest.mark.parametrize(
    ("local", "last", "due"),
    [
        ("2026-12-01 08:30", None, True),
        ("2026-12-01 08:29", None, False),
        ("2026-12-01 08:35", date(2026, 12, 1), False),
        ("2026-12-01 18:00", None, False),
        ("2026-12-07 08:30", date(2026, 11, 2), True),
        ("2026-12-08 08:30", date(2026, 11, 2), False),
        ("2026-11-01 09:00", None, False),
        ("2026-11-02 09:00", date(2026, 10, 1), True),
        ("2027-01-01 09:00", None, False),
        ("2027-01-04 09:00", date(2026, 12, 1), True),
        ("2027-01-09 09:00", date(2026, 12, 1), False),
    ],
)
def test_the_spreadsheet_comes_on_the_first_working_day_of_the_month_or_within_a_week(
    local: str, last: date | None, due: bool
) -> None:
    assert sheet_is_due(datetime.fromisoformat(local), "08:30", last) is due
