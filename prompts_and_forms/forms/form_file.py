"""Reading one form file: a checked `Form`, or every fault in it with its line and in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from prompts_and_forms import yaml_lines
from prompts_and_forms.forms import file_wording
from prompts_and_forms.forms.form import PER, Form, Question, QuestionKind
from prompts_and_forms.yaml_lines import Listed, Mapped, YamlFault

TITLE_LIMIT = 24
"""A window's title (Slack)."""
LABEL_LIMIT, HELP_LIMIT, SECTION_LIMIT = 150, 200, 100
"""Longer than this nobody reads above or below a box; a label is also a heading in a document (Slack: 150)."""
OPTION_LIMIT = 75
"""An option of a menu or a list of buttons (Slack)."""
CHOOSING = frozenset({QuestionKind.CHOICE, QuestionKind.CHOICES})
ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a file. `line` counts from 1."""

    path: Path
    line: int
    problem: str

    def __str__(self) -> str:
        return f"{self.path.name}, line {self.line}: {self.problem}"


class FormFault(Exception):
    """A file that cannot be used, with everything that is wrong in it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


Found = tuple[int, str]
"""A line, and what is wrong there."""


def load(path: Path) -> Mapped:
    """The names and values of a file; raises FormFault for one that cannot be read or is something else."""
    try:
        data = yaml_lines.load(path)
    except YamlFault as fault:
        raise FormFault([Fault(path, fault.line, fault.problem)]) from fault
    if not isinstance(data, Mapped):
        raise FormFault([Fault(path, 1, file_wording.EMPTY if data is None else file_wording.NOT_NAMES)])
    return data


def read_form(path: Path) -> Form:
    """A form file as a checked `Form`; its id is the file's name. Raises FormFault."""
    return form_of(path, load(path))


def form_of(path: Path, written: Mapped) -> Form:
    """The form in what a file says; raises FormFault with all that is wrong."""
    problems: list[Found] = [] if ID.fullmatch(path.stem) else [(1, file_wording.FORM_NAME)]
    if written.get("id", path.stem) != path.stem:
        problems.append((written.line_of("id"), file_wording.ID_IS_NAME.format(name=written["id"])))
    data = _with_sections(_with_options(written, problems), problems)
    try:
        form = Form.model_validate({**data, "id": path.stem})
    except ValidationError as wrong:
        problems += [_found(data, error) for error in wrong.errors()]
        raise FormFault(Fault(path, *one) for one in sorted(set(problems))) from wrong
    problems += _faults(form, data)
    if problems:
        raise FormFault(Fault(path, *one) for one in sorted(set(problems)))
    return form


# ---- the two shorter ways of writing


def _like(data: Mapped) -> Mapped:
    """An empty mapping at the same place of the file."""
    found = Mapped(data.line)
    found.lines = dict(data.lines)
    return found


def _listed(line: int, items: Iterable[tuple[int, Any]]) -> Listed:
    found = Listed(line)
    for at, item in items:
        found.append(item)
        found.lines.append(at)
    return found


def _with_options(data: Any, problems: list[Found]) -> Any:
    """`options` may be written as a mapping of value to words."""
    if isinstance(data, Listed):
        items = (_with_options(item, problems) for item in data)
        return _listed(data.line, zip(data.lines, items, strict=True))
    if not isinstance(data, Mapped):
        return data
    found = _like(data)
    for name, value in data.items():
        found[name] = _options(data, problems) if name == "options" else _with_options(value, problems)
    return found


def _options(data: Mapped, problems: list[Found]) -> Any:
    options, line = data["options"], data.line_of("options")
    if isinstance(options, Mapped):
        rows = [(options.lines[value], value, label) for value, label in options.items()]
    elif isinstance(options, Listed):
        rows = [(at, one, one) for at, one in zip(options.lines, options, strict=True)]
    else:
        return options
    for at, value, label in rows:
        for said in (value, label):
            if said is None or isinstance(said, bool):
                problems.append((at, file_wording.OPTION_YES_NO.format(said="" if said is None else str(said).lower())))
            elif not isinstance(said, str | int):
                problems.append((at, file_wording.NOT_WORDS.format(name="options")))
    return _listed(line, ((at, {"value": str(value), "label": str(label)}) for at, value, label in rows))


def _with_sections(data: Mapped, problems: list[Found]) -> Mapped:
    """A long form's file has its questions inside its sections; a form has them all in one list as well."""
    parts = data.get("sections")
    if not isinstance(parts, Listed) or "questions" in data:
        return data
    found, questions = _like(data), Listed(data.line_of("sections"))
    found.update(data)
    sections = Listed(parts.line)
    for line, part in zip(parts.lines, parts, strict=True):
        inner = part.get("questions") if isinstance(part, Mapped) else None
        if not isinstance(inner, Listed):
            problems.append((line, file_wording.MISSING.format(name="questions")))
            continue
        questions += inner
        questions.lines += inner.lines
        section = _like(part)
        section.update({**part, "questions": [str(q.get("id")) for q in inner if isinstance(q, Mapped)]})
        sections.append(section)
        sections.lines.append(line)
    found["sections"], found["questions"] = sections, questions
    return found


# ---- what pydantic found


