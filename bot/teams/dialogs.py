"""Forms as Teams' dialogs, and the way back: what somebody typed or chose as flat answers.

Nothing is required of a field by Teams itself: that would block every button, Back and Save for later too. A required
one has an asterisk, and the bot says what is missing. A form larger than a dialog is shown a part at a time, each with
room for the longest answer to everything it asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.lengths import shorten
from bot.teams import wire
from bot.teams.cards import adaptive, attachment, elements
from bot.teams.presses import BUTTON_LABEL, CHOOSE_HERE, offers
from bot.teams.runs import Json, harmless, is_harmless, paragraph, size
from bot.teams.wire import INPUT, MORE, PART, STEP, TURN, Filled
from prompts_and_forms.card import Card
from prompts_and_forms.forms.form import Field, FieldKind, FormView

DIALOG = 78_000
"""Bytes in UTF-16 of a dialog; Teams advises 80,000."""
BUTTONS_ROOM = 6_000
"""Of them for the buttons at the bottom and what they carry."""
WORDS = "words"
TITLE, NOTE_TITLE = 60, "A note"
TEXT_INPUT = 3000
EXPANDED, COMPACT = 5, 2
"""Up to so many choices are shown at once; the second where the same choices stand in many fields."""
MANY_EXPANDED = 10
REQUIRED = "{label} *"
NOT_SAVED = "This is not saved yet. What you wrote is still here."
TOO_LONG = "There is more than fits here. Nothing is lost: the rest is in the record."
PART_OF = "Part {number} of {count}"
NEXT_PART, PART_BEFORE = "Next", "Back"
ASKED = (FieldKind.TEXT_ONLY, FieldKind.MORE)
"""Kinds that ask nothing."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def task(
    view: FormView, where: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None, at: str = ""
) -> Json:
    """The form as the value of a dialog. `where` says where it was opened, and comes back with it.

    `errors`: sentences under the keys of fields; those of no field stand at the top. `at`: a field that is to be seen,
    where the form takes several dialogs; otherwise it is the first field with an error, or the first of all.
    """
    errors = errors or {}
    every = parts(view)
    number = _part_with(every, at or next((key for key in errors if _part_with(every, key)), ""))
    data = _data(view, where or {}, every, number)
    body = _intro(view, errors, every, number)
    for field in every[number]:
        body += _more(data, field) if field.kind is FieldKind.MORE else _field(field, errors.get(field.key, ""))
    return _dialog(view.title, body, _buttons(view, data, every, number))


def words(card: Card, title: str = NOTE_TITLE) -> Json:
    """A dialog that only says something."""
    return _dialog(title, _fitting(elements(card.blocks, "dialog"), DIALOG), height="medium")


def answers(filled: Filled, view: FormView) -> dict[str, Any]:
    """All the answers of a form of which a dialog showed a part: this part as it was filled in, the others as `view`.

    Where the dialog showed the whole form, they are what came back.
    """
    if filled.part is None:
        return filled.values
    keys = [field.key for field in view.fields]
    first, last = (keys.index(key) if key in keys else -1 for key in filled.part)
    inside = set(keys[first : last + 1]) if -1 < first <= last else set()
    others = {
        field.key: list(field.value) if isinstance(field.value, tuple) else field.value
        for field in view.fields
        if field.value and field.kind not in ASKED and field.key not in inside
    }
    return {**others, **filled.values}


def _dialog(title: str, body: list[Json], actions: list[Json] | None = None, height: str = "large") -> Json:
    card = attachment(adaptive(body, actions))
    return {"title": shorten(title, TITLE), "height": height, "width": "medium", "card": card}


def _fitting(drawn: Iterator[list[Json]], room: int) -> list[Json]:
    """What fits, and that there is more where not all does."""
    found: list[Json] = []
    for together in drawn:
        if size([*found, *together]) > room:
            return [*found, *paragraph((TOO_LONG,))]
        found += together
    return found


# ---- parts of a form


def parts(view: FormView) -> list[list[Field]]:
    """The fields of a form, a dialog at a time. Words stay with the field below them."""
    room = DIALOG - BUTTONS_ROOM - size(_intro(view, {}, [], 0)) - sum(map(_carried, view.fields))
    found: list[list[Field]] = [[]]
    taken = 0
    for together in _groups(view.fields):
        weight = sum(map(_weight, together))
        if found[-1] and taken + weight > room:
            found.append([])
            taken = 0
        found[-1] += together
        taken += weight
    return found


def _groups(fields: tuple[Field, ...]) -> Iterator[list[Field]]:
    """Fields that stay together: words, and what they are about."""
    group: list[Field] = []
    for field in fields:
        group.append(field)
        if field.kind is not FieldKind.TEXT_ONLY:
            yield group
            group = []
    if group:
        yield group


def _weight(field: Field) -> int:
    """What a field takes at most: with a box that is full, or what stands in it already where that takes more."""
    if field.kind is FieldKind.MORE:
        return 2_000
    weight = size(_field(field, ""))
    if field.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT):
        full = field.model_copy(update={"value": "x" * min(field.max_length, TEXT_INPUT)})
        weight = max(weight, size(_field(full, "")))
    return weight + 400


def _carried(field: Field) -> int:
    """What the button at the bottom carries of a field: its name."""
    return 2 * (len(field.key) + 3)


def _part_with(every: list[list[Field]], key: str) -> int:
    return next((n for n, part in enumerate(every) if any(field.key == key for field in part)), 0)


