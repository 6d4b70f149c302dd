"""What a drawing of a genogram is made of: sizes in points, people with their words, lines. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from prompts_and_forms.genogram.genogram import Person

Point = tuple[float, float]

HALF = 22.0
"""Half the side of a symbol."""
CELL = 100.0
"""The width kept for a symbol and its words."""
GUTTER, BESIDE = 22.0, 46.0
"""Between two people; between two who are joined directly, with room for the marks on their line."""
LANE, TRACK = 10.0, 12.0
LETTER, LINE = 12.0, 15.0
EDGE = 24.0


@dataclass(frozen=True)
class Symbol:
    """A person at the middle (x, y) of their sign; the words lie below it."""

    person: Person
    x: float
    y: float
    label: tuple[str, ...]
    born: str

    @property
    def below(self) -> float:
        """Where the words end."""
        return self.y + HALF + 5 + LINE * (len(self.label) + bool(self.born))


@dataclass(frozen=True)
class Stroke:
    """A line through `points`. `kind` as in wording_genogram.LINE_KEY; `people` are those it joins.

    `mark` is where strokes across it go, or a break; None where it has none.
    """

    kind: str
    people: tuple[str, ...]
    points: tuple[Point, ...]
    mark: Point | None = None


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Layout:
    width: float
    height: float
    symbols: tuple[Symbol, ...]
    strokes: tuple[Stroke, ...]
    homes: tuple[tuple[Point, ...], ...]
    """Outlines round who lives in the household."""


# ---- words under a symbol


def width_of(text: str) -> float:
    """About how wide a text is at LETTER points."""
    return sum(_letter(one) for one in text)


def _letter(one: str) -> float:
    if unicodedata.east_asian_width(one) in "WF":
        return 12.5
    if unicodedata.combining(one):
        return 0.0
    if one in " .,:;'|!ilj()-":
        return 4.0
    return 8.6 if one.isupper() or one in "mwMW@%&" else 6.9


def wrapped(label: str) -> tuple[str, ...]:
    """A label in lines that fit under a symbol."""
    found: list[str] = []
    line = ""
    for word in label.split():
        for number, piece in enumerate(_pieces(word)):
            inside = number > 0
            if line and width_of(f"{line} {piece}") > CELL - 4:
                found.append(line)
                line = piece
            else:
                line = f"{line}{'' if inside else ' '}{piece}".strip()
    return (*found, line) if line else tuple(found)


def _pieces(word: str) -> Iterable[str]:
    if width_of(word) > CELL - 4 and "-" in word.strip("-"):
        first, _, rest = word.partition("-")
        yield from _pieces(f"{first}-")
        yield from _pieces(rest)
        return
    piece = ""
    for one in word:
        if piece and width_of(piece + one) > CELL - 4:
            yield piece
            piece = ""
        piece += one
    yield piece
