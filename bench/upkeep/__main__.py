"""`make upkeep`: a table for people, and upkeep.json for programs."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import psycopg

from bench.report import Rows, show
from bench.upkeep import checking, writers
from storage import migrate
from tests.worlds.storage_world import PostgresServer

CLUSTER = "postgres"


def main() -> None:
    """Each part by itself; one that breaks off is named, and the others go on."""
    folder, rows = Path(tempfile.mkdtemp(prefix="unitbot-upkeep-")), Rows()
    try:
        server = PostgresServer(folder / CLUSTER)
        try:
            with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET fsync = on")
                connection.execute("SELECT pg_reload_conf()")
            with rows.section("writers of the audit"):
                writers.measure(rows, server.new_database())
            with rows.section("a million lines, PostgreSQL"):
                checking.audit(rows, "PostgreSQL", server.new_database())
        finally:
            server.crash()
        with rows.section("a million lines, SQLite"):
            url = f"sqlite:///{folder / 'audit.db'}"
            migrate.upgrade(url)
            checking.audit(rows, "SQLite", url)
        with rows.section("a council's five years"):
            checking.everything(rows, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    show(rows, Path("upkeep.json"))
    sys.exit(1 if rows.broken else 0)


if __name__ == "__main__":
    main()
