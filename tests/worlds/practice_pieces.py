"""Small Block Kit pieces the tests of the practice workspace are made of."""

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def marked(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str, text: str = "", **more: Any) -> Json:
    return {"text": plain(text or value), "value": value, **more}


def button(action_id: str = "go", label: str = "Go", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(label), **more}


def row(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def section(text: str = "hello", **more: Any) -> Json:
    return {"type": "section", "text": marked(text), **more}


def asking(element: Json, block_id: str = "answer", **more: Any) -> Json:
    return {"type": "input", "block_id": block_id, "label": plain("Question"), "element": element, **more}


def text_field(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "value", **more}


def menu(count: int = 2, **more: Any) -> Json:
    choices = [option(f"o{number}", f"Choice {number}") for number in range(count)]
    return {"type": "static_select", "action_id": "pick", "options": choices, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Family"), "blocks": list(blocks), **more}


def form(*blocks: Json, **more: Any) -> Json:
    """A modal that can be submitted."""
    fields = blocks or (asking(text_field()),)
    return modal(*fields, **{"submit": plain("Save"), "callback_id": "form", **more})


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://example.org/i.png", "alt_text": "a map", **more}


def rich(*leaves: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(leaves)}]}


def raw(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}
