"""What is due, for whom, and on which mornings it is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts_and_forms.days.meeting_days import MeetingDay
from prompts_and_forms.days.working_days import is_working_day
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.nudges import nudge_rules
from prompts_and_forms.nudges.nudge_facts import (
    ActionKnown,
    AgreementKnown,
    DiscussionKnown,
    Due,
    Expected,
    FamilyKnown,
    Known,
    Member,
)
from prompts_and_forms.nudges.nudge_kinds import NudgeFault, groups, load, read_nudges
from prompts_and_forms.nudges.wording import line_words

TUESDAY = date(2026, 11, 17)
LEAD = Member("lead", frozenset({"consultant_social_worker"}), unit_lead=True)
WORKER = Member("worker", frozenset({"social_worker"}))
CLINICIAN = Member("clinician", frozenset({"clinician"}))
COORDINATOR = Member("coordinator", frozenset({"unit_coordinator"}))
MANAGER = Member("manager", frozenset({"team_manager"}))
CLINICAL_MANAGER = Member("clinical_manager", frozenset({"clinical_manager"}))
FAMILY = FamilyKnown(
    "f1",
    category="child_in_need",
    allocated_on=TUESDAY - timedelta(days=100),
    lead_worker_id="worker",
    clinician_id="clinician",
    consulted_on=TUESDAY - timedelta(days=90),
    last_full_on=TUESDAY,
)
KNOWN = Known(
    unit_id="u1",
    today=TUESDAY,
    members=(LEAD, WORKER, CLINICIAN, COORDINATOR, MANAGER, CLINICAL_MANAGER),
    families=(FAMILY,),
)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
KINDS = st.sampled_from(sorted(load().kinds))


def days(count: int) -> date:
    return TUESDAY + timedelta(days=count)


def of_kind(known: Known, kind: str) -> list[Due]:
    return [one for one in nudge_rules.due(known, None, date.max) if one.kind == kind]


def with_family(**changed: object) -> Known:
    return replace(KNOWN, families=(replace(FAMILY, **changed),))  # type: ignore[arg-type]


def said_days(kind: str, due_on: date, from_: date, count: int) -> list[date]:
    """The days on which somebody who listens every day hears of it."""
    heard: list[date] = []
    for day in (from_ + timedelta(days=n) for n in range(count)):
        if nudge_rules.to_be_said(kind, due_on, day, heard[-1] if heard else None):
            heard.append(day)
    return heard


# ---- what is due, for whom


def test_an_action_is_its_owners() -> None:
    known = replace(KNOWN, actions=(ActionKnown("a1", "f1", "clinician", days(3)),))
    [one] = of_kind(known, "action")
    assert (one.person_id, one.due_on, one.first_on, one.family_id) == ("clinician", days(3), days(2), "f1")


@pytest.mark.parametrize("owner", [None, "somebody who left"])
def test_an_action_nobody_here_owns_is_the_lead_workers(owner: str | None) -> None:
    known = replace(KNOWN, actions=(ActionKnown("a1", "f1", owner, days(3)),))
    assert [one.person_id for one in of_kind(known, "action")] == ["worker"]


def test_an_action_of_somebody_outside_or_without_a_day_is_nobodys() -> None:
    outside = ActionKnown("a1", "f1", None, days(3), outside=True)
    undated = ActionKnown("a2", "f1", "worker", None)
    assert of_kind(replace(KNOWN, actions=(outside, undated)), "action") == []


def test_a_stopped_discussion_is_for_the_lead_until_somebody_wrote_who_was_told() -> None:
    stopped = DiscussionKnown("d1", "m1", "f1", "full", TUESDAY, "stopped", False, stopped_on=TUESDAY)
    [one] = of_kind(replace(KNOWN, discussions=(stopped,)), "concern_told")
    assert (one.person_id, one.due_on, one.at_once, one.statutory) == ("lead", TUESDAY, True, True)
    assert of_kind(replace(KNOWN, discussions=(replace(stopped, told=True),)), "concern_told") == []


def test_what_waits_for_the_leads_yes_is_one_line_a_meeting() -> None:
    two = tuple(DiscussionKnown(f"d{n}", "m1", f"f{n}", "light", TUESDAY, "awaiting", True) for n in (1, 2))
    [one] = of_kind(replace(KNOWN, discussions=two), "confirm")
    assert (one.person_id, one.what, one.due_on, one.subject) == ("lead", "2", days(1), "m1")


def test_records_not_in_the_case_file_are_one_line_a_meeting_for_the_coordinator() -> None:
    done = DiscussionKnown("d1", "m1", "f1", "light", TUESDAY, "closed", True, copied=False)
    [one] = of_kind(replace(KNOWN, discussions=(done, replace(done, id="d2"))), "copy")
    assert (one.person_id, one.what) == ("coordinator", "2")


def test_a_parked_discussion_is_remembered_until_the_family_is_discussed_again() -> None:
    parked = DiscussionKnown("d1", "m1", "f1", "full", TUESDAY, "parked", True, lead_id="worker")
    assert [one.person_id for one in of_kind(replace(KNOWN, discussions=(parked,)), "unfinished")] == ["worker"]
    assert of_kind(replace(KNOWN, discussions=(replace(parked, later=True),)), "unfinished") == []


def test_an_agreement_waits_for_the_side_that_has_not_said_yes() -> None:
    offered = AgreementKnown("g1", "f1", TUESDAY, ("clinical",), {"clinical": ("clinician",), "social_work": ("lead",)})
    [one] = of_kind(replace(KNOWN, agreements=(offered,)), "agreement")
    assert (one.person_id, one.first_on) == ("clinician", days(1))


def test_a_new_family_without_a_consultation_is_the_clinicians_within_a_week() -> None:
    [one] = of_kind(with_family(consulted_on=None, allocated_on=TUESDAY), "consultation")
    assert (one.person_id, one.due_on) == ("clinician", days(7))


def test_a_session_that_came_and_went_without_a_line_is_asked_about_the_next_working_day() -> None:
    friday = date(2026, 11, 20)
    [one] = of_kind(with_family(next_session=friday), "tracking")
    assert (one.person_id, one.due_on, one.day) == ("clinician", date(2026, 11, 23), friday)
    assert of_kind(with_family(next_session=friday, tracked_on=friday), "tracking") == []
    assert of_kind(with_family(next_session=friday, session_days=(friday,)), "tracking") == []


def test_a_session_to_come_is_not_spoken_of_as_past() -> None:
    said = [line_words(load().kinds["tracking"], "", days(4), days(3), today) for today in (TUESDAY, days(4))]
    assert [line.split(" planned")[0] for line in said] == ["A session is", "A session was"]


def test_work_that_leaves_no_line_for_two_weeks_is_asked_about() -> None:
    [one] = of_kind(with_family(working_since=days(-60), tracked_on=days(-14)), "tracking_quiet")
    assert (one.person_id, one.due_on, one.day) == ("clinician", TUESDAY, days(-14))
    [held] = of_kind(with_family(working_since=days(-60), session_days=(days(-7),)), "tracking_quiet")
    assert held.day == days(-7)
    assert of_kind(with_family(tracked_on=days(-60)), "tracking_quiet") == []


def test_while_a_session_is_booked_only_that_session_is_asked_about() -> None:
    booked = with_family(working_since=days(-60), tracked_on=days(-30), next_session=days(3))
    assert of_kind(booked, "tracking_quiet") == []
    assert [one.due_on for one in of_kind(booked, "tracking")] == [days(6)]


def test_nothing_of_before_the_bot_is_missed_on_the_tracking_form() -> None:
    known = replace(with_family(working_since=days(-60)), began_on=TUESDAY)
    assert [one.day for one in of_kind(known, "tracking_quiet")] == [TUESDAY]


def test_a_family_that_does_not_move_for_six_weeks_is_for_the_lead_and_the_team_manager() -> None:
    still = with_family(last_full_on=days(-42), last_seen_on=days(-50), last_done_on=None)
    found = of_kind(still, "drift")
    assert {(one.person_id, one.due_on) for one in found} == {("lead", TUESDAY), ("manager", TUESDAY)}
    assert {one.due_on for one in of_kind(with_family(last_done_on=days(-1)), "drift")} == {days(42)}


def test_the_months_a_family_was_closed_count_for_no_reminder() -> None:
    closed = ((days(-200), days(0)),)
    still = with_family(
        last_full_on=days(-210), last_seen_on=days(-210), last_done_on=None, allocated_on=days(-300), closed=closed
    )
    assert [one.due_on for one in of_kind(still, "drift")] == [days(32), days(32)]
    asked = Expected("review", "f1:cin_review:", days(-100), ("lead_worker",), family_id="f1", statutory=True)
    [review] = of_kind(replace(still, expected=(asked,)), "review")
    assert (review.due_on, review.statutory) == (days(0), True)
    late = Expected("review", "f1:cin_review:", days(-207), ("lead_worker",), family_id="f1")
    assert [one.due_on for one in of_kind(replace(still, expected=(late,)), "review")] == [days(-7)]
    coming = Expected("review", "f1:cin_review:", days(20), ("lead_worker",), family_id="f1")
    assert [one.due_on for one in of_kind(replace(still, expected=(coming,)), "review")] == [days(20)]


def test_a_family_closed_twice_loses_both_times() -> None:
    closed = ((days(-200), days(-150)), (days(-100), days(0)))
    still = with_family(last_full_on=days(-210), last_seen_on=None, last_done_on=None, allocated_on=None, closed=closed)
    assert {one.due_on for one in of_kind(still, "drift")} == {days(-60 + 42)}


@pytest.mark.parametrize("category", ["child_protection", "looked_after"])
def test_drift_is_about_child_in_need_families(category: str) -> None:
    assert of_kind(with_family(category=category, last_full_on=days(-100)), "drift") == []


def test_the_coordinator_hears_of_every_meeting_the_working_day_before() -> None:
    monday = date(2026, 11, 23)
    [one] = of_kind(replace(KNOWN, meetings=(MeetingDay(monday, monday),)), "meeting_tomorrow")
    assert (one.person_id, one.first_on) == ("coordinator", date(2026, 11, 20))


def test_a_meeting_on_a_bank_holiday_is_asked_about_two_weeks_before_and_not_announced() -> None:
    christmas = date(2026, 12, 25)
    known = replace(KNOWN, meetings=(MeetingDay(christmas, None, "Christmas Day"),))
    assert of_kind(known, "meeting_tomorrow") == []
    [one] = of_kind(known, "meeting_holiday")
    assert (one.person_id, one.first_on, one.what) == ("coordinator", date(2026, 12, 11), "Christmas Day")
    assert said_days("meeting_holiday", christmas, date(2026, 12, 11), 16) == [date(2026, 12, 11), date(2026, 12, 24)]


def test_without_a_coordinator_the_lead_hears_of_the_next_meeting() -> None:
    members = tuple(one for one in KNOWN.members if "unit_coordinator" not in one.roles)
    known = replace(KNOWN, members=members, meetings=(MeetingDay(days(7), days(7)),))
    assert [one.person_id for one in of_kind(known, "meeting_tomorrow")] == ["lead"]


def test_what_other_records_expect_goes_to_the_part_they_name() -> None:
    asked = Expected("review", "f1:ccin_review:", days(20), ("lead_worker", "team_manager"), family_id="f1")
    who = {one.person_id for one in of_kind(replace(KNOWN, expected=(asked,)), "review")}
    assert who == {"worker", "manager"}
    named = Expected("supervision", "u1:supervision:clinician", days(5), ("clinician", "clinical_manager"))
    who = {one.person_id for one in of_kind(replace(KNOWN, expected=(named,)), "supervision")}
    assert who == {"clinician", "clinical_manager"}


def test_a_review_that_rests_on_statute_stays_so_in_its_reminder() -> None:
    asked = Expected("review", "s", days(20), ("lead_worker",), family_id="f1", statutory=True)
    assert [one.statutory for one in of_kind(replace(KNOWN, expected=(asked,)), "review")] == [True]


@given(st.lists(DAYS, min_size=1, max_size=6), DAYS, DAYS)
def test_since_and_until_cut_the_whole_into_parts_that_fit_together(dates: list[date], one: date, other: date) -> None:
    known = replace(KNOWN, actions=tuple(ActionKnown(f"a{n}", "f1", "worker", day) for n, day in enumerate(dates)))
    first, last = sorted((one, other))
    whole = nudge_rules.due(known, None, date.max)
    parts = [
        nudge_rules.due(known, None, first),
        nudge_rules.due(known, first, last),
        nudge_rules.due(known, last, date.max),
    ]
    assert sorted(d.subject + d.kind for part in parts for d in part) == sorted(d.subject + d.kind for d in whole)


# ---- who hears


def test_while_somebody_is_away_their_cover_hears() -> None:
    away = replace(WORKER, leave_from=days(0), leave_until=days(5), cover_id="lead")
    known = replace(KNOWN, members=(LEAD, away))
    assert nudge_rules.hearer(known, "worker", days(0), must=False) == "lead"
    assert nudge_rules.hearer(known, "worker", days(6), must=False) == "worker"


def test_without_a_cover_it_waits_unless_it_cannot() -> None:
    away = replace(WORKER, leave_from=days(0), leave_until=days(5))
    known = replace(KNOWN, members=(LEAD, away))
    assert nudge_rules.hearer(known, "worker", days(0), must=False) is None
    assert nudge_rules.hearer(known, "worker", days(0), must=True) == "lead"


def test_two_people_away_who_cover_each_other_end_with_nobody() -> None:
    one = replace(WORKER, on_leave=True, cover_id="lead")
    other = replace(LEAD, on_leave=True, cover_id="worker")
    assert nudge_rules.hearer(replace(KNOWN, members=(one, other)), "worker", TUESDAY, must=False) is None


def test_a_manager_is_found_by_role_and_else_the_lead() -> None:
    assert nudge_rules.managers(KNOWN, "team_manager")[0] == "manager"
    assert nudge_rules.managers(replace(KNOWN, members=(LEAD, WORKER)), "clinical_manager") == ["lead"]


# ---- when


def test_an_action_is_said_before_on_and_after_its_day_and_then_weekly() -> None:
    due = date(2026, 11, 19)
    expected = [date(2026, 11, 18), due, date(2026, 11, 20), date(2026, 11, 26), date(2026, 12, 3)]
    assert said_days("action", due, TUESDAY, 18) == expected


def test_an_action_due_on_a_monday_is_said_first_on_friday() -> None:
    assert said_days("action", date(2026, 11, 23), TUESDAY, 7)[0] == date(2026, 11, 20)


def test_what_a_bank_holiday_got_in_the_way_of_is_said_after_it() -> None:
    christmas = date(2026, 12, 25)
    working = [day for n in range(12) if is_working_day(day := date(2026, 12, 22) + timedelta(days=n))]
    heard: list[date] = []
    for day in working:
        if nudge_rules.to_be_said("action", christmas, day, heard[-1] if heard else None):
            heard.append(day)
    assert heard[:2] == [date(2026, 12, 24), date(2026, 12, 29)]


def test_a_meeting_is_announced_once_and_not_afterwards() -> None:
    monday = date(2026, 11, 23)
    assert said_days("meeting_tomorrow", monday, TUESDAY, 14) == [date(2026, 11, 20)]


def test_put_off_means_not_heard_of_before_that_day_and_then_once() -> None:
    monday_last_week = days(-8)
    assert not nudge_rules.to_be_said("action", monday_last_week, days(1), TUESDAY, days(2))
    assert nudge_rules.to_be_said("action", monday_last_week, days(2), TUESDAY, days(2))
    assert not nudge_rules.to_be_said("action", monday_last_week, days(3), days(2), days(2))


@given(KINDS, DAYS, st.integers(0, 60))
def test_nothing_is_said_before_its_first_day_or_twice_a_day(kind: str, due: date, start: int) -> None:
    heard = said_days(kind, due, due - timedelta(days=start), start + 60)
    first = nudge_rules.last_say_day(kind, due, date.max - timedelta(days=400)) if not heard else heard[0]
    assert first is not None
    assert len(heard) == len(set(heard))
    assert not nudge_rules.to_be_said(kind, due, heard[-1], heard[-1]) if heard else True


def test_a_manager_is_told_only_after_the_person_was() -> None:
    last = nudge_rules.taken_up_on("sdq", TUESDAY)
    assert last == date(2026, 12, 1)
    assert nudge_rules.warned_from("sdq", TUESDAY) == date(2026, 11, 30)
    assert not nudge_rules.is_taken_up(last, last, None, reachable=True)
    assert not nudge_rules.is_taken_up(last, last, last, reachable=True)
    assert nudge_rules.is_taken_up(last, last, last - timedelta(days=1), reachable=True)


def test_where_nobody_is_there_to_hear_a_manager_is_told_all_the_same() -> None:
    last = nudge_rules.taken_up_on("sdq", TUESDAY)
    assert last is not None
    assert nudge_rules.is_taken_up(last, last, None, reachable=False)


def test_what_was_late_before_the_unit_came_counts_from_the_day_it_came() -> None:
    assert nudge_rules.taken_up_on("sdq", days(-200), TUESDAY) == nudge_rules.taken_up_on("sdq", TUESDAY)


def test_drift_and_meetings_are_taken_no_further() -> None:
    assert nudge_rules.taken_up_on("drift", TUESDAY) is None
    assert nudge_rules.taken_up_on("meeting_tomorrow", TUESDAY) is None


@pytest.mark.parametrize(
    ("day", "is_one"),
    [(date(2026, 11, 17), True), (date(2026, 11, 21), False), (date(2026, 12, 25), False), (date(2026, 12, 28), False)],
)
def test_only_working_days_are_days_for_it(day: date, is_one: bool) -> None:
    assert nudge_rules.is_a_day_for_it(day, [0, 1, 2, 3, 4]) is is_one


def test_a_day_the_person_did_not_choose_is_left_out() -> None:
    assert not nudge_rules.is_a_day_for_it(TUESDAY, [0, 2])


def test_late_statute_comes_before_a_late_action_and_that_before_what_is_still_to_come() -> None:
    statute = Due("review", "r", "worker", days(-1), days(-10), statutory=True)
    late = Due("action", "a", "worker", days(-30), days(-31))
    coming = Due("review", "s", "worker", days(5), days(-5), statutory=True)
    stopped = Due("concern_told", "d", "worker", TUESDAY, TUESDAY)
    found = sorted([coming, late, stopped, statute], key=lambda one: nudge_rules.pressing(one, TUESDAY))
    assert found == [stopped, statute, late, coming]


# ---- the file


def test_what_may_be_left_out_is_what_the_form_offers_and_nothing_the_law_asks_for() -> None:
    offered = next(q for q in load_form("nudge_preferences").questions if q.id == "left_out")
    law_asks_for = {one.group for one in load().kinds.values() if one.statutory}
    assert "concern" in law_asks_for
    assert {choice.value: choice.label for choice in offered.options} == {
        group: words for group, words in groups().items() if group not in law_asks_for
    }


def test_every_kind_says_something_and_names_only_what_it_is_given() -> None:
    for kind in load().kinds.values():
        assert kind.line.format(what="x", when="y")
        assert kind.do


def test_a_broken_file_names_the_row(tmp_path: Path) -> None:
    path = tmp_path / "nudges.yaml"
    path.write_text("groups: {a: A}\nkinds:\n  one: {group: a, line: x, do: y, befor: 1}\n")
    with pytest.raises(NudgeFault, match=r"one\.befor"):
        read_nudges(path)
    path.write_text("groups: {a: A}\nkinds:\n  one: {group: b, line: x, do: y}\n")
    with pytest.raises(NudgeFault, match="no group 'b'"):
        read_nudges(path)


@pytest.mark.parametrize(
    ("due", "said", "words"),
    [
        (date(2026, 11, 28), date(2026, 11, 27), "due Sat 28 Nov, so today is the last working day for it"),
        (date(2026, 12, 28), date(2026, 12, 24), "due Mon 28 Dec, so today is the last working day for it"),
        (date(2026, 12, 28), date(2026, 12, 11), "due Mon 28 Dec, so by Thu 24 Dec"),
        (date(2026, 12, 28), date(2026, 12, 29), "was due yesterday"),
    ],
)
def test_what_falls_on_a_day_off_is_said_while_it_can_still_be_done(due: date, said: date, words: str) -> None:
    assert nudge_rules.last_say_day("review", due, said) == said
    assert words in line_words(load().kinds["review"], "Core group", due, None, said)


def test_what_was_late_for_long_is_not_said_two_mornings_running() -> None:
    due, first = date(2026, 7, 27), date(2026, 11, 23)
    said = [first]
    for n in range(1, 29):
        day = first + timedelta(days=n)
        if is_working_day(day) and nudge_rules.to_be_said("sdq", due, day, said[-1]):
            said.append(day)
    assert said == [first, date(2026, 12, 1), date(2026, 12, 8), date(2026, 12, 15)]


def test_a_manager_hears_of_what_stays_open_once_a_week() -> None:
    due, first = date(2026, 11, 20), date(2026, 11, 27)
    assert not nudge_rules.to_be_said("visit", due, date(2026, 12, 3), first, taken_up=True)
    assert nudge_rules.to_be_said("visit", due, date(2026, 12, 4), first, taken_up=True)


def test_whoever_is_out_of_reach_is_tried_again_and_what_cannot_wait_goes_to_somebody_who_hears() -> None:
    lead, deputy = replace(LEAD, out_of_reach=True), replace(WORKER, deputy=True)
    known = Known("unit", TUESDAY, members=(lead, deputy))
    everybody = ["lead", "worker"]
    assert nudge_rules.hearers(known, "lead", TUESDAY, everybody, must=True) == ["worker", "lead"]
    assert nudge_rules.hearers(known, "lead", TUESDAY, everybody, must=False) == ["lead"]
    assert nudge_rules.hearers(known, "lead", TUESDAY, ["lead"], must=True) == []


def test_where_nobody_who_looks_after_the_unit_can_be_reached_a_manager_hears() -> None:
    lost = replace(LEAD, out_of_reach=True)
    known = Known("unit", TUESDAY, members=(lost, MANAGER))
    assert nudge_rules.hearer(known, lost.person_id, TUESDAY, must=True) == MANAGER.person_id
