"""Dates that cannot be meant are asked about, in every form, by one rule."""

from __future__ import annotations

from datetime import date

import pytest

from prompts_and_forms.days.plausible import birth_fault, turns_18_fault
from prompts_and_forms.forms.catalogue import form_ids, load_form
from prompts_and_forms.forms.form import FormContext, Question, QuestionKind
from prompts_and_forms.forms.values import Unread, read_value

TODAY = date(2026, 11, 17)
CONTEXT = FormContext(today=TODAY)


def dates_of(questions: tuple[Question, ...]) -> list[Question]:
    found = []
    for one in questions:
        found += [one] if one.kind is QuestionKind.DATE else dates_of(one.questions)
    return found


EVERY = [(form_id, one) for form_id in form_ids() for one in dates_of(tuple(load_form(form_id).questions))]


@pytest.mark.parametrize("typed", ["2206-11-17", "0206-11-17", "1026-11-01", "0001-01-01", "9999-12-31", "1826-11-17"])
def test_no_form_takes_a_year_nobody_means(typed: str) -> None:
    assert len(EVERY) > 80
    taken = [(form_id, one.id) for form_id, one in EVERY if not isinstance(read_value(one, typed, CONTEXT), Unread)]
    assert taken == []


def test_the_sentence_names_the_day_and_says_to_check_the_year() -> None:
    review = next(one for form_id, one in EVERY if one.id == "next_review")
    said = read_value(review, "2206-03-01", CONTEXT)
    assert said == Unread("Please check the year: 1 March 2206 is further ahead than can be meant here.")
    seen = next(one for form_id, one in EVERY if one.id == "seen_on")
    assert "1 November 1026 is longer ago" in read_value(seen, "1026-11-01", CONTEXT).sentence


@pytest.mark.parametrize("typed", ["2026-11-17", "2026-01-02", "2016-05-30"])
def test_days_people_mean_are_taken(typed: str) -> None:
    for _form_id, one in EVERY:
        if not one.earliest_today:
            assert read_value(one, typed, CONTEXT) == typed


@pytest.mark.parametrize(
    ("turns_18", "years", "months", "unborn", "fault"),
    [
        (date(2006, 5, 1), 3, None, False, True),
        (date(2041, 5, 1), 3, None, False, False),
        (date(2041, 12, 1), 3, None, False, False),
        (date(2044, 5, 1), 3, None, False, True),
        (date(2026, 11, 7), 17, None, False, False),
        (date(2026, 11, 7), 18, None, False, False),
        (date(2026, 11, 7), 12, None, False, True),
        (date(2044, 1, 1), None, 10, False, False),
        (date(2030, 1, 1), None, 10, False, True),
        (date(2045, 3, 1), None, None, True, False),
        (date(2030, 3, 1), None, None, True, True),
        (date(1999, 1, 1), None, None, False, True),
        (date(2020, 1, 1), None, None, False, False),
    ],
)
def test_the_day_a_child_turns_18_fits_the_age(
    turns_18: date, years: int | None, months: int | None, unborn: bool, fault: bool
) -> None:
    assert turns_18_fault(turns_18, years, months, unborn, TODAY) is fault


def test_a_baby_is_due_within_ten_months() -> None:
    assert [birth_fault(due, TODAY) for due in (date(2027, 2, 1), date(2026, 11, 1))] == [False, False]
    assert [birth_fault(due, TODAY) for due in (date(2027, 12, 1), date(2025, 2, 1))] == [True, True]
