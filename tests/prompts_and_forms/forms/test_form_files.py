"""The forms of the product are sound, fit a chat window, and a broken one says where and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prompts_and_forms import yaml_lines
from prompts_and_forms.forms.catalogue import FormFault, form_ids, load_form, read_form
from prompts_and_forms.forms.engine import fields, steps
from prompts_and_forms.forms.form import Form, Question
from prompts_and_forms.yaml_lines import YamlFault
from tests.worlds.any_answers import LARGE_FAMILY

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
    with pytest.raises(FormFault, match=r"There is no form called “hypotesis”\. Did you mean “hypothesis”\?"):
        load_form("hypotesis")


def faults(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormFault) as fault:
        read_form(path)
    return str(fault.value).splitlines()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: A title that is far too long for it\nquestions: []", "line 1: The title has 35 characters"),
        ("title: A\nquestions: [{id: a, kind: choice, label: A}]", "line 2: “a” has no options to choose from."),
        (
            "title: A\nquestions:\n  - {id: a, kind: text, label: A}\n  - {id: a, kind: text, label: A}",
            "line 4: Two questions have the id “a”.",
        ),
        ("title: A\nquestions: [{id: a, kind: group, label: A}]", "line 2: The group “a” has no questions."),
        (
            "title: A\nquestions:\n  - id: a\n    kind: text\n    label: A\n    when: {b: yes}",
            "line 6: There is no quest",
        ),
        (
            "title: A\nquestions:\n  - {id: a, kind: choice, label: A, options: {x: X, y: Y}}\n"
            "  - {id: b, kind: text, label: B, when: {a: z}}",
            "line 4: “a” can never be answered with “z”.",
        ),
        ("title: A\nquestions:\n  - {id: a, kind: verse, label: A}", "line 3: “verse” is not a kind."),
        ("title: A\nquestions: [{id: A b, kind: text, label: A}]", "line 2: The id “A b” has to be small letters"),
        (
            "title: A\nquestions: [{id: a, kind: text, label: A, requird: true}]",
            "line 2: There is nothing called “requird” here. Did you mean “required”?",
        ),
        (
            "title: A\nquestions: [{id: a, kind: text, label: 7}]",
            "line 2: “label” has to be words. Put them in quotes.",
        ),
        ("title: A\nquestions: [{id: a, kind: text}]", "line 2: “label” is missing."),
        (
            "title: A\nquestions: [{id: a, kind: text, label: A}]\nsections: [{title: One, questions: [b]}]",
            "line 3: Every question is asked in exactly one section.",
        ),
        ("id: other\ntitle: A\nquestions: []", "line 1: A form's id is its file's name."),
    ],
)
def test_a_broken_form_says_the_line_and_the_fault(tmp_path: Path, text: str, said: str) -> None:
    (told, *more) = faults(tmp_path, text)
    assert told.startswith(f"broken.yaml, {said}")
    assert not more


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    text = "title: A\nquestions:\n  - {id: a, kind: verse, label: A}\n  - {id: b, label: B}\n  - {kind: text, label: C}"
    assert [line.split(":")[0] for line in faults(tmp_path, text)] == [
        "broken.yaml, line 3",
        "broken.yaml, line 4",
        "broken.yaml, line 5",
    ]


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: !!python/object/apply:os.system [id]", "line 1: !!python/object/apply:os.system is not allowed."),
        ("title: A\nintro: !secret x", "line 2: !secret is not allowed."),
        (BOMB, "line 1: &a is a mark for pointing at."),
        ("title: *elsewhere", "line 1: *elsewhere points at another part of the file."),
        ("title: A\nsubmit: Go\ntitle: B", "line 3: “title” is here for the second time; the first is on line 1."),
        ("title: A\nquestions:\n\t- {id: a}", "line 3: There is a tab in the indentation. Use spaces."),
        ("title: A\n" + "[" * 5000, "line 2: "),
        ("a: " + "[" * 5000, "line 1: This is nested far too deep"),
        ("{" * 5000, "line 1: A name before a colon has to be one word."),
        ("title: A: B", "line 1: There is a second colon in this line."),
        ("title: [", "line 1: Something is missing here"),
        ("title: 'A", "line 1: The quotation mark that opens here is not closed."),
        ("title: @A", "line 1: The words begin with a sign"),
        ("%YAML 1.1\n---\ntitle: A", "line 1: The line beginning with %"),
        ("title: A\n---\ntitle: B", "line 2: A second file begins here"),
        ("title: A\x07", "line 1: There is a character here that cannot be read."),
        ("", "line 1: The file is empty."),
        ("- a", "line 1: The file should begin with a name"),
        (
            "questions:\n  - {id: a, kind: choice, label: A, options: {true: Yes}}",
            "line 2: “true” is not read as a word",
        ),
        ("x" * 600_000, "line 1: The file is far too long"),
    ],
)
def test_an_unsafe_or_unreadable_file_is_refused_in_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    (told,) = faults(tmp_path, text)
    assert told.startswith(f"broken.yaml, {said}")


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.sampled_from("ab:-?[]{},&*!|>'\"%@`#~ \n\t\r0=<é\u2028"), max_size=40))
def test_whatever_stands_in_a_file_it_is_read_or_refused_with_a_line(text: str) -> None:
    line, problem = 1, "Read."
    try:
        yaml_lines.loads(text)
    except YamlFault as fault:
        line, problem = fault.line, fault.problem
    assert 1 <= line <= len(text.splitlines()) + 1
    assert problem.endswith((".", "?"))


def test_a_file_that_is_not_text_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_bytes(b"title: \xff\xfe")
    with pytest.raises(FormFault, match="not saved as UTF-8"):
        read_form(path)
    with pytest.raises(FormFault, match="no such file"):
        read_form(tmp_path / "nowhere.yaml")


def test_no_off_and_on_are_words_and_not_yes_or_no(tmp_path: Path) -> None:
    path = tmp_path / "mood.yaml"
    path.write_text(
        "title: Mood\nquestions:\n  - {id: a, kind: choice, label: A, options: {no: No, off: Off, on: On}}\n"
        "  - {id: b, kind: text, label: B, when: {a: no}}",
        encoding="utf-8",
    )
    form = read_form(path)
    assert [one.value for one in form.questions[0].options] == ["no", "off", "on"]
    assert form.questions[1].when == {"a": "no"}
