"""Forms as Slack's windows, the Home tab, and the way back: what somebody typed or chose as flat answers."""

from __future__ import annotations

import json
import re
from typing import Any

import slackblocks as sb

from bot.slack import blocks
from bot.slack.blocks import Json, draw, grouped, option, resolved
from bot.slack.reading.emoji import with_signs
from bot.slack.text import shorten
from prompts_and_forms import card as cards
from prompts_and_forms.card import Card
from prompts_and_forms.forms.form import Field, FieldKind, FormView
from prompts_and_forms.home import wording as home_wording

TITLE = 24
LABEL = 2000
VIEW_BLOCKS = 100
TEXT_INPUT = 3000
RADIO_MOST = 5
"""More choices than this are a menu: a long list of radio buttons hides the next question."""
COMPACT_MOST = 2
"""The same where the same choices stand in many fields."""
CHECKBOX_MOST = 10
CANCEL = "Cancel"
CLOSE = "Close"
"""For a window that only says something: there is nothing in it to cancel."""
WORDS = "words"
VALUE = "v"
"""The action id of every field, followed by its form: the block id is the field's key.

Slack keeps what stood in a field of the same block and action when one window takes the place of another: a form that
follows another one must not open with what was typed in a question of the same name.
"""
DRAFT = "draft"
REDRAWS = "_redraws"
"""Where a window remembers the places of its fields that show or hide others."""
TYPED = ("plain_text_input", "number_input")
MORE = "more#"
STEP = "step#"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def modal(view: FormView, where: dict[str, str] | None = None) -> Json:
    """The form as a window. `where` (names beginning with "_") says where it was opened, and comes back with it."""
    drawn: list[Json] = []
    for number, part in enumerate(draw(view.intro, "modal")):
        drawn.append({**part.block, "block_id": f"intro-{number}"})
    for field in view.fields:
        drawn += _of_form(view.form, _told_of(_field(field)) if DRAFT in view.args else _field(field))
    if view.steps:
        drawn = [*drawn[: VIEW_BLOCKS - 1], _steps(view)]
    hidden = {**view.args, **(where or {}), **_redrawn_by(view, drawn)}
    found: Json = {
        "type": "modal",
        "callback_id": view.form,
        "title": _plain(view.title, TITLE),
        "close": _plain(CLOSE if view.form == WORDS else CANCEL, TITLE),
        "blocks": drawn[:VIEW_BLOCKS],
        "private_metadata": json.dumps(hidden, separators=(",", ":")),
        "notify_on_close": True,
    }
    if any(block["type"] == "input" for block in drawn):
        found["submit"] = _plain(view.submit, TITLE)
    return found


def _redrawn_by(view: FormView, drawn: list[Json]) -> dict[str, str]:
    """By their places in the window: a field's own key may name a child's."""
    keys = {field.key for field in view.fields if field.redraws}
    places = [str(place) for place, block in enumerate(drawn) if block.get("block_id") in keys]
    return {REDRAWS: ",".join(places)} if places else {}


def only_typed(view: Json, key: str) -> bool:
    """Whether a change of this field changes nothing else in the window: it is to be remembered and no more."""
    told = metadata(view)[1].get(REDRAWS, "").split(",")
    places = [str(place) for place, block in enumerate(view["blocks"]) if block.get("block_id") == key]
    return bool(key) and not any(place in told for place in places)


def _of_form(form: str, drawn: list[Json]) -> list[Json]:
    for block in drawn:
        if block["type"] == "input":
            block["element"]["action_id"] = f"{VALUE}#{form}"
    return drawn


def is_field(action_id: str) -> bool:
    """Whether an action is a field of a form."""
    return action_id.partition("#")[0] == VALUE


