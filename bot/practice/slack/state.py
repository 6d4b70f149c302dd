"""What is typed and chosen: `state.values` as Slack sends it, and what Slack's own client refuses before sending."""

import re
from collections.abc import Iterator
from typing import Any

from bot.practice.slack.echo import all_blocks, elements_of
from bot.practice.slack.limits import Json

_FIELDS = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", ""),
}
_LISTS = ("selected_options", "selected_users", "selected_conversations", "selected_channels", "files")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+")

Values = dict[str, dict[str, Json]]


def value_field(kind: str) -> str | None:
    """The name under which an element of this type reports its value; None for buttons and the like."""
    return _FIELDS[kind][0] if kind in _FIELDS else None


def stateful(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every block and element that has a value."""
    for block in all_blocks(blocks):
        for element in elements_of(block):
            if element.get("type") in _FIELDS:
                yield block, element


def options_of(element: Json) -> list[Json]:
    """The options an element offers, those in groups included."""
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return list(element.get("options", ())) + grouped


def complete(blocks: list[Json], given: Values) -> Values:
    """State for every stateful element: what the person gave, else its initial value, else Slack's empty value."""
    values: Values = {}
    for block, element in stateful(blocks):
        kind = element["type"]
        field, initial = _FIELDS[kind]
        empty: Any = [] if field in _LISTS else None
        entry = given.get(block["block_id"], {}).get(element["action_id"])
        chosen = entry.get(field) if entry is not None else element.get(initial, empty)
        chosen = empty if chosen in (None, "") else _full_options(element, field, chosen)
        state = {"type": kind, field: chosen}
        if kind == "timepicker" and "timezone" in element:
            state["timezone"] = element["timezone"]
        values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def _full_options(element: Json, field: str, chosen: Any) -> Any:
    """Options as the app sent them, whatever part of them came back."""
    if field not in ("selected_option", "selected_options"):
        return chosen
    offered = {option["value"]: option for option in options_of(element)}
    if field == "selected_option":
        return offered.get(chosen["value"], chosen)
    return [offered.get(option["value"], option) for option in chosen]


def kept_after_update(before: list[Json], after: list[Json], typed: Values) -> Values:
    """What stays typed when the app replaces a view: values whose block and action are in both."""
    old = {(block["block_id"], element["action_id"], element["type"]) for block, element in stateful(before)}
    kept: Values = {}
    for block, element in stateful(after):
        key = block["block_id"], element["action_id"], element["type"]
        if key in old and key[1] in typed.get(key[0], {}):
            kept.setdefault(key[0], {})[key[1]] = typed[key[0]][key[1]]
    return kept


def refusals(blocks: list[Json], values: Values) -> dict[str, str]:
    """What Slack's client says beside each input instead of sending the form, by block id."""
    errors = {}
    for block, element in stateful(blocks):
        if block["type"] != "input":
            continue
        state = values[block["block_id"]][element["action_id"]]
        value = state[_FIELDS[element["type"]][0]]
        sentence = _refusal(element, value) if value not in (None, []) else _missing(block)
        if sentence:
            errors[block["block_id"]] = sentence
    return errors


def _missing(block: Json) -> str:
    return "" if block.get("optional") else "Please complete this required field."


def _refusal(element: Json, value: Any) -> str:
    kind = element["type"]
    if kind == "plain_text_input":
        return _length_refusal(element, value)
    if kind == "number_input":
        return _number_refusal(element, value)
    if kind == "email_text_input" and not _EMAIL.fullmatch(value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not _URL.fullmatch(value):
        return "Please enter a valid URL."
    if isinstance(value, list):
        most: int = element.get("max_selected_items") or element.get("max_files") or len(value)
        return f"Please choose at most {most}." if len(value) > most else ""
    offered = [option["value"] for option in options_of(element)]
    if offered and isinstance(value, dict) and value.get("value") not in offered:
        return "Please choose one of the options."
    return ""


def _length_refusal(element: Json, value: str) -> str:
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(value) > element.get("max_length", 3000):
        return f"Please enter at most {element.get('max_length', 3000)} characters."
    return ""


def _number_refusal(element: Json, value: str) -> str:
    if not _NUMBER.fullmatch(value):
        return "Please enter a number."
    if "." in value and not element["is_decimal_allowed"]:
        return "Please enter a whole number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter {element['min_value']} or more."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter {element['max_value']} or less."
    return ""
