"""A genogram as SVG: symbols and lines of the layout, and a key of the signs that occur in it. Colour says nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise
from math import atan2, degrees, hypot

from bot.documents.model import in_words
from prompts_and_forms.genogram import wording as genogram_wording
from prompts_and_forms.genogram.genogram import COUPLES, FEELINGS, Genogram, alt_text
from prompts_and_forms.genogram.layout import lay_out
from prompts_and_forms.genogram.shapes import EDGE, HALF, LETTER, LINE, Layout, Point, Stroke, Symbol, width_of
from prompts_and_forms.typed import printable

INK, PAPER = "#1a1a1a", "#ffffff"
FONTS = "Arial, Liberation Sans, Noto Sans, DejaVu Sans, sans-serif"
DASHED = {"together": "8 5", "adopted": "7 5", "fostered": "9 3 2 3 2 3", "parents": "12 4 2 4", "distant": "1.5 5"}
PLAIN = frozenset({"married", "separated", "divorced", "birth", "siblings", "cut_off"})
KEY_WIDTH, KEY_LINE = 205.0, 30.0
LEAST_WIDTH = 460.0
THIN = 1.4
FOOT_LINE, DOT = 14.0, " · "
ROUND = 11.0
"""How far the corners of a household's line are rounded."""


@dataclass(frozen=True)
class Drawing:
    svg: str
    width: float
    height: float


def drawing(genogram: Genogram, foot: str = "") -> Drawing:
    """The whole picture. `foot` is a line below the key, such as the marking and the day."""
    genogram = _drawable(genogram)
    layout = lay_out(genogram)
    signs = _signs(genogram, layout)
    width = max(layout.width, LEAST_WIDTH)
    columns = max(1, int((width - 2 * EDGE) // KEY_WIDTH))
    key_rows = -(-len(signs) // columns)
    key_top = layout.height + 8
    feet = _foot_lines(foot, width - 2 * EDGE)
    height = key_top + 22 + key_rows * KEY_LINE + 12 + FOOT_LINE * len(feet)
    inside = (width - layout.width) / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.1f} {height:.1f}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img" font-family="{FONTS}" font-size="12" fill="{INK}">',
        f"<title>{genogram_wording.TITLE}</title><desc>{_text(alt_text(genogram))}</desc>",
        f'<rect width="{width:.1f}" height="{height:.1f}" fill="{PAPER}"/>',
        f'<g transform="translate({inside:.1f} 0)">',
        *(_home(corners) for corners in layout.homes),
        *(piece for stroke in layout.strokes for piece in _stroke(stroke)),
        *(piece for symbol in layout.symbols for piece in _symbol(symbol)),
        *(piece for stroke in layout.strokes for piece in _mark(stroke)),
        "</g>",
        *_key(signs, columns, key_top),
        *(
            _words(text, EDGE, height - 10 - FOOT_LINE * after, anchor="start", size=10)
            for after, text in enumerate(reversed(feet))
        ),
        "</svg>",
    ]
    return Drawing("\n".join(parts), width, height)


def _foot_lines(foot: str, room: float) -> list[str]:
    """The foot in as many lines as it needs, parted at its dots."""
    found: list[str] = []
    for part in foot.split(DOT) if foot else ():
        joined = f"{found[-1]}{DOT}{part}" if found else part
        if found and width_of(joined) * 10 / LETTER <= room:
            found[-1] = joined
        else:
            found.append(part)
    return found


def _drawable(genogram: Genogram) -> Genogram:
    """With words for what fonts do not hold, so that they are given room."""
    people = (replace(one, label=in_words(printable(one.label)).strip() or "?") for one in genogram.people)
    return replace(genogram, people=tuple(people))


def _text(text: str) -> str:
    return escape(in_words(printable(text)).replace("\n", " "), quote=True)


def _words(text: str, x: float, y: float, *, anchor: str = "middle", size: float = 12, strong: bool = False) -> str:
    weight = ' font-weight="bold"' if strong else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:g}"{weight}>{_text(text)}</text>'


# ---- people


def _symbol(symbol: Symbol) -> Iterator[str]:
    person, x, y = symbol.person, symbol.x, symbol.y
    yield f'<g data-person="{_text(person.id)}">'
    yield _behind(symbol)
    yield _shape(person.shape, x, y, HALF)
    if person.index:
        yield _shape(person.shape, x, y + (2 if person.shape in ("pregnancy", "loss") else 0), HALF - 5)
    if person.died:
        yield _cross(person.shape, x, y)
    for number, line in enumerate(symbol.label):
        yield _words(line, x, y + HALF + 14 + number * LINE, strong=True)
    if symbol.born:
        yield _words(symbol.born, x, y + HALF + 14 + len(symbol.label) * LINE, size=11)
    yield "</g>"


