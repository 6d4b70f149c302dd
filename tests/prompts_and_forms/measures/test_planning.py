"""Which questionnaires are due, for whom and when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts_and_forms.days.timescale_file import own_rules
from prompts_and_forms.measures.planning import (
    Child,
    Kept,
    Planned,
    State,
    Work,
    covers_school,
    due_measures,
    planned,
)

TODAY = date(2026, 11, 17)
SIGNED = {"status": "signed", "scope": ["school", "gp"]}
NINE = Child("c1", 9, at_school=True, carer="AD")
FOURTEEN = Child("c2", 14, at_school=True, carer="AD")


def plan(
    work: Work,
    children: list[Child],
    kept: list[Kept] | None = None,
    permission: dict[str, Any] | None = None,
    today: date = TODAY,
    looked_after_since: date | None = None,
) -> list[Planned]:
    return planned(
        work, children, kept or [], SIGNED if permission is None else permission, own_rules(), today, looked_after_since
    )


def forms(found: list[Planned]) -> set[tuple[str, str, str]]:
    return {(one.child, one.measure, one.version) for one in found}


def days_ago(n: int) -> date:
    return TODAY - timedelta(days=n)


def kept(child: str, version: str, ago: int, point: str = "start", measure: str = "SDQ", **more: Any) -> Kept:
    return Kept(child, measure, version, point, days_ago(ago), **more)


class TestTheStart:
    def test_nothing_is_planned_before_clinical_work_begins(self) -> None:
        assert plan(Work(), [NINE, FOURTEEN]) == []

    def test_parent_and_school_for_a_child_of_nine_and_no_self_report(self) -> None:
        found = plan(Work(days_ago(10)), [NINE])
        assert forms(found) == {("c1", "SDQ", "parent_4_17"), ("c1", "SDQ", "teacher_4_17")}
        assert {one.due_on for one in found} == {days_ago(10)}
        assert {one.state for one in found} == {State.DUE}

    def test_a_young_person_is_asked_as_well(self) -> None:
        assert ("c2", "SDQ", "self_11_17") in forms(plan(Work(TODAY), [FOURTEEN]))

    def test_a_meeting_still_to_come_makes_it_coming(self) -> None:
        found = plan(Work(TODAY + timedelta(days=5)), [NINE])
        assert {one.state for one in found} == {State.COMING}

    def test_the_youngest_have_their_own_form_and_babies_none(self) -> None:
        little, baby, unborn = Child("a", 3), Child("b", 1), Child("u", None, unborn=True)
        assert forms(plan(Work(TODAY), [little, baby, unborn])) == {("a", "SDQ", "parent_2_4")}

    def test_school_waits_for_permission(self) -> None:
        for permission in ({}, {"status": "part_signed", "scope": ["school"]}, {"status": "signed", "scope": ["gp"]}):
            found = plan(Work(TODAY), [NINE], permission=permission)
            states = {one.version: one.state for one in found}
            assert states == {"parent_4_17": State.DUE, "teacher_4_17": State.WAITING_FOR_PERMISSION}

    def test_what_is_kept_is_done_and_a_reason_closes_it_too(self) -> None:
        done = [kept("c1", "parent_4_17", 8), kept("c1", "teacher_4_17", 3, completed=False)]
        states = {one.version: one.state for one in plan(Work(days_ago(10)), [NINE], done)}
        assert states == {"parent_4_17": State.DONE, "teacher_4_17": State.NOT_COMPLETED}

    def test_a_form_of_an_earlier_piece_of_work_does_not_count(self) -> None:
        found = plan(Work(days_ago(10)), [NINE], [kept("c1", "parent_4_17", 300)])
        assert {one.state for one in found} == {State.DUE}

    def test_it_is_asked_for_again_after_two_weeks(self) -> None:
        found = plan(Work(days_ago(14)), [NINE])
        assert {one.again_on for one in found} == {TODAY}
        assert len(due_measures(found, since=TODAY, until=TODAY)) == 2
        assert due_measures(found, since=TODAY + timedelta(days=1), until=TODAY + timedelta(days=9)) == []


class TestTheEnd:
    WORK = Work(days_ago(281), days_ago(18))

    def test_the_same_people_are_asked_again(self) -> None:
        done = [
            kept("c2", "parent_4_17", 281, informant="MW"),
            kept("c2", "self_11_17", 281, informant="HF"),
            kept("c2", "teacher_4_17", 280, completed=False),
        ]
        ends = [one for one in plan(self.WORK, [FOURTEEN], done) if one.point == "end"]
        assert forms(ends) == {
            ("c2", "SDQ", "parent_4_17"),
            ("c2", "SDQ", "self_11_17"),
            ("c2", "CHI_ESQ", "parent"),
            ("c2", "CHI_ESQ", "self_12_18"),
        }
        assert {one.informant for one in ends if one.measure == "SDQ"} == {"MW", "HF"}

    def test_without_a_first_one_everybody_is_asked(self) -> None:
        ends = [one for one in plan(self.WORK, [FOURTEEN]) if (one.point, one.measure) == ("end", "SDQ")]
        assert {one.version for one in ends} == {"parent_4_17", "teacher_4_17", "self_11_17"}

    def test_chi_is_asked_once_of_the_parent_and_of_each_child_from_nine(self) -> None:
        six = Child("c0", 6, at_school=True)
        ends = [one for one in plan(self.WORK, [six, NINE, FOURTEEN]) if one.measure == "CHI_ESQ"]
        assert sorted(one.version for one in ends) == ["parent", "self_12_18", "self_9_11"]

    def test_a_form_given_out_at_the_last_session_counts(self) -> None:
        done = [kept("c2", "parent_4_17", 281), kept("c2", "parent_4_17", 25, "end")]
        ends = [one for one in plan(self.WORK, [FOURTEEN], done) if (one.point, one.measure) == ("end", "SDQ")]
        assert [one.state for one in ends] == [State.DONE]

    def test_nothing_is_planned_for_the_end_while_work_goes_on(self) -> None:
        assert {one.point for one in plan(Work(days_ago(200)), [FOURTEEN])} == {"start"}


class TestTheYearlyReturn:
    def test_the_carer_is_asked_by_31_march_after_twelve_months(self) -> None:
        found = plan(Work(), [NINE], looked_after_since=date(2025, 6, 1))
        assert [(one.version, one.due_on, one.point) for one in found] == [("parent_4_17", date(2027, 3, 31), "yearly")]

    def test_not_for_shorter_times_and_not_outside_4_to_16(self) -> None:
        assert plan(Work(), [NINE], looked_after_since=date(2026, 4, 1)) == []
        ages = [Child("a", 3), Child("b", 17)]
        assert plan(Work(), ages, looked_after_since=date(2020, 1, 1)) == []

    def test_one_kept_since_last_31_march_is_enough(self) -> None:
        done = [kept("c1", "parent_4_17", 20, "yearly")]
        found = plan(Work(), [NINE], done, looked_after_since=date(2020, 1, 1))
        assert [one.state for one in found] == [State.DONE]


class TestPermission:
    def test_it_ends(self) -> None:
        assert covers_school({**SIGNED, "ends": "2026-11-17"}, TODAY)
        assert not covers_school({**SIGNED, "ends": "2026-11-16"}, TODAY)

    def test_it_can_be_withdrawn(self) -> None:
        assert not covers_school({**SIGNED, "withdrawn": "2026-11-01"}, TODAY)

    def test_a_college_is_a_school(self) -> None:
        assert covers_school({"status": "signed", "scope": ["college"]}, TODAY)


CHILDREN = st.lists(
    st.builds(Child, st.sampled_from("abcd"), st.one_of(st.none(), st.integers(0, 19)), st.booleans(), st.booleans()),
    max_size=4,
    unique_by=lambda child: child.id,
)
OFFSETS = st.one_of(st.none(), st.integers(-400, 30).map(lambda n: TODAY + timedelta(days=n)))
KEPT = st.lists(
    st.builds(
        Kept,
        st.sampled_from("abcd"),
        st.sampled_from(["SDQ", "CHI_ESQ"]),
        st.sampled_from(["parent_4_17", "teacher_4_17", "self_11_17", "parent", "odd"]),
        st.sampled_from(["start", "end", "during", "yearly"]),
        st.integers(-400, 0).map(lambda n: TODAY + timedelta(days=n)),
        completed=st.booleans(),
    ),
    max_size=8,
)


@given(OFFSETS, OFFSETS, CHILDREN, KEPT, st.booleans())
def test_no_plan_ever_asks_school_without_permission_or_a_child_of_nine_to_report(
    started: date | None, ended: date | None, children: list[Child], done: list[Kept], signed: bool
) -> None:
    ages = {child.id: child.age for child in children}
    found = plan(Work(started, ended), children, done, SIGNED if signed else {})
    for one in found:
        if one.asked_of == "teacher" and not signed:
            assert one.state in (State.WAITING_FOR_PERMISSION, State.DONE, State.NOT_COMPLETED)
        if one.version == "self_11_17":
            assert (ages[one.child] or 0) >= 11
        assert one.edition
    lines = [(one.child, one.measure, one.asked_of, one.point) for one in found]
    assert len(lines) == len(set(lines))


class TestAgeOnTheDayThatCounts:
    """A child grows during the work: what is asked follows the age on the day, and what no longer fits is said."""

    def test_a_young_person_of_17_at_the_start_who_is_18_at_the_end_is_asked_on_the_forms_for_18(self) -> None:
        child = Child("c", 17, at_school=True, turns_18=days_ago(10))
        first = [kept("c", "parent_4_17", 200, informant="AD"), kept("c", "self_11_17", 200, informant="KT")]
        found = [one for one in plan(Work(days_ago(200), days_ago(1)), [child], first) if one.point == "end"]
        sdqs = {(one.version, one.informant, one.state) for one in found if one.measure == "SDQ"}
        assert sdqs == {("informant_18", "AD", State.DUE), ("self_18", "KT", State.DUE)}

    def test_what_school_filled_in_first_stays_in_the_plan_as_no_longer_asked(self) -> None:
        child = Child("c", 17, at_school=True, turns_18=days_ago(10))
        found = plan(Work(days_ago(200), days_ago(1)), [child], [kept("c", "teacher_4_17", 200)])
        [school] = [one for one in found if one.point == "end" and one.measure == "SDQ"]
        assert (school.asked_of, school.version, school.state) == ("teacher", "teacher_4_17", State.NO_LONGER_FITS)
        assert not school.is_open

    def test_the_start_stays_what_it_was_when_the_child_grows_afterwards(self) -> None:
        child = Child("c", 17, at_school=True, turns_18=days_ago(10))
        found = plan(Work(days_ago(200)), [child])
        assert {one.version for one in found} == {"parent_4_17", "teacher_4_17", "self_11_17"}

    @pytest.mark.parametrize(
        ("age", "first", "after_years", "again"),
        [
            (4, "parent_2_4", 1, "parent_4_17"),
            (3, "teacher_2_4", 2, "teacher_4_17"),
            (3, "parent_2_4", 1, "parent_2_4"),
            (10, "parent_4_17", 1, "parent_4_17"),
            (17, "self_11_17", 1, "self_18"),
            (18, "informant_18", 1, "informant_18"),
        ],
    )
    def test_the_form_of_the_end_is_the_first_one_while_it_fits_and_else_that_of_the_new_age(
        self, age: int, first: str, after_years: int, again: str
    ) -> None:
        start = date(2026 - after_years, 11, 16)
        child = Child("c", age, at_school=True, age_on=start)
        done = [Kept("c", "SDQ", first, "start", start)]
        found = plan(Work(start, TODAY), [child], done)
        assert [one.version for one in found if one.point == "end" and one.measure == "SDQ"] == [again]

    def test_whoever_turned_eleven_between_is_not_asked_for_the_first_time_at_the_end(self) -> None:
        child = Child("c", 10, age_on=date(2025, 11, 16))
        found = plan(Work(date(2025, 11, 16), TODAY), [child], [kept("c", "parent_4_17", 366)])
        assert {one.asked_of for one in found if one.point == "end" and one.measure == "SDQ"} == {"parent"}

    def test_the_yearly_form_goes_by_the_age_on_the_day_it_is_done(self) -> None:
        """Whoever turns 17 before 31 March is asked while still 16, and not afterwards."""
        since = date(2024, 1, 1)
        sixteen = Child("c", 15, turns_18=date(2028, 4, 1))
        soon_seventeen = Child("d", 16, turns_18=date(2028, 1, 15))
        seventeen = Child("e", 17, turns_18=date(2027, 11, 1))
        found = plan(Work(), [sixteen, soon_seventeen, seventeen], looked_after_since=since)
        assert {one.child: one.due_on for one in found} == {"c": date(2027, 3, 31), "d": date(2027, 1, 14)}
