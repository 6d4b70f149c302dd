"""One event, one turn, one commit. Async at the edge, plain code in threads inside.

On SQLite every write goes through one thread, people before background work, so that nobody meets a locked database. A
person waits at most `PATIENCE` for the turn to begin and is then asked to try again; background work waits longer.
"""

from __future__ import annotations

import asyncio
import itertools
import queue
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

from sqlmodel import Session

from bot.clock import UnitClock
from bot.logs import log, where
from bot.tally import Tally, TurnEnd
from handlers import routes
from handlers.turn import Answer, Event, EventKind, Note
from prompts_and_forms.card import card, say
from storage.database.db import Database, DatabaseBusy, DatabaseTrouble
from storage.database.vault import cannot_read
from storage.messages import wake
from storage.messages.outbox import PRESSED_AT

T = TypeVar("T")

PATIENCE = 1.5
"""Seconds a person waits for a turn; Slack shows an error after 3."""
BACKGROUND_PATIENCE = 60.0
TYPED_PATIENCE = 20.0
"""Typed words are sent again by Slack when this is not enough."""
LEFT_TO_THE_ANSWER = timedelta(seconds=1.5)
"""How long senders leave the message somebody pressed in to the answer to that press."""
THREADS = 8
PERSON, BACKGROUND = 0, 1

ANSWERED = frozenset(
    {
        EventKind.COMMAND,
        EventKind.BUTTON,
        EventKind.SHORTCUT,
        EventKind.SUBMIT,
        EventKind.CHANGE,
        EventKind.HOME,
    }
)
"""Somebody looks at the screen and waits; everything else is delivered again or caught up with later."""

BUSY = "One moment, please try again: I am busy with something else. Nothing was changed."
FAILED = (
    "Something went wrong and nothing was changed. Please try again; if it stays, quote {id} to whoever runs the bot."
)


class TurnFailed(Exception):
    """The turn was rolled back. Whoever delivered the event should deliver it again."""


class Handle(Protocol):
    def __call__(self, session: Session, event: Event, now: Any) -> Answer: ...


@dataclass(order=True)
class _Job:
    priority: int
    number: int
    work: Callable[[float], Any] = field(compare=False)
    deadline: float = field(compare=False)
    done: Future[Any] = field(compare=False, default_factory=Future)


class _Writers:
    """Threads that do the writing: one for SQLite, several where the database keeps order by itself."""

    def __init__(self, threads: int) -> None:
        self._queue: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._threads = [threading.Thread(target=self._run, daemon=True, name=f"writer-{n}") for n in range(threads)]
        for thread in self._threads:
            thread.start()

    def add(self, work: Callable[[float], T], priority: int, patience: float) -> Future[T]:
        job = _Job(priority, next(self._numbers), work, time.monotonic() + patience)
        self._queue.put(job)
        return job.done

    def close(self) -> None:
        for _ in self._threads:
            self._queue.put(_Job(BACKGROUND + 1, next(self._numbers), _stop, 0))
        for thread in self._threads:
            thread.join(timeout=5)

    def _run(self) -> None:
        while True:
            job = self._queue.get()
            if job.work is _stop:
                return
            if not job.done.set_running_or_notify_cancel():
                continue
            try:
                job.done.set_result(job.work(max(job.deadline - time.monotonic(), 0.05)))
            except BaseException as error:
                job.done.set_exception(error)


def _stop(_wait: float) -> None:
    return None


class Runtime:
    """Turns on one database. `woken` is set after every commit: there may be something to post."""

    def __init__(self, db: Database, clock: UnitClock, handle: Handle = routes.handle) -> None:
        self.db, self.clock = db, clock
        self.woken = asyncio.Event()
        self._handle = handle
        self._writers = _Writers(1 if db.is_sqlite else THREADS)
        self._readers = ThreadPoolExecutor(THREADS, "reader")
        self._turns = 0
        self.tally = Tally()
        self.handled = 0
        """How many turns have ended, well or not."""
        self._log = log("runtime")

    @property
    def busy(self) -> bool:
        """Whether a turn is going on."""
        return self._turns > 0

    def close(self) -> None:
        """Ends the threads; what has not begun is dropped."""
        self._writers.close()
        self._readers.shutdown(cancel_futures=True)

    async def handle(self, event: Event, patience: float | None = None) -> Answer:
        """Handles one event in one transaction and answers once it is committed.

        `patience`: seconds until its turn has to begin, where that is not left to the kind of the event.
        Trouble is told to a person as a note. For what nobody waits for, TurnFailed is raised instead.
        """
        self._turns += 1
        began, end = time.monotonic(), TurnEnd.FAILED
        try:
            answer = await self._turn(event, patience)
            end = TurnEnd.DONE
        except DatabaseTrouble as trouble:
            end = TurnEnd.REFUSED
            self._log.warning("turn_refused", kind=event.kind.value, id=event.id, reason=type(trouble).__name__)
            if event.kind not in ANSWERED:
                raise TurnFailed from trouble
            return Note(card("Not done yet", say(trouble.sentence)))
        except Exception as error:
            number = secrets.token_hex(3)
            self._log.error("turn_failed", kind=event.kind.value, id=event.id, error_id=number, where=where(error))
            if event.kind not in ANSWERED:
                raise TurnFailed from error
            return Note(card("Something went wrong", say(FAILED.format(id=number))))
        finally:
            self._turns -= 1
            self.handled += 1
            self.tally.turn(event.kind.value, end, time.monotonic() - began)
        self.woken.set()
        return answer

    async def _turn(self, event: Event, patience: float | None) -> Answer:
        def turn(session: Session) -> Answer:
            if event.redrawn:
                session.info[PRESSED_AT] = (event.channel, event.ts, datetime.now(UTC) + LEFT_TO_THE_ANSWER)
            answer = self._handle(session, event, self.clock.now())
            wake.ring(session)
            for part, fault in session.info.get(routes.FAULTS, ()):
                self._log.error("part_failed", part=part, where=where(fault))
            return answer

        patience = patience or (PATIENCE if event.kind in ANSWERED else TYPED_PATIENCE)
        priority = BACKGROUND if event.kind is EventKind.TICK else PERSON
        return await self.write(turn, priority=priority, patience=patience)

    async def write(
        self,
        work: Callable[[Session], T],
        *,
        priority: int = BACKGROUND,
        patience: float = BACKGROUND_PATIENCE,
    ) -> T:
        """Runs a function of a session in a transaction. Raises DatabaseBusy when it could not begin in time."""

        def transaction(wait: float) -> T:
            with self.db.write(wait=wait) as session:
                done = work(session)
                self._tell_what_cannot_be_read(session)
                return done

        job = self._writers.add(transaction, priority, patience)
        outcome = asyncio.wrap_future(job)
        finished, _ = await asyncio.wait([outcome], timeout=patience)
        if not finished and job.cancel():
            raise DatabaseBusy(BUSY)
        return await outcome

    async def read(self, work: Callable[[Session], T]) -> T:
        """Runs a function of a session that only reads."""

        def transaction() -> T:
            with self.db.read() as session:
                found = work(session)
                self._tell_what_cannot_be_read(session)
                return found

        return await asyncio.get_running_loop().run_in_executor(self._readers, transaction)

    def _tell_what_cannot_be_read(self, session: Session) -> None:
        for kind, row_id in cannot_read(session):
            self._log.error("cannot_be_read", row_kind=kind, row_id=row_id)
