"""What people type and paste: what of it can be kept, whether anything is there to read, and what it names.

Pasted words carry signs nobody sees: zero-width spaces, marks of direction, byte order marks, halves of characters.
Everything that asks "is it empty", "which family is meant" or "is it the same name" asks here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from typing import Any

_NOT_KEPT = re.compile("[\x00\ud800-\udfff]")
"""Halves of characters, which no text can hold, and the sign with the number 0, which PostgreSQL does not take."""
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What XML forbids, and halves of characters. Nobody can read them."""
_TURNS_TEXT = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that make the words after them run the other way. Right-to-left words need none."""
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
"""Every way to end a line, such as Word's own line break (U+000B) and page break (U+000C)."""
REPLACEMENT = "\ufffd"
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Control and format characters, and letters that show nothing (Unicode: Default_Ignorable_Code_Point)."""
_AROUND = "\"'`´*_~()[]{}«»‹›“”„‟‘’‚‛.,;:"
"""What stands around a pasted reference or word and is no part of it: quotes, chat markup, brackets, a full stop."""
_LOOKS = "\ufe0e\ufe0f"
"""What only says how the sign before it looks."""
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")


def keepable(text: str) -> str:
    """The text as it can be saved: two halves of a character become one, a half alone becomes a replacement sign."""
    if not _NOT_KEPT.search(text):
        return text
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\x00", REPLACEMENT)


def all_keepable(value: Any) -> Any:
    """The same of every text in lists, dictionaries and small values, names of fields included."""
    if isinstance(value, str):
        return keepable(value)
    if isinstance(value, dict):
        return {all_keepable(name): all_keepable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(all_keepable(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: all_keepable(getattr(value, one.name)) for one in fields(value)})
    return value


def seen(text: str) -> str:
    """Only what somebody could see of it."""
    return _UNSEEN.sub("", text)


def is_empty(text: str) -> bool:
    """Whether nobody could read anything in it: white space, and signs that show nothing."""
    return not seen(text).strip()


def tidy(text: str) -> str:
    """A name, initials or another short word as it is saved: nothing unseen and no white space around it."""
    start, end = 0, len(text)
    while start < end and is_empty(text[start]):
        start += 1
    while end > start and is_empty(text[end - 1]) and text[end - 1] not in _LOOKS:
        end -= 1
    return text[start:end]


def key(text: str) -> str:
    """What was typed where a reference is asked for: without anything unseen, quotes and the like around it.

    Wide letters and odd dashes become plain ones, capitals stay as typed.
    """
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", seen(text)))
    return " ".join(plain.split()).strip(_AROUND + " ")


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same to people, however their accents, capitals and spaces were typed."""
    return name_key(one) == name_key(other)


def name_key(name: str) -> str:
    """What names are compared by."""
    composed = unicodedata.normalize("NFKC", seen(name))
    return unicodedata.normalize("NFC", " ".join(composed.split()).casefold())


def command_words(text: str) -> str:
    """The words after a command: nothing unseen in them, no quotes and the like around them. A mention stays whole."""
    plain = " ".join(seen(text).split())
    if "<@" in plain:
        return plain
    words = (word if word.startswith("@") else key(word) for word in plain.split())
    return " ".join(word for word in words if word)


def printable(text: str) -> str:
    """The same words, fit to be written into any file: line ends alike, nothing invisible that would turn the text."""
    return _TURNS_TEXT.sub("", _NOT_TEXT.sub("", _LINE_ENDS.sub("\n", text)))
