"""When an answer to a request to see the record is due."""

from __future__ import annotations

from datetime import date

import pytest

from prompts_and_forms.subject.clock import Stop, due_on, may_extend


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 9, 3), date(2026, 10, 5)),  # 3 October is a Saturday
        (date(2026, 1, 31), date(2026, 3, 2)),  # the last day of February is a Saturday
        (date(2026, 11, 17), date(2026, 12, 17)),
        (date(2026, 11, 25), date(2026, 12, 29)),  # Christmas, and 28 December is a holiday
    ],
)
def test_it_is_due_on_the_same_day_of_the_next_month_or_the_next_working_day(received: date, due: date) -> None:
    assert due_on(received) == due


def test_the_clock_stands_still_while_something_is_asked_and_goes_on_after_it() -> None:
    received, asked = date(2026, 11, 17), date(2026, 11, 20)
    assert due_on(received, [Stop(asked)]) is None
    assert due_on(received, [Stop(asked, date(2026, 11, 25))]) == date(2026, 12, 22)


def test_two_months_more_count_from_the_day_it_was_received() -> None:
    assert due_on(date(2026, 11, 17), extended=True) == date(2027, 2, 17)


def test_more_time_is_taken_within_the_first_month_only() -> None:
    received = date(2026, 11, 17)
    assert may_extend(date(2026, 12, 17), received)
    assert not may_extend(date(2026, 12, 18), received)
    assert may_extend(date(2027, 2, 1), received, [Stop(date(2026, 12, 1))])
