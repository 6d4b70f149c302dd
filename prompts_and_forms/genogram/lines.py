"""The lines of a genogram: which gutters and channels each takes, and its points once everybody has a place. Pure.

Three steps, called by genogram_layout.py: `__init__` asks for ports and lanes (so that gutters can be made wide
enough), `stand` gives them their place across, `channel` their height; `strokes` then writes the points.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from prompts_and_forms.genogram.genogram import Genogram, Tie, Union
from prompts_and_forms.genogram.lanes import Plan, Run, Upright
from prompts_and_forms.genogram.shapes import BESIDE, CELL, GUTTER, HALF, LANE, TRACK, Point, Stroke

SIDE_SLOTS = (0.0, -14.0, 14.0, -8.0, 8.0, -18.0, 18.0, -4.0, 4.0)
TOP_SLOTS = (0.0, 10.0, -10.0, 15.0, -15.0, 5.0, -5.0)
NUDGES = (0.0, 4.0, -4.0, 7.0, -7.0, 2.0, -2.0, 11.0, -11.0, 14.0, -14.0)
CLEAR = 3.5
"""Two upright lines of different meaning stay this far apart."""
CLOSE_ENOUGH = 14.0
"""A single child this near to its parents' line hangs straight from it."""


class Lines:
    def __init__(
        self,
        genogram: Genogram,
        found: Sequence[Sequence[str]],
        straight: Collection[Tie] = (),
        about: Mapping[str, float] | None = None,
    ) -> None:
        """The ties in `straight` are drawn elsewhere, as one straight line each. `about`: where people will stand."""
        self._about = about or {}
        self._rows = found
        self._row = {one: number for number, row in enumerate(found) for one in row}
        self._at = {one: number for row in found for number, one in enumerate(row)}
        self._lanes: dict[tuple[int, int], list[Upright]] = {}
        self._beside: set[tuple[int, int]] = set()
        self._sides: dict[tuple[int, int], list[float]] = {}
        self._tops: dict[str, list[Upright]] = {}
        self._runs: list[Run] = []
        self._plans: list[Plan] = []
        self._bottoms: list[Upright] = []
        self._joints: list[tuple[Run, Upright, str]] = []
        self._nets = 0
        self._home = _homes(genogram.unions)
        self._y: list[float] = []
        numbered = sorted(enumerate(genogram.unions), key=lambda pair: not self._side_by_side(pair[1]))
        for number, union in numbered:
            self._union(union, number)
        for tie in genogram.ties:
            if tie not in straight:
                self._tie(tie)

    # ---- asking for room

    def _net(self) -> int:
        self._nets += 1
        return self._nets

    def _lane(self, net: int, row: int, gutter: int) -> Upright:
        lanes = self._lanes.setdefault((row, gutter), [])
        lane = Upright(net, row, gutter, slot=len(lanes))
        lanes.append(lane)
        return lane

    def _top(self, net: int, person: str) -> Upright:
        slots = self._tops.setdefault(person, [])
        found = Upright(net, self._row[person], person=person, slot=len(slots), top=True)
        slots.append(found)
        return found

    def _bottom(self, net: int, person: str) -> Upright:
        found = Upright(net, self._row[person], person=person)
        self._bottoms.append(found)
        return found

    def _run(self, net: int, channel: int, ends: Iterable[Upright], *, bar: bool = False) -> Run:
        found = Run(net, channel, bar, list(ends))
        self._runs.append(found)
        return found

    def _port(self, sides: Sequence[tuple[str, int]]) -> float:
        """A height beside the middle that no other line takes in these gutters (-1 left of somebody, 1 right)."""
        gutters = {(self._row[who], self._at[who] + (side > 0)) for who, side in sides}
        taken = [self._sides.setdefault(one, []) for one in gutters]
        free = next((slot for slot in SIDE_SLOTS if all(slot not in used for used in taken)), None)
        slot = free if free is not None else 19.0 - 1.5 * (len(taken[0]) % 5)
        for used in taken:
            used.append(slot)
        return slot

    def _centred(self, person: str) -> float:
        if person in self._about:
            return self._about[person]
        return (self._at[person] - (len(self._rows[self._row[person]]) - 1) / 2) * (CELL + GUTTER)

    def _gutter_near(self, row: int, place: float) -> int:
        people = [self._centred(one) for one in self._rows[row]]
        half = (CELL + GUTTER) / 2
        middles = [people[0] - half, *((a + b) / 2 for a, b in pairwise(people)), people[-1] + half]
        return min(range(len(middles)), key=lambda gutter: abs(middles[gutter] - place))

    def beside_each_other(self, one: str, other: str) -> bool:
        """Whether two people stand next to each other in one row."""
        return self._row[one] == self._row[other] and abs(self._at[one] - self._at[other]) == 1

    # ---- couples and their children

    def _side_by_side(self, union: Union) -> bool:
        return len(union.parents) == 2 and self.beside_each_other(*union.parents)

    def _union(self, union: Union, number: int) -> None:
        net = self._net()
        arrivals: list[tuple[int, Upright]] = []
        above = self._kind_of_all(union)
        if len(union.parents) == 2 and self._row[union.parents[0]] == self._row[union.parents[1]]:
            arrivals.append(self._couple(union, net, above))
        elif len(union.parents) == 2 and union.couple:
            self._long_way(union.couple, union.parents, marked=True)
        if union.children and not arrivals:
            for parent in union.parents:
                down = self._bottom(net, parent)
                self._plans.append(Plan(above, (parent,), (parent, 0.0), [down]))
                arrivals.append((self._row[parent] + 1, down))
        self._children(union, net, number, arrivals, above)

    def _kind_of_all(self, union: Union) -> str:
        """The line down to the children is broken only where it is for all of them."""
        kinds = {how for _child, how in union.children}
        return kinds.pop() if len(kinds) == 1 else "birth"

    def _couple(self, union: Union, net: int, above: str) -> tuple[int, Upright]:
        left, right = sorted(union.parents, key=lambda one: self._at[one])
        row, kind = self._row[left], union.couple or "parents"
        beside = self.beside_each_other(left, right)
        port = self._port([(left, 1), (right, -1)])
        if beside:
            gutter = self._at[right]
            self._beside.add((row, gutter))
            self._plans.append(Plan(kind, (left, right), (left, port), [], (right, port), True, across=True))
            if not union.children:
                return row + 1, Upright(net, row)
            lane = self._lane(net, row, gutter)
            self._plans.append(Plan(above, (left, right), None, [lane], (left, port)))
            return row + 1, lane
        one, other = self._lane(net, row, self._at[left] + 1), self._lane(net, row, self._at[right])
        run = self._run(net, row + 1, [one, other])
        self._plans.append(Plan(kind, (left, right), (left, port), [one, run, other], (right, port), True))
        joint = Upright(net, row)
        if union.children:
            self._joints.append((run, joint, above))
        return row + 1, joint

    def _children(self, union: Union, net: int, number: int, arrivals: list[tuple[int, Upright]], above: str) -> None:
        by_row: dict[int, list[tuple[str, str]]] = {}
        for child, how in union.children:
            by_row.setdefault(self._row[child], []).append((child, how))
        for row, children in sorted(by_row.items()):
            place = sum(self._centred(child) for child, _how in children) / len(children)
            ends = [self._passed(net, channel, row, one, place, above, union) for channel, one in arrivals]
            tops = [(self._top_of_child(net, child, number), child, how) for child, how in children]
            bar = self._run(net, row, [*ends, *(top for top, _child, _how in tops)], bar=True)
            for end in ends:
                self._plans.append(Plan(above, union.parents, None, [end, bar]))
            self._plans.append(Plan(above, tuple(child for child, _how in children), None, [bar]))
            for top, child, how in tops:
                self._plans.append(Plan(how, (child,), None, [bar, top], (child, 0.0)))
            arrivals = [(row, one) for one in ends[:1]] or [(row, tops[0][0])]

    def _top_of_child(self, net: int, child: str, number: int) -> Upright:
        """The union somebody hangs from takes the middle, whenever it comes."""
        found = self._top(net, child)
        slots = self._tops[child]
        if self._home.get(child) == number and slots[0] is not found:
            slots[0].slot, found.slot = found.slot, 0
        return found

    def _passed(self, net: int, channel: int, row: int, one: Upright, place: float, kind: str, union: Union) -> Upright:
        """The same line where it comes down above `row`, past the rows between."""
        while channel < row:
            lane = self._lane(net, channel, self._gutter_near(channel, place))
            run = self._run(net, channel, [one, lane])
            self._plans.append(Plan(kind, union.parents, None, [one, run, lane]))
            one, channel = lane, channel + 1
        return one

    # ---- ties

    def _tie(self, tie: Tie) -> None:
        one, other = sorted((tie.one, tie.other), key=lambda who: (self._row[who], self._at[who]))
        if self.beside_each_other(one, other):
            self._beside.add((self._row[one], self._at[other]))
            port = self._port([(one, 1), (other, -1)])
            self._plans.append(Plan(tie.kind, (one, other), (one, port), [], (other, port), True, across=True))
            return
        self._long_way(tie.kind, (one, other), marked=True)

    def _long_way(self, kind: str, people: Sequence[str], *, marked: bool) -> None:
        """From somebody's side through gutters and channels to somebody else."""
        net = self._net()
        one, other = sorted(people, key=lambda who: (self._row[who], self._at[who]))
        side = 1 if self._centred(other) >= self._centred(one) else -1
        port = self._port([(one, side)])
        row = self._row[one]
        lane = self._lane(net, row, self._at[one] + (1 if side > 0 else 0))
        if self._row[other] == row:
            back = self._port([(other, -1)])
            last = self._lane(net, row, self._at[other])
            run = self._run(net, row + 1, [lane, last])
            self._plans.append(Plan(kind, (one, other), (one, port), [lane, run, last], (other, back), marked))
            return
        path: list[Upright | Run] = [lane]
        for between in range(row + 1, self._row[other]):
            following = self._lane(net, between, self._gutter_near(between, self._centred(other)))
            path += [self._run(net, between, [lane, following]), following]
            lane = following
        top = self._top(net, other)
        path += [self._run(net, self._row[other], [lane, top]), top]
        self._plans.append(Plan(kind, (one, other), (one, port), path, (other, 0.0), marked))

    # ---- places across

    def gutters(self) -> dict[tuple[int, int], float]:
        """How wide each gutter has to be: (row, number from the left)."""
        found = {}
        for row, people in enumerate(self._rows):
            for gutter in range(len(people) + 1):
                lanes = len(self._lanes.get((row, gutter), ()))
                least = BESIDE if (row, gutter) in self._beside else GUTTER
                found[row, gutter] = max(least, (lanes + 1) * LANE + 6)
        return found

    def stand(self, across: dict[str, float]) -> None:
        """Gives every upright its place, and moves those apart that would lie on each other."""
        self._across = across
        for one in self._bottoms:
            one.x = across[one.person]
        for (row, gutter), lanes in self._lanes.items():
            for lane in lanes:
                lane.x = self._lane_x(row, gutter, lane.slot, len(lanes))
        for tops in self._tops.values():
            for top in tops:
                top.x = across[top.person] + TOP_SLOTS[top.slot % len(TOP_SLOTS)]
        for run, joint, _kind in self._joints:
            joint.x = (run.left + run.right) / 2
        self._straighten()
        for channel in range(len(self._rows) + 1):
            self._part(channel)

    def _lane_x(self, row: int, gutter: int, slot: int, count: int) -> float:
        people = self._rows[row]
        if gutter == 0:
            return self._across[people[0]] - CELL / 2 - LANE * (slot + 1)
        if gutter == len(people):
            return self._across[people[-1]] + CELL / 2 + LANE * (slot + 1)
        middle = (self._across[people[gutter - 1]] + self._across[people[gutter]]) / 2
        return middle + (slot - (count - 1) / 2) * LANE

    def _straighten(self) -> None:
        for run in self._runs:
            tops = [one for one in run.ends if one.top]
            others = [one for one in run.ends if not one.top]
            if not run.bar or len(tops) != 1 or len(others) != 1 or len(self._tops[tops[0].person]) > 1:
                continue
            if abs(tops[0].x - others[0].x) < CLOSE_ENOUGH:
                tops[0].x = others[0].x

    def _part(self, channel: int) -> None:
        """No two uprights of different lines on one place in a channel."""
        inside = {id(end): end for run in self._runs if run.channel == channel for end in run.ends}
        inside |= {id(joint): joint for run, joint, _kind in self._joints if run.channel == channel}
        standing: list[Upright] = []
        for one in sorted(inside.values(), key=lambda one: (one.row >= channel, one.top)):
            wish = one.x
            free = (wish + by for by in NUDGES if self._is_free(one, wish + by, standing))
            if one.person:
                free = (x for x in free if abs(x - self._across[one.person]) < HALF - 4)
            one.x = next(free, wish)
            standing.append(one)

    @staticmethod
    def _is_free(one: Upright, x: float, standing: Iterable[Upright]) -> bool:
        return all(other.net == one.net or abs(other.x - x) >= CLEAR for other in standing)

    # ---- heights

    def channel(self, number: int, top: float) -> float:
        """Gives the runs of a channel that begins at `top` their height; answers where the channel ends."""
        runs = [run for run in self._runs if run.channel == number]
        y = top + 16
        for zone in ([run for run in runs if not run.bar], [run for run in runs if run.bar]):
            tracks: list[list[Run]] = []
            for run in sorted(zone, key=lambda one: (one.left, one.right)):
                track = next((t for t in tracks if self._fits(run, t)), None)
                if track is None:
                    track = []
                    tracks.append(track)
                track.append(run)
            for track in tracks:
                for run in track:
                    run.y = y
                y += TRACK
        if number == 0:
            return y + 6 if runs else top + 10
        if number == len(self._rows):
            return y - 8 if runs else top
        return y + 10 if runs else top + 30

    @staticmethod
    def _fits(run: Run, track: Sequence[Run]) -> bool:
        return all(run.right + 9 < other.left or other.right + 9 < run.left for other in track)

    # ---- points

    def strokes(self, middles: Sequence[float]) -> tuple[Stroke, ...]:
        """Every line of the picture, with the rows at these heights."""
        self._y = list(middles)
        found = [self._stroke(plan) for plan in self._plans]
        found += self._joint_strokes()
        return tuple(one for one in found if one is not None)

    def _joint_strokes(self) -> list[Stroke | None]:
        """From the line of a couple who stand apart down to the bar of their children."""
        found: list[Stroke | None] = []
        for run, joint, kind in self._joints:
            for other in self._runs:
                if other is not run and joint in other.ends:
                    found.append(Stroke(kind, (), ((joint.x, run.y), (joint.x, other.y))))
        return found

    def _stroke(self, plan: Plan) -> Stroke | None:
        points: list[Point] = []
        if plan.start is not None:
            person, port = plan.start
            points.append((self._across[person], self._y[self._row[person]] + port))
        if plan.across:
            assert plan.end is not None
            person, port = plan.end
            points.append((self._across[person], self._y[self._row[person]] + port))
            middle = ((points[0][0] + points[1][0]) / 2, points[0][1])
            return Stroke(plan.kind, plan.people, tuple(points), middle)
        points += self._along(plan)
        points = _tidy(points)
        if len(points) < 2:
            return None
        return Stroke(plan.kind, plan.people, tuple(points), self._mark(plan, points) if plan.marked else None)

    def _along(self, plan: Plan) -> list[Point]:
        path, end = plan.path, plan.end
        if len(path) == 1 and isinstance(path[0], Run):
            return [(path[0].left, path[0].y), (path[0].right, path[0].y)]
        points: list[Point] = []
        for number, step in enumerate(path):
            if isinstance(step, Run):
                near = [one for one in path[max(0, number - 1) : number + 2] if isinstance(one, Upright)]
                points += [(one.x, step.y) for one in near]
        if plan.start is None and len(path) == 3 and isinstance(path[0], Upright) and isinstance(path[1], Run):
            points.insert(0, (path[0].x, self._start_of(path[0], path[1])))
        if plan.start is not None and isinstance(path[0], Upright):
            points.insert(0, (path[0].x, self._y[self._row[plan.start[0]]] + plan.start[1]))
        if len(path) == 1 and isinstance(path[0], Upright):
            points.append((path[0].x, self._runs_of(path[0])))
        if end is not None:
            y = self._y[self._row[end[0]]] + end[1]
            last = path[-1]
            assert isinstance(last, Upright)
            points.append((last.x, y))
            if not last.top and len(path) > 1:
                points.append((self._across[end[0]], y))
        elif plan.start is None and len(path) == 2 and isinstance(path[0], Upright) and isinstance(path[1], Run):
            points = [(path[0].x, self._start_of(path[0], path[1])), (path[0].x, path[1].y)]
        return points

    def _runs_of(self, one: Upright) -> float:
        """Where an upright that comes from above meets its first run."""
        return min(run.y for run in self._runs if one in run.ends)

    def _start_of(self, one: Upright, run: Run) -> float:
        """Where the piece down to a bar begins: at the run before it, if there is one."""
        others = [other.y for other in self._runs if other is not run and one in other.ends]
        if one.top:
            return max(others, default=run.y)
        return max((y for y in others if y < run.y), default=run.y)

    @staticmethod
    def _mark(plan: Plan, points: Sequence[Point]) -> Point:
        """The middle of the longest level piece."""
        pieces = list(pairwise(points))
        (x1, y1), (x2, y2) = max(pieces, key=lambda p: (abs(p[0][0] - p[1][0]), abs(p[0][1] - p[1][1])))
        return (x1 + x2) / 2, (y1 + y2) / 2


def _homes(unions: Sequence[Union]) -> dict[str, int]:
    found: dict[str, int] = {}
    for kind in ("birth", "siblings", "adopted", "fostered"):
        for number, union in enumerate(unions):
            for child, how in union.children:
                if how == kind:
                    found.setdefault(child, number)
    return found


def _tidy(points: Sequence[Point]) -> list[Point]:
    """Without points that say nothing."""
    found: list[Point] = []
    for point in points:
        if found and abs(found[-1][0] - point[0]) < 0.01 and abs(found[-1][1] - point[1]) < 0.01:
            continue
        found.append(point)
    return found
