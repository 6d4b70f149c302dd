"""The clinical pathway: only the moves that fit are offered, and every other one says why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from prompts_and_forms.clinical import pathway
from prompts_and_forms.clinical.pathway import Move, Standing
from prompts_and_forms.forms.catalogue import form_ids, load_form

STATES = tuple(pathway.load().states)
MOVES = tuple(pathway.load().moves.values())
ROLES = (
    "consultant_social_worker",
    "social_worker",
    "childrens_practitioner",
    "unit_coordinator",
    "clinician",
    "clinical_manager",
    "group_manager",
)
EVERYBODY = frozenset(ROLES)

standings = some.builds(
    Standing,
    state=some.sampled_from(STATES),
    roles=some.frozensets(some.sampled_from(ROLES)),
    agreed=some.booleans(),
    sessions=some.integers(0, 9),
    sessions_held=some.integers(0, 12),
    back=some.sampled_from(("", *STATES)),
    asked=some.booleans(),
)


def answered(move: Move, choice: int) -> dict[str, Any]:
    values = [*move.outcomes, None]
    return {move.ask: values[choice % len(values)]} if move.ask else {}


def asked_after(now: Standing, move: Move, answers: dict[str, Any]) -> bool:
    if move.id == "panel":
        return answers["outcome"] == "waiting"
    return now.asked or move.id == "refer" or pathway.after(move, now, answers) == "referred_to_panel"


@given(standings)
def test_what_comes_next_is_always_one_of_the_moves_that_fit(standing: Standing) -> None:
    allowed = pathway.allowed(standing)
    assert all(move in allowed for move in pathway.usual(standing))


@given(standings, some.sampled_from(("accepted_beside", "not_accepted", "waiting")))
def test_work_that_goes_on_is_not_thrown_back_by_a_panels_answer(standing: Standing, answer: str) -> None:
    if pathway.state(standing.state).goes_on:
        assert pathway.after(pathway.move("refer"), standing, {}) == standing.state
        assert pathway.after(pathway.move("panel"), standing, {"outcome": answer}) == standing.state


@given(standings)
def test_a_move_is_either_allowed_or_says_why_not(standing: Standing) -> None:
    allowed = pathway.allowed(standing)
    for move in MOVES:
        assert (move in allowed) == (pathway.why_not(move, standing) == "")
        if move not in allowed:
            assert pathway.why_not(move, standing).endswith(".")


@given(standings, some.sampled_from(MOVES), some.integers(0, 9))
def test_every_move_leads_to_a_state_there_is(standing: Standing, move: Move, choice: int) -> None:
    assert pathway.after(move, standing, answered(move, choice)) in STATES


@given(some.lists(some.tuples(some.integers(0, 99), some.integers(0, 9)), max_size=25))
def test_whatever_happens_the_work_can_go_on_or_is_over(steps: list[tuple[int, int]]) -> None:
    now = Standing(roles=EVERYBODY, agreed=True)
    for which, choice in steps:
        offered = pathway.allowed(now)
        assert [move for move in offered if not move.urgent], now.state
        move = offered[which % len(offered)]
        now = replace(
            now,
            back=now.state if pathway.keeps_its_place(move) and now.state != "urgent_tier3" else now.back,
            sessions=now.sessions + 1 if move.id == "session" else 0 if move.id == "review" else now.sessions,
            sessions_held=now.sessions_held + 1 if move.id == "session" else now.sessions_held,
            state=pathway.after(move, now, answered(move, choice)),
            asked=asked_after(now, move, answered(move, choice)),
        )


@given(standings)
def test_urgent_tier_3_is_open_to_everybody_everywhere(standing: Standing) -> None:
    assert pathway.move("urgent") in pathway.allowed(standing)
    assert pathway.after(pathway.move("urgent"), standing, {}) == "urgent_tier3"


@given(standings)
def test_joint_work_needs_an_agreement(standing: Standing) -> None:
    if not standing.agreed:
        assert "session" not in {move.id for move in pathway.allowed(standing)}


def test_the_sixth_session_makes_the_review_due() -> None:
    fifth = Standing(state="in_therapy", sessions=4, sessions_held=4)
    sixth = Standing(state="in_therapy", sessions=5, sessions_held=5)
    session = pathway.move("session")
    assert pathway.after(session, fifth, {}) == "in_therapy"
    assert pathway.after(session, sixth, {}) == "review_due"
    due = Standing(state="review_due", roles=EVERYBODY, agreed=True)
    assert "session" not in {move.id for move in pathway.allowed(due)}


def test_work_without_a_session_ends_without_closing_questionnaires() -> None:
    close = pathway.move("close")
    assert pathway.after(close, Standing(state="commissioned"), {}) == "ended"
    assert pathway.after(close, Standing(state="in_therapy", sessions_held=2), {}) == "ended_awaiting_measures"


def test_ended_work_only_opens_again_with_a_consultation_or_urgently() -> None:
    offered = {move.id for move in pathway.allowed(Standing(state="ended", roles=EVERYBODY, agreed=True))}
    assert offered == {"consult", "urgent"}


def test_only_the_coordinator_books_and_only_the_clinical_manager_confirms() -> None:
    book, confirm = pathway.move("book"), pathway.move("confirm")
    clinician = frozenset({"clinician"})
    assert "coordinator" in pathway.why_not(book, Standing(state="to_commission", roles=clinician))
    assert "clinical manager" in pathway.why_not(confirm, Standing(state="to_confirm", roles=clinician))
    assert pathway.why_not(confirm, Standing(state="to_confirm", roles=frozenset({"clinical_manager"}))) == ""


def test_after_an_urgent_time_the_work_goes_on_where_it_was() -> None:
    urgent = Standing(state="urgent_tier3", roles=EVERYBODY, back="in_therapy")
    assert pathway.after(pathway.move("calmer"), urgent, {"decision": "go_on"}) == "in_therapy"


def test_only_managers_may_override() -> None:
    assert pathway.may_override(Standing(roles=frozenset({"clinical_manager"})))
    assert not pathway.may_override(Standing(roles=frozenset({"clinician", "consultant_social_worker"})))


def test_different_views_go_up_step_by_step_until_they_are_settled() -> None:
    steps = [0]
    for _ in range(4):
        steps.append(pathway.next_differ_step(steps[-1], settled=False))
    assert steps == [0, 1, 2, 3, 3]
    assert pathway.next_differ_step(3, settled=True) == 0


@pytest.mark.parametrize("move", [move for move in MOVES if move.form], ids=lambda move: move.id)
def test_every_move_has_its_form_and_its_outcomes_are_choices_of_it(move: Move) -> None:
    assert move.form in form_ids()
    if move.ask:
        question = next(q for q in load_form(move.form).questions if q.id == move.ask)
        assert {choice.value for choice in question.options} == set(move.outcomes)


def test_a_state_nobody_knows_any_more_is_still_named() -> None:
    assert pathway.state("a_state_of_old").name == "A state of old"
