"""Words somebody looks for: whether a text has them all, and the sentence they are in. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from prompts_and_forms.typed import name_key

LEAST = 3
"""Letters of the longest word; with fewer nearly everything would be found."""
ROUND = 160
_ID = re.compile(r"[0-9a-f]{32}|\d{4}-\d{2}-\d{2}")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
ELLIPSIS = "…"


@dataclass(frozen=True)
class Sought:
    """The words, as names are compared; all of them must begin a word of the text."""

    words: tuple[str, ...]

    @classmethod
    def typed(cls, text: str) -> Sought:
        """What somebody typed, word by word."""
        return cls(tuple(dict.fromkeys(name_key(text).split())))

    @property
    def is_enough(self) -> bool:
        """Whether there is enough to look for."""
        return any(len(word) >= LEAST for word in self.words)

    def rough(self) -> Callable[[bytes], bool]:
        """A quick look at the bytes of a text: what it does not let through has not got the words.

        A sign beyond plain letters may be read as one ("ª" as "a"), so a text with one is always looked at properly.
        """
        plain = [word.encode() for word in self.words if word.isascii() and '"' not in word and "\\" not in word]

        def may_be(text: bytes) -> bool:
            small = text.lower()
            return not text.isascii() or all(word in small for word in plain)

        return may_be

    def where(self, texts: Iterable[str]) -> str | None:
        """The sentence in which the first word stands, where the texts together have them all; None where not."""
        held = [text for text in texts if not _ID.fullmatch(text)]
        keys = [name_key(text) for text in held]
        if not all(any(_begins(word, key) for key in keys) for word in self.words):
            return None
        first = next((text for text, key in zip(held, keys, strict=True) if _begins(self.words[0], key)), "")
        return _sentence(first, self.words[0])


def _begins(word: str, text: str) -> bool:
    place = text.find(word)
    while place >= 0:
        if place == 0 or not text[place - 1].isalnum():
            return True
        place = text.find(word, place + 1)
    return False


def _sentence(text: str, word: str) -> str:
    found = next((one for one in _sentences(text) if _begins(word, name_key(one))), " ".join(text.split()))
    if len(found) <= 2 * ROUND:
        return found
    place = max(found.casefold().find(word), 0)
    start, end = max(place - ROUND, 0), place + ROUND
    start = found.find(" ", start) + 1 if start else 0
    last = found.rfind(" ", 0, end) if end < len(found) else len(found)
    return f"{ELLIPSIS if start else ''}{found[start:last]}{ELLIPSIS if last < len(found) else ''}"


def _sentences(text: str) -> Iterator[str]:
    for one in _SENTENCE.findall(text):
        if one.strip():
            yield " ".join(one.split())
