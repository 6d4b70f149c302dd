"""Which family is discussed in full, in what order, and what to do when the meeting is too short."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts_and_forms.meeting.agenda_rules import (
    AROUND_MINUTES,
    FamilyFacts,
    Settings,
    add_months,
    full_reasons,
    may_wait,
    minutes_for,
    plan,
    reason_words,
    reasons,
    weeks_silent,
    whole_months,
)

TODAY = date(2026, 11, 24)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def family(name: str = "a", **known: Any) -> FamilyFacts:
    usual: dict[str, Any] = {
        "category": "child_in_need",
        "last_discussed_on": ago(7),
        "last_full_on": ago(14),
        "has_children": True,
        "least_seen_on": ago(6),
    }
    return FamilyFacts(family_id=name, **{**usual, **known})


def words(known: FamilyFacts, **settings: Any) -> list[str]:
    return [reason_words(reason) for reason in reasons(known, Settings.of(settings), TODAY)]


def is_full(known: FamilyFacts, **settings: Any) -> bool:
    return plan([known], settings, TODAY, 180).items[0].kind == "full"


def test_a_family_that_is_going_along_is_held_light_without_a_reason() -> None:
    assert plan([family()], {}, TODAY, 180).items[0].kind == "light"
    assert words(family()) == []


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"last_discussed_on": None, "last_full_on": None}, "new to the unit"),
        ({"first_since_consultation": True}, "first time since the initial consultation"),
        ({"concern_since_last": True}, "a concern since last time"),
        ({"coming": {"next_review": TODAY + timedelta(days=9)}}, "review in 9 days"),
        ({"coming": {"conference": TODAY}}, "conference today"),
        ({"coming": {"court": TODAY + timedelta(days=1)}}, "court date tomorrow"),
        ({"coming": {"ccin_meeting": TODAY + timedelta(days=14)}}, "planning meeting in 14 days"),
        ({"coming": {"next_review": ago(13)}, "missed": ["next_review"]}, "review overdue by 13 days"),
        ({"least_seen_on": ago(33)}, "a child last seen 33 days ago"),
        ({"least_seen_on": None}, "a child not seen yet"),
        ({"most_carried": 2}, "an action carried over twice"),
        ({"most_carried": 3}, "an action carried over 3 times"),
        ({"measure_worse": True}, "a measure clearly worse"),
        ({"measure_very_high": True}, "a measure very high, and felt in daily life"),
        ({"category": "child_protection", "plan_start": ago(489)}, "a child protection plan for 16 months"),
        ({"last_full_on": ago(42)}, "no full discussion for 6 weeks"),
        ({"last_full_on": None}, "no full discussion yet"),
        ({"asked_full": True}, "somebody asked"),
    ],
)
def test_each_reason_asks_for_a_full_discussion_and_says_why(known: dict[str, Any], said: str) -> None:
    assert is_full(family(**known))
    assert said in words(family(**known))


@pytest.mark.parametrize(
    "known",
    [
        {"coming": {"next_review": TODAY + timedelta(days=15)}},
        {"least_seen_on": ago(28)},
        {"most_carried": 1},
        {"category": "child_protection", "plan_start": ago(400)},
        {"category": "looked_after", "plan_start": ago(900)},
        {"last_full_on": ago(41)},
        {"has_children": False, "least_seen_on": None},
    ],
)
def test_just_short_of_a_reason_is_no_reason(known: dict[str, Any]) -> None:
    assert not is_full(family(**known))


def test_the_numbers_are_the_units_own() -> None:
    near = family(coming={"next_review": TODAY + timedelta(days=15)}, most_carried=1, last_full_on=ago(21))
    assert is_full(near, date_soon_days=21)
    assert is_full(near, stuck_after=1)
    assert is_full(near, no_full_weeks=3)
    assert (minutes_for("full", {"full_minutes": "25"}), minutes_for("light", {})) == (25, 5)


def test_a_setting_that_is_no_number_is_left_at_the_usual_one() -> None:
    assert Settings.of({"full_minutes": "many", "stuck_after": None, "other": 3}) == Settings()


def test_a_child_on_a_protection_plan_is_due_after_ten_working_days() -> None:
    assert not is_full(family(category="child_protection", least_seen_on=ago(14)))
    assert is_full(family(category="child_protection", least_seen_on=ago(15)))


def test_the_plans_own_visiting_interval_counts_first() -> None:
    assert is_full(family(least_seen_on=ago(8), visiting_days=7))
    assert not is_full(family(category="child_protection", least_seen_on=ago(20), visiting_days=28))


def test_three_silent_weeks_are_said_even_for_a_light_one() -> None:
    silent = family(last_discussed_on=ago(22), last_full_on=ago(22))
    assert words(silent) == ["not discussed for 3 weeks"]
    assert full_reasons(reasons(silent, Settings(), TODAY)) == []


def test_urgent_comes_first_then_who_was_not_reached_then_what_is_overdue() -> None:
    planned = plan(
        [
            family("light"),
            family("soon", coming={"next_review": TODAY + timedelta(days=3)}),
            family("silent", last_discussed_on=ago(28)),
            family("not reached", carried_from_last=True),
            family("concern", concern_since_last=True),
        ],
        {},
        TODAY,
        180,
    )
    assert [item.family_id for item in planned.items] == ["concern", "not reached", "silent", "soon", "light"]


def test_the_example_of_the_script_fits_three_hours() -> None:
    full = [family(f"f{n}", most_carried=2) for n in range(5)]
    light = [family(f"l{n}") for n in range(10)]
    planned = plan([*full, *light], {}, TODAY, 180)
    assert sum(item.minutes for item in planned.items) + AROUND_MINUTES == 175
    assert (planned.over_by, planned.proposal) == (0, "")


def test_too_long_an_agenda_comes_with_a_way_out() -> None:
    can_wait = family("b", last_full_on=ago(60))
    planned = plan([family("a", most_carried=2), can_wait, family("c", concern_since_last=True)], {}, TODAY, 70)
    assert planned.over_by == 15
    assert (planned.hold_light, planned.extra) == (("b",), ())
    assert planned.proposal == "You could make one family light."


def test_a_concern_is_never_put_off() -> None:
    planned = plan([family(str(n), concern_since_last=True) for n in range(9)], {}, TODAY, 60)
    assert planned.over_by > 0
    assert (planned.hold_light, planned.extra) == ((), ())


@given(st.lists(st.integers(0, 80), max_size=30), st.integers(30, 240))
def test_every_family_is_on_the_agenda_once_and_all_who_may_wait_make_it_fit(days: list[int], length: int) -> None:
    families = [family(f"{n:02d}", last_full_on=ago(d), last_discussed_on=ago(d)) for n, d in enumerate(days)]
    planned = plan(families, {}, TODAY, length)
    assert sorted(item.family_id for item in planned.items) == [known.family_id for known in families]
    minutes = {item.family_id: item.minutes for item in planned.items}
    for name in planned.hold_light:
        minutes[name] = minutes_for("light", {})
    left = sum(taken for name, taken in minutes.items() if name not in planned.extra)
    longest = max((weeks_silent(item.reasons) for item in planned.items), default=0)
    could = {item.family_id for item in planned.items if may_wait(item.reasons, longest)}
    assert AROUND_MINUTES + left <= max(length, AROUND_MINUTES) or set(planned.extra) == could
    assert set(planned.extra) <= could
    assert not set(planned.hold_light) & set(planned.extra)


def test_months_end_where_the_calendar_does() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(date(2025, 12, 15), 12) == date(2026, 12, 15)
    assert whole_months(date(2026, 1, 31), date(2026, 2, 27)) == 0


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 60))
def test_added_months_have_passed_wholly(start: date, months: int) -> None:
    assert whole_months(start, add_months(start, months)) == months


def test_a_family_that_has_stood_still_says_so_and_keeps_its_place() -> None:
    moved = {"moved": (ago(70), None, ago(45), ago(300)), "last_full_on": ago(70)}
    still = family("b", **moved)
    (reason,) = [one for one in reasons(still, Settings(), TODAY) if one["code"] == "drifting"]
    assert reason["weeks"] == 6
    assert reason_words(reason) == "drifting: nothing has moved for 6 weeks (no visit, no finished action)"
    without = family("b", last_full_on=ago(70))
    length = AROUND_MINUTES + 5
    before = plan([family("a"), without], {}, TODAY, length)
    after = plan([family("a"), still], {}, TODAY, length)
    assert [one.family_id for one in after.items] == [one.family_id for one in before.items]
    assert (after.hold_light, after.extra) == (before.hold_light, before.extra)


@pytest.mark.parametrize(
    "known",
    [
        {"moved": (ago(70), ago(41))},
        {"moved": (ago(70),), "category": "child_protection"},
        {"moved": (None, None)},
    ],
)
def test_a_family_that_moves_or_is_held_elsewhere_does_not_drift(known: dict[str, Any]) -> None:
    assert "drifting" not in [one["code"] for one in reasons(family("b", **known), Settings(), TODAY)]


def test_how_long_a_family_may_stand_still_is_the_units_own() -> None:
    still = family("b", moved=(ago(30),))
    assert "drifting" in [one["code"] for one in reasons(still, Settings(no_full_weeks=4), TODAY)]


def test_families_alike_in_all_else_come_by_reference() -> None:
    alike = [family("z", reference="K1564A"), family("a", reference="K4419D"), family("m", reference="K1218Y")]
    assert [item.family_id for item in plan(alike, {}, TODAY, 180).items] == ["m", "z", "a"]
