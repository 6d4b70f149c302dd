"""The words in blocks a person sent: paragraphs and lists a line each, a table a line a row, emoji as signs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.slack.reading.emoji import sign_of, with_signs
from bot.slack.text import NameOf, channel_words, decode, group_words, link_words, mention_words

Json = dict[str, Any]

_LINES = ("rich_text_section", "rich_text_preformatted", "rich_text_quote", "section", "header", "context", "markdown")
_INSIDE = ("text", "fields", "elements", "title", "accessory", "child_blocks")


def words_in(blocks: Any, name_of: NameOf) -> str:
    """Everything these blocks say; "" where they say nothing."""
    return "".join(_words(blocks, name_of)).strip("\n")


def emoji_in(blocks: Any) -> frozenset[str] | None:
    """The names Slack says are emoji there; None where no block tells them from typed letters."""
    rich = [part for part in _parts(blocks) if part.get("type") == "rich_text"]
    if not rich:
        return None
    return frozenset(str(part.get("name")) for part in _parts(rich) if part.get("type") == "emoji")


def people_in(value: Any) -> Iterator[str]:
    """The chat users blocks or attachments name."""
    for part in _parts(value):
        for name in ("user_id", "author_id"):
            if isinstance(part.get(name), str):
                yield part[name]


def _parts(value: Any) -> Iterator[Json]:
    if isinstance(value, list):
        for one in value:
            yield from _parts(one)
    elif isinstance(value, dict):
        yield value
        for one in value.values():
            yield from _parts(one)


def _words(value: Any, name_of: NameOf) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _words(one, name_of)
    if not isinstance(value, dict):
        return
    kind = str(value.get("type") or "")
    if kind == "rich_text_list":
        for item in value.get("elements") or ():
            yield f"• {words_in(item, name_of)}\n"
    elif kind == "table":
        for row in value.get("rows") or ():
            yield "; ".join(words_in(cell, name_of) for cell in row) + "\n"
    elif (leaf := _leaf(kind, value, name_of)) is not None:
        yield leaf
    else:
        for name in _INSIDE:
            yield from _words(value.get(name), name_of)
        if kind in _LINES:
            yield "\n"


def _leaf(kind: str, part: Json, name_of: NameOf) -> str | None:
    """The words of a part that holds no others; None where it does."""
    text = part.get("text")
    match kind:
        case "text" | "raw_text":
            return str(text or "")
        case "plain_text":
            return with_signs(str(text or ""))
        case "mrkdwn":
            return decode(str(text or ""), name_of)
        case "markdown":
            return f"{text or ''}\n"
        case "emoji":
            tone = str(part.get("skin_tone") or "")
            return sign_of(str(part.get("name")), tone) or f":{part.get('name')}:"
        case "user":
            return mention_words(str(part.get("user_id")), name_of)
        case "channel":
            return channel_words("")
        case "usergroup":
            return group_words("")
        case "broadcast":
            return f"@{part.get('range')}"
        case "link":
            return link_words(str(part.get("url") or ""), str(text or ""))
        case "date":
            return str(part.get("fallback") or "")
        case "image":
            return str(part.get("alt_text") or "")
    return None
