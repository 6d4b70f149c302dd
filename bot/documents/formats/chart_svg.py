"""Scores over time as a line drawing (SVG): each value written beside its mark. Colour says nothing.

What is missing is left out and never drawn as nought; a line goes only between scores that follow each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import pairwise
from math import ceil, floor, log10

from bot.documents.model import Picture, in_words
from prompts_and_forms.card import Chart
from prompts_and_forms.typed import printable

WIDTH, HEIGHT = 560.0, 250.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 24.0, 22.0, 62.0
INK, SOFT, GRID = "#1a1a1a", "#4a4a4a", "#c4c4c4"
FONTS = "Arial, Liberation Sans, Noto Sans, DejaVu Sans, sans-serif"
DASHES = ("", "7 4", "2 4", "10 4 2 4", "14 4", "1 6")
Place = tuple[float, float, float]


def picture(chart: Chart) -> Picture | None:
    """The drawing with its words; None where nothing of it goes from one point to another."""
    if not any(len(_known(values)) >= 2 for _, values in chart.series):
        return None
    return Picture(svg=drawing(chart), alt=f"{chart.title}. {chart.words}")


def drawing(chart: Chart) -> str:
    """The chart as SVG, with its words inside for who cannot see it."""
    most = _ceiling(chart)
    names = ", ".join(name for name, _ in chart.series)
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" width="{WIDTH:.0f}" '
        f'height="{HEIGHT:.0f}" role="img" font-family="{FONTS}" font-size="12" fill="{INK}">',
        f"<title>{_safe(chart.title)}: {_safe(names)}</title><desc>{_safe(chart.words)}</desc>",
        *_grid(chart, most),
        *(piece for n, (_, values) in enumerate(chart.series) for piece in _line(chart, values, most, n)),
        *_legend(chart),
        "</svg>",
    ]
    return "\n".join(body)


def _known(values: tuple[float | None, ...]) -> list[float]:
    return [value for value in values if value is not None]


def _ceiling(chart: Chart) -> float:
    """A round number at or above the highest score."""
    most = max([1.0, *(value for _, values in chart.series for value in _known(values))])
    step: float = 10.0 ** floor(log10(most)) / 2
    return ceil(most / step) * step


def _x(chart: Chart, n: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (n + 0.5) / len(chart.points)


def _y(value: float, most: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / most


def _grid(chart: Chart, most: float) -> Iterator[str]:
    for part in (0.0, most / 2, most):
        y = _y(part, most)
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{GRID}"/>'
        yield _words(f"{part:g}", LEFT - 8, y + 4, "end", SOFT)
    for n, label in enumerate(chart.points):
        yield _words(label, _x(chart, n), HEIGHT - BOTTOM + 20, "middle", SOFT)


def _line(chart: Chart, values: tuple[float | None, ...], most: float, n: int) -> Iterator[str]:
    places = [None if value is None else (_x(chart, at), _y(value, most), value) for at, value in enumerate(values)]
    for one, other in pairwise(places):
        if one and other:
            yield (
                f'<line x1="{one[0]:.1f}" y1="{one[1]:.1f}" x2="{other[0]:.1f}" y2="{other[1]:.1f}" '
                f'stroke="{INK}" stroke-width="2" stroke-dasharray="{DASHES[n % len(DASHES)]}"/>'
            )
    for place in places:
        if place:
            yield _mark(place[0], place[1], n)
            yield _words(f"{place[2]:g}", place[0], place[1] - 9, "middle", INK)


def _mark(x: float, y: float, n: int) -> str:
    """Full or empty, round or square: told apart in grey as well."""
    fill = INK if n % 4 < 2 else "#ffffff"
    if n % 2:
        return f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{fill}" stroke="{INK}"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{fill}" stroke="{INK}"/>'


def _legend(chart: Chart) -> Iterator[str]:
    x = LEFT
    for n, (name, _values) in enumerate(chart.series):
        y = HEIGHT - 14
        dash = DASHES[n % len(DASHES)]
        yield (
            f'<line x1="{x:.1f}" x2="{x + 28:.1f}" y1="{y}" y2="{y}" stroke="{INK}" stroke-width="2" '
            f'stroke-dasharray="{dash}"/>'
        )
        yield _mark(x + 14, y, n)
        yield _words(name, x + 34, y + 4, "start", INK)
        x += 54 + 7 * len(name)


def _words(text: str, x: float, y: float, anchor: str, colour: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{_safe(text)}</text>'


def _safe(text: str) -> str:
    return escape(in_words(printable(text)))
