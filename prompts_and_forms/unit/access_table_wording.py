"""What is said of the table of who sees what."""

from __future__ import annotations

SAY_TABLE = "Say --table: unitbot access --table"


def total(presses: int, wrong: int) -> str:
    """How many were tried from outside, and how many were shown something."""
    if not presses:
        return "Nothing has that in its name."
    if wrong:
        return f"WRONG: of {presses} tries from outside, {wrong} were shown something of the family."
    return f"{presses} tries from outside, and none was shown anything of the family."
