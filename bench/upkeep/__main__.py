"""`make upkeep`: a table for people, and upkeep.json for programs."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import psycopg

from bench.report import Rows, show
from bench.upkeep import checking, writers
from storage import migrate
from tests.worlds.storage_world import PostgresServer

CLUSTER, STOPPED = "postgres", 143


PARTS = ("writers", "postgresql", "sqlite", "council")


def main() -> None:
    """All parts, or those that are named: writers, postgresql, sqlite, council.

    One that breaks off is named, and the others go on. Somebody who stops it still sees what was measured until then.
    """
    wanted = sys.argv[1:] or list(PARTS)
    if unknown := set(wanted) - set(PARTS):
        sys.exit(f"There is no part called {', '.join(sorted(unknown))}. There is: {', '.join(PARTS)}.")
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(STOPPED))
    folder, rows = Path(tempfile.mkdtemp(prefix="unitbot-upkeep-")), Rows()
    try:
        _measure(rows, folder, wanted)
    except (SystemExit, KeyboardInterrupt):
        rows.broken.append("what came after it was stopped")
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if rows.found:
            busy = f"of {os.cpu_count()} processors, on average in its last quarter of an hour"
            rows.add("the machine: busy", os.getloadavg()[2], busy)
            show(rows, Path("upkeep.json"))
    sys.exit(1 if rows.broken else 0)


def _measure(rows: Rows, folder: Path, wanted: list[str]) -> None:
    if {"writers", "postgresql"} & set(wanted):
        server = PostgresServer(folder / CLUSTER)
        try:
            with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET fsync = on")
                connection.execute("SELECT pg_reload_conf()")
            if "writers" in wanted:
                with rows.section("writers of the audit"):
                    writers.measure(rows, server.new_database())
            if "postgresql" in wanted:
                with rows.section("a million lines, PostgreSQL"):
                    checking.audit(rows, "PostgreSQL", server.new_database())
        finally:
            server.crash()
    if "sqlite" in wanted:
        with rows.section("a million lines, SQLite"):
            url = f"sqlite:///{folder / 'audit.db'}"
            migrate.upgrade(url)
            checking.audit(rows, "SQLite", url)
    if "council" in wanted:
        with rows.section("a council's five years"):
            checking.everything(rows, folder)


if __name__ == "__main__":
    main()