def _behind(symbol: Symbol) -> str:
    """Keeps the words readable where a line runs down to children behind them."""
    wide = max((width_of(line) for line in (*symbol.label, symbol.born)), default=0.0) + 4
    top = symbol.y + HALF
    return (
        f'<rect x="{symbol.x - wide / 2:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{symbol.below - top:.1f}" '
        f'fill="{PAPER}"/>'
    )


def _shape(shape: str, x: float, y: float, half: float) -> str:
    style = f'fill="{PAPER}" stroke="{INK}" stroke-width="1.8"'
    if shape == "man":
        return f'<rect x="{x - half:.1f}" y="{y - half:.1f}" width="{2 * half:.1f}" height="{2 * half:.1f}" {style}/>'
    if shape == "woman":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{half:.1f}" {style}/>'
    if shape in ("pregnancy", "loss"):
        side = half if shape == "pregnancy" else half * 0.75
        points = ((x, y - side), (x + side, y + side * 0.75), (x - side, y + side * 0.75))
        triangle = f'<polygon points="{_points(points)}" {style}/>'
        if shape == "loss":
            triangle += _crossed(x, y, side)
        return triangle
    diamond = ((x, y - half), (x + half, y), (x, y + half), (x - half, y))
    return f'<polygon points="{_points(diamond)}" {style}/>'


def _cross(shape: str, x: float, y: float) -> str:
    return _crossed(x, y, {"man": HALF, "woman": HALF * 0.7}.get(shape, HALF * 0.5))


def _crossed(x: float, y: float, reach: float) -> str:
    return _line((x - reach, y - reach), (x + reach, y + reach)) + _line((x + reach, y - reach), (x - reach, y + reach))


def _home(corners: Sequence[Point]) -> str:
    """An outline with rounded corners."""
    found: list[str] = []
    around = [corners[-1], *corners, corners[0]]
    for before, corner, after in zip(around, around[1:], around[2:], strict=False):
        (x1, y1), (x2, y2) = _towards(corner, before), _towards(corner, after)
        found.append(f"{'L' if found else 'M'}{x1:.1f} {y1:.1f}Q{corner[0]:.1f} {corner[1]:.1f} {x2:.1f} {y2:.1f}")
    return f'<path d="{"".join(found)}Z" fill="none" stroke="{INK}" stroke-width="1" stroke-dasharray="5 5"/>'


def _towards(corner: Point, other: Point) -> Point:
    """Where the rounding of a corner begins."""
    long = hypot(other[0] - corner[0], other[1] - corner[1])
    part = min(ROUND, long / 2) / long if long else 0.0
    return corner[0] + (other[0] - corner[0]) * part, corner[1] + (other[1] - corner[1]) * part


# ---- lines


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _line(one: Point, other: Point, width: float = THIN) -> str:
    return (
        f'<line x1="{one[0]:.1f}" y1="{one[1]:.1f}" x2="{other[0]:.1f}" y2="{other[1]:.1f}" stroke="{INK}" '
        f'stroke-width="{width:g}"/>'
    )


def _path(points: Sequence[Point], *, width: float = THIN, dash: str = "") -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<polyline points="{_points(points)}" fill="none" stroke="{INK}" stroke-width="{width:g}" '
        f'stroke-linejoin="round"{dashes}/>'
    )


def _stroke(stroke: Stroke) -> Iterator[str]:
    if stroke.kind == "conflict":
        yield _path(_zigzag(stroke.points))
    elif stroke.kind == "close":
        yield _path(stroke.points, width=7)
        yield f'<polyline points="{_points(stroke.points)}" fill="none" stroke="{PAPER}" stroke-width="4.6"/>'
        yield _path(stroke.points, width=1.4)
    elif stroke.kind == "distant":
        yield _path(stroke.points, width=2, dash=DASHED["distant"])
    else:
        yield _path(stroke.points, dash=DASHED.get(stroke.kind, ""))


