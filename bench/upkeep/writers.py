"""How long writers on several workers wait for each other's place in the audit, beside an empty commit."""

from __future__ import annotations

import multiprocessing
import time
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from statistics import median, quantiles
from typing import Any

from sqlalchemy import event, text

from bench.report import Rows
from storage.database.audit import audit
from storage.database.db import Database
from storage.database.vault import Vault
from tests.worlds.storage_world import NOW, a_unit

KEY = bytes(range(32))
WORKERS = (1, 2, 4)
SECONDS = 4.0
PAUSE = 0.05
"""Between two turns of one worker: twenty a second each, more than a hundred people bring about."""
LOCK = "pg_advisory_xact_lock"


@dataclass(frozen=True)
class Waits:
    """Seconds: waited for the place in the chain, kept it until the commit was through, and an empty commit."""

    waited: list[float]
    kept: list[float]
    empty: list[float]


def measure(rows: Rows, url: str) -> None:
    """1, 2 and 4 processes write lines of the audit, and commit nothing much in turn with them."""
    for workers in WORKERS:
        found = _of(url, workers)
        empty = median(found.empty) * 1000
        rows.add(f"audit, {workers} at once: an empty commit, the middle one", empty, "ms")
        name = f"audit, {workers} at once: a place in the chain until its commit is through, the middle one"
        kept = median(found.kept) * 1000
        rows.add(name, kept, f"ms, {kept / empty:.2f} empty commits")
        for part, middle in (("the middle one", 50), ("p99", 99)):
            waited, commit = _part(found.waited, middle), _part(found.empty, middle)
            name = f"audit, {workers} at once: waited for others, {part} of {len(found.waited)}"
            rows.beside(name, waited, "ms", commit, "an empty commit", 1)


def _part(values: list[float], part: int) -> float:
    """The so many hundredth of them in milliseconds."""
    return quantiles(values, n=100)[part - 1] * 1000


def _of(url: str, workers: int) -> Waits:
    context = multiprocessing.get_context("spawn")
    begin, answers = context.Barrier(workers), context.Queue()
    made = [context.Process(target=_work, args=(url, number, begin, answers)) for number in range(workers)]
    for process in made:
        process.start()
    found = [answers.get() for _ in made]
    for process in made:
        process.join()
    return Waits(*([one for each in found for one in each[part]] for part in range(3)))


def _work(url: str, number: int, begin: Barrier, answers: Any) -> None:
    db = Database.open(url, Vault(KEY))
    table = f"yardstick{number}"
    with db.write() as session:
        session.connection().execute(text(f"CREATE TABLE IF NOT EXISTS {table} (n INTEGER)"))
        session.connection().execute(text(f"INSERT INTO {table} VALUES (0)"))
        unit = a_unit(session, f"Unit {number} {time.time_ns()}")
    waited: list[float] = []
    at = {"asked": 0.0, "got": 0.0}

    def asks(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if LOCK in statement:
            at["asked"] = time.perf_counter()

    def has(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if LOCK in statement:
            at["got"] = time.perf_counter()
            waited.append(at["got"] - at["asked"])

    event.listen(db.engine, "before_cursor_execute", asks)
    event.listen(db.engine, "after_cursor_execute", has)
    kept, empty = [], []
    begin.wait()
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        with db.write() as session:
            audit(session, at=NOW, what="read", row=unit, unit_id=unit.id)
        kept.append(time.perf_counter() - at["got"])
        time.sleep(PAUSE / 2)
        began = time.perf_counter()
        with db.write() as session:
            session.connection().execute(text(f"UPDATE {table} SET n = n + 1"))
        empty.append(time.perf_counter() - began)
        time.sleep(PAUSE / 2)
    db.close()
    answers.put((waited, kept, empty))
