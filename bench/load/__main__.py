"""One run, or all of them one after the other: a table for people and load.json for programs."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.load.people import Room
from bench.load.world import LoadWorld, Run
from bench.report import share

DRAIN = 30.0
STOPS = 4
COUNTS = (5, 20, 50, 100)
console = Console(width=150)


async def measure(run: Run, folder: Path) -> dict[str, Any]:
    """The figures of one run: the meetings are opened, then held."""
    world = await LoadWorld.start(run, folder)
    try:
        rooms = await world.open_all()
        opening = _calls(world)
        opening |= {"last_open_s": round(max(world.opened), 1), "pressed_again": world.pressed_again}
        await asyncio.sleep(3)
        return {"opening": opening, **await _hold(world, rooms)}
    finally:
        if os.environ.get("LOAD_LOG"):
            console.print(world.side.log.read_text("utf-8")[-6000:], markup=False)
        await world.stop()


async def _hold(world: LoadWorld, rooms: list[Room]) -> dict[str, Any]:
    run = world.run
    world.server.ledger.reset()
    world.side.taken.clear()
    world.watching.found.clear()
    world.watching.asked.clear()
    world.server.faults.used_up = list(run.used_up)
    stops = world.people.dice.sample(rooms, min(STOPS, len(rooms)))
    at = {room.number: run.seconds * (0.3 + 0.5 * n / STOPS) for n, room in enumerate(stops)}
    began, used = time.monotonic(), world.processor()
    await asyncio.gather(*(world.people.meet(room, run.seconds, at.get(room.number)) for room in rooms))
    await asyncio.sleep(max(0.0, began + run.seconds - time.monotonic()))
    taken, used = time.monotonic() - began, world.processor() - used
    backlog, calls = world.waiting(), _calls(world, taken)
    memory = world.side.memory()
    end = time.monotonic() + DRAIN
    while time.monotonic() < end and world.waiting()[0]:
        await asyncio.sleep(0.5)
    late = world.watching.late()
    kinds = {}
    for kind in sorted({*world.watching.asked, *late} - {"(newest card)"}):
        seen, never = world.watching.found[kind], late.get(kind, [])
        every = [*seen, *never]
        shares = {f"p{part}": round(share(every, part), 2) for part in (50, 95)} if every else {}
        newer = world.watching.superseded[kind]
        kinds[kind] = {"asked": world.watching.asked[kind], "never": len(never), "superseded": newer, **shares}
        kinds[kind]["max"] = round(max(every, default=0.0), 2)
    return {
        "meetings": run.count,
        "seconds": round(taken),
        "database": "postgresql" if run.workers else "sqlite",
        "senders": max(run.workers, 1),
        "kinds": kinds,
        **calls,
        "due_at_the_end": backlog[0],
        "oldest_s": round(backlog[1], 1),
        "due_after_a_pause": world.waiting()[0],
        "acknowledged_ms": {
            name: [len(found), round(share(found, 50), 1), round(share(found, 99), 1)]
            for name, found in world.side.taken.items()
        },
        "not_acknowledged": len(world.server.ledger.lost),
        "processor": round(used / taken, 2),
        "memory_mb": round(memory[1]),
        "load_average": os.getloadavg()[0],
        "trouble": dict(world.people.trouble),
    }


def _calls(world: LoadWorld, seconds: float = 60.0) -> dict[str, Any]:
    calls = list(world.server.ledger.calls)
    done = Counter(call["method"] for call in calls if call["ok"])
    refused = Counter(call["method"] for call in calls if call["error"] == "ratelimited")
    other = Counter(f"{c['method']} {c['error']}" for c in calls if not c["ok"] and c["error"] != "ratelimited")
    return {
        "calls_a_minute": {name: round(count / seconds * 60, 1) for name, count in done.most_common()},
        "refused": dict(refused),
        "refused_share": round(sum(refused.values()) / max(len(calls), 1), 4),
        "other_refusals": dict(other),
    }


def show(found: dict[str, Any]) -> None:
    """The table of one run."""
    senders = f"{found['senders']} sender{'s' if found['senders'] > 1 else ''}"
    table = Table(title=f"{found['meetings']} meetings, {found['seconds']} s, {found['database']}, {senders}")
    for name in ("what", "asked", "p50 s", "p95 s", "max s", "never", "something newer"):
        table.add_column(name, justify="left" if name == "what" else "right")
    for kind, row in found["kinds"].items():
        shown = [row["asked"], row.get("p50", ""), row.get("p95", ""), row["max"], row["never"], row["superseded"]]
        table.add_row(kind, *map(str, shown))
    console.print(table)
    for name in found:
        if name != "kinds":
            console.print(f"{name}: {found[name]}", markup=False, highlight=False)


def main() -> None:
    """Reads what is asked for and runs it."""
    asked = argparse.ArgumentParser(prog="make load")
    asked.add_argument(
        "counts", type=int, nargs="*", help="meetings at once; all of 5, 20, 50, 100 where none is named"
    )
    asked.add_argument("--seconds", type=float, default=180.0)
    asked.add_argument("--opening", type=float, default=60.0, help="seconds within which every meeting is opened")
    asked.add_argument("--senders", type=int, nargs="*", default=[0], help="0: SQLite; 1, 2, 4: PostgreSQL, so many")
    asked.add_argument("--used-up", nargs="*", default=[], help="methods whose minute is spent at the start")
    asked.add_argument("--wait", type=int, default=0, help="seconds a refused edit is told to wait, at least")
    given = asked.parse_args()
    every = []
    for senders in given.senders:
        for count in given.counts or COUNTS:
            run = Run(count, given.seconds, senders, given.opening, tuple(given.used_up), given.wait)
            folder = Path(tempfile.mkdtemp(prefix="unitbot-load-"))
            try:
                every.append(asyncio.run(measure(run, folder)))
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            show(every[-1])
            Path("load.json").write_text(json.dumps(every, indent=1), "utf-8")


if __name__ == "__main__":
    main()
