"""Draws a form: questions become fields with flat keys, filled with what is there already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from prompts_and_forms.card import Choice
from prompts_and_forms.forms import wording as forms_wording
from prompts_and_forms.forms.form import Field, FieldKind, Form, FormContext, Question, QuestionKind
from prompts_and_forms.forms.keys import (
    AND_MORE,
    MORE,
    box_count,
    box_key,
    is_shown,
    piece_count,
    row_key,
    row_names,
    row_subject,
    subjects,
)
from prompts_and_forms.forms.urgent import is_urgent
from prompts_and_forms.forms.values import MANY, TEXTS, options

Flat = Mapping[str, Any]

__all__ = ["draw", "subjects"]

ONE_LINE = 200
"""A text longer than this, or with line breaks, gets a tall box even where a short one is usual."""


FULL = 88
"""Fields after which no more can be added: a window takes 100 blocks, its words and a last row among them."""


def draw(form: Form, context: FormContext, flat: Flat, boxes: Mapping[str, int]) -> tuple[Field, ...]:
    """Every field of the form as it stands. A window that is nearly full offers no more boxes."""
    drawing = _Drawing(form, context, flat, boxes)
    fields = tuple(drawing.questions(form.questions, "", ""))
    if drawing.left_for_later:
        fields = (*fields, Field(key=AND_MORE, kind=FieldKind.MORE, label=forms_wording.ADD_MORE))
    if len(fields) <= FULL:
        return fields
    return tuple(field for field in fields if field.kind is not FieldKind.MORE)


class _Drawing:
    def __init__(self, form: Form, context: FormContext, flat: Flat, boxes: Mapping[str, int]) -> None:
        self.form = form
        self.context = context
        self.flat = flat
        self.boxes = boxes
        self.demanding = True
        """False inside a row that may be left empty: what it needs is asked only once it has been started."""
        self.is_short = not boxes.get(AND_MORE)
        self.left_for_later = False

    def questions(self, questions: tuple[Question, ...], prefix: str, who: str) -> Iterator[Field]:
        for question in questions:
            if not is_shown(question, self.form, questions, prefix, self.flat):
                continue
            if question.later and self.is_short and not self.is_begun(prefix + question.id):
                self.left_for_later = True
                continue
            label = forms_wording.OF_SOMEONE.format(who=who, label=question.label) if who else question.label
            asked_by = [q for q in (*questions, *_inside(questions)) if q.when and question.id in q.when]
            yield from self.question(question, prefix + question.id, label, bool(asked_by))

    def is_begun(self, key: str) -> bool:
        """Whether there is an answer to it already."""
        return any(value for name, value in self.flat.items() if name == key or name.startswith((f"{key}#", f"{key}~")))

    def question(self, question: Question, key: str, label: str, redraws: bool) -> Iterator[Field]:
        if question.kind is QuestionKind.GROUP:
            yield from self.group(question, key, label)
        elif question.kind is QuestionKind.LINES:
            yield from self.lines(question, key, label)
        elif question.kind is QuestionKind.WORDS:
            yield Field(key=key, kind=FieldKind.TEXT_ONLY, label=label, help=question.help)
        elif question.kind in TEXTS:
            yield from self.text(question, key, label, question.kind is QuestionKind.LONG_TEXT, question.required)
        elif question.required or not self.is_empty_list(question):
            yield self.other(question, key, label, redraws)

    def is_empty_list(self, question: Question) -> bool:
        """Whether there is nothing to choose from; that is said only where an answer is needed."""
        is_list = question.kind in MANY or _FIELD.get(question.kind, FieldKind.ONE) is FieldKind.ONE
        return is_list and not options(question, self.context)

    def text(self, question: Question, key: str, label: str, tall: bool, required: bool) -> Iterator[Field]:
        count = piece_count(key, self.flat, self.boxes)
        further = range(2, count + 1)
        for number in [1, *further]:
            name = key if number == 1 else f"{key}~{number}"
            value = self.flat.get(name)
            text = value if isinstance(value, str) and value else None
            is_tall = tall or bool(further) or (text is not None and ("\n" in text or len(text) > ONE_LINE))
            yield Field(
                key=name,
                kind=FieldKind.LONG_TEXT if is_tall else FieldKind.TEXT,
                label=label if number == 1 else forms_wording.CONTINUED.format(label=label),
                help=_help(question) if number == 1 else "",
                required=required and number == 1 and self.demanding,
                value=text,
            )
        if question.long and count < question.most:
            yield Field(key=f"{key}{MORE}", kind=FieldKind.MORE, label=forms_wording.MORE_ROOM.format(label=label))

    def lines(self, question: Question, key: str, label: str) -> Iterator[Field]:
        count = box_count(question, key, self.flat, self.boxes)
        for number in range(count):
            named = label if number == 0 else forms_wording.NUMBERED.format(label=label, number=number + 1)
            box = question if number == 0 else question.model_copy(update={"help": ""})
            yield from self.text(box, box_key(key, number), named, False, question.required and number == 0)
        yield from self.more(question, key, label, count)

    def group(self, question: Question, key: str, label: str) -> Iterator[Field]:
        if question.per is not None:
            yield from self.group_per(question, key, label)
            return
        if question.single:
            yield from self.heading(question, key, label)
            yield from self.row(question, f"{row_key(key, '0')}#", "", question.required)
            return
        count = box_count(question, key, self.flat, self.boxes)
        for number in range(count):
            named = forms_wording.NUMBERED.format(label=question.row or label, number=number + 1)
            row, first = row_key(key, str(number)), number == 0
            if not question.bare:
                words, help_ = FieldKind.TEXT_ONLY, question.help if first else ""
                yield Field(key=f"{row}:words", kind=words, label=named, help=help_)
            yield from self.row(question, f"{row}#", named if question.bare else "", question.required and first)
        yield from self.more(question, key, question.row or label, count)

    def group_per(self, question: Question, key: str, label: str) -> Iterator[Field]:
        """A row for each child, carer or open action; nothing at all when there is none.

        Words about one who has left the list since are shown as well, so that they can be moved and not be lost.
        """
        labels = {choice.value: choice.label for choice in subjects(question, self.context)}
        names = row_names(question, self.context, self.flat, key)
        names = [name for name in names if row_subject(name) in labels or self.holds(row_key(key, name))]
        if not names:
            return
        yield from self.heading(question, key, label)
        for place, name in enumerate(names[: question.most]):
            prefix = f"{row_key(key, name)}#"
            gone = "" if question.per == "open_action" else row_subject(name)
            who = labels.get(row_subject(name)) or forms_wording.LEFT_THE_LIST.format(who=gone).strip()
            alone = len(question.questions) == 1 and len(who) <= ONE_LINE
            named = alone and (not question.bare or question.per == "open_action")
            if question.per == "open_action" and not named:
                yield Field(key=f"{row_key(key, name)}:words", kind=FieldKind.TEXT_ONLY, label=who)
                who = ""
            asks = {"placeholder": question.questions[0].label} if named and question.bare else {}
            for field in self.row(question, prefix, who, question.required):
                said = ({"label": who} if named else {}) | ({"help": ""} if place else {})
                yield field.model_copy(update={"compact": True} | said | asks)
        if len(names) > question.most:
            left = forms_wording.MORE_ROWS.format(number=len(names) - question.most)
            yield Field(key=f"{key}:left", kind=FieldKind.TEXT_ONLY, label=left)

    def heading(self, question: Question, key: str, label: str) -> Iterator[Field]:
        """What stands above a group; nothing where each of its questions says itself what it is about."""
        if not question.bare:
            yield Field(key=f"{key}:words", kind=FieldKind.TEXT_ONLY, label=label, help=question.help)

    def holds(self, row: str) -> bool:
        return any(value for name, value in self.flat.items() if name.startswith(f"{row}#"))

    def row(self, question: Question, prefix: str, who: str, demanding: bool) -> Iterator[Field]:
        before, self.demanding = self.demanding, self.demanding and demanding
        yield from self.questions(question.questions, prefix, who)
        self.demanding = before

    def more(self, question: Question, key: str, label: str, count: int) -> Iterator[Field]:
        if count < question.most:
            named = forms_wording.OF_SOMEONE.format(who=label, label=forms_wording.ONE_MORE.lower())
            yield Field(key=key, kind=FieldKind.MORE, label=named)

    def other(self, question: Question, key: str, label: str, redraws: bool) -> Field:
        offered = options(question, self.context)
        value = self.flat.get(key)
        kind = _FIELD.get(question.kind, FieldKind.ONE)
        if question.kind in MANY:
            kind = FieldKind.MANY
        elif question.kind is QuestionKind.WHOLE_NUMBER and question.options:
            kind = FieldKind.ONE
        if kind in (FieldKind.ONE, FieldKind.MANY) and not offered:
            words = forms_wording.NOTHING_TO_CHOOSE.format(label=label)
            return Field(key=key, kind=FieldKind.TEXT_ONLY, label=words, help=question.help)
        return Field(
            key=key,
            kind=kind,
            label=label,
            help=question.help,
            required=question.required and self.demanding,
            options=offered if kind in (FieldKind.ONE, FieldKind.MANY) else (),
            value=_shown_value(value, offered, kind),
            redraws=redraws,
            urgent=is_urgent(self.form.id, key, value),
            compact=question.kind is QuestionKind.DRAWN,
        )


def _help(question: Question) -> str:
    return " ".join(part for part in (question.help, forms_wording.LONG_ANSWER if question.long else "") if part)


_FIELD = {
    QuestionKind.WHOLE_NUMBER: FieldKind.NUMBER,
    QuestionKind.DATE: FieldKind.DATE,
    QuestionKind.TIME: FieldKind.TIME,
}


def _shown_value(value: Any, offered: tuple[Choice, ...], kind: FieldKind) -> str | tuple[str, ...] | None:
    """A value the field can show: what is no longer on the list is left out."""
    values = {choice.value for choice in offered}
    if kind is FieldKind.MANY:
        chosen = [value] if isinstance(value, str) else list(value or ())
        return tuple(one for one in chosen if one in values) or None
    if not isinstance(value, str) or not value.strip():
        return None
    return value if kind is not FieldKind.ONE or value in values else None


def _inside(questions: tuple[Question, ...]) -> Iterator[Question]:
    for question in questions:
        yield from question.questions
        yield from _inside(question.questions)
