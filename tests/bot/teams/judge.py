"""What Teams would say to a card: Microsoft's own schema, its size, and where words lie that people may have typed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import fastjsonschema

Json = dict[str, Any]

MOST = 80_000
READ_BY_PEOPLE = ("title", "label", "placeholder", "tooltip", "text", "errorMessage", "altText")
SIGNS = ("[", "]", "*", "_", "`", "<", ">", "\\", "~", "://", "\n", "&amp;")


@cache
def _schema() -> Callable[[Any], Any]:
    return fastjsonschema.compile(json.loads((Path(__file__).parent / "adaptive-card-1.5.json").read_text("utf-8")))


def taken(content: Json) -> None:
    """Raises where Teams would not take the card."""
    inside = dict(content)
    assert inside.pop("msteams") == {"width": "Full"}
    _schema()(inside)


def weight(part: Any) -> int:
    """Bytes in UTF-16."""
    return len(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le"))


def runs(part: Any) -> Iterator[str]:
    """Every text that no renderer reads as markdown, in order."""
    if isinstance(part, list):
        for one in part:
            yield from runs(one)
    elif isinstance(part, dict):
        if part.get("type") == "TextRun":
            yield part["text"]
        for one in part.values():
            yield from runs(one)


def lively(part: Any) -> list[str]:
    """Texts outside a run with a sign in them that markdown reads, apart from the asterisk of what must be given."""
    if isinstance(part, list):
        return [text for one in part for text in lively(one)]
    if not isinstance(part, dict) or part.get("type") == "TextRun":
        return []
    here = [part[name] for name in READ_BY_PEOPLE if isinstance(part.get(name), str)]
    found = [text for text in here if any(sign in text.removesuffix(" *") for sign in SIGNS)]
    return found + [text for name, one in part.items() if name != "data" for text in lively(one)]


def parts_of(part: Any, kind: str) -> list[Json]:
    """Every part of this type, in order."""
    if isinstance(part, list):
        return [found for one in part for found in parts_of(one, kind)]
    if not isinstance(part, dict):
        return []
    inside = [found for name, one in part.items() if name != "data" for found in parts_of(one, kind)]
    return ([part] if part.get("type") == kind else []) + inside


def sent_back(content: Json, do: str = "") -> Json:
    """What the client sends when a button is pressed, nothing changed: its data and the inputs.

    `do`: the button whose data has this name; those at the bottom come first.
    """
    every = [*content.get("actions", ()), *parts_of(content, "Action.Submit")]
    act = next(act for act in every if not do or do in act["data"])
    inputs = [part for kind in INPUTS for part in parts_of(content, kind)]
    return {**act["data"], **{part["id"]: part.get("value", "") for part in inputs}}


INPUTS = ("Input.Text", "Input.Number", "Input.Date", "Input.Time", "Input.ChoiceSet")
