"""The forms of the product: one YAML file each in forms/, checked when it is first read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from prompts_and_forms.form import Form, Question, QuestionKind

FOLDER = Path(__file__).parent / "forms"
TITLE_LIMIT = 24
PER = frozenset({"child", "carer", "open_action"})
CHOOSING = frozenset({QuestionKind.CHOICE, QuestionKind.CHOICES})


class FormFault(Exception):
    """A form file that cannot be used; the message names the file and the place in it."""


@cache
def form_ids() -> tuple[str, ...]:
    """Every form there is."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def load_form(form_id: str) -> Form:
    """The form of that id; raises FormFault for one that is not there or not sound."""
    if form_id not in form_ids():
        raise FormFault(f"there is no form called {form_id!r}")
    return read_form(FOLDER / f"{form_id}.yaml")


def read_form(path: Path) -> Form:
    """A form file as a checked `Form`; its id is the file's name."""
    try:
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        form = Form.model_validate({"id": path.stem, **_with_sections(_with_options(data))})
    except YAMLError as fault:
        raise FormFault(f"{path.name}: not readable as YAML: {fault}") from fault
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise FormFault(f"{path.name}: {place}: {first['msg']}") from fault
    for message in _faults(form):
        raise FormFault(f"{path.name}: {message}")
    return form


def _with_options(data: Any) -> Any:
    """`options` may be written as a mapping of value to words."""
    if isinstance(data, list):
        return [_with_options(item) for item in data]
    if not isinstance(data, dict):
        return data
    found = {key: _with_options(value) for key, value in data.items() if key != "options"}
    if "options" in data:
        options = data["options"]
        pairs = options.items() if isinstance(options, dict) else ((one, one) for one in options)
        found["options"] = [{"value": str(value), "label": str(label)} for value, label in pairs]
    return found


def _with_sections(data: Any) -> Any:
    """A long form's file has its questions inside its sections; a form has them all in one list as well."""
    if not isinstance(data, dict) or "sections" not in data or "questions" in data:
        return data
    parts = data["sections"] or []
    return {
        **data,
        "questions": [question for part in parts for question in part.get("questions") or []],
        "sections": [
            {**part, "questions": [str(q.get("id")) for q in part.get("questions") or [] if isinstance(q, dict)]}
            for part in parts
        ],
    }


def _faults(form: Form) -> Iterator[str]:
    if len(form.title) > TITLE_LIMIT:
        yield f"title: longer than {TITLE_LIMIT} characters"
    yield from _question_faults(form.questions, "questions", {q.id: q for q in form.questions})
    yield from _section_faults(form)


def _section_faults(form: Form) -> Iterator[str]:
    if not form.sections:
        return
    asked = [name for section in form.sections for name in section.questions]
    if sorted(asked) != sorted(question.id for question in form.questions):
        yield "sections: every question is asked in one section"
    if any(not section.questions for section in form.sections):
        yield "sections: a section without questions"


def _question_faults(questions: tuple[Question, ...], place: str, outer: dict[str, Question]) -> Iterator[str]:
    ids = [question.id for question in questions]
    siblings = {question.id: question for question in questions}
    for question in questions:
        here = f"{place}.{question.id}"
        if not re.fullmatch(r"[a-z][a-z0-9_]*", question.id):
            yield f"{here}: an id is small letters, digits and underscores"
        if ids.count(question.id) > 1:
            yield f"{here}: two questions with one id"
        if question.kind in CHOOSING and not question.options:
            yield f"{here}.options: nothing to choose"
        if len({choice.value for choice in question.options}) != len(question.options):
            yield f"{here}.options: the same value twice"
        if question.kind is QuestionKind.GROUP and not question.questions:
            yield f"{here}.questions: a group without questions"
        if question.per is not None and question.per not in PER:
            yield f"{here}.per: must be one of {', '.join(sorted(PER))}"
        for other in question.when or {}:
            target = siblings.get(other) or outer.get(other)
            if target is None:
                yield f"{here}.when: there is no question {other!r}"
            elif target.when:
                yield f"{here}.when: {other!r} has a condition of its own"
        yield from _question_faults(question.questions, here, outer)