def _found(data: Mapped, error: ErrorDetails) -> Found:
    """One of pydantic's errors: its line, and in plain words."""
    line, last, here = data.line, "", data
    value: Any = data
    for step in error["loc"]:
        if isinstance(value, Mapped):
            here, last = value, str(step)
            line, value = value.line_of(last), value.get(last)
        elif isinstance(value, Listed) and isinstance(step, int) and step < len(value):
            line, value = value.lines[step], value[step]
        else:
            break
    return line, _plainly(error, last or str(error["loc"][-1]), here)


def _plainly(error: ErrorDetails, name: str, here: Mapped) -> str:
    kind = error["type"]
    if kind == "missing":
        return file_wording.MISSING.format(name=name)
    if kind == "extra_forbidden":
        fields = (Question if "kind" in here else Form).model_fields
        return file_wording.NOTHING_CALLED.format(name=name, perhaps=file_wording.perhaps(name, fields))
    if kind == "enum":
        offered = ", ".join(one.value for one in QuestionKind)
        return file_wording.NOT_ONE_OF.format(said=error["input"], name=name, offered=offered)
    for begins, said in _TYPES.items():
        if kind.startswith(begins):
            empty = error["input"] is None and begins == "string"
            return (file_wording.NO_WORDS if empty else said).format(name=name)
    return file_wording.OTHERWISE.format(name=name, problem=error["msg"])


_TYPES = {
    "string": file_wording.NOT_WORDS,
    "bool": file_wording.NOT_YES_NO,
    "int": file_wording.NOT_NUMBER,
    "tuple": file_wording.NOT_A_LIST,
    "dict": file_wording.NOT_A_MAPPING,
    "model": file_wording.NOT_A_MAPPING,
}


# ---- what only a form knows


def _faults(form: Form, data: Mapped) -> Iterator[Found]:
    yield from too_long(data.line_of("title"), "The title", form.title, TITLE_LIMIT)
    outer = {question.id: question for question in form.questions}
    yield from _question_faults(form.questions, data.get("questions"), outer)
    yield from _section_faults(form, data.get("sections"))


def too_long(line: int, what: str, said: str, most: int) -> Iterator[Found]:
    """Words that would be cut or refused where they are shown."""
    if len(said) > most:
        yield line, file_wording.TOO_LONG.format(what=what, length=len(said), most=most)
    if "\n" in said.strip():
        yield line, file_wording.ONE_LINE.format(what=what)
    if not said.strip():
        yield line, file_wording.NO_TEXT.format(what=what)


def _section_faults(form: Form, data: Any) -> Iterator[Found]:
    if not form.sections:
        return
    asked = [name for section in form.sections for name in section.questions]
    if sorted(asked) != sorted(question.id for question in form.questions):
        yield data.line, file_wording.SECTIONS_DIFFER
    for section, line in zip(form.sections, data.lines, strict=True):
        yield from too_long(line, "A section's title", section.title, SECTION_LIMIT)
        if not section.questions:
            yield line, file_wording.EMPTY_SECTION.format(name=section.title)


def _question_faults(questions: tuple[Question, ...], data: Any, outer: dict[str, Question]) -> Iterator[Found]:
    ids = [question.id for question in questions]
    siblings = {question.id: question for question in questions}
    for number, question in enumerate(questions):
        written: Mapped = data[number]
        line, name = written.line_of("id"), question.id
        if not ID.fullmatch(name):
            yield line, file_wording.BAD_ID.format(name=name)
        if name in ids[:number]:
            yield line, file_wording.SAME_ID.format(name=name)
        yield from _words_faults(question, written)
        yield from _option_faults(question, written)
        if question.kind is QuestionKind.GROUP and not question.questions:
            yield line, file_wording.EMPTY_GROUP.format(name=name)
        if question.per is not None and question.per not in PER:
            yield written.line_of("per"), file_wording.BAD_PER.format(offered=", ".join(sorted(PER)))
        for other, wanted in (question.when or {}).items():
            target = siblings.get(other) or outer.get(other)
            for problem in _condition_faults(other, target, wanted):
                yield written.line_of("when"), problem
        yield from _question_faults(question.questions, written.get("questions"), outer)


def _words_faults(question: Question, written: Mapped) -> Iterator[Found]:
    yield from too_long(written.line_of("label"), "The label", question.label, LABEL_LIMIT)
    if question.help:
        yield from too_long(written.line_of("help"), "The help", question.help, HELP_LIMIT)


def _option_faults(question: Question, written: Mapped) -> Iterator[Found]:
    line = written.line_of("options")
    if question.kind in CHOOSING and not question.options:
        yield line, file_wording.NO_CHOICES.format(name=question.id)
    values = [choice.value for choice in question.options]
    for number, choice in enumerate(question.options):
        at = written["options"].lines[number]
        if choice.value in values[:number]:
            yield at, file_wording.SAME_VALUE.format(name=choice.value)
        yield from too_long(at, "An option", choice.label, OPTION_LIMIT)


def _condition_faults(other: str, target: Question | None, wanted: Any) -> Iterator[str]:
    if target is None:
        yield file_wording.NO_QUESTION.format(name=other)
        return
    if target.when:
        yield file_wording.NESTED_CONDITION.format(name=other)
    if target.kind in CHOOSING:
        offered = {choice.value for choice in target.options}
        for one in wanted if isinstance(wanted, list | tuple) else (wanted,):
            if _said(one) not in offered:
                yield file_wording.NO_SUCH_ANSWER.format(name=other, said=_said(one))


def _said(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
