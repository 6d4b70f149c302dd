"""The room the handlers' tests happen in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database.db import Database
from storage.database.vault import Vault
from tests.worlds.discussion_world import Meeting
from tests.worlds.presses import World
from tests.worlds.records_world import Room


@pytest.fixture
def room(db: Database) -> Room:
    return Room(db)


@pytest.fixture(scope="session")
def opened_meeting(
    empty_database: Path, tmp_path_factory: pytest.TempPathFactory, vault: Vault
) -> tuple[Path, Meeting]:
    """The sample unit's meeting, opened once; each test gets a copy."""
    path = tmp_path_factory.mktemp("meeting") / "unit.db"
    shutil.copy(empty_database, path)
    database = Database.open(f"sqlite:///{path}", vault)
    opened = Meeting(database)
    database.close()
    return path, opened


@pytest.fixture
def meeting(opened_meeting: tuple[Path, Meeting], tmp_path: Path, vault: Vault) -> Iterator[Meeting]:
    """The sample unit in its open meeting, nothing discussed yet."""
    path, opened = opened_meeting
    for beside in path.parent.glob("unit.db*"):
        shutil.copy(beside, tmp_path / f"meeting{beside.name.removeprefix('unit')}")
    database = Database.open(f"sqlite:///{tmp_path / 'meeting.db'}", vault)
    yield opened.copied(database)
    database.close()


@pytest.fixture(scope="session")
def world(empty_database: Path, tmp_path_factory: pytest.TempPathFactory, vault: Vault) -> Iterator[World]:
    """The sample unit with something of everything in it, for presses that are undone again."""
    path = tmp_path_factory.mktemp("presses") / "unit.db"
    shutil.copy(empty_database, path)
    database = Database.open(f"sqlite:///{path}", vault)
    yield World.built(database)
    database.close()