def _data(view: FormView, where: Mapping[str, str], every: list[list[Field]], number: int) -> Json:
    """What every button of a form carries."""
    part = every[number]
    many = [field.key for field in part if field.kind is FieldKind.MANY and field.options]
    redraws = any(field.redraws for field in view.fields)
    data = wire.form(view.form, view.args, where, many=many, redraws=redraws)
    return data | ({PART: [part[0].key, part[-1].key]} if len(every) > 1 else {})


# ---- fields


def _intro(view: FormView, errors: Mapping[str, str], every: list[list[Field]], number: int) -> list[Json]:
    """What stands above the fields; in a later part of a form only which one it is, and what is wrong."""
    found = [] if number else _fitting(elements(view.intro, "dialog"), DIALOG // 2)
    if len(every) > 1:
        found += paragraph((PART_OF.format(number=number + 1, count=len(every)),), size="small", isSubtle=True)
    if errors:
        keys = {field.key for part in every for field in part if field.kind not in ASKED}
        homeless = [sentence for key, sentence in errors.items() if key not in keys]
        found += [part for sentence in (NOT_SAVED, *homeless) for part in _red(sentence)]
    return found


def _red(sentence: str) -> Iterator[Json]:
    return paragraph((sentence,), color="attention", weight="bolder")


def _field(field: Field, error: str) -> list[Json]:
    if field.kind is FieldKind.TEXT_ONLY or (field.kind in (FieldKind.ONE, FieldKind.MANY) and not field.options):
        return [*paragraph((field.label,)), *_help(field)]
    label = REQUIRED.format(label=field.label) if field.required else field.label
    above: list[Json] = [] if is_harmless(field.label) else list(paragraph((label,)))
    if error:
        above += _red(error)
    named = REQUIRED.format(label=harmless(field.label)) if field.required else harmless(field.label)
    choices, element = _input(field)
    return [*above, *choices, element | {"label": named}, *_help(field)]


def _help(field: Field) -> Iterator[Json]:
    for part in paragraph((field.help,), size="small", isSubtle=True):
        yield {**part, "spacing": part.get("spacing", "small")}


def _input(field: Field) -> tuple[list[Json], Json]:
    """What has to be read above an input, and the input."""
    value = field.value if isinstance(field.value, str) and field.value else None
    own: Json = {"id": INPUT + field.key}
    match field.kind:
        case FieldKind.ONE | FieldKind.MANY:
            return _choices(field, own)
        case FieldKind.NUMBER:
            return [], own | {"type": "Input.Number"} | _starts(_as_number(value))
        case FieldKind.DATE:
            return [], own | {"type": "Input.Date"} | _starts(value if value and _DATE.fullmatch(value) else None)
        case FieldKind.TIME:
            return [], own | {"type": "Input.Time"} | _starts(value if value and _TIME.fullmatch(value) else None)
    text: Json = {"type": "Input.Text", "maxLength": min(field.max_length, TEXT_INPUT)}
    if field.kind is FieldKind.LONG_TEXT:
        text["isMultiline"] = True
    return [], own | text | _starts(value)


def _starts(value: Any) -> Json:
    return {} if value is None else {"value": value}


def _as_number(value: str | None) -> float | int | None:
    if not value or not _NUMBER.fullmatch(value):
        return None
    return float(value) if "." in value else int(value)


def _choices(field: Field, own: Json) -> tuple[list[Json], Json]:
    several = field.kind is FieldKind.MANY
    above, offered = offers(field.options, several)
    known = {choice.value for choice in field.options}
    found: Json = own | {"type": "Input.ChoiceSet", "choices": offered, "wrap": True}
    if several:
        chosen = [wire.one_of_several(value) for value in field.value or () if value in known]
        found |= {"isMultiSelect": True} | _starts(",".join(chosen) or None)
        expanded = len(offered) <= MANY_EXPANDED and not field.compact
    else:
        found |= _starts(field.value if field.value in known else None)
        expanded = len(offered) <= (COMPACT if field.compact else EXPANDED)
    if expanded:
        return above, found | {"style": "expanded"}
    return above, found | {"style": "compact", "placeholder": harmless(field.placeholder) or CHOOSE_HERE}


# ---- buttons


def _buttons(view: FormView, data: Json, every: list[list[Field]], number: int) -> list[Json]:
    """Save or Next, and the ways elsewhere. A form without a question has nothing to save."""
    ways = [_act({**data, STEP: step.value}, step.label) for step in view.steps]
    if number:
        before = _act({**data, TURN: every[number - 1][0].key}, PART_BEFORE)
        ways = [before, *(way for way in ways if way["title"] != PART_BEFORE)]
    if not any(field.kind not in ASKED for field in view.fields):
        return ways
    if number + 1 < len(every):
        on = _act({**data, TURN: every[number + 1][0].key}, NEXT_PART)
    else:
        on = _act({**data, wire.KEYS: [field.key for field in view.fields]}, view.submit)
    return [on | {"style": "positive"}, *ways]


def _more(data: Json, field: Field) -> list[Json]:
    return [{"type": "ActionSet", "actions": [_act({**data, MORE: field.key}, field.label)]}]


def _act(data: Json, label: str) -> Json:
    title = shorten(harmless(label), BUTTON_LABEL) or "-"
    return {"type": "Action.Submit", "title": title, "data": data}
