"""What those who look after a unit read when part of its record cannot be read any more."""

from __future__ import annotations

from collections.abc import Sequence

NOTICE = "Part of your unit's record cannot be read"
WHAT_NOW = (
    "Nothing else is affected. You can go on as usual, and I will not write over it. Please tell whoever runs the bot: "
    "unitbot verify names what is damaged, and a backup can bring it back. Until then, look in the case file."
)


def what(unit: str, texts: int, refs: Sequence[str]) -> str:
    """How much of which unit, and of which families, as far as their references can be read."""
    many = "1 text" if texts == 1 else f"{texts} texts"
    where = f" It is about {', '.join(refs)}." if refs else ""
    return f'I could not open {many} of {unit}.{where} In its place you see "(cannot be read)".'
