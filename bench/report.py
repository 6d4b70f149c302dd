"""The table people read and the rows programs read."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

from bench.commits import Commits
from bench.light import FORMS_MOST, PRESSES_MOST, Cost
from bench.visible import Waits

NO_COMMIT = ("command", "button")
AFTER_COMMIT = ("thread message", "form")
WIDTH = 150
Taken = dict[str, list[float]]


@dataclass(frozen=True)
class Row:
    """One figure. `ratio_to` names what `ratio` compares with; `reached`: None where nothing was expected."""

    name: str
    value: float
    unit: str
    ratio_to: str = ""
    ratio: float | None = None
    expected: str = ""
    reached: bool | None = None


@dataclass
class Rows:
    found: list[Row] = field(default_factory=list)
    asked: list[tuple[str, int, int]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """Sections that broke off: their figures are missing, and the run as a whole has failed."""

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        """What is measured inside may break off without taking the rest of the run with it."""
        console, began = Console(), perf_counter()
        try:
            yield
        except Exception:
            self.broken.append(name)
            console.print(f"{name}: broke off\n{traceback.format_exc()}", markup=False)
        else:
            console.print(f"{name}: done in {perf_counter() - began:.0f} s")

    def add(self, name: str, value: float, unit: str, aim: str = "", most: float | None = None) -> None:
        """`most`: what the aim is in numbers; without it nobody says whether it was reached."""
        reached = None if most is None else value <= most
        self.found.append(Row(name, round(value, 3), unit, expected=aim and f"aim: {aim}", reached=reached))

    def beside(self, name: str, value: float, unit: str, other: float, other_name: str, most: float) -> None:
        """A figure beside another of the same run, which it should be at most `most` times."""
        ratio = value / other if other else float("inf")
        expected = f"aim: at most {most:g} of it"
        self.found.append(
            Row(
                name,
                round(value, 3),
                unit,
                f"{other_name}, {other:.2f} {unit}",
                round(ratio, 2),
                expected,
                ratio <= most,
            )
        )

    def acknowledged(self, meetings: int, ours: Taken, bare: Taken, commits: Commits) -> None:
        """Each kind at both ends, beside the bare app; the expectation is on the 99th of a hundred."""
        where = f"{meetings} meeting{'s' if meetings > 1 else ''}"
        five = share(commits.five, 99)
        self.found.append(Row(f"{where}: empty commit p50", _ms(share(commits.one, 50)), "ms"))
        self.found.append(Row(f"{where}: empty commit p99", _ms(share(commits.one, 99)), "ms"))
        self.found.append(Row(f"{where}: five empty commits p99", _ms(five), "ms"))
        for kind in (*NO_COMMIT, *AFTER_COMMIT):
            for part in (50, 99):
                name = f"{where}: {kind} acknowledged p{part}"
                mine, other = share(ours[kind], part), share(bare[kind], part)
                most = 2 * other if kind in NO_COMMIT else other + five
                words = "at most 2 x bare" if kind in NO_COMMIT else "at most bare + five empty commits"
                self.found.append(
                    Row(
                        name,
                        _ms(mine),
                        "ms",
                        ratio_to=f"bare app, {_ms(other)} ms of {len(bare[kind])}",
                        ratio=round(mine / other, 2),
                        expected=f"{words}: {_ms(most)} ms" if part == 99 else "",
                        reached=mine <= most if part == 99 else None,
                    )
                )

    def questions(self, small: dict[str, int], large: dict[str, int]) -> None:
        for name, count in large.items():
            self.asked.append((name, small[name], count))
            same = count == small[name]
            words = "the same with little history"
            ratio = round(count / max(small[name], 1), 2)
            self.found.append(
                Row(f"questions: {name}", count, "statements", f"{small[name]} with little history", ratio, words, same)
            )

    def light(self, cost: Cost) -> None:
        presses = f"at most {PRESSES_MOST} and {FORMS_MOST} form"
        calls = f"{cost.posts} of them new posts"
        self.found += [
            Row("light family: presses", cost.presses, "presses", expected=presses, reached=cost.within),
            Row("light family: Slack calls", cost.calls, "calls", expected=calls),
        ]

    def waits(self, found: Waits) -> None:
        """How soon people see what they saved, and whom to call."""
        for kind, taken in (("light", found.light), ("full", found.full)):
            for name, value, most in (("p95", share(taken, 95), 1.0), ("max", max(taken), 2.0)):
                words = f"at most {most:g} s"
                row = Row(
                    f"{kind}: saved to visible {name}", round(value, 3), "s", expected=words, reached=value <= most
                )
                self.found.append(row)
        soon = found.concern <= 1.0
        concern = Row("concern pressed to contacts", round(found.concern, 3), "s", expected="at most 1 s", reached=soon)
        self.found.append(concern)


def share(values: list[float], part: int) -> float:
    """The value that `part` of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * part // 100)]


def _ms(value: float) -> float:
    return round(value, 2)


def show(rows: Rows, file: Path) -> None:
    """Prints the table and writes bench.json. What was not reached is named, and no fault: machines are noisy."""
    console = Console()
    console.width = max(console.width, WIDTH)
    table = Table(title="What the bot costs, on this machine in this run")
    for title in ("what", "value", "beside", "ratio", "expected", "reached"):
        table.add_column(title, justify="right" if title in ("value", "ratio") else "left")
    for row in rows.found:
        if row.name.startswith("questions: "):
            continue
        said = {True: "yes", False: "NO", None: ""}[row.reached]
        ratio = "" if row.ratio is None else f"{row.ratio:g}"
        table.add_row(row.name, f"{row.value:g} {row.unit}", row.ratio_to, ratio, row.expected, said)
    console.print(table)
    if rows.asked:
        console.print(_asked(rows))
    file.write_text(json.dumps([asdict(row) for row in rows.found], indent=1), encoding="utf-8")
    missed = [row.name for row in rows.found if row.reached is False]
    judged = [row for row in rows.found if row.reached is not None]
    well = "All was reached." if judged else "Nothing of it has an aim."
    if rows.broken:
        well = "What is here was reached."
    console.print(f"Written to {file}. " + (f"Not reached: {', '.join(missed)}." if missed else well))
    if rows.broken:
        console.print(f"Broke off, so their figures are missing: {', '.join(rows.broken)}.")


def _asked(rows: Rows) -> Table:
    table = Table(title="Questions to the database: must not grow with history")
    for title in ("event", "little history", "years of history", "grows"):
        table.add_column(title, justify="left" if title == "event" else "right")
    for name, small, large in rows.asked:
        table.add_row(name, str(small), str(large), "no" if small == large else "YES")
    return table