def _zigzag(points: Sequence[Point]) -> list[Point]:
    """The same way in small teeth."""
    found: list[Point] = [points[0]]
    for (x1, y1), (x2, y2) in pairwise(points):
        long = hypot(x2 - x1, y2 - y1)
        teeth = int(long // 6)
        for number in range(1, teeth):
            part, out = number / teeth, 4.0 if number % 2 else -4.0
            along, beside = (x1 + (x2 - x1) * part, y1 + (y2 - y1) * part), ((y1 - y2) / long, (x2 - x1) / long)
            found.append((along[0] + beside[0] * out, along[1] + beside[1] * out))
        found.append((x2, y2))
    return found


def _mark(stroke: Stroke) -> Iterator[str]:
    """Strokes across a couple's line; the break of a line that is cut off."""
    if stroke.mark is None or stroke.kind not in MARKS:
        return
    x, y = stroke.mark
    turned = f' transform="rotate({_slope(stroke):.1f} {x:.1f} {y:.1f})"'
    yield f"<g{turned}>{''.join(MARKS[stroke.kind](x + _aside(stroke), y))}</g>"


def _slope(stroke: Stroke) -> float:
    """How the line lies where its mark is, in degrees."""
    assert stroke.mark is not None
    x, y = stroke.mark
    pieces = pairwise(stroke.points)
    (x1, y1), (x2, y2) = min(pieces, key=lambda p: hypot(x - p[0][0], y - p[0][1]) + hypot(x - p[1][0], y - p[1][1]))
    return degrees(atan2(y2 - y1, x2 - x1)) if abs(x2 - x1) > 0.1 else 90.0


def _aside(stroke: Stroke) -> float:
    """Beside the middle, where the line to the children begins."""
    return -13.0 if stroke.kind in COUPLES else 0.0


def _separated(x: float, y: float) -> Iterator[str]:
    yield _line((x - 4, y + 7), (x + 4, y - 7), 1.8)


def _divorced(x: float, y: float) -> Iterator[str]:
    yield from (_line((x + by - 4, y + 7), (x + by + 4, y - 7), 1.8) for by in (-3, 3))


def _cut_off(x: float, y: float) -> Iterator[str]:
    yield f'<rect x="{x - 4:.1f}" y="{y - 2:.1f}" width="8" height="4" fill="{PAPER}"/>'
    yield from (_line((x + by, y - 9), (x + by, y + 9), 1.8) for by in (-4, 4))


MARKS: dict[str, Callable[[float, float], Iterator[str]]] = {
    "separated": _separated,
    "divorced": _divorced,
    "cut_off": _cut_off,
}


# ---- the key

Sign = tuple[str, str]
"""("shape" | "line" | "home" | "died" | "index", which), in words from wording_genogram."""


def _signs(genogram: Genogram, layout: Layout) -> list[tuple[Sign, str]]:
    """What occurs in this picture, with its words."""
    shapes = {"diamond" if one.shape in ("other", "unknown") else one.shape for one in genogram.people}
    kinds = {one.kind for one in layout.strokes}
    people = genogram.people
    return [
        *((("shape", one), text) for one, text in genogram_wording.SHAPE_KEY.items() if one in shapes),
        *([(("index", ""), genogram_wording.INDEX_KEY)] if any(one.index for one in people) else []),
        *([(("died", ""), genogram_wording.DIED_KEY)] if any(one.died for one in people) else []),
        *([(("home", ""), genogram_wording.HOME_KEY)] if layout.homes else []),
        *((("line", one), text) for one, text in genogram_wording.LINE_KEY.items() if one in kinds),
    ]


def _key(signs: Sequence[tuple[Sign, str]], columns: int, top: float) -> Iterator[str]:
    yield _words(genogram_wording.KEY, EDGE, top + 6, anchor="start", strong=True)
    rows = -(-len(signs) // columns)
    for number, (sign, text) in enumerate(signs):
        x, y = EDGE + (number // rows) * KEY_WIDTH, top + 26 + (number % rows) * KEY_LINE
        yield from _sign(sign, x + 20, y)
        yield _words(text, x + 46, y + 4, anchor="start", size=11)


def _sign(sign: Sign, x: float, y: float) -> Iterator[str]:
    what, which = sign
    if what == "shape":
        yield _shape(which, x, y, 9)
    elif what == "index":
        yield _shape("unknown", x, y, 11)
        yield _shape("unknown", x, y, 7)
    elif what == "died":
        yield _shape("man", x, y, 9)
        yield _crossed(x, y, 9)
    elif what == "home":
        yield _home(((x - 18, y - 9), (x + 18, y - 9), (x + 18, y + 9), (x - 18, y + 9)))
    else:
        level = which in (*COUPLES, *FEELINGS, "parents", "siblings")
        ends = ((x - 18, y), (x + 18, y)) if level else ((x, y - 12), (x, y + 12))
        stroke = Stroke(which, (), ends, (x + (13 if which in COUPLES else 0), y))
        yield from _stroke(stroke)
        yield from _mark(stroke)
