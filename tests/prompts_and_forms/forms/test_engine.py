"""Forms are drawn, read and filled again without losing a character."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prompts_and_forms.forms.catalogue import form_ids, load_form
from prompts_and_forms.forms.engine import BOX_LIMIT, boxes_of, fields, flatten, hidden, read
from prompts_and_forms.forms.form import FieldKind, Form, Question, QuestionKind
from prompts_and_forms.forms.keys import AND_MORE
from prompts_and_forms.forms.wording import CHOOSE_AGAIN, DAY_PAST, DAY_TO_COME, ROW_GONE
from tests.worlds.any_answers import FAMILY, TODAY, answers


def form_of(*questions: Question) -> Form:
    return Form(id="trial", title="Trial", questions=questions)


def ask(kind: str, **more: Any) -> Question:
    return Question.model_validate({"id": "it", "kind": kind, "label": "It", **more})


def read_one(question: Question, value: Any) -> tuple[Any, dict[str, str]]:
    found, errors = read(form_of(question), FAMILY, {"it": value})
    return found.get("it"), errors


@pytest.mark.parametrize("form_id", form_ids())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_kept_comes_back_character_for_character(form_id: str, data: st.DataObject) -> None:
    form = load_form(form_id)
    kept = data.draw(answers(form))
    flat, boxes = flatten(form, FAMILY, kept)
    assert read(form, FAMILY, flat) == (kept, {})
    drawn = fields(form, FAMILY, flat, boxes)
    assert len({field.key for field in drawn}) == len(drawn)
    shown = {field.key: field.value for field in drawn if field.kind is not FieldKind.MORE and field.value}
    assert shown == {key: tuple(value) if isinstance(value, list) else value for key, value in flat.items()}
    assert all(len(value) <= BOX_LIMIT for value in flat.values() if isinstance(value, str))


def test_a_question_without_an_answer_is_left_out() -> None:
    form = load_form("safety")
    found, errors = read(form, FAMILY, {"immediate_concern": "no", "what_was_heard": None, "worries#0": ""})
    assert found == {"immediate_concern": False}
    assert errors == {}


def test_white_space_alone_is_no_answer_but_other_text_keeps_its_own() -> None:
    assert read_one(ask("long_text"), " \n\t ") == (None, {})
    assert read_one(ask("long_text"), "  two\n\nlines ") == ("  two\n\nlines ", {})


def test_a_safety_form_without_the_one_question_that_matters_is_asked_again() -> None:
    found, errors = read(load_form("l_safety"), FAMILY, {"seen#K3107C-1#date": "2026-11-23"})
    assert found == {"seen": [{"child": "K3107C-1", "date": "2026-11-23"}]}
    assert errors == {"immediate_concern": "Please choose one, so that this can be saved."}


def test_rows_for_children_go_by_the_child_and_keep_the_familys_order() -> None:
    flat = {"seen#K3107C-3#date": "2026-11-22", "seen#K3107C-1#date": "2026-11-23", "immediate_concern": "no"}
    found, _ = read(load_form("l_safety"), FAMILY, flat)
    assert [(row["child"], row["date"][-2:]) for row in found["seen"]] == [("K3107C-1", "23"), ("K3107C-3", "22")]


def test_by_whom_and_whether_alone_is_asked_once_there_is_a_day() -> None:
    def asked(flat: dict[str, str]) -> list[str]:
        return [field.key for field in fields(load_form("safety"), FAMILY, flat, {}) if "K3107C-1" in field.key]

    assert asked({}) == ["seen#K3107C-1#date"]
    assert asked({"seen#K3107C-1#date": "2026-11-15"})[1:] == ["seen#K3107C-1#by", "seen#K3107C-1#alone"]


def test_two_rows_about_the_same_child_are_both_kept() -> None:
    form = load_form("voices")
    kept = {"children": [{"child": "K3107C-1", "words": "One."}, {"child": "K3107C-1", "words": "Two."}]}
    flat, boxes = flatten(form, FAMILY, kept)
    assert read(form, FAMILY, flat) == (kept, {})
    assert {"One.", "Two."} <= {field.value for field in fields(form, FAMILY, flat, boxes)}


def test_words_about_an_action_that_was_closed_meanwhile_are_not_lost() -> None:
    key = f"previous_actions#{'c' * 32}#note"
    _, errors = read(load_form("changed"), FAMILY, {key: "Nursery rang back."})
    assert errors == {key: ROW_GONE}


def test_rows_left_wholly_empty_are_dropped_and_raise_nothing() -> None:
    flat = {"views#0#who": "p1", "views#0#view": "Together.", "views#1#who": None, "about": "When to meet"}
    found, errors = read(load_form("disagreement"), FAMILY, flat)
    assert (found["views"], errors) == ([{"who": "p1", "view": "Together."}], {})


def test_a_row_that_was_begun_is_asked_to_be_finished() -> None:
    flat = {"views#0#who": "p1", "views#0#view": "Together.", "views#1#who": "p2", "about": "When to meet"}
    _, errors = read(load_form("disagreement"), FAMILY, flat)
    assert errors == {"views#1#view": "Please write a few words here, so that this can be saved."}


def test_a_group_that_is_needed_is_asked_for_beside_its_first_field() -> None:
    _, errors = read(load_form("close"), FAMILY, {})
    assert errors == {"next_discussion#0#date": "Please choose a date, so that this can be saved."}


def test_what_is_needed_in_a_row_is_demanded_only_where_the_row_is() -> None:
    drawn = {field.key: field for field in fields(load_form("contract"), FAMILY, {}, {})}
    assert drawn["roles#0#member"].required
    assert not drawn["roles#1#member"].required
    drawn = {field.key: field for field in fields(load_form("l_actions"), FAMILY, {}, {AND_MORE: 1})}
    assert not drawn["new#0#text"].required


@pytest.mark.parametrize("kind", ["choice", "person", "people", "child", "outcome", "action", "hypothesis", "yes_no"])
def test_what_is_not_on_the_list_is_refused(kind: str) -> None:
    question = ask(kind, options=[{"value": "a", "label": "A"}] if kind == "choice" else [])
    value = ["stranger"] if kind == "people" else "stranger"
    assert read_one(question, value) == (None, {"it": CHOOSE_AGAIN})


def test_someone_outside_the_unit_can_be_chosen_only_where_it_is_offered() -> None:
    assert read_one(ask("person", outside=True), "outside") == ("outside", {})
    assert read_one(ask("person"), "outside") == (None, {"it": CHOOSE_AGAIN})


def test_dates_that_cannot_be_are_pointed_out() -> None:
    assert read_one(ask("date", not_future=True), "2026-11-25") == (None, {"it": DAY_TO_COME})
    assert read_one(ask("date", not_future=True), TODAY.isoformat()) == (TODAY.isoformat(), {})
    assert read_one(ask("date", earliest_today=True), "2026-11-23") == (None, {"it": DAY_PAST})
    assert read_one(ask("date"), "24 November")[1]


@pytest.mark.parametrize(("typed", "kept"), [("6", 6), (" 12 ", 12), ("0", 0)])
def test_whole_numbers_are_kept_as_numbers(typed: str, kept: int) -> None:
    assert read_one(ask("whole_number"), typed) == (kept, {})


@pytest.mark.parametrize("typed", ["six", "1.5", "-1", "٣", "99999999"])
def test_other_numbers_are_asked_for_again(typed: str) -> None:
    assert set(read_one(ask("whole_number"), typed)[1]) == {"it"}


@pytest.mark.parametrize("typed", ["25:00", "9:30", "noon", "10:60"])
def test_times_are_hours_and_minutes(typed: str) -> None:
    assert set(read_one(ask("time"), typed)[1]) == {"it"}


def test_a_condition_shows_and_hides_a_question_and_what_it_held() -> None:
    form = form_of(
        ask("yes_no", id="unborn"),
        ask("date", id="due", when={"unborn": True}),
    )
    assert [field.key for field in fields(form, FAMILY, {}, {})] == ["unborn"]
    shown = fields(form, FAMILY, {"unborn": "yes"}, {})
    assert [(field.key, field.redraws) for field in shown] == [("unborn", True), ("due", False)]
    assert read(form, FAMILY, {"unborn": "no", "due": "2026-12-24"}) == ({"unborn": False}, {})


def test_what_another_answer_hides_is_known_also_in_a_row() -> None:
    round_ = load_form("quick_round")
    flat = {"today": "none", "what_was_heard": "A shout.", "seen#K1#date": "2026-11-24", "visits": "as_known"}
    assert hidden(round_, flat) == {"what_was_heard", "seen#K1#date"}
    assert hidden(round_, {**flat, "today": "concern", "visits": "visit"}) == frozenset()
    safety = load_form("safety")
    assert hidden(safety, {"seen#K1#by": "P1"}) == {"seen#K1#by"}
    assert hidden(safety, {"seen#K1#by": "P1", "seen#K1#date": "2026-11-24", "worries#0": "Late."}) == frozenset()


def test_one_more_box_can_be_asked_for_until_there_are_enough() -> None:
    form = form_of(Question(id="it", kind=QuestionKind.LINES, label="It", boxes=1, most=2))
    assert [(f.key, f.kind) for f in fields(form, FAMILY, {}, {})] == [("it#0", FieldKind.TEXT), ("it", FieldKind.MORE)]
    assert [f.key for f in fields(form, FAMILY, {}, {"it": 2})] == ["it#0", "it#1"]
    assert boxes_of(form, "it", {}, {}) == 1
    assert boxes_of(form, "it", {"it#1": "x"}, {}) == 2


def test_a_list_with_nothing_in_it_is_said_in_words() -> None:
    drawn = fields(load_form("hypothesis_status"), FAMILY.model_copy(update={"hypotheses": ()}), {}, {})
    assert drawn[0].kind is FieldKind.TEXT_ONLY
    assert drawn[0].label == "Which idea?: nothing to choose from yet."


def test_a_text_is_not_cut_inside_a_line_ending() -> None:
    text = "x" * (BOX_LIMIT - 1) + "\r\nmore"
    flat, _ = flatten(form_of(ask("long_text")), FAMILY, {"it": text})
    assert flat == {"it": "x" * (BOX_LIMIT - 1), "it~2": "\r\nmore"}
