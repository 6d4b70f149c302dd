"""The names flat answers go by: "id", "id#0" for a box, "group#0#id" for a row, "id~2" for the rest of a long text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from prompts_and_forms.card import Choice
from prompts_and_forms.forms.form import Form, FormContext, Question

BOX_LIMIT = 3000
"""Characters one box holds (the smallest limit of the chat platforms)."""
MORE = "~more"
"""Ends the name of the button that asks for more room for a text."""
AND_MORE = "and_more"
"""The name of the button that opens the rest of a form, and of the box that says it was pressed."""
ANY_ANSWER = "*"
"""In a condition: shown once the other question has an answer, whatever it is."""
NEAR_THE_END = 300
"""How much of a box may be left empty so that it ends with a whole word."""

Flat = Mapping[str, Any]


def box_key(key: str, number: int) -> str:
    """The field of one box of a long answer."""
    return f"{key}#{number}"


def row_key(key: str, name: str) -> str:
    """The field of one row of a group."""
    return f"{key}#{name}"


def row_subject(name: str) -> str:
    """The child, carer or action a row is about; a second row about the same one is called "name~2"."""
    return name.partition("~")[0]


def pieces(key: str, text: str) -> dict[str, str]:
    """A text as boxes of at most 3000 characters, cut between two words where there is a place for it near the end."""
    found: dict[str, str] = {}
    start, number = 0, 1
    while start < len(text):
        end = _end_of_box(text, start)
        found[key if number == 1 else f"{key}~{number}"] = text[start:end]
        start, number = end, number + 1
    return found


def _end_of_box(text: str, start: int) -> int:
    end = start + BOX_LIMIT
    if end >= len(text):
        return len(text)
    spaces = (at for at in range(end, end - NEAR_THE_END, -1) if text[at - 1] in " \n")
    if found := next(spaces, None):
        return found
    return end - 1 if text[end - 1 : end + 1] == "\r\n" else end


def piece_numbers(flat: Flat, key: str) -> list[int]:
    """Which further boxes (2, 3, ...) a long text has."""
    pattern = re.compile(re.escape(key) + r"~([2-9]|[1-9][0-9]+)\Z")
    return sorted(int(match[1]) for name in flat if (match := pattern.match(name)))


def piece_count(key: str, flat: Flat, boxes: Mapping[str, int]) -> int:
    """How many boxes a long text has now: as many as were asked for, and room for all of it."""
    return max(1, boxes.get(key, 1), *piece_numbers(flat, key))


def join_text(flat: Flat, key: str) -> str:
    """The whole text of a box and its further boxes, exactly as typed; "" when there is none.

    A box that was left with room in it ends a line: its last word does not run into the first one of the next box.
    """
    names = [key, *(f"{key}~{number}" for number in piece_numbers(flat, key))]
    texts = [value for name in names if isinstance(value := flat.get(name), str) and value]
    return "".join(_ending(text, following) for text, following in zip(texts, [*texts[1:], ""], strict=False))


def _ending(text: str, following: str) -> str:
    """A box's text, with the line ended where it does not simply go on in the next box."""
    goes_on = len(text) >= BOX_LIMIT - 1 or text[-1].isspace() or following[:1].isspace()
    return text if goes_on or not following else f"{text}\n"


def box_numbers(flat: Flat, key: str) -> list[int]:
    """The numbered boxes or rows of `key` that the flat answers hold, in order."""
    pattern = re.compile(re.escape(key) + r"#(0|[1-9][0-9]*)(?=[#~]|\Z)")
    return sorted({int(match[1]) for name in flat if (match := pattern.match(name))})


def box_count(question: Question, key: str, flat: Flat, boxes: Mapping[str, int]) -> int:
    """How many boxes or rows a repeating question has now: as many as were asked for, and room for every answer."""
    numbers = box_numbers(flat, key)
    return max(question.boxes, min(boxes.get(key, 0), question.most), numbers[-1] + 1 if numbers else 0)


def subjects(question: Question, context: FormContext) -> tuple[Choice, ...]:
    """Whom or what a `per` group has a row for."""
    return {
        "child": context.children,
        "carer": context.carers,
        "open_action": context.open_actions,
        "person": context.people,
        "work": context.work,
    }[question.per or ""]


def row_names(question: Question, context: FormContext, flat: Flat, key: str) -> list[str]:
    """The rows of a group, in the order they are shown. Rows about someone no longer listed come last."""
    if question.single:
        return ["0"]
    if question.per is None:
        return [str(number) for number in box_numbers(flat, key)]
    listed = [choice.value for choice in subjects(question, context)]
    start = len(key) + 1
    held = dict.fromkeys(name[start:].partition("#")[0] for name in flat if name.startswith(f"{key}#"))
    order = {subject: number for number, subject in enumerate(listed)}
    extra = [name for name in held if name not in order]
    return sorted([*listed, *extra], key=lambda name: (order.get(row_subject(name), len(listed)), "~" in name))


def is_shown(question: Question, form: Form, siblings: tuple[Question, ...], prefix: str, flat: Flat) -> bool:
    """Whether a question's condition holds. It may look at a question beside it, or at one of the form itself."""
    if question.when is None:
        return True
    return all(
        _matches(flat.get((prefix if any(s.id == other for s in siblings) else "") + other), wanted)
        for other, wanted in question.when.items()
    )


def _matches(value: Any, wanted: Any) -> bool:
    if wanted == ANY_ANSWER:
        return bool(value)
    if isinstance(wanted, list | tuple):
        return any(_matches(value, one) for one in wanted)
    word = {True: "yes", False: "no"}.get(wanted, str(wanted)) if isinstance(wanted, bool) else str(wanted)
    return word in value if isinstance(value, list | tuple) else value == word
