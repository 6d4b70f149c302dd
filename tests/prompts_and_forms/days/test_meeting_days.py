"""The days a unit meets: how often, on which day, what a bank holiday does to it, and what is proposed."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts_and_forms.days.meeting_days import (
    MeetingDay,
    Rhythm,
    held_on,
    instead_of,
    meeting_days,
    move_fault,
    next_discussion,
)
from prompts_and_forms.days.working_days import bank_holiday, is_working_day

NOVEMBER_17 = date(2026, 11, 17)
CHRISTMAS = date(2026, 12, 25)
TUESDAY, FRIDAY = 1, 4
DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))


def coming(rhythm: Rhythm, start: date, most: int = 2) -> list[MeetingDay]:
    return list(islice(meeting_days(rhythm, start), most))


@pytest.mark.parametrize("today", [date(2026, 11, 18), date(2026, 11, 24), date(2026, 11, 30), date(2026, 12, 1)])
@pytest.mark.parametrize("weekday", [TUESDAY, None])
def test_a_unit_that_meets_every_14_days_meets_next_two_weeks_after_the_last_time(
    today: date, weekday: int | None
) -> None:
    assert held_on(Rhythm(14, weekday, NOVEMBER_17), today, 2) == (date(2026, 12, 1), date(2026, 12, 15))


@pytest.mark.parametrize("held", [date(2026, 11, 16), date(2026, 11, 18), date(2026, 11, 19)])
def test_a_meeting_held_a_day_or_two_off_its_day_does_not_shift_the_next_ones(held: date) -> None:
    assert held_on(Rhythm(14, TUESDAY, held), held + timedelta(days=1), 1) == (date(2026, 12, 1),)


def test_a_round_that_was_missed_is_not_made_up_in_the_week_between() -> None:
    assert held_on(Rhythm(14, TUESDAY, NOVEMBER_17), date(2026, 12, 3), 1) == (date(2026, 12, 15),)


def test_before_its_first_meeting_a_unit_meets_on_the_next_of_its_days() -> None:
    assert held_on(Rhythm(14, TUESDAY), date(2026, 11, 18), 2) == (date(2026, 11, 24), date(2026, 12, 8))
    assert held_on(Rhythm(7, None), date(2026, 11, 18)) == ()


def test_a_meeting_on_a_bank_holiday_is_said_to_be_one_and_is_no_day_the_unit_meets() -> None:
    fridays = Rhythm(7, FRIDAY, date(2026, 12, 18))
    assert coming(fridays, date(2026, 12, 19)) == [
        MeetingDay(CHRISTMAS, None, "Christmas Day"),
        MeetingDay(date(2027, 1, 1), None, "New Year's Day"),
    ]
    assert held_on(fridays, date(2026, 12, 19), 1) == (date(2027, 1, 8),)


@pytest.mark.parametrize(
    ("weekday", "usual"),
    [
        (0, date(2026, 12, 28)),
        (0, date(2027, 3, 29)),
        (4, date(2027, 3, 26)),
        (0, date(2027, 5, 3)),
        (0, date(2027, 5, 31)),
        (0, date(2027, 8, 30)),
        (5, date(2026, 12, 26)),
    ],
)
def test_every_bank_holiday_counts_the_days_given_instead_of_one_at_a_weekend_too(weekday: int, usual: date) -> None:
    [first] = coming(Rhythm(7, weekday, usual - timedelta(days=7)), usual, 1)
    assert (first.usual, first.on) == (usual, None)
    assert first.holiday


def test_a_moved_meeting_is_on_its_new_day_and_the_ones_after_it_stay_where_they_are() -> None:
    moved = Rhythm(7, FRIDAY, date(2026, 12, 18), {CHRISTMAS: date(2026, 12, 22), date(2027, 1, 1): None})
    assert held_on(moved, date(2026, 12, 19), 2) == (date(2026, 12, 22), date(2027, 1, 8))
    after = Rhythm(14, FRIDAY, date(2026, 12, 29), {CHRISTMAS: date(2026, 12, 29)})
    assert held_on(after, date(2026, 12, 30), 1) == (date(2027, 1, 8),)


def test_a_meeting_moved_to_a_later_day_is_still_to_come_after_its_usual_one() -> None:
    moved = Rhythm(7, FRIDAY, date(2026, 12, 18), {CHRISTMAS: date(2026, 12, 30)})
    assert held_on(moved, date(2026, 12, 28), 1) == (date(2026, 12, 30),)


@given(st.sampled_from([7, 14, 21, 28]), st.integers(0, 4), DAYS, DAYS)
def test_the_unit_meets_in_its_rhythm_on_its_weekday_and_never_on_a_bank_holiday(
    every: int, weekday: int, last: date, today: date
) -> None:
    found = held_on(Rhythm(every, weekday, last), max(today, last + timedelta(days=1)))
    assert found
    assert all(day >= today and day.weekday() == weekday and not bank_holiday(day) for day in found)
    assert all((b - a).days % every == 0 for a, b in pairwise(found))


# ---- what is proposed


def test_the_next_discussion_is_proposed_for_a_day_the_unit_meets() -> None:
    days = held_on(Rhythm(7, TUESDAY, NOVEMBER_17), date(2026, 11, 18), 8)
    four_weeks = NOVEMBER_17 + timedelta(weeks=4)
    assert next_discussion(days, NOVEMBER_17, four_weeks, None, soon=False) == four_weeks
    assert next_discussion(days, NOVEMBER_17, four_weeks, date(2026, 11, 28), soon=False) == date(2026, 11, 24)
    assert next_discussion(days, NOVEMBER_17, four_weeks, None, soon=True) == date(2026, 11, 24)


def test_the_next_discussion_is_never_proposed_for_a_bank_holiday() -> None:
    friday = date(2026, 11, 27)
    days = held_on(Rhythm(7, FRIDAY, friday), friday + timedelta(days=1), 8)
    assert next_discussion(days, friday, friday + timedelta(weeks=4), None, soon=False) == date(2026, 12, 18)


@given(DAYS, st.integers(1, 40), st.integers(1, 60))
def test_where_no_meeting_day_is_known_a_working_day_to_come_is_proposed(today: date, usual: int, near: int) -> None:
    before = today + timedelta(days=near)
    day = next_discussion((), today, today + timedelta(days=usual), before, soon=False)
    assert is_working_day(day)
    assert day > today


@given(DAYS, st.integers(0, 60))
def test_a_working_day_to_come_is_proposed_instead(usual: date, ahead: int) -> None:
    today = usual - timedelta(days=ahead)
    day = instead_of(usual, today)
    assert is_working_day(day)
    assert day > today
    assert day != usual


@pytest.mark.parametrize(
    ("to", "fault"),
    [
        (date(2026, 12, 23), ""),
        (date(2026, 12, 29), ""),
        (date(2026, 12, 17), "past"),
        (date(2026, 12, 28), "holiday"),
        (date(2026, 12, 26), "holiday"),
        (date(2026, 12, 27), "weekend"),
        (date(2027, 1, 4), "far"),
        (date(2206, 12, 22), "far"),
    ],
)
def test_a_meeting_is_moved_to_a_working_day_near_its_own(to: date, fault: str) -> None:
    assert move_fault(CHRISTMAS, to, date(2026, 12, 18), 7) == fault