def _told_of(drawn: list[Json]) -> list[Json]:
    """Fields whose changes are told at once, so that a window closed half-filled loses nothing."""
    for block in drawn:
        if block["type"] == "input":
            block["dispatch_action"] = True
            if block["element"]["type"] in TYPED:
                block["element"]["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    return drawn


def words_modal(title: str, card: Card, where: dict[str, str] | None = None) -> Json:
    """A window that only says something."""
    return modal(FormView(form=WORDS, title=title, intro=card.blocks), where)


def one_moment() -> Json:
    """The view that is shown while the real one is made."""
    words = cards.say("One moment: I am getting this ready.")
    return words_modal("One moment", cards.card("One moment", words))


def home(card: Card) -> Json:
    """The app's own page; what goes beyond Slack's number of blocks is left out, and said so."""
    drawn = [part.block for part in draw(card.blocks, "home")]
    if len(drawn) > VIEW_BLOCKS:
        more = [part.block for part in draw((cards.small(home_wording.TOO_MUCH),), "home")]
        drawn = drawn[: VIEW_BLOCKS - 1] + more
    return {"type": "home", "blocks": drawn}


def _plain(text: str, most: int) -> Json:
    return {"type": "plain_text", "text": shorten(text, most), "emoji": False}


def _steps(view: FormView) -> Json:
    """Back and the like, below the fields of a long form; Next is the window's own button."""
    buttons: list[sb.Element] = [
        sb.Button(shorten(step.label, blocks.BUTTON_LABEL), action_id=STEP + step.value, value=step.value)
        for step in view.steps
    ]
    return resolved(sb.ActionsBlock(buttons), "steps")


# ---- fields


def _field(field: Field) -> list[Json]:
    if field.kind is FieldKind.TEXT_ONLY:
        return _words(field)
    if field.kind is FieldKind.MORE:
        button = sb.Button(shorten(field.label, blocks.BUTTON_LABEL), action_id=MORE + field.key, value=field.key)
        return [resolved(sb.ActionsBlock([button]), MORE + field.key)]
    if field.kind in (FieldKind.ONE, FieldKind.MANY) and not field.options:
        return _words(field)
    block = sb.InputBlock(
        label=sb.PlainText(shorten(field.label, LABEL)),
        element=_element(field),
        hint=sb.PlainText(shorten(field.help, LABEL)) if field.help else None,
        optional=not field.required,
        dispatch_action=field.redraws,
    )
    drawn = resolved(block, field.key)
    if "option_groups" in drawn["element"]:
        _chosen_in_groups(drawn["element"], field)
    return [drawn]


def _words(field: Field) -> list[Json]:
    parts: tuple[cards.Block, ...] = (cards.say(field.label),) if field.label else ()
    if field.help:
        parts += (cards.small(field.help),)
    return [{**part.block, "block_id": f"{field.key}-{n}"} for n, part in enumerate(draw(parts, "modal"))]


def _element(field: Field) -> sb.Element:
    value = field.value if isinstance(field.value, str) else None
    match field.kind:
        case FieldKind.NUMBER:
            start = value if value and _NUMBER.fullmatch(value) else None
            return sb.NumberInput(is_decimal_allowed=False, action_id=VALUE, initial_value=start)
        case FieldKind.DATE:
            return sb.DatePicker(action_id=VALUE, initial_date=value if value and _DATE.fullmatch(value) else None)
        case FieldKind.TIME:
            return sb.TimePicker(action_id=VALUE, initial_time=value if value and _TIME.fullmatch(value) else None)
        case FieldKind.ONE:
            return _one(field)
        case FieldKind.MANY:
            return _many(field)
    return sb.PlainTextInput(
        action_id=VALUE,
        initial_value=value or None,
        multiline=field.kind is FieldKind.LONG_TEXT,
        max_length=min(field.max_length, TEXT_INPUT),
    )


def _one(field: Field) -> sb.Element:
    options = {choice.value: option(choice) for choice in field.options}
    start = options.get(field.value) if isinstance(field.value, str) else None
    if len(options) <= (COMPACT_MOST if field.compact else RADIO_MOST):
        return sb.RadioButtonGroup(action_id=VALUE, options=list(options.values()), initial_option=start)
    if len(options) <= blocks.OPTIONS:
        return sb.StaticSelectMenu(
            action_id=VALUE,
            options=list(options.values()),
            initial_option=start,
            placeholder=sb.PlainText(shorten(field.placeholder, 150)) if field.placeholder else None,
        )
    return sb.StaticSelectMenu(action_id=VALUE, option_groups=grouped(field.options))


def _many(field: Field) -> sb.Element:
    chosen = field.value if isinstance(field.value, tuple) else ()
    options = {choice.value: option(choice) for choice in field.options}
    start = [options[value] for value in chosen if value in options] or None
    if len(options) <= CHECKBOX_MOST and not field.compact:
        return sb.CheckboxGroup(action_id=VALUE, options=list(options.values()), initial_options=start)
    if len(options) <= blocks.OPTIONS:
        return sb.StaticMultiSelectMenu(action_id=VALUE, options=list(options.values()), initial_options=start)
    return sb.StaticMultiSelectMenu(
        action_id=VALUE,
        options=None,  # type: ignore[arg-type]
        option_groups=grouped(field.options),
    )


def _chosen_in_groups(element: Json, field: Field) -> None:
    """What is chosen already in a menu of groups; the library that draws menus cannot say it."""
    offered = [option for group in element["option_groups"] for option in group["options"]]
    if field.kind is FieldKind.ONE:
        start = [option for option in offered if option["value"] == field.value]
        element.update({"initial_option": start[0]} if start else {})
    else:
        start = [option for option in offered if option["value"] in (field.value or ())]
        element.update({"initial_options": start} if start else {})


# ---- the way back


def values(view: Json) -> dict[str, Any]:
    """Flat answers of a form: a text, a tuple of choices, or nothing kept for a field left empty."""
    found: dict[str, Any] = {}
    for key, by_action in (view.get("state") or {}).get("values", {}).items():
        state = next((state for action_id, state in by_action.items() if is_field(action_id)), None)
        answer = _answer(state) if state else None
        if answer:
            found[key] = answer
    return found


def _answer(state: Json) -> Any:
    if "selected_options" in state:
        return [chosen["value"] for chosen in state["selected_options"] or ()]
    if "selected_option" in state:
        return (state["selected_option"] or {}).get("value")
    if state.get("type") == "plain_text_input":
        return with_signs(state.get("value") or "")
    return state.get("value") or state.get("selected_date") or state.get("selected_time")


def metadata(view: Json) -> tuple[dict[str, str], dict[str, str]]:
    """A form's own arguments, and where it was opened."""
    try:
        kept = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        kept = {}
    where = {name: value for name, value in kept.items() if name.startswith("_")}
    return {name: value for name, value in kept.items() if name not in where}, where


def first_input(view: Json) -> str | None:
    """The first field of a view, beside which a sentence can be shown."""
    return next((block["block_id"] for block in view.get("blocks", ()) if block["type"] == "input"), None)


def errors_beside(view: Json, errors: dict[str, str]) -> dict[str, str]:
    """Errors under fields the window really has; those of no field are said at the first one."""
    inputs = {block["block_id"] for block in view.get("blocks", ()) if block["type"] == "input"}
    beside = {key: words for key, words in errors.items() if key in inputs}
    homeless = [words for key, words in errors.items() if key not in inputs]
    first = first_input(view)
    if homeless and first is not None:
        beside[first] = " ".join([*homeless, *([beside[first]] if first in beside else [])])
    return beside
