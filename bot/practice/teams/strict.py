"""What Teams does not take: a message too large, fields it does not know, cards that are none of its version."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

MOST_BYTES = 100_000
"""In UTF-16."""
VERSION = (1, 5)
CARD = "application/vnd.microsoft.card.adaptive"
KINDS = (
    CARD,
    "application/vnd.microsoft.teams.card.file.consent",
    "application/vnd.microsoft.teams.card.file.info",
)
MESSAGE = frozenset({"type", "id", "summary", "text", "textFormat", "attachments", "entities", "importance"})
ATTACHMENT = frozenset({"contentType", "contentUrl", "content", "name"})
COMMON = frozenset({"type", "id", "isVisible", "separator", "spacing", "height", "fallback", "requires"})
INPUT = COMMON | {"label", "isRequired", "errorMessage", "value", "placeholder"}
ACTION = frozenset({"type", "id", "title", "iconUrl", "style", "tooltip", "isEnabled", "mode", "fallback"})
PARTS: dict[str, frozenset[str]] = {
    "AdaptiveCard": frozenset(
        [
            "type",
            "version",
            "$schema",
            "body",
            "actions",
            "msteams",
            "lang",
            "speak",
            "fallbackText",
            "refresh",
            "rtl",
            "selectAction",
            "minHeight",
        ]
    ),
    "TextBlock": COMMON
    | {"text", "color", "fontType", "horizontalAlignment", "isSubtle", "maxLines", "size", "weight", "wrap", "style"},
    "RichTextBlock": COMMON | {"inlines", "horizontalAlignment"},
    "TextRun": frozenset(
        [
            "type",
            "text",
            "color",
            "fontType",
            "highlight",
            "isSubtle",
            "italic",
            "selectAction",
            "size",
            "strikethrough",
            "underline",
            "weight",
        ]
    ),
    "Container": COMMON | {"items", "selectAction", "style", "verticalContentAlignment", "bleed", "minHeight", "rtl"},
    "ColumnSet": COMMON | {"columns", "selectAction", "style", "bleed", "minHeight", "horizontalAlignment"},
    "Column": COMMON | {"items", "width", "style", "verticalContentAlignment", "bleed", "minHeight", "selectAction"},
    "FactSet": COMMON | {"facts"},
    "Image": COMMON | {"url", "altText", "size", "style", "width", "horizontalAlignment", "backgroundColor"},
    "Table": COMMON
    | {"columns", "rows", "firstRowAsHeader", "showGridLines", "gridStyle", "horizontalCellContentAlignment"},
    "TableRow": COMMON | {"cells", "style", "horizontalCellContentAlignment", "verticalCellContentAlignment"},
    "TableCell": COMMON | {"items", "style", "verticalContentAlignment", "bleed", "minHeight", "rtl", "selectAction"},
    "TableColumnDefinition": frozenset(["type", "width", "horizontalCellContentAlignment"]),
    "ActionSet": COMMON | {"actions"},
    "Input.Text": INPUT | {"isMultiline", "maxLength", "regex", "style", "inlineAction"},
    "Input.Number": INPUT | {"min", "max"},
    "Input.Date": INPUT | {"min", "max"},
    "Input.Time": INPUT | {"min", "max"},
    "Input.Toggle": INPUT | {"title", "valueOn", "valueOff", "wrap"},
    "Input.ChoiceSet": INPUT | {"choices", "isMultiSelect", "style", "wrap", "choices.data"},
    "Action.Submit": ACTION | {"data", "associatedInputs"},
    "Action.Execute": ACTION | {"data", "verb", "associatedInputs"},
    "Action.OpenUrl": ACTION | {"url"},
    "Action.ToggleVisibility": ACTION | {"targetElements"},
    "Action.ShowCard": ACTION | {"card"},
}
INSIDE = ("body", "actions", "items", "columns", "rows", "cells", "inlines", "card", "selectAction", "inlineAction")


class NotTaken(Exception):
    """An answer that is no yes, with Microsoft's word for it."""

    def __init__(self, status: int, code: str, words: str = "") -> None:
        super().__init__(f"{status} {code} {words}".strip())
        self.status, self.code, self.words = status, code, words


def weight(body: Any) -> int:
    """Bytes in UTF-16, as Teams counts."""
    return len(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le", "surrogatepass"))


def message(body: Json) -> None:
    """Raises NotTaken for a message Teams would refuse."""
    if weight(body) > MOST_BYTES:
        raise NotTaken(413, "RequestEntityTooLarge")
    if unknown := body.keys() - MESSAGE:
        raise NotTaken(400, "BadSyntax", f"unknown fields {sorted(unknown)}")
    if body.get("type") != "message" or not (body.get("text") or body.get("attachments")):
        raise NotTaken(400, "BadSyntax", "no message")
    for one in body.get("attachments") or ():
        if unknown := one.keys() - ATTACHMENT:
            raise NotTaken(400, "BadSyntax", f"unknown fields {sorted(unknown)}")
        if one.get("contentType") not in KINDS:
            raise NotTaken(400, "BadSyntax", str(one.get("contentType")))
        if one["contentType"] == CARD:
            card(one.get("content"))


def card(content: Any) -> None:
    """Raises NotTaken for a card that is none."""
    if not isinstance(content, dict) or content.get("type") != "AdaptiveCard":
        raise NotTaken(400, "BadSyntax", "no card")
    version = tuple(int(part) for part in str(content.get("version", "")).split(".") if part.isdigit())
    if len(version) != 2 or version > VERSION:
        raise NotTaken(400, "BadSyntax", f"version {content.get('version')}")
    names: set[str] = set()
    for part in parts(content):
        kind = part.get("type")
        allowed = PARTS.get(str(kind))
        if allowed is None:
            raise NotTaken(400, "BadSyntax", f"unknown element {kind}")
        if unknown := part.keys() - allowed:
            raise NotTaken(400, "BadSyntax", f"{kind} with {sorted(unknown)}")
        if part.get("id") in names:
            raise NotTaken(400, "BadSyntax", f"twice {part['id']}")
        names |= {part["id"]} if "id" in part else set()


def parts(found: Any) -> Iterator[Json]:
    """Every element and action of a card, in order."""
    if isinstance(found, list):
        for one in found:
            yield from parts(one)
    elif isinstance(found, dict):
        yield found
        for name in INSIDE:
            inner = found.get(name)
            if isinstance(inner, dict | list):
                yield from parts(inner)
