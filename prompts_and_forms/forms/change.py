"""A form that got a newer version while somebody was writing: what was written goes over, and what cannot is told.

The drawing itself is the judge: an answer has a place when the newer form shows it in the same field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from prompts_and_forms.days import day_words
from prompts_and_forms.forms import engine
from prompts_and_forms.forms.form import Field, FieldKind, Form, FormContext
from prompts_and_forms.forms.keys import join_text

Flat = Mapping[str, Any]
WORDS = (FieldKind.TEXT_ONLY, FieldKind.MORE)
TYPED = (FieldKind.TEXT, FieldKind.LONG_TEXT)
HEADING = ":words"


@dataclass(frozen=True)
class Left:
    """Something written that the newer form has no place for: the question as it was asked, and the answer in words.

    `question` is the id of the question, or of the group it is in.
    """

    question: str
    label: str
    text: str


def carried(
    old: Form, new: Form, context: FormContext, flat: Flat, boxes: Mapping[str, int]
) -> tuple[dict[str, Any], list[Left]]:
    """The flat answers for the newer form, and what it has no place for. Each thing written is in one of the two."""
    before = {field.key: field for field in engine.fields(old, context, flat, boxes)}
    after = {field.key: field for field in engine.fields(new, context, flat, boxes)}
    kept: dict[str, Any] = {}
    left: dict[str, Left] = {}
    for key, value in flat.items():
        was = before.get(key)
        if was is None or was.value is None:
            if _same_question(old, new, key):
                kept[key] = value
            elif engine.is_text(old, key) and str(value).strip():
                left[key] = Left(_root(key), engine.label_of(old, key), str(value))
            continue
        fits = _fitting(was, after.get(key))
        if fits:
            kept[key] = list(fits) if isinstance(fits, tuple) else fits
        if fits != was.value:
            left[key] = Left(_root(key), _heading(before, key) + was.label, _in_words(was, fits))
    while hidden := _hidden(new, context, before, kept, boxes):
        for key in hidden:
            del kept[key]
            left[key] = Left(_root(key), _heading(before, key) + before[key].label, _in_words(before[key], None))
    return kept, list(_joined({key: left[key] for key in flat if key in left}))


def _hidden(
    new: Form, context: FormContext, before: Mapping[str, Field], kept: Flat, boxes: Mapping[str, int]
) -> list[str]:
    """What was seen and is not any more, because the answer its question hangs on was not carried."""
    shown = {field.key for field in engine.fields(new, context, kept, boxes)}
    return [key for key in kept if key not in shown and key in before and before[key].value is not None]


def _root(key: str) -> str:
    return key.partition("#")[0].partition("~")[0]


def _same_question(old: Form, new: Form, key: str) -> bool:
    before, after = engine.question_of(old, key), engine.question_of(new, key)
    return before is not None and after is not None and before.kind is after.kind


def _fitting(was: Field, now: Field | None) -> str | tuple[str, ...] | None:
    """What of an answer the newer field shows."""
    if now is None or not (now.kind is was.kind or (now.kind in TYPED and was.kind in TYPED)):
        return None
    return now.value


def _in_words(field: Field, without: str | tuple[str, ...] | None) -> str:
    """An answer as people read it; of several choices those that have no place."""
    if isinstance(field.value, tuple):
        labels = {one.value: one.label for one in field.options}
        return ", ".join(labels[one] for one in field.value if one not in (without or ()))
    said = str(field.value)
    if field.kind is FieldKind.DATE:
        return day_words.with_weekday(date.fromisoformat(said))
    return next((one.label for one in field.options if one.value == said), said)


def _heading(fields: Mapping[str, Field], key: str) -> str:
    """The words above a row: "Role 2: ", nothing where there are none."""
    above = [
        field.label
        for name, field in fields.items()
        if field.kind in WORDS and name.endswith(HEADING) and key.startswith(name.removesuffix(HEADING) + "#")
    ]
    return f"{above[-1]}: " if above else ""


def _joined(left: Mapping[str, Left]) -> Iterator[Left]:
    """The boxes of one long text as one."""
    texts = {key: one.text for key, one in left.items()}
    for key, one in left.items():
        before, _, box = key.rpartition("#")
        first = f"{before}#{box.partition('~')[0]}" if before else box.partition("~")[0]
        if first == key:
            yield Left(one.question, one.label, join_text(texts, key))
        elif first not in left:
            yield one


def step_for(old: Form, new: Form, number: int) -> int:
    """The step (from 0) of the newer form that asks what that step of the older one asked."""
    if not old.sections or not new.sections:
        return 0
    before, now = engine.steps(old), engine.steps(new)
    asked = {question.id for question in before[min(number, len(before) - 1)].questions}
    same = [n for n, step in enumerate(now) if asked & {question.id for question in step.questions}]
    return same[0] if same else min(number, len(now) - 1)
