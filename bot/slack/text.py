"""Words between people and Slack: decoded once on the way in, escaped once on the way out, split but never cut."""

from __future__ import annotations

import re
from collections.abc import Callable

NameOf = Callable[[str], str | None]

ELLIPSIS = "…"
_TOKEN = re.compile(r"<([^<>]*)>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_BREAKS = ("\n\n", "\n", ". ", " ")


def decode(text: str, name_of: NameOf = lambda _user: None) -> str:
    """What a person meant by a Slack message text.

    A mention becomes ``@Name`` for somebody known and stays as it is otherwise; a link becomes the words shown for it;
    escaped signs become the signs themselves, once.
    """
    parts: list[str] = []
    rest = 0
    for found in _TOKEN.finditer(text):
        parts.append(_unescape(text[rest : found.start()]))
        parts.append(_meant(found.group(1), name_of))
        rest = found.end()
    parts.append(_unescape(text[rest:]))
    return "".join(parts)


def _unescape(text: str) -> str:
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    return text


def _meant(token: str, name_of: NameOf) -> str:
    target, _, shown = token.partition("|")
    if target.startswith("@"):
        name = name_of(target[1:]) or _unescape(shown)
        return f"@{name}" if name else f"<{token}>"
    if target.startswith("#"):
        return f"#{_unescape(shown)}" if shown else f"<{token}>"
    if target.startswith("!"):
        return _meant_command(target[1:], _unescape(shown), token)
    return _unescape(shown or target.removeprefix("mailto:").removeprefix("tel:"))


def _meant_command(command: str, shown: str, token: str) -> str:
    if command in ("here", "channel", "everyone"):
        return f"@{command}"
    return shown or f"<{token}>"


def escape(text: str) -> str:
    """For fields Slack reads as markup, such as the notification text: mentions and links come out as typed."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shorten(text: str, most: int) -> str:
    """For labels only: at most `most` characters, ending in an ellipsis when something was left out."""
    return text if len(text) <= most else text[: most - 1].rstrip() + ELLIPSIS


def split(text: str, most: int) -> list[str]:
    """The text in pieces of at most `most` characters; joined they are the text again.

    It breaks after a paragraph, a line, a sentence or a word when there is one in the second half of a piece.
    """
    pieces: list[str] = []
    while len(text) > most:
        cut = _break(text, most)
        pieces.append(text[:cut])
        text = text[cut:]
    pieces.append(text)
    return pieces


def _break(text: str, most: int) -> int:
    for mark in _BREAKS:
        found = text.rfind(mark, most // 2, most)
        if found >= 0:
            return min(found + len(mark), most)
    return most
