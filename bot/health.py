"""How things are: does the database answer, and does anybody post what waits?"""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot.logs import log, where
from bot.platform import Line
from bot.runtime import Runtime
from storage.database import unreadable
from storage.database.db import DatabaseTrouble, DatabaseVersion
from storage.meeting import meetings
from storage.messages import delivery, outbox

LATE = timedelta(minutes=2)
"""A message that could go and has waited this long, while nobody sends anything, has no sender."""
LOOK_SECONDS = 30.0
ANSWER_SECONDS = 5.0
GOOD = "ok"
SILENT = "The database does not answer. The log says why."
SHUT_OUT = "The chat platform does not let the bot in any more ({code}). unitbot check says what to do."
CANNOT_READ = "{n} kept texts cannot be read. unitbot verify names them."
"""Anybody may ask how things are: no host, no path and no name is told to them."""


@dataclass(frozen=True)
class Health:
    """A sentence for each part, or `ok`."""

    database: str = GOOD
    sender: str = GOOD
    records: str = GOOD
    platform: str = GOOD

    @property
    def ok(self) -> bool:
        """Whether the bot works; a text that cannot be read is said and takes nothing from anybody else."""
        return self.database == self.sender == self.platform == GOOD

    def as_json(self) -> dict[str, Any]:
        """What the address /healthz answers."""
        return {"ok": self.ok, **self.parts()}

    def parts(self) -> dict[str, str]:
        """The sentence of each part, by its name."""
        return asdict(self)


@dataclass(frozen=True)
class Load:
    """How much there is to do. `waiting`: messages due and not sent, by their priority."""

    waiting: dict[int, int]
    longest: timedelta
    unreadable: int
    meetings: int


async def look(runtime: Runtime, line: Line | None = None) -> Health:
    """How things are now; with a `line`, also whether the platform lets the bot in. Never raises; takes seconds."""
    code = await line.shut_out() if line is not None else ""
    return replace(await _look_inside(runtime), platform=SHUT_OUT.format(code=code) if code else GOOD)


async def _look_inside(runtime: Runtime) -> Health:
    try:
        wait = await asyncio.wait_for(waited_in_vain(runtime), ANSWER_SECONDS)
        damaged = await asyncio.wait_for(runtime.read(unreadable.count), ANSWER_SECONDS)
    except DatabaseTrouble as trouble:
        log("health").error("database_trouble", sentence=trouble.sentence)
        return Health(database=SILENT, sender="not known")
    except TimeoutError:
        return Health(database=SILENT, sender="not known")
    except Exception as error:
        log("health").error("not_looked", where=where(error))
        return Health(database="The database cannot be asked; see the log.", sender="not known")
    records = GOOD if not damaged else CANNOT_READ.format(n=damaged)
    if wait is None:
        return Health(records=records)
    minutes = wait // timedelta(minutes=1)
    silent = f"A message has waited for {minutes} minutes and nobody posts. Is a worker running?"
    return Health(sender=silent, records=records)


async def measure(runtime: Runtime) -> Load | None:
    """How much there is to do now; None where the database does not answer."""
    now = runtime.clock.now()

    def find(session: Session) -> Load:
        return Load(
            waiting=outbox.due_by_priority(session, now),
            longest=delivery.longest_wait(session, now=now, machine=datetime.now(UTC)) or timedelta(),
            unreadable=unreadable.count(session),
            meetings=len(meetings.open_meetings(session)),
        )

    try:
        return await asyncio.wait_for(runtime.read(find), ANSWER_SECONDS)
    except (DatabaseTrouble, TimeoutError):
        return None


async def waited_in_vain(runtime: Runtime) -> timedelta | None:
    """How long the longest waiting message has waited, where that is too long and no sender is at work."""
    now = runtime.clock.now()

    def find(session: Session) -> timedelta | None:
        machine = datetime.now(UTC)
        wait = delivery.longest_wait(session, now=now, machine=machine)
        if wait is None or wait < LATE or delivery.senders_at_work(session, machine - LATE, machine):
            return None
        return wait

    return await runtime.read(find)


class Heartbeat:
    """Says in the log when nobody posts what waits. Two looks in a row, for a clock may just have been moved."""

    def __init__(self, runtime: Runtime, look_seconds: float = LOOK_SECONDS) -> None:
        self._runtime, self._look_seconds = runtime, look_seconds
        self._log = log("heartbeat")
        self.dead = False

    async def run(self) -> None:
        """Looks again and again, until it is cancelled."""
        late_before = False
        while True:
            await asyncio.sleep(self._look_seconds)
            await self._may_go_on()
            health = await look(self._runtime)
            late = not health.ok
            self.dead = late and late_before
            if self.dead:
                self._log.error("nobody_posts", database=health.database, sender=health.sender)
            late_before = late

    async def _may_go_on(self) -> None:
        """Raises DatabaseVersion once a newer program has changed what this one uses: it must not write any more."""
        try:
            await self._runtime.read(self._runtime.db.check_version)
        except DatabaseVersion as trouble:
            self._log.error("version_changed", sentence=trouble.sentence)
            raise
        except DatabaseTrouble:
            return
