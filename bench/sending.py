"""Sending: how much of what Slack allows is used with no meeting going on, and who comes first while meetings do.

The workspace holds the bot to Slack's rates. Every message is planned in the outbox as a turn plans it; the moments
are those at which the workspace accepted it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import units
from bench.report import Row, Rows, share
from bot.practice.config import Person, WorkspaceConfig
from bot.practice.server import PracticeServer, serve
from bot.process import running
from bot.service import Service
from bot.slack.platform import RATES
from handlers.render import Rendering, renders
from prompts_and_forms.card import Card, card, say
from storage import migrate
from storage.database.db import Database
from storage.database.vault import Vault
from storage.messages import outbox
from storage.messages.outbox import MEETING, NUDGE, how_many_due

READERS = 70
MEETINGS = 3
MEETING_SECONDS = 15.0
BETWEEN = 0.6
"""Seconds between two messages of all the meetings together: a busy hour."""
SENT_WITHIN = 120.0
FRACTION, HALF = 0.95, 0.5
ON_THEIR_WAY = 3
"""Reminders that may already be on their way when a message of a meeting is asked for."""


@renders("bench:{kind}:{number}")
def numbered(view: Rendering, kind: str, number: str) -> Card:
    return card(f"Message {number}", say(f"This is message {number} of a {kind}."))


@dataclass
class World:
    db: Database
    server: PracticeServer
    service: Service

    async def plan(self, kind: str, numbers: range, **where: Any) -> None:
        def turn() -> None:
            with self.db.write() as session:
                for number in numbers:
                    place = where or {"chat_user": reader(number), "priority": NUDGE}
                    outbox.say(session, f"bench:{kind}:{number}", now=datetime.now(UTC), **place)

        await asyncio.to_thread(turn)
        self.service.runtime.woken.set()

    async def all_sent(self) -> None:
        async with asyncio.timeout(SENT_WITHIN):
            while not await asyncio.to_thread(self._nothing_due):
                await asyncio.sleep(0.05)

    def _nothing_due(self) -> bool:
        with self.db.read() as session:
            return how_many_due(session, datetime.now(UTC)) == 0

    def accepted(self, kind: str) -> dict[str, datetime]:
        """When each message of a kind was accepted."""
        return {
            call["key"]: datetime.fromisoformat(call["at"])
            for call in self.server.ledger.calls
            if call["method"] == "chat.postMessage" and call["ok"] and str(call["key"]).startswith(f"bench:{kind}:")
        }

    def refused(self) -> int:
        return sum(call["error"] == "ratelimited" for call in self.server.ledger.calls)


def reader(number: int) -> str:
    return f"U0R{number:03d}"


@contextlib.asynccontextmanager
async def _world(folder: Path, key: bytes) -> AsyncIterator[World]:
    url = f"sqlite:///{folder / 'sending.db'}"
    migrate.upgrade(url)
    config = _config()
    server = await serve(config, database=folder / "sending-slack.db", clock_file=folder / "sending-clock.json")
    settings = units.settings(config, server, url, key, folder / "sending-clock.json", log_level="ERROR")
    db = Database.open(url, Vault(key))
    try:
        async with running(settings, db) as service:
            yield World(db, server, service)
    finally:
        await server.close()
        db.close()
        for file in folder.glob("sending*"):
            file.unlink()


def _config() -> WorkspaceConfig:
    config = units.workspace(MEETINGS)
    readers = tuple(Person(id=reader(n), name=f"reader{n}", real_name=f"Reader {n}") for n in range(2 * READERS))
    return config.model_copy(update={"people": (*config.people, *readers), "enforce_rates": True})


async def measure(rows: Rows, folder: Path, key: bytes) -> None:
    async with _world(folder, key) as world:
        await _no_meeting(rows, world)
        await _meetings(rows, world)
        rows.found.append(
            Row("sending: calls Slack refused for their number", world.refused(), "calls", expected="none")
        )


async def _no_meeting(rows: Rows, world: World) -> None:
    began = datetime.now(UTC)
    await world.plan("nudge", range(READERS))
    await world.all_sent()
    moments = world.accepted("nudge")
    seconds = (max(moments.values()) - began).total_seconds()
    fraction = len(moments) / (RATES.burst + RATES.a_second * seconds)
    rows.found.append(
        Row(
            "sending: reminders with no meeting going on",
            round(len(moments) / seconds * 60),
            f"a minute, {len(moments)} of them",
            ratio_to=f"allowed: {RATES.a_minute} a minute and {RATES.burst} at once",
            ratio=round(fraction, 3),
            expected=f"at least {FRACTION}",
            reached=fraction >= FRACTION and len(moments) == READERS,
        )
    )


async def _meetings(rows: Rows, world: World) -> None:
    """Reminders wait all the time; the meetings talk on."""
    asked: dict[str, datetime] = {}
    await world.plan("talk", range(1), channel=units.channel(0), priority=MEETING)
    await world.all_sent()
    began = datetime.now(UTC)
    await world.plan("morning", range(READERS, 2 * READERS))
    for number in range(1, int(MEETING_SECONDS / BETWEEN)):
        asked[f"bench:talk:{number}"] = datetime.now(UTC)
        await world.plan("talk", range(number, number + 1), channel=units.channel(number % MEETINGS), priority=MEETING)
        await asyncio.sleep(BETWEEN)
    over = datetime.now(UTC)
    reminders = sorted(at for at in world.accepted("morning").values() if at <= over)
    talk = world.accepted("talk")
    took = [(talk[key] - at).total_seconds() * 1000 for key, at in asked.items() if key in talk]
    before = [sum(at < moment < talk[key] for moment in reminders) for key, at in asked.items() if key in talk]
    part = len(reminders) / (RATES.a_second * (over - began).total_seconds())
    rows.found += [
        Row(
            "sending: reminders while meetings go on",
            round(part * RATES.a_minute),
            "a minute",
            ratio_to=f"allowed: {RATES.a_minute} a minute",
            ratio=round(part, 3),
            expected=f"at most {HALF}",
            reached=part <= HALF + 1 / (RATES.a_second * MEETING_SECONDS),
        ),
        Row("sending: a meeting's message, asked for to accepted, p50", round(share(took, 50), 1), "ms"),
        Row("sending: a meeting's message, asked for to accepted, p99", round(share(took, 99), 1), "ms"),
        Row(
            "sending: reminders accepted before a meeting's message, at most",
            max(before),
            "reminders",
            expected=f"at most {ON_THEIR_WAY}, already on their way",
            reached=max(before) <= ON_THEIR_WAY and len(took) == len(asked),
        ),
    ]
    with world.db.write() as session:
        for number in range(READERS, 2 * READERS):
            outbox.cancel(session, f"bench:morning:{number}")
