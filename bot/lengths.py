"""Words made to fit: a label shortened, a long text in pieces that joined are the text again."""

from __future__ import annotations

ELLIPSIS = "…"
_BREAKS = ("\n\n", "\n", ". ", " ")


def shorten(text: str, most: int) -> str:
    """For labels only: at most `most` characters, ending in an ellipsis when something was left out."""
    return text if len(text) <= most else text[: most - 1].rstrip() + ELLIPSIS


def split(text: str, most: int) -> list[str]:
    """The text in pieces of at most `most` characters; joined they are the text again.

    It breaks after a paragraph, a line, a sentence or a word when there is one in the second half of a piece.
    """
    pieces: list[str] = []
    while len(text) > most:
        cut = _break(text, most)
        pieces.append(text[:cut])
        text = text[cut:]
    pieces.append(text)
    return pieces


def _break(text: str, most: int) -> int:
    for mark in _BREAKS:
        found = text.rfind(mark, most // 2, most)
        if found >= 0:
            return min(found + len(mark), most)
    return most
