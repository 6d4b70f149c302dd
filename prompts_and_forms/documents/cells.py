"""Words for a cell of CSV: whatever they begin with, no spreadsheet may take them for a formula."""

from __future__ import annotations

import unicodedata

from prompts_and_forms.typed import seen

STARTS = ("=", "+", "-", "@")
BREAKS = ("\t", "\r", "\n")
UNSEEN = ("Cf", "Cc", "Mn", "Zs", "Zl", "Zp")
"""Kinds of characters that show nothing: marks of direction and width, controls, spaces."""


def as_words(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet might work it out."""
    return f"'{text}" if starts_like_a_formula(text) else text


def starts_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet may take it for a formula: also in full width, or behind what shows nothing."""
    if text.startswith(BREAKS):
        return True
    for character in seen(text):
        if unicodedata.category(character) not in UNSEEN:
            return unicodedata.normalize("NFKC", character).startswith(STARTS)
    return False
