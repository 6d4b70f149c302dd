"""What whoever looks after the key reads when it is split into shares or joined again."""

from __future__ import annotations

ONE_OF_THEM = "Say --split or --join, not both."
BAD_PARTS = "{given} is no way to split the key. Write it like 2-of-3: at least two, and at most {most} shares."
TYPE_THEM = "Type or paste the shares, one a line, then an empty end of file (Ctrl-D; on Windows Ctrl-Z and Enter)."
NO_SHARES = "There were no shares. Give them one a line: unitbot key --join < shares.txt"
DO_NOT_FIT = (
    "These {n} shares give no key ({why}). Each line is one whole share, copied word for word, all of them from the "
    "same split, and as many as it needs."
)
OTHER_SECRET = "These shares give something else than a key of this program."
WHAT_NOW = (
    "Write each share on paper and lock it away by itself, with different people. Any {enough} of them give the "
    "key back: unitbot key --join. Fewer say nothing about it. Try that now, then close this window. The shares are of "
    "the key in use: after unitbot rekey make new ones."
)


def share(number: int, many: int, enough: int, words: str) -> str:
    """One share, as it is written down."""
    return f"Share {number} of {many} (any {enough} give the key)\n{words}"
