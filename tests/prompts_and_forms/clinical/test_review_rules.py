"""Which reviews are due, and by what rule."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from prompts_and_forms.clinical.review_rules import (
    OF_CATEGORY,
    Agreement,
    Child,
    DueReview,
    Family,
    KeptDue,
    Kind,
    of_family,
    of_unit,
)
from prompts_and_forms.days.timescale_file import own_rules

TODAY = date(2026, 11, 17)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def family(category: str = "child_protection", **more: Any) -> Family:
    return Family(id="f", category=category, **more)


def the(kind: Kind, known: Family) -> DueReview:
    (found,) = [one for one in of_family(known, own_rules()) if one.kind is kind]
    return found


def none(kind: Kind, known: Family) -> bool:
    return all(one.kind is not kind for one in of_family(known, own_rules()))


class TestChildProtection:
    def test_the_first_review_conference_is_three_months_after_the_plan(self) -> None:
        found = the(Kind.CONFERENCE, family(dates={"plan_start": date(2026, 8, 31)}))
        assert (found.on, found.rule_id, found.statutory) == (date(2026, 11, 30), "rcpc_first_3m", True)

    def test_later_ones_are_six_months_after_the_last(self) -> None:
        found = the(Kind.CONFERENCE, family(dates={"plan_start": ago(400), "last_review": date(2026, 8, 31)}))
        assert (found.on, found.plan_by) == (date(2027, 2, 28), date(2027, 2, 26))

    def test_a_booked_day_stands_beside_the_last_day_in_time(self) -> None:
        dates = {"plan_start": ago(60), "next_review": ago(-90)}
        found = the(Kind.CONFERENCE, family(dates=dates))
        assert found.booked == ago(-90)
        assert found.booked_too_late()
        assert found.day == found.on

    def test_the_first_core_group_is_ten_working_days_after_the_conference(self) -> None:
        found = the(Kind.CORE_GROUP, family(dates={"plan_start": date(2026, 11, 16)}))
        assert found.on == date(2026, 11, 30)

    def test_a_booked_core_group_of_an_older_plan_is_not_the_first(self) -> None:
        found = the(Kind.CORE_GROUP, family(dates={"plan_start": ago(40), "next_core_group": ago(-8)}))
        assert (found.on, found.booked) == (None, ago(-8))

    def test_after_a_core_group_six_weeks(self) -> None:
        found = the(Kind.CORE_GROUP, family(dates={"plan_start": ago(90)}, held={"core_group": (ago(10),)}))
        assert found.on == ago(10) + timedelta(days=42)

    def test_eighteen_months_is_a_question_and_asked_once(self) -> None:
        found = the(Kind.COMPLEX_CASE, family(dates={"plan_start": date(2025, 5, 31)}))
        assert (found.on, found.statutory) == (date(2026, 11, 30), False)
        assert none(Kind.COMPLEX_CASE, family(dates={"plan_start": ago(600)}, held={"complex_case": (ago(1),)}))


class TestOtherPlans:
    def test_a_ccin_review_is_the_team_managers(self) -> None:
        found = the(Kind.CCIN_REVIEW, family("complex_child_in_need", dates={"plan_start": date(2026, 9, 20)}))
        assert (found.on, found.asked) == (date(2026, 12, 20), "team_manager")

    def test_the_three_reviews_of_a_child_who_is_looked_after(self) -> None:
        known = {"category": "looked_after", "dates": {"looked_after_since": date(2026, 12, 10)}}
        first = the(Kind.LAC_REVIEW, Family("f", **known))
        assert first.on == date(2027, 1, 12)
        second = the(Kind.LAC_REVIEW, Family("f", **known, held={"lac_review": (date(2027, 1, 8),)}))
        assert (second.on, second.rule_id) == (date(2027, 4, 8), "lac_second_review_3m")
        held = (date(2027, 1, 8), date(2027, 4, 8))
        third = the(Kind.LAC_REVIEW, Family("f", **known, held={"lac_review": held}))
        assert third.on == date(2027, 10, 8)

    def test_a_last_review_long_after_the_start_is_not_the_first(self) -> None:
        dates = {"looked_after_since": ago(420), "last_review": ago(96)}
        assert the(Kind.LAC_REVIEW, family("looked_after", dates=dates)).rule_id == "lac_later_review_6m"

    def test_a_review_of_an_earlier_plan_does_not_count(self) -> None:
        dates = {"plan_start": ago(10), "last_review": ago(40)}
        assert the(Kind.CIN_REVIEW, family("child_in_need", dates=dates)).start == ago(10)


class TestClinicalWork:
    SIX = tuple(ago(n) for n in (100, 80, 60, 40, 20, 9))

    def test_the_sixth_session_calls_for_a_review(self) -> None:
        found = the(Kind.SIX_SESSIONS, family(sessions=self.SIX))
        assert (found.on, found.asked) == (ago(9), "clinician")
        assert none(Kind.SIX_SESSIONS, family(sessions=self.SIX[:5]))

    def test_held_or_ended_is_done(self) -> None:
        assert none(Kind.SIX_SESSIONS, family(sessions=self.SIX, held={"six_sessions": (ago(9),)}))
        assert none(Kind.SIX_SESSIONS, family(sessions=self.SIX, work_ended=ago(1)))

    def test_a_family_may_have_its_own_number(self) -> None:
        assert the(Kind.SIX_SESSIONS, family(sessions=self.SIX[:4], review_after_sessions=4)).on == ago(40)

    def test_the_day_in_an_agreement_comes_before_its_count_of_sessions(self) -> None:
        made = Agreement("a", ago(104), review_on=ago(-4), after_sessions=6)
        found = the(Kind.AGREEMENT, family(sessions=self.SIX, agreements=(made,)))
        assert (found.subject, found.on, found.booked) == ("a", None, ago(-4))

    def test_without_a_day_the_sessions_are_counted(self) -> None:
        made = Agreement("a", ago(60), after_sessions=3)
        assert the(Kind.AGREEMENT, family(sessions=self.SIX, agreements=(made,))).on == ago(20)


class TestPermission:
    def test_it_is_looked_at_after_a_year_or_when_it_ends(self) -> None:
        signed = {"status": "signed", "signed": "2026-01-31", "ends": "2026-12-24"}
        found = the(Kind.PERMISSION, family(permission=signed))
        assert (found.on, found.booked, found.day) == (date(2027, 1, 31), date(2026, 12, 24), date(2026, 12, 24))

    def test_a_refusal_is_not_asked_about_again(self) -> None:
        assert none(Kind.PERMISSION, family(permission={"status": "refused", "signed": "2025-01-01"}))


class TestVisits:
    def test_each_child_by_the_rule_of_the_category(self) -> None:
        children = (Child("a", date(2026, 4, 2)), Child("b"))
        found = [o for o in of_family(family(children=children), own_rules()) if o.kind is Kind.VISIT]
        assert {one.subject: one.on for one in found} == {"a": date(2026, 4, 20), "b": None}

    def test_the_plans_own_interval_comes_first(self) -> None:
        known = family("looked_after", children=(Child("a", ago(3)),), visiting_days=7)
        assert the(Kind.VISIT, known).on == ago(-4)

    def test_a_child_never_seen_is_counted_from_the_plan_or_from_coming_to_the_unit(self) -> None:
        known = family(children=(Child("a"),), category_since=ago(30), allocated_on=ago(2), visiting_days=7)
        assert the(Kind.VISIT, known).on == ago(-5)
        planned = family(children=(Child("a"),), dates={"plan_start": ago(1)}, allocated_on=ago(2), visiting_days=7)
        assert the(Kind.VISIT, planned).on == ago(-6)


def test_a_due_day_that_was_kept_stays_when_the_rule_says_something_else() -> None:
    kept = KeptDue(ago(20), ago(-50), ago(-50), "rcpc_later_6m", "old")
    found = the(Kind.CONFERENCE, family(held={"conference": (ago(20),)}, kept_due={"conference": kept}))
    assert (found.on, found.edition) == (ago(-50), "old")


def test_supervision_is_monthly_and_the_first_is_counted_from_joining() -> None:
    assert of_unit(Kind.SUPERVISION, "p", (), None, own_rules()).day is None
    assert of_unit(Kind.SUPERVISION, "p", (), None, own_rules(), date(2026, 11, 17)).on == date(2026, 12, 17)
    assert of_unit(Kind.SUPERVISION, "p", (date(2026, 10, 31),), None, own_rules()).on == date(2026, 11, 30)
    assert of_unit(Kind.CLINICAL_STAFF, "", (date(2026, 8, 31),), None, own_rules()).on == date(2026, 11, 30)


DAYS = st.one_of(st.none(), st.integers(-700, 200).map(ago))
NAMES = ("plan_start", "last_review", "next_review", "conference", "next_core_group", "looked_after_since")
KNOWN = st.builds(
    Family,
    id=st.just("f"),
    category=st.sampled_from([*OF_CATEGORY, "early_help"]),
    category_since=DAYS,
    dates=st.dictionaries(st.sampled_from(NAMES), DAYS),
    held=st.dictionaries(
        st.sampled_from(list(Kind)), st.lists(st.integers(0, 600).map(ago), min_size=1).map(lambda d: tuple(sorted(d)))
    ),
    sessions=st.lists(st.integers(0, 300).map(ago), max_size=9).map(tuple),
    children=st.just((Child("a", ago(5)), Child("b"))),
)


@given(KNOWN)
def test_the_last_working_day_to_plan_a_review_is_never_after_the_day_it_is_due(known: Family) -> None:
    for one in of_family(known, own_rules()):
        assert one.plan_by is None or (one.on is not None and one.plan_by <= one.on)
