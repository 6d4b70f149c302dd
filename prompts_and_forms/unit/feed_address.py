"""Where a private calendar address begins: as whoever runs the bot set it, or nowhere."""

from __future__ import annotations

PATH = "/calendar/"
ENDS = ".ics"
_base = ""


def use(base: str) -> None:
    """From now on addresses begin so (https://...); "" for none."""
    global _base
    _base = base.rstrip("/")


def is_known() -> bool:
    """Whether there can be private addresses."""
    return bool(_base)


def of(token: str) -> str:
    """The address of one calendar."""
    return f"{_base}{PATH}{token}{ENDS}"


def token_in(path: str) -> str:
    """The token in a request's path; "" where it is no calendar's."""
    if not (path.startswith(PATH) and path.endswith(ENDS)):
        return ""
    return path.removeprefix(PATH).removesuffix(ENDS)
