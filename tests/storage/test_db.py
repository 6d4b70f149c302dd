from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from storage.database.audit import audit
from storage.database.db import (
    Database,
    DatabaseBusy,
    DatabaseMissing,
    DatabaseReadOnly,
    DatabaseUnusable,
    parse,
    place,
)
from storage.database.tables import Unit
from storage.database.tables_machinery import Audit
from storage.database.vault import Vault
from storage.messages import events_seen
from tests.worlds.storage_world import NOW, a_person, a_unit, later, really_connect


@pytest.fixture
def file_db(empty_database: Path, tmp_path: Path, vault: Vault) -> Database:
    path = tmp_path / "only.db"
    path.write_bytes(empty_database.read_bytes())
    return Database.open(f"sqlite:///{path}", vault)


def test_a_turn_is_kept_whole_or_not_at_all(db: Database) -> None:
    with db.write() as session:
        a_unit(session, "Kestrel")
    with pytest.raises(ZeroDivisionError), db.write() as session:
        a_unit(session, "Merlin")
        raise ZeroDivisionError
    with db.read() as session:
        assert [unit.name for unit in session.exec(select(Unit))] == ["Kestrel"]


def test_two_writers_at_once_lose_no_update(db: Database) -> None:
    with db.write() as session:
        unit_id = a_unit(session).id

    def add_minutes() -> None:
        for _ in range(10):
            while True:
                try:
                    with db.write() as session:
                        session.get_one(Unit, unit_id).length_minutes += 1
                    break
                except DatabaseBusy:
                    continue

    threads = [threading.Thread(target=add_minutes) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as session:
        assert session.get_one(Unit, unit_id).length_minutes == 180 + 40


def test_a_change_of_what_somebody_else_changed_is_told_so(db: Database, vault: Vault) -> None:
    with db.write() as session:
        unit = a_unit(session)
    with db.write() as session:
        session.get_one(Unit, unit.id).start = "10:00"
    with pytest.raises(DatabaseBusy, match="Somebody else changed"), db.write() as session:
        unit.start = "11:00"
        session.add(unit)


def test_a_writer_who_waits_too_long_is_told_to_try_again(file_db: Database) -> None:
    with file_db.write(), pytest.raises(DatabaseBusy, match="try again"), file_db.write(wait=0.05):
        pass


def test_readers_do_not_wait_for_a_writer(db: Database) -> None:
    with db.write() as writing:
        a_unit(writing)
        with db.read() as session:
            assert session.exec(select(Unit)).all() == []


def test_a_read_turn_refuses_to_change_anything(db: Database) -> None:
    with pytest.raises(RuntimeError), db.read() as session:
        session.add(Unit(name="Kestrel", created_at=NOW))


def test_sqlite_is_set_up_to_lose_nothing(file_db: Database) -> None:
    with really_connect(file_db.url).connect() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10000}


def test_a_database_that_can_only_be_read_says_so(file_db: Database, vault: Vault) -> None:
    path = file_db.url.database
    only_read = Database.open(f"sqlite:///file:{path}?mode=ro&uri=true", vault)
    with pytest.raises(DatabaseReadOnly, match="read but not written"), only_read.write() as session:
        a_unit(session)
    only_read.close()


def test_a_full_disk_says_so_and_keeps_what_was_there(file_db: Database) -> None:
    with pytest.raises(DatabaseUnusable, match="full"), file_db.write() as session:
        pages = session.connection().execute(text("PRAGMA page_count")).scalar_one()
        session.connection().execute(text(f"PRAGMA max_page_count = {pages}"))
        for _ in range(200):
            a_unit(session, "x" * 1000)
    with file_db.read() as session:
        assert session.exec(select(Unit)).all() == []


def test_a_locked_database_says_so(file_db: Database, vault: Vault) -> None:
    other = sqlite3.connect(str(file_db.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusy), file_db.write(wait=0.05):
        pass
    other.execute("ROLLBACK")
    other.close()


def test_a_server_that_does_not_answer_is_named(vault: Vault) -> None:
    with pytest.raises(DatabaseMissing, match="/unit does not answer"):
        Database.open("postgresql://nobody:secret@127.0.0.1:1/unit", vault)


@pytest.mark.parametrize("url", ["", "unit.db", "mysql://host/unit", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_is_none_is_told_what_one_looks_like(url: str, vault: Vault) -> None:
    with pytest.raises(DatabaseUnusable, match="DATABASE_URL"):
        Database.open(url, vault)


def test_no_password_is_ever_shown() -> None:
    assert place(parse("postgresql://ana:secret@db.example/unit")) == "db.example/unit"


def test_an_event_is_new_once(db: Database) -> None:
    with db.write() as session:
        assert events_seen.first_time(session, "Ev1", NOW)
        assert not events_seen.first_time(session, "Ev1", later(1))
    with db.write() as session:
        assert not events_seen.first_time(session, "Ev1", later(2))
        assert events_seen.first_time(session, "Ev2", later(2))


def test_an_event_of_a_turn_that_failed_comes_again(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), db.write() as session:
        events_seen.first_time(session, "Ev1", NOW)
        raise ZeroDivisionError
    with db.write() as session:
        assert events_seen.first_time(session, "Ev1", NOW)


def test_old_events_are_let_go_of(db: Database) -> None:
    with db.write() as session:
        events_seen.first_time(session, "old", NOW)
        events_seen.first_time(session, "new", later(100))
        assert events_seen.forget_seen(session, later(50)) == 1
        assert not events_seen.first_time(session, "new", later(100))


def test_an_audit_row_says_who_did_what_to_which_row(db: Database) -> None:
    with db.write() as session:
        unit, person = a_unit(session), a_person(session)
        audit(session, at=NOW, what="made", row=unit, person_id=person.id, unit_id=unit.id)
    with db.read() as session:
        row = session.exec(select(Audit)).one()
    assert (row.what, row.row_kind, row.row_id, row.person_id) == ("made", "unit", unit.id, person.id)
