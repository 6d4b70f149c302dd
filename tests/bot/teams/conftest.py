"""A tenant with the sample unit in it, and the bot. The record is made once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.practice.sample.unit_file import LoadedUnit
from storage.database.db import Database
from storage.database.vault import Vault
from tests.worlds.teams.world import KEY, OnTeams, copied, load_on_teams, teams_world


@pytest.fixture(scope="session")
def loaded(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, LoadedUnit]:
    path = tmp_path_factory.mktemp("on_teams") / "unit.db"
    shutil.copy(empty_database, path)
    db = Database.open(f"sqlite:///{path}", Vault(KEY))
    unit = load_on_teams(db)
    db.close()
    return path, unit


@pytest.fixture
async def world(loaded: tuple[Path, LoadedUnit], tmp_path: Path) -> AsyncIterator[OnTeams]:
    db = copied(loaded[0], tmp_path)
    try:
        async with teams_world(tmp_path, db, loaded[1]) as made:
            yield made
    finally:
        db.close()


@pytest.fixture
def empty_copy(empty_database: Path, tmp_path: Path) -> Path:
    """A database with empty tables."""
    shutil.copy(empty_database, tmp_path / "empty.db")
    return tmp_path / "empty.db"
