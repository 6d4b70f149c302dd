"""The whole run: a database with years in it, both apps side by side, rounds in turn, then the counts."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from rich.console import Console

from bench import by_hand, claiming, clinical, managers, pathway, planning, sending, units
from bench.apps import BARE, OURS, Side
from bench.commits import Commits
from bench.crowd import Crowd, Room
from bench.light import Cost, Hands, light_family
from bench.questions import questions, unit_with_past
from bench.report import Rows
from bench.visible import Waits, waits
from bot.practice.sample.unit_file import LoadedUnit, load_unit
from bot.practice.seat import Practice
from bot.practice.server import PracticeServer, serve
from bot.practice.slack.store import Store
from bot.practice.slack.workspace import Workspace
from storage import migrate
from storage.database.db import Database
from storage.database.vault import Vault
from storage.messages import outbox
from storage.messages.posts import find_post

MEETINGS = 20
FAMILIES, YEARS = 50, 5
FAMILIES_ELSEWHERE = 3
SMALL_YEARS = 0.25
ROUNDS = 4
ROUND_SECONDS = 6.0
PACE_ONE, PACE_ALL = 6.0, 10.0
"""Acts a second: in one meeting, and in all of them together. People are slower than that."""
STARTS = 3
AT_THE_DOOR = 3
"""Units that open their meeting in the same moment while the rooms fill."""
QUIET_SECONDS = 30.0
CALM = 0.1
"""An app in another process is at rest when it has called nobody for this long."""
console = Console()


@dataclass
class World:
    folder: Path
    db: Database
    units: list[LoadedUnit]
    ours: Side
    bare: Side | None = None

    async def settle(self) -> None:
        """Nothing unacknowledged, no call in progress, nothing in the outbox due or soon to be."""
        server = self.ours.server
        end = perf_counter() + QUIET_SECONDS
        await asyncio.sleep(CALM)
        while perf_counter() < end:
            await server.settled(quiet=CALM)
            soon = datetime.now(UTC) + timedelta(seconds=3)
            with self.db.read() as session:
                quiet = outbox.how_many_due(session, soon) == 0
            if quiet and await server.settled(quiet=CALM):
                return
            await asyncio.sleep(0.02)
        raise TimeoutError("the bot did not come to rest")


async def everything(folder: Path) -> Rows:
    """Every section after the other. One that breaks off is named in the rows, and the others go on."""
    rows = Rows()
    key = secrets.token_bytes(32)
    with rows.section("meetings"):
        await _years_and_meetings(rows, folder, key)
    with rows.section("by hand"):
        by_hand.measure(rows, folder)
    with rows.section("clinical work"):
        await clinical.measure(rows, folder, key)
    with rows.section("the clinical pathway"):
        pathway.measure(rows, folder, key)
    with rows.section("managers and finding"):
        managers.measure(rows, folder, key)
    with rows.section("reminders planned"):
        planning.measure(rows, folder, key)
    with rows.section("reminders sent"):
        await sending.measure(rows, folder, key)
    with rows.section("reminders claimed"):
        claiming.measure(rows, folder)
    return rows


async def _years_and_meetings(rows: Rows, folder: Path, key: bytes) -> None:
    """What needs a database with years in it, and the meetings held on it."""
    url = _database(folder, "unitbot.db")
    db = Database.open(url, Vault(key))
    try:
        found = _fill(db)
        with rows.section("questions to the database"):
            _questions(rows, folder, db, found[0], key)
        with rows.section("a light family"):
            rows.light(await _light(folder, key))
        with rows.section("what people wait for"):
            rows.waits(await _waits(folder, key))
        await _meetings_held(rows, await _begin(folder, db, found, url, key))
    finally:
        db.close()


async def _meetings_held(rows: Rows, world: World) -> None:
    """Starts, acknowledgements in one meeting and in twenty, memory: one process from beginning to end."""
    try:
        await _starts(rows, world)
        rooms = await _meetings(world)
        await _bare(world)
        await _rounds(rows, world, rooms)
        await _idle(rows, world)
    except BaseException:
        console.print(world.ours.log.read_text("utf-8")[-2000:], markup=False)
        raise
    finally:
        await _end(world)


def _database(folder: Path, name: str) -> str:
    url = f"sqlite:///{folder / name}"
    migrate.upgrade(url)
    return url


def _fill(db: Database) -> list[LoadedUnit]:
    """The first unit has all the families with their years, the others a few."""
    now = datetime.now(UTC)
    found = [unit_with_past(db, families=FAMILIES, years=YEARS, morning=now)]
    with db.write() as session:
        for number in range(1, MEETINGS):
            file = units.unit_file(number, FAMILIES_ELSEWHERE)
            found.append(load_unit(session, file, day=now.date(), channel=units.channel(number), now=now))
    return found


def _questions(rows: Rows, folder: Path, db: Database, unit: LoadedUnit, key: bytes) -> None:
    """The same meeting with a little history and with all of it, each in a database of its own."""
    now = datetime.now(UTC)
    small_db = Database.open(_database(folder, "small.db"), Vault(key))
    with (
        closing(sqlite3.connect(str(db.url.database))) as from_here,
        closing(sqlite3.connect(folder / "large.db")) as copy,
    ):
        from_here.backup(copy)
    large_db = Database.open(f"sqlite:///{folder / 'large.db'}", Vault(key))
    try:
        small_unit = unit_with_past(small_db, families=FAMILIES, years=SMALL_YEARS, morning=now)
        small = questions(small_db, small_unit, now)
        large = questions(large_db, unit, now)
    finally:
        small_db.close()
        large_db.close()
        for name in ("small.db", "large.db"):
            (folder / name).unlink()
    rows.questions(small.counts, large.counts)


# ---- the apps


async def _begin(folder: Path, db: Database, found: list[LoadedUnit], url: str, key: bytes) -> World:
    config = units.workspace(MEETINGS)
    clock = folder / "clock.json"
    server = await serve(config, database=folder / "ours.db", clock_file=clock)
    ours = Side("ours", server, OURS, units.settings(config, server, url, key, clock), folder / "ours.log")
    return World(folder, db, found, ours)


async def _starts(rows: Rows, world: World) -> None:
    """How long `unitbot run` takes from the command to the open line; the last start stays."""
    taken = []
    for number in range(STARTS):
        taken.append(await world.ours.start())
        if number < STARTS - 1:
            await world.ours.stop()
    await world.settle()
    rows.add("unitbot run: start to connected", sorted(taken)[STARTS // 2], "s")
    rows.add("unitbot run: memory after the start", world.ours.memory()[0], "MB")


async def _meetings(world: World) -> list[Room]:
    """Every unit opens its meeting and starts a light family."""
    async with Practice(world.ours.server.base_url) as practice:
        door = asyncio.Semaphore(AT_THE_DOOR)
        return list(await asyncio.gather(*(_meeting(world, practice, number, door) for number in range(MEETINGS))))


async def _meeting(world: World, practice: Practice, number: int, door: asyncio.Semaphore) -> Room:
    hands = _hands(world, practice, number)
    async with door:
        discussion = await hands.start_family(await hands.open_meeting())
        await hands.card(discussion)
    with world.db.read() as session:
        thread = find_post(session, f"discussion:{discussion}")
    assert thread is not None
    return Room(number, thread.ts)


def _hands(world: World, practice: Practice, number: int) -> Hands:
    return Hands(world.ours.server, world.db, world.units[number].unit_id, number, practice.seat, world.settle)


async def _light(folder: Path, key: bytes) -> Cost:
    db = Database.open(_database(folder, "light.db"), Vault(key))
    try:
        return await light_family(folder, db, unit_with_past(db, families=FAMILIES_ELSEWHERE, years=0))
    finally:
        db.close()


async def _waits(folder: Path, key: bytes) -> Waits:
    db = Database.open(_database(folder, "waits.db"), Vault(key))
    try:
        return await waits(folder, db, unit_with_past(db, families=FAMILIES_ELSEWHERE, years=0))
    finally:
        db.close()


async def _bare(world: World) -> None:
    """The bare app gets a copy of the workspace as it stands: the same people, messages and buttons."""
    with (
        closing(sqlite3.connect(world.folder / "ours.db")) as from_here,
        closing(sqlite3.connect(world.folder / "bare.db")) as copy,
    ):
        from_here.backup(copy)
    config = units.workspace(MEETINGS)
    server = PracticeServer(Workspace(config, Store(world.folder / "bare.db")), world.folder / "bare-clock.json")
    await server.start()
    settings = world.ours.settings.model_copy(update={"api_url": f"{server.base_url}/api/"})
    world.bare = Side("bare", server, BARE, settings, world.folder / "bare.log")
    await world.bare.start()


async def _end(world: World) -> None:
    for side in (world.ours, world.bare):
        if side is not None:
            await side.stop()
            await side.server.close()


# ---- rounds


async def _rounds(rows: Rows, world: World, rooms: list[Room]) -> None:
    """Ours, bare, bare, ours, ...: each pair does the same things at the same moments, commits beside them."""
    assert world.bare is not None
    commits = Commits(world.folder / "commits.db")
    for count, pace in ((1, PACE_ONE), (MEETINGS, PACE_ALL)):
        crowd = Crowd(rooms[:count], pace)
        await crowd.act(world.ours, 2.0, seed=99)
        await crowd.act(world.bare, 2.0, seed=99)
        await world.settle()
        for side in (world.ours, world.bare):
            side.taken.clear()
        commits.forget()
        for number in range(ROUNDS):
            pair = (world.ours, world.bare) if number % 2 == 0 else (world.bare, world.ours)
            for side in pair:
                await crowd.act(side, ROUND_SECONDS, seed=number)
                await world.settle()
                await asyncio.to_thread(commits.measure)
        rows.acknowledged(count, world.ours.taken, world.bare.taken, commits)
        console.print(f"{count} at once: done, {_lost(world)} events lost")
    commits.close()


def _lost(world: World) -> int:
    return sum(len(side.server.ledger.lost) for side in (world.ours, world.bare) if side is not None)


async def _idle(rows: Rows, world: World) -> None:
    now, most = world.ours.memory()
    rows.add("unitbot run: memory after all meetings", now, "MB", aim="below 200 MB")
    rows.add("unitbot run: memory at most", most, "MB", aim="below 200 MB")
