"""A hundred thousand waiting reminders, claimed and noted in batches, beside empty commits on the same disk."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg

from bench.report import Row, Rows
from storage import migrate
from tests.faults.claims import BATCH, WAITING, Claims, measure_claims
from tests.worlds.storage_world import PostgresServer

WORKERS = (1, 2, 4)
SECONDS, COMMIT_SECONDS = 3.0, 1.0
CLUSTER = "postgres"


def measure(rows: Rows, folder: Path) -> None:
    """SQLite has one writer at a time; PostgreSQL shares the work out. Both keep every commit on the disk."""
    _add(rows, "SQLite", [_sqlite(folder, workers) for workers in WORKERS])
    server = PostgresServer(folder / CLUSTER)
    try:
        _keep_on_disk(server)
        _add(rows, "PostgreSQL", [_claims(server.new_database(), workers) for workers in WORKERS])
    finally:
        server.crash()
        shutil.rmtree(folder / CLUSTER, ignore_errors=True)


def _sqlite(folder: Path, workers: int) -> Claims:
    path = folder / f"claims{workers}.db"
    url = f"sqlite:///{path}"
    migrate.upgrade(url)
    try:
        return _claims(url, workers)
    finally:
        path.unlink()


def _claims(url: str, workers: int) -> Claims:
    return measure_claims(url, workers, seconds=SECONDS, commit_seconds=COMMIT_SECONDS)


def _keep_on_disk(server: PostgresServer) -> None:
    """The server of the tests does not wait for the disk; this one does."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = on")
        connection.execute("SELECT pg_reload_conf()")


def _add(rows: Rows, database: str, found: list[Claims]) -> None:
    for claims in found:
        many = "worker" if claims.workers == 1 else "workers"
        rows.found.append(
            Row(
                f"claims: {database}, {claims.workers} {many}, {WAITING} waiting, {BATCH} a turn",
                round(claims.claims),
                f"messages a second, {claims.claims / found[0].claims:.2f} x one worker",
                ratio_to=f"{claims.commits:.0f} empty commits a second",
                ratio=round(claims.messages_a_commit, 2),
            )
        )
