"""Which row everybody stands in, and in which order. Generations go down, children by age, partners side by side.

Everything here counts places, not distances; genogram_layout.py turns places into a drawing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise

from prompts_and_forms.genogram.genogram import Genogram, Person, Union, ancestors

Row = list[str]
APART_IN_A_ROW = 6
PASSES = 12


def rows(genogram: Genogram) -> list[Row]:
    """The people of each row from the top, left to right. Who has no family tie stands in rows of their own, below."""
    apart = [one.id for one in genogram.apart()]
    family = [one for one in genogram.people if one.id not in apart]
    level = _generations(genogram, family)
    units = _Units(genogram, family, level).ordered()
    wide = max([APART_IN_A_ROW, *(len(row) for row in units)])
    return [*(row for row in units if row), *(apart[n : n + wide] for n in range(0, len(apart), wide))]


# ---- generations


def _generations(genogram: Genogram, family: Sequence[Person]) -> dict[str, int]:
    """0 is the top. Couples, parents of one child, and brothers and sisters are level wherever the lines allow it."""
    level = _Levels(one.id for one in family)
    for union in genogram.unions:
        for parent in union.parents:
            for child, _how in union.children:
                level.below(parent, child)
    for union in sorted(genogram.unions, key=lambda one: not one.children):
        level.together(union.parents)
    for union in genogram.unions:
        level.together([child for child, how in union.children if how in ("birth", "siblings")])
    return level.found()


class _Levels:
    def __init__(self, people: Iterable[str]) -> None:
        self._group = {one: one for one in people}
        self._edges: set[tuple[str, str]] = set()

    def below(self, parent: str, child: str) -> None:
        self._edges.add((parent, child))

    def together(self, people: Sequence[str]) -> None:
        for one, other in pairwise(people):
            before = dict(self._group)
            old, new = self._group[other], self._group[one]
            self._group = {name: new if group == old else group for name, group in self._group.items()}
            if self._circular():
                self._group = before

    def _above(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for parent, child in self._edges:
            found.setdefault(self._group[child], set()).add(self._group[parent])
        return found

    def _circular(self) -> bool:
        above = self._above()
        return any(group in ancestors(group, above) for group in above)

    def found(self) -> dict[str, int]:
        above = self._above()
        level: dict[str, int] = {}

        def depth(group: str) -> int:
            if group not in level:
                level[group] = 1 + max((depth(one) for one in above.get(group, ())), default=-1)
            return level[group]

        groups = set(self._group.values())
        for group in groups:
            depth(group)
        under: dict[str, set[str]] = {}
        for child, parents in above.items():
            for parent in parents:
                under.setdefault(parent, set()).add(child)
        for group in sorted(groups, key=lambda one: -level[one]):
            if group in under:
                level[group] = min(level[one] for one in under[group]) - 1
        return {one: level[group] for one, group in self._group.items()}


# ---- order


class _Units:
    """A unit is what stays side by side: brothers and sisters, and partners who have no family of their own here."""

    def __init__(self, genogram: Genogram, family: Sequence[Person], level: dict[str, int]) -> None:
        self.people = {one.id: one for one in family}
        self.place = {one.id: number for number, one in enumerate(family)}
        self.level = level
        self.unions = list(genogram.unions)
        self.home = self._homes()
        self.partners: dict[str, list[str]] = {one: [] for one in self.people}
        for union in self.unions:
            if len(union.parents) == 2:
                one, other = union.parents
                if level[one] == level[other]:
                    self.partners[one].append(other)
                    self.partners[other].append(one)
        self.rank = self._ranks()

    def _homes(self) -> dict[str, int]:
        """The union each person hangs from: by birth where that is drawn."""
        found: dict[str, int] = {}
        for kind in ("birth", "siblings", "adopted", "fostered"):
            for number, union in enumerate(self.unions):
                for child, how in union.children:
                    if how == kind:
                        found.setdefault(child, number)
        return found

    def _ranks(self) -> dict[str, int]:
        """An order to begin with: from whom the work is about upwards, a father's side before a mother's."""
        found: dict[str, int] = {}

        def up(one: str) -> None:
            if one in found or one in seen:
                return
            seen.add(one)
            if one in self.home:
                for parent in sorted(self.unions[self.home[one]].parents, key=self._men_first):
                    up(parent)
            found[one] = len(found)
            for partner in self.partners[one]:
                up(partner)

        seen: set[str] = set()
        for person in sorted(self.people.values(), key=lambda one: (not one.index, -self.level[one.id])):
            up(person.id)
        return found

    def _men_first(self, one: str) -> tuple[bool, int]:
        return (self.people[one].shape != "man", self.place[one])

    def ordered(self) -> list[Row]:
        by_row = [self._units(row) for row in range(max(self.level.values(), default=-1) + 1)]
        for row in range(1, len(by_row)):
            above = _positions(by_row[row - 1])
            by_row[row].sort(key=lambda unit: self._start(unit, above))
        self._improve(by_row)
        return [[one for unit in units for one in unit] for units in by_row]

    def _start(self, unit: Row, above: dict[str, float]) -> tuple[float, int]:
        parents = [above[p] for one in unit if one in self.home for p in self._parents(one) if p in above]
        rank = min(self.rank[one] for one in unit)
        return (sum(parents) / len(parents) if parents else rank, rank)

    def _parents(self, one: str) -> tuple[str, ...]:
        return self.unions[self.home[one]].parents

    def _units(self, row: int) -> list[Row]:
        here = [one for one in sorted(self.people, key=lambda one: self.rank[one]) if self.level[one] == row]
        placed: set[str] = set()
        found: list[Row] = []
        for one in here:
            if one in placed or one not in self.home:
                continue
            together = [other for other in here if self.home.get(other) == self.home[one]]
            placed.update(together)
            unit: Row = []
            for child in self._by_age(together):
                unit += self._with_partners(child, placed)
            found.append(unit)
        for one in sorted(here, key=lambda one: -len(self.partners[one])):
            if one not in placed:
                placed.add(one)
                found.append(self._with_partners(one, placed))
        return sorted(found, key=lambda unit: min(self.rank[one] for one in unit))

    def _by_age(self, people: Sequence[str]) -> list[str]:
        """The oldest first. Who has no year keeps the place they were typed in."""
        typed = sorted(people, key=lambda one: self.place[one])
        dated = iter(sorted((one for one in typed if self.people[one].when is not None), key=self._when))
        return [one if self.people[one].when is None else next(dated) for one in typed]

    def _when(self, one: str) -> float:
        return self.people[one].when or 0.0

    def _with_partners(self, one: str, placed: set[str]) -> Row:
        """Somebody between their partners; a first one stands left where he is a man, right otherwise."""
        left: Row = []
        right: Row = []
        free = [p for p in self.partners[one] if p not in placed and p not in self.home]
        placed.update(free)
        for partner in sorted(free, key=self._first_child):
            beside = self._outwards(partner, placed)
            man = self.people[partner].shape == "man" and self.people[one].shape != "man"
            goes_left = (man and len(left) <= len(right)) or len(left) < len(right)
            if goes_left:
                left = [*reversed(beside), *left]
            else:
                right += beside
        return [*left, one, *right]

    def _outwards(self, one: str, placed: set[str]) -> Row:
        found = [one]
        for partner in self.partners[one]:
            if partner not in placed and partner not in self.home:
                placed.add(partner)
                found += self._outwards(partner, placed)
        return found

    def _first_child(self, one: str) -> tuple[float, int]:
        children = [c for union in self.unions if one in union.parents for c, _how in union.children]
        dates = [when for c in children if (when := self.people[c].when) is not None]
        return (min(dates, default=9999.0), self.place[one])

    # ---- fewer crossings

    def _improve(self, by_row: list[list[Row]]) -> None:
        """Swaps neighbouring units, and turns round couples, as long as the picture gets simpler."""
        best = self._cost(by_row)
        for _ in range(PASSES):
            before = best
            for units in by_row:
                for at in range(len(units)):
                    if at + 1 < len(units):
                        units[at], units[at + 1] = units[at + 1], units[at]
                        cost = self._cost(by_row)
                        if cost < best:
                            best = cost
                        else:
                            units[at], units[at + 1] = units[at + 1], units[at]
                    if len([one for one in units[at] if one in self.home]) < 2:
                        units[at].reverse()
                        cost = self._cost(by_row)
                        if cost < best:
                            best = cost
                        else:
                            units[at].reverse()
            if best >= before:
                return

    def _cost(self, by_row: Sequence[Sequence[Row]]) -> float:
        positions = [_positions(units) for units in by_row]
        where = {one: at for row in positions for one, at in row.items()}
        cost = 0.0
        spans: dict[int, list[tuple[float, float]]] = {}
        for union in self.unions:
            cost += self._couple_cost(union, where)
            if not union.parents:
                continue
            middle = sum(where[one] for one in union.parents) / len(union.parents)
            for child, _how in union.children:
                spans.setdefault(self.level[child], []).append((middle, where[child]))
                cost += abs(middle - where[child]) * 0.4
        for lines in spans.values():
            cost += 3 * sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for a, b in combinations(lines, 2))
        return cost

    def _couple_cost(self, union: Union, where: dict[str, float]) -> float:
        if len(union.parents) != 2 or self.level[union.parents[0]] != self.level[union.parents[1]]:
            return 0.0
        one, other = sorted(union.parents, key=lambda one: where[one])
        turned = self.people[other].shape == "man" and self.people[one].shape != "man"
        return (where[other] - where[one] - 1) * 2 + (0.3 if turned else 0.0)


def _positions(units: Sequence[Row]) -> dict[str, float]:
    row = [one for unit in units for one in unit]
    return {one: at - len(row) / 2 for at, one in enumerate(row)}
