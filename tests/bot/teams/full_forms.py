"""Every form with every box full: what a dialog has to hold at most."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handlers.forms import steps
from prompts_and_forms.card import Strong, say
from prompts_and_forms.forms import engine
from prompts_and_forms.forms.form import Field, FieldKind, Form, FormContext, FormView
from tests.worlds.any_answers import LARGE_FAMILY

MARKUP = '*b* [click](https://evil.example) <at>all</at> &amp; \\ `c` # 1. "q" 👩‍👧 مرحبا עברית\nnext, line\t'


def view_of(form: Form, context: FormContext, flat: dict[str, Any], boxes: dict[str, int], number: int = 0) -> FormView:
    part = steps.part(form, number)
    return FormView(
        form=form.id,
        title=form.title,
        submit=steps.submit(form, number),
        intro=(say(Strong(text=form.intro)),),
        fields=engine.fields(part, context, flat, boxes),
        args={"draft": "d" * 32, "asked": "h" * 64, "section": str(number), "window": "w" * 32},
        steps=steps.buttons(form, number),
    )


def filled_up(form: Form, context: FormContext, text: str) -> dict[str, Any]:
    """Every box full of a text and everything chosen, until no answer shows another question."""
    flat: dict[str, Any] = {}
    for _ in range(4):
        for field in engine.fields(form, context, flat, {}):
            flat.setdefault(field.key, _answer(field, text))
    return {key: value for key, value in flat.items() if value}


def _answer(field: Field, text: str) -> Any:
    match field.kind:
        case FieldKind.TEXT | FieldKind.LONG_TEXT:
            return (text * (field.max_length // len(text) + 1))[: field.max_length - 1] + "."
        case FieldKind.MANY:
            return [one.value for one in field.options]
        case FieldKind.ONE if field.options:
            return field.options[0].value
        case FieldKind.DATE:
            return "2026-11-24"
        case FieldKind.TIME:
            return "09:30"
        case FieldKind.NUMBER:
            return "12"
    return None


def every_view(form: Form, text: str) -> Iterator[FormView]:
    flat = filled_up(form, LARGE_FAMILY, text)
    for number in range(steps.last(form) + 1):
        yield view_of(form, LARGE_FAMILY, flat, {}, number)
