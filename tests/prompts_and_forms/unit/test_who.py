"""Who hears and who may confirm, whoever has left, is on leave or was never named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts_and_forms.nudges.nudge_facts import Member
from prompts_and_forms.unit import who

DAY = date(2026, 11, 17)
LEAD = Member("lead", frozenset({"consultant_social_worker"}), unit_lead=True)
DEPUTY = Member("deputy", frozenset({"social_worker"}), deputy=True)
SECOND = Member("second", frozenset({"consultant_social_worker"}))
COORDINATOR = Member("coordinator", frozenset({"unit_coordinator"}))
WORKER = Member("worker", frozenset({"social_worker"}))
CLINICAL = Member("clinical", frozenset({"clinical_manager"}), linked=True)
TEAM = Member("team", frozenset({"team_manager"}), linked=True)
LINKED = Member("linked", frozenset(), linked=True)
EVERYBODY = (WORKER, COORDINATOR, LINKED, CLINICAL, TEAM, SECOND, DEPUTY, LEAD)


def away(one: Member) -> Member:
    return replace(one, leave_from=DAY, leave_until=DAY + timedelta(days=3))


def confirms(*members: Member) -> str:
    found = who.who_confirms(members, DAY)
    return found.person_id if found else ""


@pytest.mark.parametrize(
    ("members", "first"),
    [
        (EVERYBODY, "lead"),
        ((*EVERYBODY[:-1], away(LEAD)), "deputy"),
        ((WORKER, COORDINATOR, TEAM, SECOND, away(DEPUTY), away(LEAD)), "second"),
        ((WORKER, COORDINATOR, LINKED, CLINICAL, TEAM, away(LEAD)), "team"),
        ((WORKER, COORDINATOR, LINKED, CLINICAL), "clinical"),
        ((WORKER, COORDINATOR, LINKED), "linked"),
        ((WORKER, COORDINATOR), "coordinator"),
        ((WORKER,), "worker"),
        ((away(WORKER), away(LEAD)), "lead"),
        ((), ""),
    ],
)
def test_the_next_in_order_is_asked_for_a_yes(members: tuple[Member, ...], first: str) -> None:
    assert confirms(*members) == first


def test_the_lead_and_the_deputy_may_confirm_at_any_time_and_others_only_in_their_place() -> None:
    here = (*EVERYBODY[:-2], DEPUTY, away(LEAD))
    assert [one.person_id for one in here if who.may_confirm(here, one.person_id, DAY)] == ["deputy", "lead"]
    without = (WORKER, COORDINATOR, CLINICAL, TEAM, away(DEPUTY), away(LEAD))
    assert [one.person_id for one in without if who.may_confirm(without, one.person_id, DAY)] == [
        "clinical",
        "team",
        "deputy",
        "lead",
    ]
    assert not who.may_confirm(EVERYBODY, "somebody who left", DAY)


ANY_UNIT = st.lists(st.tuples(st.sampled_from(EVERYBODY), st.booleans()), unique_by=lambda one: one[0].person_id)


@given(ANY_UNIT.filter(bool))
def test_in_every_combination_somebody_hears_and_whoever_is_asked_may_confirm(
    drawn: list[tuple[Member, bool]],
) -> None:
    members = [away(one) if gone else one for one, gone in drawn]
    hears, asked = who.who_hears(members, DAY), who.who_confirms(members, DAY)
    assert hears is not None
    assert asked is not None
    assert who.may_confirm(members, asked.person_id, DAY)
    if any(one.hears(DAY) for one in members):
        assert hears.hears(DAY)
        assert asked.hears(DAY)
