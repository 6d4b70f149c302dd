"""Where everything of a genogram lies. Pure: a `Layout` of symbols and lines, in points of a drawing with y downwards.

Rows are generations. Between the symbols of a row are gutters, between two rows is a channel. A line leaves a symbol at
its side or below its words, runs down a gutter and along a channel, and reaches the next one from above, so that none
can cross a symbol or its words. Channel k lies above row k; in it couples and ties run above the bars children hang on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from prompts_and_forms.genogram import wording as genogram_wording
from prompts_and_forms.genogram.generations import rows
from prompts_and_forms.genogram.genogram import Genogram, Tie
from prompts_and_forms.genogram.household import outlines
from prompts_and_forms.genogram.lines import Lines
from prompts_and_forms.genogram.shapes import (
    CELL,
    EDGE,
    HALF,
    LINE,
    Box,
    Layout,
    Point,
    Stroke,
    Symbol,
    width_of,
    wrapped,
)

SWEEPS = 40
TOGETHER = 0.25
"""How much neighbours draw each other near, where 1 is how much a child wants to hang under its parents."""
MARKED_AT = 0.4
"""How far along a straight tie its mark lies: not in the middle, where lines of children often run."""
FAR = 460.0
"""No straight tie is longer."""


def lay_out(genogram: Genogram) -> Layout:
    """The whole drawing without its key. A tie is one straight line where nothing stands in its way."""
    found = rows(genogram)
    level = {one: number for number, row in enumerate(found) for one in row}
    straight = [tie for tie in genogram.ties if level[tie.one] != level[tie.other]]
    about: dict[str, float] = {}
    while True:
        for _ in range(2):
            layout = _lay_out(genogram, found, straight, about)
            about = {one.person.id: one.x for one in layout.symbols}
        drawn = straight_ties(layout.symbols, straight)
        blocked = [tie for tie in straight if tie not in drawn]
        if not blocked:
            return replace(layout, strokes=(*layout.strokes, *drawn.values()))
        straight = [tie for tie in straight if tie in drawn]


def _lay_out(
    genogram: Genogram, found: Sequence[Sequence[str]], straight: Sequence[Tie], about: dict[str, float]
) -> Layout:
    people = {one.id: one for one in genogram.people}
    labels = {one.id: wrapped(one.label) for one in genogram.people}
    lines = Lines(genogram, found, straight, about)
    across = places(genogram, found, lines.gutters())
    lines.stand(across)
    top = EDGE
    middles: list[float] = []
    for number, row in enumerate(found):
        top = lines.channel(number, top)
        middles.append(top + HALF)
        top += 2 * HALF + 5 + LINE * max(len(labels[one]) + bool(people[one].born) for one in row)
    bottom = lines.channel(len(found), top)
    symbols = tuple(
        Symbol(people[one], across[one], middles[number], labels[one], genogram_wording.born_short(people[one].born))
        for number, row in enumerate(found)
        for one in row
    )
    strokes = lines.strokes(middles)
    xs = [*(p[0] for one in strokes for p in one.points), *(s.x + by for s in symbols for by in (-CELL / 2, CELL / 2))]
    left, right = min(xs) - EDGE, max(xs) + EDGE
    moved = tuple(replace(one, x=one.x - left) for one in symbols)
    return Layout(right - left, bottom + EDGE, moved, tuple(_shifted(one, -left) for one in strokes), outlines(moved))


def _shifted(one: Stroke, by: float) -> Stroke:
    points = tuple((x + by, y) for x, y in one.points)
    return Stroke(one.kind, one.people, points, (one.mark[0] + by, one.mark[1]) if one.mark else None)


# ---- left and right


def places(
    genogram: Genogram, found: Sequence[Sequence[str]], gutters: dict[tuple[int, int], float]
) -> dict[str, float]:
    """The middle of everybody: parents over their children, children under their parents, nobody too close."""
    gaps = [[CELL + gutters[number, at] for at in range(1, len(row))] for number, row in enumerate(found)]
    level = {one: number for number, row in enumerate(found) for one in row}
    x: dict[str, float] = {}
    for row, gap in zip(found, gaps, strict=True):
        at = -sum(gap) / 2
        for number, one in enumerate(row):
            x[one] = at
            at += gap[number] if number < len(gap) else 0.0
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        order = range(len(found)) if down else reversed(range(len(found)))
        for number in order:
            wish = _wishes(genogram, x, level, number, found[number], gaps[number], from_above=down)
            for one, at in zip(found[number], _apart([wish[p] for p in found[number]], gaps[number]), strict=True):
                x[one] = at
    return x


def _wishes(
    genogram: Genogram,
    x: dict[str, float],
    level: dict[str, int],
    row: int,
    people: Sequence[str],
    gaps: Sequence[float],
    *,
    from_above: bool,
) -> dict[str, tuple[float, float]]:
    """Where each person of a row would stand, and how much that matters."""
    wish: dict[str, list[float]] = {one: [] for one in people}
    pull: dict[str, list[float]] = {one: [] for one in people}
    for union in genogram.unions:
        children = [child for child, _how in union.children]
        if not union.parents or not children:
            continue
        by = sum(x[one] for one in union.parents) / len(union.parents) - sum(x[one] for one in children) / len(children)
        movers = children if from_above else union.parents
        for one in movers:
            if level[one] == row:
                wish[one].append(by if from_above else -by)
        for union_of in genogram.unions:
            for one in union_of.parents:
                if level[one] == row and not wish[one] and any(p in movers for p in union_of.parents):
                    pull[one].append(by if from_above else -by)
    found = {}
    for number, one in enumerate(people):
        strong, weak = wish[one], pull[one]
        shift = sum(strong) / len(strong) if strong else (sum(weak) / len(weak) if weak else 0.0)
        wanted = [(x[one] + shift, 1.0 if strong else (0.4 if weak else 0.05))]
        if number:
            wanted.append((x[people[number - 1]] + gaps[number - 1], TOGETHER))
        if number + 1 < len(people):
            wanted.append((x[people[number + 1]] - gaps[number], TOGETHER))
        weight = sum(much for _at, much in wanted)
        found[one] = (sum(at * much for at, much in wanted) / weight, weight)
    return found


def _apart(wishes: Sequence[tuple[float, float]], gaps: Sequence[float]) -> list[float]:
    """The places nearest to the wishes that keep the order and the gaps (pool adjacent violators)."""
    offset = [0.0]
    for gap in gaps:
        offset.append(offset[-1] + gap)
    blocks: list[tuple[float, float, int]] = []
    for (at, weight), shift in zip(wishes, offset, strict=True):
        mean, total, count = at - shift, weight, 1
        while blocks and blocks[-1][0] > mean:
            other, others, more = blocks.pop()
            mean = (mean * total + other * others) / (total + others)
            total, count = total + others, count + more
        blocks.append((mean, total, count))
    flat = [mean for mean, _total, count in blocks for _ in range(count)]
    return [at + shift for at, shift in zip(flat, offset, strict=True)]


# ---- straight ties


def straight_ties(symbols: Sequence[Symbol], ties: Sequence[Tie]) -> dict[Tie, Stroke]:
    """The ties that can be one straight line from symbol to symbol, clear of everybody else and of all words."""
    by_id = {one.person.id: one for one in symbols}
    found: dict[Tie, Stroke] = {}
    taken: set[tuple[Point, Point]] = set()
    for tie in ties:
        upper, lower = sorted((by_id[tie.one], by_id[tie.other]), key=lambda one: one.y)
        for ends in _ends(upper, lower):
            if ends not in taken and _is_clear(ends, upper, lower, symbols):
                taken.add(ends)
                found[tie] = _visible(tie, ends)
                break
    return found


def _ends(upper: Symbol, lower: Symbol) -> Iterable[tuple[Point, Point]]:
    side = 1 if lower.x >= upper.x else -1
    for across, down in ((0, 0), (12, -8), (12, 8), (17, 0), (21, -6), (20, -9)):
        for back, up in ((0, 0), (-12, -8), (-12, 8), (12, -14)):
            yield (upper.x + side * across, upper.y + down), (lower.x + side * back, lower.y + up)


def _is_clear(ends: tuple[Point, Point], upper: Symbol, lower: Symbol, symbols: Sequence[Symbol]) -> bool:
    (x1, y1), (x2, y2) = ends
    if (x2 - x1) ** 2 + (y2 - y1) ** 2 > FAR**2:
        return False
    blocks = [
        box for one in symbols for box in ((_sign(one), _label(one)) if one not in (upper, lower) else (_label(one),))
    ]
    return not any(_meets(ends, box) for box in blocks)


def _sign(one: Symbol) -> Box:
    return Box(one.x - HALF - 5, one.y - HALF - 5, 2 * HALF + 10, 2 * HALF + 10)


def _label(one: Symbol) -> Box:
    wide = max((width_of(line) for line in (*one.label, one.born)), default=0.0) + 6
    return Box(one.x - wide / 2, one.y + HALF + 1, wide, one.below - one.y - HALF)


def _meets(ends: tuple[Point, Point], box: Box) -> bool:
    """Whether a straight line touches a box (cut away what lies left, right, above and below of it)."""
    (x1, y1), (x2, y2) = ends
    first, last = 0.0, 1.0
    for start, by, low, high in ((x1, x2 - x1, box.x, box.x + box.width), (y1, y2 - y1, box.y, box.y + box.height)):
        if by == 0:
            if not low <= start <= high:
                return False
            continue
        one, other = sorted(((low - start) / by, (high - start) / by))
        first, last = max(first, one), min(last, other)
    return first <= last


def _visible(tie: Tie, ends: tuple[Point, Point]) -> Stroke:
    """The line between the two signs, which cover its ends."""
    (x1, y1), (x2, y2) = ends
    return Stroke(tie.kind, (tie.one, tie.other), ends, (x1 + (x2 - x1) * MARKED_AT, y1 + (y2 - y1) * MARKED_AT))
