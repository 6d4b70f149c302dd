"""How fast waiting messages are claimed, against how fast the same disk commits nothing much.

`measure_claims(url, workers)` fills an empty database with waiting messages and lets so many processes claim and
finish them, a batch at a time, for some seconds; `measure_commits(url)` is the yardstick.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy import insert, text

from storage.database.columns import new_id
from storage.database.db import Database
from storage.database.vault import Vault
from storage.messages import delivery
from storage.messages.outbox import BOX

KEY = bytes(range(32))
WAITING = 100_000
BATCH = 20
LANE = 4
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Claims:
    """`claims`: messages claimed and finished, in batches. `commits`: of one small row, on the same disk. A second."""

    workers: int
    waiting: int
    claims: float
    commits: float

    @property
    def messages_a_commit(self) -> float:
        """How many messages are claimed and finished in the time of one empty commit."""
        return self.claims / self.commits


def fill(db: Database, waiting: int = WAITING) -> None:
    """So many waiting nudges, some for each person, written quickly."""
    people = waiting // LANE
    start: dict[str, Any] = {"how": "say", "channel": "", "thread_key": "", "state": "waiting", "error": ""}
    start |= {"wanted": 1, "shown": 0, "fence": 0, "attempts": 0, "priority": 9, "due_at": NOW, "made_at": NOW}
    with db.write() as session:
        for first in range(0, waiting, 5000):
            rows = [
                start
                | {
                    "id": new_id(),
                    "key": f"fault:{n}",
                    "lane_no": n,
                    "lane": f"dm:U{n % people}",
                    "chat_user": f"U{n % people}",
                }
                for n in range(first, min(first + 5000, waiting))
            ]
            session.connection().execute(insert(BOX), rows)
    with db.write() as session:
        session.connection().execute(text("ANALYZE"))


def measure_commits(url: str, seconds: float = 3.0) -> float:
    """Commits a second of one changed row: what this disk and database can do at most."""
    db = Database.open(url, Vault(KEY))
    with db.write() as session:
        session.connection().execute(text("CREATE TABLE IF NOT EXISTS yardstick (n INTEGER)"))
        session.connection().execute(text("INSERT INTO yardstick VALUES (0)"))
    done, end = 0, time.perf_counter() + seconds
    begun = time.perf_counter()
    while time.perf_counter() < end:
        with db.write() as session:
            session.connection().execute(text("UPDATE yardstick SET n = n + 1"))
        done += 1
    rate = done / (time.perf_counter() - begun)
    with db.write() as session:
        session.connection().execute(text("DROP TABLE yardstick"))
    db.close()
    return rate


def measure_claims(
    url: str, workers: int, *, waiting: int = WAITING, seconds: float = 5.0, commit_seconds: float = 3.0
) -> Claims:
    """Claims and finishes a second by so many processes on an empty, upgraded database; it is left as it is then."""
    db = Database.open(url, Vault(KEY))
    fill(db, waiting)
    db.close()
    commits = measure_commits(url, commit_seconds)
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(workers)
    with context.Pool(workers, initializer=_keep, initargs=(together,)) as pool:
        found: Sequence[tuple[int, float]] = pool.starmap(_work, [(url, seconds)] * workers, chunksize=1)
    return Claims(workers, waiting, sum(done / took for done, took in found), commits)


_together: list[Barrier] = []


def _keep(together: Barrier) -> None:
    _together.append(together)


def _work(url: str, seconds: float) -> tuple[int, float]:
    db = Database.open(url, Vault(KEY))
    _together[0].wait()
    done, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds and (some := _batch(db)):
        done += some
    took = time.perf_counter() - begun
    db.close()
    return done, took


def _batch(db: Database) -> int:
    machine = datetime.now(UTC)
    with db.write() as session:
        taken = delivery.claim_some(session, most=BATCH, now=NOW, machine=machine)
    with db.write() as session:
        shown = [delivery.Shown(claimed, "D1", f"{claimed.key}.0") for claimed in taken]
        delivery.finish_some(session, shown, at=machine)
    return len(taken)


if __name__ == "__main__":
    import sys

    for count in (1, 2, 4):
        print(measure_claims(sys.argv[1], count, waiting=int(sys.argv[2])))
