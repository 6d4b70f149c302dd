"""Draws a form, reads what was filled in, and goes back from what is kept. See form.py for the three shapes.

A question without an answer is left out of the nested answers: a missing answer is never "no", zero or an empty list.
A text nobody could read anything in is no answer; any other text is kept character for character.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prompts_and_forms.forms import draw
from prompts_and_forms.forms import wording as forms_wording
from prompts_and_forms.forms.form import Field, Form, FormContext, Question, QuestionKind, Section
from prompts_and_forms.forms.keys import (
    BOX_LIMIT,
    MORE,
    box_count,
    box_key,
    box_numbers,
    is_shown,
    join_text,
    piece_count,
    pieces,
    row_key,
    row_names,
    row_subject,
)
from prompts_and_forms.forms.values import TEXTS, Unread, read_value, write_value
from prompts_and_forms.typed import is_empty

Flat = Mapping[str, Any]
Boxes = dict[str, int]

__all__ = [
    "BOX_LIMIT",
    "MORE",
    "boxes_of",
    "fields",
    "flatten",
    "hidden",
    "is_personal",
    "is_text",
    "label_of",
    "parts",
    "question_of",
    "read",
    "sections_of_steps",
    "step_of",
    "steps",
    "with_more",
]


def fields(form: Form, context: FormContext, flat: Flat, boxes: Mapping[str, int]) -> tuple[Field, ...]:
    """What to draw: every question that is shown now, filled with `flat`, with `boxes[key]` boxes where it repeats."""
    return draw.draw(form, context, flat, boxes)


def read(form: Form, context: FormContext, flat: Flat) -> tuple[dict[str, Any], dict[str, str]]:
    """The nested answers, and a sentence for each field (flat key) that cannot be saved as it is."""
    reading = _Reading(form, context, flat)
    return reading.questions(form.questions, ""), reading.errors


def flatten(form: Form, context: FormContext, nested: Mapping[str, Any]) -> tuple[dict[str, Any], Boxes]:
    """The flat answers that read back as `nested`, and how many boxes they need. Keys the form does not have are left
    out."""
    flat: dict[str, Any] = {}
    boxes: Boxes = {}
    _flatten(form.questions, "", nested, flat, boxes)
    return flat, boxes


def hidden(form: Form, flat: Flat) -> frozenset[str]:
    """The keys of `flat` whose question is not asked, because of what another question was answered with."""
    return frozenset(key for key in flat if _is_hidden(form.questions, form, "", key, flat))


def _is_hidden(questions: tuple[Question, ...], form: Form, prefix: str, key: str, flat: Flat) -> bool:
    """`prefix` = what the keys of `questions` begin with: "" or a row, such as "seen#K1#"."""
    name = key.removeprefix(prefix).partition("#")[0].partition("~")[0]
    question = next((one for one in questions if one.id == name), None)
    if question is None:
        return False
    if not is_shown(question, form, questions, prefix, flat):
        return True
    row, _, inner = key.removeprefix(f"{prefix}{name}#").partition("#")
    return bool(inner) and _is_hidden(question.questions, form, f"{row_key(prefix + name, row)}#", key, flat)


class _Reading:
    """One pass over a form's flat answers, collecting what is wrong on the way."""

    def __init__(self, form: Form, context: FormContext, flat: Flat) -> None:
        self.form = form
        self.context = context
        self.flat = flat
        self.errors: dict[str, str] = {}

    def questions(self, questions: tuple[Question, ...], prefix: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for question in questions:
            if question.kind is QuestionKind.WORDS or not is_shown(question, self.form, questions, prefix, self.flat):
                continue
            value = self.question(question, prefix + question.id)
            if value is not None:
                found[question.id] = value
        return found

    def question(self, question: Question, key: str) -> Any:
        if question.kind is QuestionKind.GROUP:
            value = self.group(question, key)
        elif question.kind is QuestionKind.LINES:
            value = self.lines(key)
        else:
            value = self.single(question, key)
        if value is None and question.required and not self.has_no_rows(question, key):
            self.errors.setdefault(self.first_key(question, key), forms_wording.required(_asked_kind(question)))
        return value

    def has_no_rows(self, question: Question, key: str) -> bool:
        """Whether a group with a row for each person or thing has none at all, so that nothing can be asked."""
        return question.per is not None and not row_names(question, self.context, self.flat, key)

    def single(self, question: Question, key: str) -> Any:
        raw = join_text(self.flat, key) if question.kind in TEXTS else self.flat.get(key)
        value = read_value(question, raw, self.context)
        if isinstance(value, Unread):
            self.errors[key] = value.sentence
            return None
        return value

    def lines(self, key: str) -> list[str] | None:
        texts = (join_text(self.flat, box_key(key, number)) for number in box_numbers(self.flat, key))
        return [text for text in texts if not is_empty(text)] or None

    def group(self, question: Question, key: str) -> Any:
        if question.single:
            return self.row(question, key, "0") or None
        rows = [self.row(question, key, name) for name in row_names(question, self.context, self.flat, key)]
        return [row for row in rows if row] or None

    def row(self, question: Question, key: str, name: str) -> dict[str, Any]:
        """One row, or nothing when nobody answered anything in it; a row left empty raises no errors."""
        inner = _Reading(self.form, self.context, self.flat)
        prefix = f"{row_key(key, name)}#"
        answers = inner.questions(question.questions, prefix)
        mistaken = [wrong for wrong in inner.errors if self.flat.get(wrong)]
        if not answers and not mistaken:
            return {}
        self.errors.update(inner.errors)
        if question.per is None:
            return answers
        subject = row_subject(name)
        offered = {choice.value for choice in draw.subjects(question, self.context)}
        if subject not in offered:
            first = next(k for k in self.flat if k.startswith(prefix) and self.flat[k])
            self.errors[first] = forms_wording.ROW_GONE
        return {question.per.removeprefix("open_"): subject, **answers}

    def first_key(self, question: Question, key: str) -> str:
        """The field beside which "please answer this" can be shown."""
        if question.kind is QuestionKind.LINES:
            return box_key(key, 0)
        if question.kind is not QuestionKind.GROUP:
            return key
        names = row_names(question, self.context, self.flat, key)
        first = question.questions[0]
        return self.first_key(first, f"{row_key(key, names[0] if names else '0')}#{first.id}")


def _asked_kind(question: Question) -> QuestionKind:
    """The kind of field a missing answer is asked for at."""
    return _asked_kind(question.questions[0]) if question.kind is QuestionKind.GROUP else question.kind


def _flatten(
    questions: tuple[Question, ...], prefix: str, nested: Mapping[str, Any], flat: dict[str, Any], boxes: Boxes
) -> None:
    for question in questions:
        value = nested.get(question.id)
        if value is None:
            continue
        key = prefix + question.id
        if question.kind is QuestionKind.GROUP:
            _flatten_group(question, key, value, flat, boxes)
        elif question.kind is QuestionKind.LINES:
            boxes[key] = max(question.boxes, len(value))
            for number, text in enumerate(value):
                flat.update(pieces(box_key(key, number), text))
        elif question.kind in TEXTS:
            flat.update(pieces(key, value))
        else:
            flat[key] = write_value(question, value)


def _flatten_group(question: Question, key: str, value: Any, flat: dict[str, Any], boxes: Boxes) -> None:
    if question.single:
        _flatten(question.questions, f"{row_key(key, '0')}#", value, flat, boxes)
        return
    if question.per is None:
        boxes[key] = max(question.boxes, len(value))
    seen: dict[str, int] = {}
    for number, row in enumerate(value):
        name = str(number)
        if question.per is not None:
            subject = str(row[question.per.removeprefix("open_")])
            seen[subject] = seen.get(subject, 0) + 1
            name = subject if seen[subject] == 1 else f"{subject}~{seen[subject]}"
        _flatten(question.questions, f"{row_key(key, name)}#", row, flat, boxes)


def boxes_of(form: Form, key: str, flat: Flat, boxes: Mapping[str, int]) -> int:
    """How many boxes or rows of a question are drawn now; 0 when there is none of that key."""
    question = question_of(form, key)
    if question is None:
        return 0
    if question.kind in TEXTS:
        return piece_count(key, flat, boxes)
    return box_count(question, key, flat, boxes)


def with_more(form: Form, key: str, flat: Flat, boxes: Mapping[str, int]) -> int:
    """How many boxes or rows there are once somebody asked for more: two for a long text, one of everything else."""
    question = question_of(form, key)
    now = boxes_of(form, key, flat, boxes)
    return min(now + 2, question.most) if question is not None and question.kind in TEXTS else now + 1


def _find(questions: tuple[Question, ...], key: str) -> Question | None:
    """The question a flat key asks, however deep: "group#0#list" is the question `list` of `group`."""
    name, _, rest = key.partition("#")
    for question in questions:
        if question.id == name:
            return (
                question
                if not rest or question.kind is QuestionKind.LINES
                else _find(question.questions, rest.partition("#")[2])
            )
    return None


def parts(form: Form) -> tuple[Form, ...]:
    """The form as it is read: one form a section, or the form itself where it has none."""
    if not form.sections:
        return (form,)
    return tuple(_only(form, (section,)) for section in form.sections)


def steps(form: Form) -> tuple[Form, ...]:
    """The form as it is asked: one form a step, with a title above each section after its first."""
    if not form.sections:
        return (form,)
    return tuple(_only(form, together) for together in sections_of_steps(form))


def sections_of_steps(form: Form) -> tuple[tuple[Section, ...], ...]:
    """The sections that are asked together, step by step."""
    found: list[list[Section]] = []
    for section in form.sections:
        if section.joins and found:
            found[-1].append(section)
        else:
            found.append([section])
    return tuple(tuple(together) for together in found)


def _only(form: Form, together: tuple[Section, ...]) -> Form:
    by_id = {question.id: question for question in form.questions}
    asked: list[Question] = []
    for number, section in enumerate(together):
        if number:
            asked.append(Question(id=f"title:{section.questions[0]}", kind=QuestionKind.WORDS, label=section.title))
        asked += [by_id[name] for name in section.questions]
    return form.model_copy(update={"sections": (), "questions": tuple(asked)})


def step_of(form: Form, key: str) -> int:
    """The step (from 0) in which the field with this flat key is asked; the first where there is none."""
    name = key.partition("#")[0].partition("~")[0]
    every = enumerate(sections_of_steps(form))
    return next((n for n, together in every if any(name in one.questions for one in together)), 0)


def question_of(form: Form, key: str) -> Question | None:
    """The question that a flat key answers; None where the form has no such question."""
    before, _, box = key.rpartition("#")
    return _find(form.questions, f"{before}#{box.partition('~')[0]}" if before else box.partition("~")[0])


def label_of(form: Form, key: str) -> str:
    """The words beside a field; nothing for a key the form does not have."""
    question = question_of(form, key)
    return question.label if question is not None else ""


def is_text(form: Form, key: str) -> bool:
    """Whether a flat key asks for words that people write themselves."""
    question = question_of(form, key)
    return question is not None and question.kind in (*TEXTS, QuestionKind.LINES)


def is_personal(form: Form, key: str) -> bool:
    """Whether addresses and telephone numbers belong in the field with this flat key."""
    question = question_of(form, key)
    return question is not None and question.personal
