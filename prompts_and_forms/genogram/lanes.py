"""The pieces the lines of a genogram are planned in, before anybody has a place. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(eq=False)
class Upright:
    """A line up or down: in a gutter (a lane), above a symbol, or below its words. `x` is known after `stand`."""

    net: int
    row: int
    gutter: int = -1
    person: str = ""
    slot: int = 0
    top: bool = False
    x: float = 0.0


@dataclass(eq=False)
class Run:
    """A line along a channel, from the leftmost to the rightmost of its uprights."""

    net: int
    channel: int
    bar: bool
    ends: list[Upright]
    y: float = 0.0
    track: int = 0

    @property
    def left(self) -> float:
        """Where the line begins."""
        return min(one.x for one in self.ends)

    @property
    def right(self) -> float:
        """Where the line ends."""
        return max(one.x for one in self.ends)


@dataclass
class Plan:
    """One line to draw. `path` is read in order: a side port, then lanes and runs, then where it ends."""

    kind: str
    people: tuple[str, ...]
    start: tuple[str, float] | None = None
    """A person and how far beside their middle the line leaves."""
    path: list[Upright | Run] = field(default_factory=list)
    end: tuple[str, float] | None = None
    marked: bool = False
    across: bool = False
    """Straight from one symbol to its neighbour."""
