"""What every test can ask for: a vault and an empty database of its own."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from handlers import routes
from handlers.turn import Answer, Ask, EventKind, Turn, Window
from storage.database import db as db_module
from storage.database.db import Database
from storage.database.vault import Vault
from storage.migrate import upgrade
from tests.worlds.storage_world import PostgresServer, quickly

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("wandering", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
"""The same examples each time in `make test`, so that it says of a change what that change did; others each time in
`make wander`, which looks for what nobody has met yet."""

MASTER_KEY = bytes(range(32))
LONG = ("journeys/test_nudges", "journeys/trouble/", "journeys/rehearsing/", "faults/", "journeys/", "browser/")
"""Files that take longest for a test, and begin first, so that no process is left with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((n for n, name in enumerate(LONG) if name in item.nodeid), len(LONG)))


def pytest_collection_finish() -> None:
    """What was read in to begin with stays until the end: nothing of it is looked through for garbage again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def quick_engines() -> Iterator[None]:
    """What one test's database has worked out for a statement, the next test's need not work out again.

    Nor does a commit wait for the disk; test_db.py looks whether the bot does, and tests/faults kill processes that do.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db_module, "connect", quickly)
        yield


@pytest.fixture(scope="session", autouse=True)
def presses_as_declared() -> Iterator[None]:
    """In every test, a press opens a form or a window only where its route says that it does."""
    really = routes._dispatch

    def watched(turn: Turn) -> Answer:
        answer = really(turn)
        name = turn.event.name
        if turn.event.kind is EventKind.BUTTON and isinstance(answer, Ask | Window) and not routes.opens(name):
            raise AssertionError(f"{name} opens something and its route does not say so")
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(routes, "_dispatch", watched)
        yield


@pytest.fixture(scope="session")
def vault() -> Vault:
    return Vault(MASTER_KEY)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with its tables and nothing in them, made once and copied for each test."""
    path = tmp_path_factory.mktemp("empty") / "unit.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    folder = Path(tempfile.mkdtemp(prefix="unitbot-postgres-"))
    server = PostgresServer(folder / "data")
    yield server
    server.crash()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def db(empty_database: Path, tmp_path: Path) -> Iterator[Database]:
    """Its vault is its own too, so that no data key is known from another test."""
    path = tmp_path / "unit.db"
    shutil.copy(empty_database, path)
    database = Database.open(f"sqlite:///{path}", Vault(MASTER_KEY))
    yield database
    database.close()
