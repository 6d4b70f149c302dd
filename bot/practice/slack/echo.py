"""What Slack adds to blocks before it hands them back: ids where none were given, and the defaults of text objects."""

import copy
import secrets
from collections.abc import Iterator
from typing import Any

from bot.practice.slack.limits import Json, limits


def as_returned(blocks: list[Json]) -> list[Json]:
    """A copy of the blocks as Slack returns them."""
    returned = copy.deepcopy(blocks)
    for block in returned:
        _name_block(block)
    return returned


def with_text_defaults(value: Any) -> Any:
    """A copy of a text object, or anything holding some, with `emoji` and `verbatim` filled in."""
    filled = copy.deepcopy(value)
    _fill_texts(filled)
    return filled


def _name_block(block: Json) -> None:
    block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
    if block["type"] == "input":
        block.setdefault("optional", False)
        block.setdefault("dispatch_action", False)
    for element in elements_of(block):
        if not limits()["elements"].get(element.get("type"), {}).get("no_action_id", False):
            element.setdefault("action_id", secrets.token_urlsafe(4)[:5])
    for inner in block.get("child_blocks", ()):
        _name_block(inner)
    if block["type"] != "rich_text":
        _fill_texts(block)


def _fill_texts(value: Any) -> None:
    if isinstance(value, list):
        for item in value:
            _fill_texts(item)
    elif isinstance(value, dict):
        if value.get("type") == "plain_text":
            value.setdefault("emoji", True)
        elif value.get("type") == "mrkdwn":
            value.setdefault("verbatim", False)
        elif value.get("type") != "rich_text":
            for item in value.values():
                _fill_texts(item)


def elements_of(block: Json) -> Iterator[Json]:
    """The interactive elements of one block."""
    kind = block.get("type")
    if kind in ("actions", "context_actions"):
        yield from block.get("elements", ())
    elif kind == "card":
        yield from block.get("actions", ())
    elif kind == "carousel":
        for card in block.get("elements", ()):
            yield from card.get("actions", ())
    elif kind == "section" and "accessory" in block:
        yield block["accessory"]
    elif kind == "input":
        yield block["element"]


def all_blocks(blocks: list[Json]) -> Iterator[Json]:
    """The blocks and those inside containers."""
    for block in blocks:
        yield block
        yield from block.get("child_blocks", ())


def find_element(blocks: list[Json], block_id: str, action_id: str) -> Json | None:
    """The element of these ids, wherever in the blocks it is."""
    for block in all_blocks(blocks):
        if block.get("block_id") == block_id:
            for element in elements_of(block):
                if element.get("action_id") == action_id:
                    return element
    return None


def text_of(blocks: list[Json]) -> str:
    """The notification text Slack builds when blocks come without one."""
    return " ".join(part for block in blocks for part in _texts(block))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("type") in ("plain_text", "mrkdwn", "text", "markdown") and isinstance(value.get("text"), str):
            yield value["text"]
        else:
            for item in value.values():
                yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
