"""The forms of the product are sound, fit a chat window, and a broken one says where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from prompts_and_forms.form import Form, Question
from prompts_and_forms.form_engine import fields, steps
from prompts_and_forms.forms import FormFault, form_ids, load_form, read_form
from tests.prompts_and_forms.any_answers import LARGE_FAMILY

BLOCKS_LEFT_FOR_FIELDS = 94
"""A chat window holds 100 parts; some are for the family's name, a safe-contact warning and the intro."""


def every_question(questions: tuple[Question, ...]) -> Iterator[Question]:
    for question in questions:
        yield question
        yield from every_question(question.questions)


@pytest.mark.parametrize("form_id", form_ids())
def test_every_form_fits_a_window_for_a_large_family(form_id: str) -> None:
    for step in steps(load_form(form_id)):
        assert len(fields(step, LARGE_FAMILY, {}, {})) <= BLOCKS_LEFT_FOR_FIELDS


@pytest.mark.parametrize("form_id", form_ids())
def test_labels_and_help_are_short_and_plain(form_id: str) -> None:
    form: Form = load_form(form_id)
    assert len(form.title) <= 24
    for question in every_question(form.questions):
        assert 0 < len(question.label) <= 150
        assert len(question.help) <= 200
        assert all(len(option.label) <= 75 for option in question.options)


def test_a_form_that_is_not_there_is_named() -> None:
    with pytest.raises(FormFault, match="no form called 'nothing'"):
        load_form("nothing")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: A title that is far too long for it\nquestions: []", "title: longer than 24"),
        ("title: A\nquestions: [{id: a, kind: choice, label: A}]", "questions.a.options: nothing to choose"),
        (
            "title: A\nquestions: [{id: a, kind: text, label: A}, {id: a, kind: text, label: A}]",
            "two questions with one id",
        ),
        ("title: A\nquestions: [{id: a, kind: group, label: A}]", "a group without questions"),
        ("title: A\nquestions: [{id: a, kind: text, label: A, when: {b: yes}}]", "there is no question 'b'"),
        ("title: A\nquestions: [{id: a, kind: verse, label: A}]", "questions.0.kind"),
        ("title: A\nquestions: [{id: A b, kind: text, label: A}]", "small letters"),
        ("title: A\nquestions: [{id: a, kind: text, label: A, colour: red}]", "questions.0.colour"),
        (
            "title: A\nquestions: [{id: a, kind: text, label: A}]\nsections: [{title: One, questions: [b]}]",
            "every question is asked in one section",
        ),
        ("title: [", "not readable"),
    ],
)
def test_a_broken_form_file_says_where_it_is_broken(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormFault) as fault:
        read_form(path)
    assert str(fault.value).startswith("broken.yaml: ")
    assert said in str(fault.value)
