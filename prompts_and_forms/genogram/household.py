"""The broken line round who lives in the household: as few outlines as can be, with nobody else inside. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from prompts_and_forms.genogram.shapes import CELL, HALF, Box, Point, Symbol

BRIDGE = 24.0
"""Two parts of a household on different rows are joined where they overlap at least this much."""
NEAR = 30.0
"""Sides no further apart than this are drawn as one."""


def outlines(symbols: Sequence[Symbol]) -> tuple[tuple[Point, ...], ...]:
    """Each outline as the corners it goes round, clockwise."""
    outside = [_cell(one) for one in symbols if not one.person.home]
    inside = _joined([_cell(one) for one in symbols if one.person.home], outside)
    inside = [_in_line(one, inside, outside) for one in inside]
    return tuple(_traced([*inside, *_bridges(inside, outside)]))


def _cell(one: Symbol) -> Box:
    top = one.y - HALF - 9
    return Box(one.x - CELL / 2 - 5, top, CELL + 10, one.below + 6 - top)


def _joined(boxes: list[Box], outside: Sequence[Box]) -> list[Box]:
    """Neighbours of a row in one box, as long as nobody else stands between them."""
    found: list[Box] = []
    for box in sorted(boxes, key=lambda one: (one.y, one.x)):
        both = _around(found[-1], box) if found and found[-1].y == box.y else None
        if both is not None and not _holds_any(both, outside):
            found[-1] = both
        else:
            found.append(box)
    return found


def _in_line(box: Box, boxes: Sequence[Box], outside: Sequence[Box]) -> Box:
    """A box made a little wider where the sides of another are near, so that the line has no small steps."""
    left = min(one.x for one in boxes if abs(one.x - box.x) <= NEAR)
    right = max(end for one in boxes if abs((end := one.x + one.width) - box.x - box.width) <= NEAR)
    wider = Box(left, box.y, right - left, box.height)
    return box if _holds_any(wider, outside) else wider


def _bridges(boxes: Sequence[Box], outside: Sequence[Box]) -> list[Box]:
    """What joins boxes of one row to those of the next, where nobody stands between."""
    found = []
    for upper in boxes:
        for lower in boxes:
            left, right = max(upper.x, lower.x), min(upper.x + upper.width, lower.x + lower.width)
            if lower.y <= upper.y or right - left < BRIDGE:
                continue
            bridge = Box(left, upper.y, right - left, lower.y + lower.height - upper.y)
            if not _holds_any(bridge, outside):
                found.append(bridge)
    return found


def _around(one: Box, other: Box) -> Box:
    left, top = min(one.x, other.x), min(one.y, other.y)
    right = max(one.x + one.width, other.x + other.width)
    return Box(left, top, right - left, max(one.y + one.height, other.y + other.height) - top)


def _holds_any(box: Box, others: Iterable[Box]) -> bool:
    return any(
        box.x < o.x + o.width and o.x < box.x + box.width and box.y < o.y + o.height and o.y < box.y + box.height
        for o in others
    )


def _traced(boxes: Sequence[Box]) -> Iterable[tuple[Point, ...]]:
    """The outlines of all the boxes together: sides that have a box on one hand only, followed round."""
    xs = sorted({x for one in boxes for x in (one.x, one.x + one.width)})
    ys = sorted({y for one in boxes for y in (one.y, one.y + one.height)})

    def covered(across: int, down: int) -> bool:
        if not (0 <= across < len(xs) - 1 and 0 <= down < len(ys) - 1):
            return False
        x, y = (xs[across] + xs[across + 1]) / 2, (ys[down] + ys[down + 1]) / 2
        return any(one.x < x < one.x + one.width and one.y < y < one.y + one.height for one in boxes)

    following: dict[Point, list[Point]] = {}
    for n, (left, right) in enumerate(pairwise(xs)):
        for m, (top, bottom) in enumerate(pairwise(ys)):
            if not covered(n, m):
                continue
            sides = (
                ((left, top), (right, top), (n, m - 1)),
                ((right, top), (right, bottom), (n + 1, m)),
                ((right, bottom), (left, bottom), (n, m + 1)),
                ((left, bottom), (left, top), (n - 1, m)),
            )
            for start, end, beyond in sides:
                if not covered(*beyond):
                    following.setdefault(start, []).append(end)
    while following:
        yield _round(following)


def _round(following: dict[Point, list[Point]]) -> tuple[Point, ...]:
    """One outline, taken out of the sides that are left; only its corners."""
    first = min(following)
    points = [first]
    while True:
        ends = following[points[-1]]
        end = ends.pop()
        if not ends:
            del following[points[-1]]
        if end == first:
            break
        points.append(end)
    return tuple(
        point
        for before, point, after in zip([points[-1], *points[:-1]], points, [*points[1:], points[0]], strict=True)
        if (before[0] == point[0]) != (point[0] == after[0])
    )
