"""Storage is tested on both databases: `db` comes once over an SQLite file, once over a real PostgreSQL server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database.db import Database
from storage.database.vault import Vault
from tests.worlds.storage_world import PostgresServer


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
