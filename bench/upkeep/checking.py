"""Reading all of it: a million lines of the audit on both databases, and `unitbot verify` over five years."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from sqlalchemy import insert

from bench import planning
from bench.planning import FAMILIES, UNITS, YEARS
from bench.report import Rows
from bench.upkeep.writers import KEY
from storage import migrate
from storage.database import chain
from storage.database.audit import Line
from storage.database.db import Database
from storage.database.tables import Family
from storage.database.vault import Vault
from storage.retention import erase

LINES = (250_000, 1_000_000)
PIECE = 10_000
MOST = 60.0
"""Seconds for reading the audit."""
ONE = Line(
    datetime(2026, 3, 2, 9, tzinfo=UTC), "read", "family", "f" * 32, "p" * 32, "u" * 32, "f" * 32, "button family.show"
)
READER = """
import json, resource, sys, time
from storage.backup.verify import verify
from storage.database import chain
from storage.database.db import Database
from storage.database.vault import Vault
db = Database.open(sys.argv[1], Vault(bytes(range(32))))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began, used = time.perf_counter(), time.process_time()
if sys.argv[2] == "audit":
    with db.read() as session:
        faults = [one.why for one in chain.broken(session, db.vault)]
else:
    faults = [one.words for one in verify(db) if one.good is False]
took, used = time.perf_counter() - began, time.process_time() - used
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([took, used, (most - before) / 1024, most / 1024, faults]))
"""


def audit(rows: Rows, name: str, url: str) -> None:
    """A quarter of a million lines and a million, each read by a process that does nothing else."""
    db, there = Database.open(url, Vault(KEY)), 0
    for lines in LINES:
        while there < lines:
            with db.write() as session:
                made = chain._chained([ONE] * PIECE, chain.head(session), db.vault.chain_key(session))
                session.connection().execute(insert(chain.LINES), list(made))
            there += PIECE
        _add(rows, f"audit: {lines:,} lines verified, {name}", _read(url, "audit"), MOST)
    db.close()


def everything(rows: Rows, folder: Path) -> None:
    """`unitbot verify` on fifty units of fifty families with five years behind them, then one family erased."""
    url = f"sqlite:///{folder / 'council.db'}"
    migrate.upgrade(url)
    db = Database.open(url, Vault(KEY))
    _found, written = planning._fill(db)
    with db.write() as session:
        chain.chain_up(session, planning.LOADED)
    size = (folder / "council.db").stat().st_size / 1e6
    rows.add(f"verify: {UNITS} units, {FAMILIES} families each, {YEARS} years", written, f"rows, {size:.0f} MB")
    _add(rows, "verify: all of it", _read(url, "all"))
    with db.read() as session:
        family = session.get_one(Family, list(_found[7].families.values())[3])
    began = perf_counter()
    with db.write() as session:
        stone = erase.erase(
            session, session.get_one(Family, family.id), rule="child_in_need", by_id=None, now=planning.LOADED
        )  # fmt: skip
        gone = stone.rows
    rows.add("erase: one family of them, until the commit is through", perf_counter() - began, f"s, {gone} rows")
    db.close()
    _add(rows, "verify: after one was erased", _read(url, "all"))


def _read(url: str, what: str) -> list[float]:
    done = subprocess.run([sys.executable, "-c", READER, url, what], capture_output=True, text=True, check=True)
    took, used, more, most, faults = json.loads(done.stdout)
    if faults:
        raise AssertionError(faults)
    return [took, used, more, most]


def _add(rows: Rows, name: str, read: list[float], most: float | None = None) -> None:
    took, used, more, memory = read
    unit = f"s ({used:.1f} s of them working), {more:.0f} MB more, {memory:.0f} MB at most"
    rows.add(name, took, unit, f"{most:g} s" if most else "", most)
