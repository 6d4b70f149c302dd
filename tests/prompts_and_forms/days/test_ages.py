"""How old a child is on the day that counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts_and_forms.days.ages import KnownAge, age_on, age_range, months_on, whole_months, whole_years

SAID = date(2026, 3, 10)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize("ago", [0, 1, 10, 364])
def test_whoever_turned_18_is_18_whatever_age_was_said_before(ago: int) -> None:
    today = date(2026, 11, 17)
    known = KnownAge(17, None, date(2026, 1, 1), today - timedelta(days=ago))
    assert age_range(known, today) == (18, 18)
    assert age_on(known, known.turns_18 - timedelta(days=1) if known.turns_18 else today) == 17


def test_a_birthday_on_29_february_counts_on_1_march() -> None:
    known = KnownAge(turns_18=date(2028, 2, 29))
    assert [age_on(known, day) for day in (date(2027, 2, 28), date(2027, 3, 1), date(2028, 2, 29))] == [16, 17, 18]


def test_an_age_said_a_while_ago_moves_on() -> None:
    known = KnownAge(10, None, SAID)
    assert age_range(known, SAID) == (10, 10)
    assert age_range(known, date(2026, 11, 17)) == (10, 11)
    assert age_range(known, date(2027, 3, 10)) == (11, 12)
    assert age_on(known, date(2028, 12, 1)) == 12


def test_of_a_day_before_it_was_said_the_child_was_that_age_or_one_younger() -> None:
    assert age_range(KnownAge(11, None, SAID), SAID - timedelta(days=14)) == (10, 11)


def test_months_become_years() -> None:
    known = KnownAge(None, 20, SAID)
    assert months_on(known, date(2026, 5, 10)) == 22
    assert months_on(known, date(2026, 9, 10)) is None
    assert age_on(known, date(2026, 9, 10)) == 2


def test_an_age_from_before_the_day_was_asked_stays_as_it_was_said() -> None:
    assert age_range(KnownAge(9), date(2030, 1, 1)) == (9, 9)
    assert age_range(KnownAge(), date(2030, 1, 1)) is None


@given(st.dates(date(2008, 1, 1), date(2025, 12, 31)), DAYS, DAYS)
def test_the_true_age_always_lies_in_the_range(born: date, said: date, day: date) -> None:
    if said < born or day < born:
        return
    true = whole_years(born, day)
    found = age_range(KnownAge(whole_years(born, said), None, said), day)
    assert found is not None
    assert found[0] <= true <= found[1]
    if whole_months(born, said) < 24:
        found = age_range(KnownAge(None, whole_months(born, said), said), day)
        assert found is not None
        assert found[0] <= true <= found[1]
