"""What was written for one version of a form goes over to the next, or is named: nothing in between."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.forms.change import carried, step_for
from prompts_and_forms.forms.engine import fields, flatten
from prompts_and_forms.forms.form import Form, Question
from tests.worlds.any_answers import FAMILY, answers


def form_of(*questions: dict[str, Any], **more: Any) -> Form:
    asked = tuple(Question.model_validate({"label": f"The {q['id']}", "kind": "text", **q}) for q in questions)
    return Form(id="trial", title="Trial", questions=asked, **more)


def brought(old: Form, new: Form, flat: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    kept, left = carried(old, new, FAMILY, flat, {})
    return kept, [(one.label, one.text) for one in left]


def fewer(draw: st.DrawFn, questions: tuple[Question, ...]) -> tuple[Question, ...]:
    """Some of the questions, some of them with fewer questions or options inside."""
    found = []
    for question in questions:
        if draw(st.integers(0, 3)) == 0:
            continue
        inner = fewer(draw, question.questions)
        options = tuple(one for one in question.options if draw(st.integers(0, 3)))
        found.append(question.model_copy(update={"questions": inner, "options": options}))
    return tuple(found)


@pytest.mark.parametrize("form_id", ["disagreement", "contract", "changed", "safety", "session"])
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_word_that_was_seen_is_in_the_new_form_or_named(form_id: str, data: st.DataObject) -> None:
    old = load_form(form_id)
    new = old.model_copy(update={"questions": fewer(data.draw, old.questions), "version": 2})
    flat, boxes = flatten(old, FAMILY, data.draw(answers(old)))
    kept, left = carried(old, new, FAMILY, flat, boxes)
    named = "\n".join(one.text for one in left)
    shown = {field.key: field.value for field in fields(new, FAMILY, kept, boxes) if field.value}
    for field in fields(old, FAMILY, flat, boxes):
        if isinstance(field.value, str) and not field.options and field.kind in ("text", "long_text"):
            assert shown.get(field.key) == field.value or field.value in named
        elif isinstance(field.value, tuple):
            labels = {one.value: one.label for one in field.options}
            assert all(one in (shown.get(field.key) or ()) or labels[one] in named for one in field.value)
        elif field.value:
            assert shown.get(field.key) == field.value or named


@pytest.mark.parametrize("form_id", ["assessment", "disagreement", "safety"])
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_version_with_the_same_questions_takes_everything_over(form_id: str, data: st.DataObject) -> None:
    form = load_form(form_id)
    flat, boxes = flatten(form, FAMILY, data.draw(answers(form)))
    assert carried(form, form.model_copy(update={"version": 2}), FAMILY, flat, boxes) == (flat, [])


def test_a_long_text_is_named_as_one() -> None:
    flat = {"a": "x" * 3000, "a~2": "y", "b": "B"}
    kept, left = brought(form_of({"id": "a", "kind": "long_text"}, {"id": "b"}), form_of({"id": "b"}), flat)
    assert kept == {"b": "B"}
    assert left == [("The a", "x" * 3000 + "y")]


def test_a_box_that_grew_tall_is_the_same_box() -> None:
    assert brought(form_of({"id": "a"}), form_of({"id": "a", "kind": "long_text"}), {"a": "A"}) == ({"a": "A"}, [])


def test_a_question_of_another_kind_does_not_take_the_answer() -> None:
    old, new = form_of({"id": "a"}), form_of({"id": "a", "kind": "date"})
    assert brought(old, new, {"a": "in spring"}) == ({}, [("The a", "in spring")])


def test_of_several_choices_only_those_that_are_gone_are_named() -> None:
    def offering(*values: str) -> Form:
        options = [{"value": one, "label": one.upper()} for one in values]
        return form_of({"id": "a", "kind": "choices", "options": options})

    found = brought(offering("home", "school", "clinic"), offering("home", "school"), {"a": ["home", "clinic"]})
    assert found == ({"a": ["home"]}, [("The a", "CLINIC")])


def test_a_day_is_named_as_people_read_it() -> None:
    old, new = form_of({"id": "a", "kind": "date"}), form_of({"id": "b"})
    assert brought(old, new, {"a": "2026-11-17"}) == ({}, [("The a", "Tuesday 17 November 2026")])


def test_an_answer_that_the_new_form_hides_is_named() -> None:
    old = form_of({"id": "a", "kind": "yes_no"}, {"id": "b"})
    new = form_of({"id": "a", "kind": "yes_no"}, {"id": "b", "when": {"a": True}})
    assert brought(old, new, {"a": "no", "b": "B"}) == ({"a": "no"}, [("The b", "B")])


def test_an_answer_whose_question_hangs_on_one_that_went_is_named() -> None:
    hanging = {"id": "b", "when": {"a": True}}
    old, new = form_of({"id": "a", "kind": "yes_no"}, hanging), form_of(hanging)
    assert brought(old, new, {"a": "yes", "b": "B"}) == ({}, [("The a", "Yes"), ("The b", "B")])


def test_words_behind_a_closed_condition_are_named_when_their_question_goes() -> None:
    old = form_of({"id": "a", "kind": "yes_no"}, {"id": "b", "when": {"a": True}})
    new = form_of({"id": "a", "kind": "yes_no"})
    assert brought(old, new, {"a": "no", "b": "B"}) == ({"a": "no"}, [("The b", "B")])


@pytest.mark.parametrize(("step", "following"), [(0, 0), (1, 2), (2, 2)])
def test_the_step_with_the_same_questions_is_found(step: int, following: int) -> None:
    questions = [{"id": one} for one in "abcd"]
    old = form_of(*questions, sections=[{"title": one, "questions": [one]} for one in ("a", "b", "c")])
    new = form_of(*questions, sections=[{"title": one, "questions": [*one]} for one in ("a", "d", "bc")])
    assert step_for(old, new, step) == following
