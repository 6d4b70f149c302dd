"""A disk that is full at any step: a sentence, nothing half done, nothing lost, and it works once there is room."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import select

from storage.backup import backup
from storage.backup.verify import verify
from storage.database import chain
from storage.database.db import Database, DatabaseTrouble
from storage.database.tables import Family
from storage.database.tables_retention import Erased
from storage.database.vault import Vault
from storage.family import families
from storage.migrate import current, upgrade
from storage.retention import erase
from tests.worlds.storage_world import NOW, keep_family, room_for

KEY = bytes(range(32))
STEPS = (0, 1, 60_000, 400_000, 900_000)
"""Bytes a file may have: no room at all, and room that ends in the middle of one step or another."""


@pytest.fixture
def db(empty_database: Path, tmp_path: Path) -> Iterator[Database]:
    """A file: where PostgreSQL has no room, its server says so (tests/faults/test_database_trouble.py)."""
    path = tmp_path / "unit.db"
    shutil.copy(empty_database, path)
    database = Database.open(f"sqlite:///{path}", Vault(KEY))
    yield database
    database.close()


def url_of(db: Database) -> str:
    return f"sqlite:///{db.url.database}"


def is_sound(url: str) -> bool:
    db = Database.open(url, Vault(KEY))
    try:
        return all(one.good is not False for one in verify(db))
    finally:
        db.close()


@pytest.mark.parametrize("most", STEPS)
def test_a_backup_without_room_is_none_and_says_so(db: Database, tmp_path: Path, most: int) -> None:
    keep_family(db, "K3107C")
    to = tmp_path / "backups"
    to.mkdir()
    with room_for(most), pytest.raises(DatabaseTrouble) as trouble:
        backup.write(db, to / "one.backup")
    assert "could not be" in trouble.value.sentence
    assert [one.name for one in to.iterdir() if one.suffix != ".keys"] == []
    backup.write(db, to / "one.backup")
    assert is_sound(url_of(db))


@pytest.mark.parametrize("most", STEPS)
def test_a_backup_is_brought_back_whole_or_not_at_all(db: Database, tmp_path: Path, most: int) -> None:
    keep_family(db, "K3107C")
    backup.write(db, tmp_path / "one.backup")
    to = tmp_path / "new" / "unit.db"
    to.parent.mkdir()
    with room_for(most), pytest.raises(DatabaseTrouble) as trouble:
        backup.restore(f"sqlite:///{to}", tmp_path / "one.backup", Vault(KEY))
    assert "could not be" in trouble.value.sentence
    assert list(to.parent.iterdir()) == []
    backup.restore(f"sqlite:///{to}", tmp_path / "one.backup", Vault(KEY))
    assert is_sound(f"sqlite:///{to}")


def test_erasing_without_room_erases_nothing_and_keeps_the_key(db: Database) -> None:
    family_id = keep_family(db, "K3107C")
    with room_for(1), pytest.raises(DatabaseTrouble) as trouble, db.write() as session:
        family = session.get_one(Family, family_id)
        erase.erase(session, family, rule="child_in_need", by_id=None, now=NOW)
    assert "Nothing was changed" in trouble.value.sentence
    fresh = Database.open(url_of(db), Vault(KEY))
    with fresh.write() as session:
        assert session.exec(select(Erased)).all() == []
        family = session.get_one(Family, family_id)
        assert families.body(session, family).ref == "K3107C"
        erase.erase(session, family, rule="child_in_need", by_id=None, now=NOW)
    fresh.close()
    assert is_sound(url_of(db))


def test_a_turn_without_room_changes_nothing_and_leaves_the_audit_whole(db: Database) -> None:
    keep_family(db, "K3107C")
    with db.read() as session:
        before = chain.head(session)
    with room_for(1), pytest.raises(DatabaseTrouble) as trouble:
        keep_family(db, "K2284H")
    assert "Nothing was changed" in trouble.value.sentence
    with db.read() as session:
        assert chain.head(session) == before
        assert [families.body(session, one).ref for one in session.exec(select(Family))] == ["K3107C"]
    keep_family(db, "K2284H")
    assert is_sound(url_of(db))


def test_bringing_tables_up_to_date_without_room_leaves_the_version_it_had(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'unit.db'}"
    upgrade(url, "0001")
    with room_for(1), pytest.raises(DatabaseTrouble) as trouble:
        upgrade(url)
    assert "Nothing was changed" in trouble.value.sentence
    assert current(url) == "0001"
    upgrade(url)
    with closing(sqlite3.connect(tmp_path / "unit.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
