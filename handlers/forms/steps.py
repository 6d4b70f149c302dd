"""A long form a step at a time: which part is asked now, and how what was typed joins what is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prompts_and_forms.card import Block, Choice, Strong, say
from prompts_and_forms.forms import engine
from prompts_and_forms.forms import wording as forms_wording
from prompts_and_forms.forms.form import Form

BACK, SAVE = "back", "save"
Flat = dict[str, Any]


def part(form: Form, number: int) -> Form:
    """The questions of one step; the form itself where it has no sections."""
    return engine.steps(form)[number if form.sections else 0]


def last(form: Form) -> int:
    """The number of the last step; 0 for a form of one step."""
    return len(engine.steps(form)) - 1


def within(form: Form, number: str | int | None) -> int:
    """A step there is, whatever a window carried."""
    try:
        return min(max(int(number or 0), 0), last(form))
    except ValueError:
        return 0


def title(form: Form, number: int) -> tuple[Block, ...]:
    """How far along: "2 of 4: Commissioning meeting, Family background"."""
    if not form.sections:
        return ()
    every = engine.sections_of_steps(form)
    titles = [section.title for section in every[number]]
    return (say(Strong(text=forms_wording.step(number + 1, len(every), titles))),)


def submit(form: Form, number: int) -> str:
    """The words on the button at the bottom: the form's own at the last step, before it those for going on."""
    return form.submit if number == last(form) else forms_wording.NEXT


def buttons(form: Form, number: int) -> tuple[Choice, ...]:
    """The ways from a step: back, except from the first one, and saving for later."""
    if not form.sections:
        return ()
    save = Choice(value=SAVE, label=forms_wording.SAVE)
    return (Choice(value=BACK, label=forms_wording.BACK), save) if number else (save,)


def merged(form: Form, number: int, kept: Mapping[str, Any], typed: Mapping[str, Any]) -> Flat:
    """All that is filled in now: this step as it was typed, the others as they are saved.

    So is what another answer hides for now: whoever changes that answer back finds their words again.
    """
    hidden = engine.hidden(part(form, number), kept)
    others = {
        key: value
        for key, value in kept.items()
        if key in hidden or (form.sections and engine.step_of(form, key) != number)
    }
    return {**others, **typed}


def both(form: Form, number: int, kept: Mapping[str, Any], typed: Mapping[str, Any]) -> Flat:
    """A form that was open in two places: no text of either is lost, they stand one below the other."""
    found = merged(form, number, kept, typed)
    for key, value in kept.items():
        mine = typed.get(key)
        if engine.step_of(form, key) != number:
            continue
        if mine in (None, "", []):
            found[key] = value
        elif isinstance(mine, str) and isinstance(value, str) and value != mine and engine.is_text(form, key):
            found[key] = mine if value in mine else f"{value}\n\n{mine}"
    return found


def differs(form: Form, number: int, kept: Mapping[str, Any], typed: Mapping[str, Any]) -> bool:
    """Whether this step holds something kept that the window did not carry."""
    mine = {key: value for key, value in kept.items() if engine.step_of(form, key) == number and value}
    return any(typed.get(key) != value for key, value in mine.items())


def first_step_of(form: Form, errors: Mapping[str, str]) -> int:
    """The first step with something wrong in it."""
    return min((engine.step_of(form, key) for key in errors), default=0)


def full_boxes(boxes: Mapping[str, int], flat: Mapping[str, Any]) -> dict[str, int] | None:
    """Boxes with one more for each text that filled its last box to the brim; None where there is room everywhere."""
    roomier, grown = dict(boxes), False
    for key, value in flat.items():
        if not isinstance(value, str) or len(value) < engine.BOX_LIMIT:
            continue
        first, _, number = key.partition("~")
        following = int(number or 1) + 1
        if f"{first}~{following}" not in flat and roomier.get(first, 1) < following:
            roomier[first], grown = following, True
    return roomier if grown else None


def more_room(boxes: Mapping[str, int]) -> list[str]:
    """The keys of further boxes of long texts."""
    return [f"{key}~{n}" for key, count in boxes.items() for n in range(2, count + 1)]
