"""Words between people and Slack: decoded once on the way in, escaped once on the way out, split but never cut."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from bot.lengths import shorten as shorten
from bot.lengths import split as split
from bot.slack.reading.emoji import with_signs

NameOf = Callable[[str], str | None]

_TOKEN = re.compile(r"<([^<>]*)>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_MENTIONED = re.compile(r"<@([UW][A-Z0-9]+)")
SOMEBODY, CHANNEL, GROUP, DATE = "somebody", "a channel", "a group", "a date"
"""What is said where Slack names nobody and nothing."""


def decode(text: str, name_of: NameOf = lambda _user: None, emoji: Collection[str] | None = None) -> str:
    """What a person meant by a Slack message text: no mark of Slack's is left in it.

    A mention becomes ``@Name``, a link the words shown for it with its address, an emoji its sign (`emoji`: the names
    that are some, where Slack says); escaped signs become the signs themselves, once.
    """
    parts: list[str] = []
    rest = 0
    for found in _TOKEN.finditer(text):
        parts.append(_unescape(with_signs(text[rest : found.start()], emoji)))
        parts.append(_meant(found.group(1), name_of))
        rest = found.end()
    parts.append(_unescape(with_signs(text[rest:], emoji)))
    return "".join(parts)


def mentions(text: str) -> list[str]:
    """The chat users a Slack text mentions, in order."""
    return _MENTIONED.findall(text)


def _unescape(text: str) -> str:
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    return text


def _meant(token: str, name_of: NameOf) -> str:
    target, _, label = token.partition("|")
    shown = _unescape(label).strip()
    if target.startswith("@"):
        return mention_words(target[1:], name_of, shown)
    if target.startswith("#"):
        return channel_words(shown)
    if target.startswith("!subteam"):
        return group_words(shown)
    if target.startswith("!date"):
        return shown or DATE
    if target.startswith("!"):
        return shown or f"@{target[1:]}"
    return link_words(_unescape(target), with_signs(shown))


def mention_words(chat_user: str, name_of: NameOf, shown: str = "") -> str:
    """A mention of somebody, by the name the bot knows, or else by what Slack shows."""
    return f"@{name_of(chat_user) or shown.removeprefix('@') or SOMEBODY}"


def channel_words(shown: str) -> str:
    """A mention of a channel. Slack shows no name for one the bot may not see."""
    return f"#{shown.removeprefix('#') or CHANNEL}"


def group_words(shown: str) -> str:
    """A mention of a group of people, such as a whole team."""
    return f"@{shown.removeprefix('@') or GROUP}"


def link_words(address: str, shown: str) -> str:
    """The words of a link with its address; the words alone where they are the address as it was typed."""
    place = address.removeprefix("mailto:").removeprefix("tel:")
    same = (place, place.rstrip("/"), *(place.removeprefix(scheme).rstrip("/") for scheme in ("https://", "http://")))
    if not shown or address.startswith("tel:"):
        return shown or place
    return shown if shown.rstrip("/") in same else f"{shown} ({place})"


def escape(text: str) -> str:
    """For fields Slack reads as markup, such as the notification text: mentions and links come out as typed."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
