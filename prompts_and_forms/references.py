"""Case references: how they look, and the check letter of the usual pattern.

The usual pattern is a letter, four digits and a check letter; a council can set its own pattern.
"""

from __future__ import annotations

import re

from prompts_and_forms.typed import key

USUAL_PATTERN = r"[A-Z][0-9]{4}[A-Z]"
CHECK_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXY"
"""The check letter of four digits is the one at (digits modulo 23)."""


def normal(text: str) -> str:
    """A reference as it is saved and looked for: capitals, nothing unseen in it, no spaces or quotes around it."""
    return key(text).upper()


def check_letter(digits: int) -> str:
    """The letter that belongs at the end of a usual reference."""
    return CHECK_LETTERS[digits % len(CHECK_LETTERS)]


def is_reference(text: str, pattern: str = "") -> bool:
    """Whether a text is a case reference; the check letter counts only for the usual pattern."""
    reference = normal(text)
    if pattern:
        return re.fullmatch(pattern, reference) is not None
    if not re.fullmatch(USUAL_PATTERN, reference):
        return False
    return reference[5] == check_letter(int(reference[1:5]))
