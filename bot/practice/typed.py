"""What a person types, as Slack keeps it: &, < and > escaped, links and mentions marked up, and a rich_text block."""

import re
from collections.abc import Mapping

from bot.practice.limits import Json

_LINK = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)\]'\"]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MARKED = re.compile(r"<([^<>]+)>")


def escaped(text: str) -> str:
    """&, < and > as entities; line ends as Slack keeps them."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def as_kept(text: str, mentions: Mapping[str, str] | None = None) -> str:
    """The message text Slack stores. `mentions` maps a user id to the name that was typed after the @."""
    kept = _LINK.sub(_marked_link, escaped(text))
    for user, name in (mentions or {}).items():
        for shown in (f"&lt;@{user}&gt;", f"@{escaped(name)}"):
            kept = kept.replace(shown, f"<@{user}>")
    return kept


def _marked_link(found: re.Match[str]) -> str:
    address = found.group()
    return f"<{address}>" if address.startswith("http") else f"<mailto:{address}|{address}>"


def rich_text(kept: str, block_id: str) -> Json:
    """The rich_text block Slack puts beside a person's text."""
    leaves: list[Json] = []
    end = 0
    for marked in _MARKED.finditer(kept):
        leaves.extend(_plain(kept[end : marked.start()]))
        leaves.append(_leaf(marked.group(1)))
        end = marked.end()
    leaves.extend(_plain(kept[end:]))
    return {
        "type": "rich_text",
        "block_id": block_id,
        "elements": [{"type": "rich_text_section", "elements": leaves}],
    }


def _plain(kept: str) -> list[Json]:
    return [{"type": "text", "text": unescaped(kept)}] if kept else []


def _leaf(inside: str) -> Json:
    if inside.startswith("@"):
        return {"type": "user", "user_id": inside[1:].split("|")[0]}
    if inside.startswith("#"):
        return {"type": "channel", "channel_id": inside[1:].split("|")[0]}
    url, _, label = inside.partition("|")
    return {"type": "link", "url": unescaped(url)} | ({"text": unescaped(label)} if label else {})
