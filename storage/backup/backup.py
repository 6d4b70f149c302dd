"""Making a backup while the bot runs, and bringing one back into an empty place."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Update, func, insert, inspect, literal, update
from sqlalchemy.engine import URL

from prompts_and_forms import backup_wording
from prompts_and_forms.states import OutboxState
from storage.backup import archive, key_file, postgres
from storage.backup.archive import About, BackupTrouble
from storage.backup.key_file import KeyFile
from storage.database import versions
from storage.database.columns import new_id
from storage.database.db import Database, connect, parse, place, readable_errors
from storage.database.tables_machinery import Restoration
from storage.database.vault import Vault, index_anew
from storage.messages.outbox import BOX
from storage.migrate import upgrade

SQLITE, POSTGRES = "sqlite", "postgresql"
KINDS = {SQLITE: backup_wording.SQLITE, POSTGRES: backup_wording.POSTGRES}
ON_THE_WAY = timedelta(minutes=1)
"""What was on its way when the copy was made was begun at most so long before."""


def write(db: Database, to: Path, keys: Path | None = None) -> About:
    """A backup of the whole database at `to`, as it is at one moment; others go on reading and writing meanwhile.

    Its keys go into the file of keys (`keys`, or the one beside the backup), which is replaced.
    """
    if to.exists():
        raise BackupTrouble(backup_wording.THERE_ALREADY.format(place=to))
    if not to.parent.is_dir():
        raise BackupTrouble(backup_wording.NO_FOLDER.format(place=to.parent))
    made_at = datetime.now(UTC)
    with _beside(to) as folder:
        copy = folder / "copy"
        if db.is_sqlite:
            _copy_file(Path(str(db.url.database)), copy, to)
        else:
            postgres.dump(db.url, copy)
        kind = SQLITE if db.is_sqlite else POSTGRES
        opens_with = db.vault.fingerprint()

        def page(size: int, checksum: str) -> About:
            return About(
                format=archive.FORMAT, kind=kind, schema_version=versions.newest(), made_at=made_at, size=size,
                sha256=checksum, opens_with=opens_with, keys_apart=True,
            )  # fmt: skip

        key_file.write(db, keys or key_file.beside(to))
        return archive.pack(copy, to, page)


def restore(url: str, file: Path, vault: Vault, keys: Path | None = None) -> About:
    """Brings a backup back to the empty place of `url`; raises BackupTrouble, and changes nothing, where it cannot.

    Messages that waited when it was made may have been sent since: each is looked for before it is sent again. Families
    that were erased since then do not come back: their keys are gone, and their rows go again.
    """
    page, address = archive.about(file), parse(url)
    kind = SQLITE if address.get_backend_name() == "sqlite" else POSTGRES
    if page.kind != kind:
        found, wanted = KINDS.get(page.kind, page.kind), KINDS[kind]
        raise BackupTrouble(backup_wording.OTHER_KIND.format(place=file, found=found, wanted=wanted))
    if page.schema_version not in versions.shipped():
        known = versions.newest()
        raise BackupTrouble(backup_wording.NEWER.format(place=file, found=page.schema_version, known=known))
    held = _keys_of(page, file, keys, vault)
    _must_be_empty(address)
    if kind == SQLITE:
        _put_file(address, file, page, held, vault)
    else:
        _load(address, file, page, held, vault)
    return page


def _keys_of(page: About, file: Path, keys: Path | None, vault: Vault) -> KeyFile | None:
    """The keys a backup is opened with. One from before they lay apart has them in it, and opens with its own key."""
    place = keys or key_file.beside(file)
    held = key_file.read(place) if page.keys_apart or place.exists() else None
    opens_with = held.opens_with if held is not None and page.keys_apart else page.opens_with
    if opens_with != vault.fingerprint():
        raise BackupTrouble(backup_wording.OTHER_KEY.format(place=file))
    return held


def _put_file(address: URL, file: Path, page: About, held: KeyFile | None, vault: Vault) -> None:
    to = Path(str(address.database))
    if not to.parent.is_dir():
        raise BackupTrouble(backup_wording.NO_FOLDER.format(place=to.parent))
    with _beside(to) as folder:
        copy = folder / "copy"
        archive.unpack(file, page, copy)
        with closing(sqlite3.connect(copy)) as connection:
            try:
                (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            except sqlite3.DatabaseError as wrong:
                found = str(wrong)
        if found != "ok":
            raise BackupTrouble(backup_wording.DAMAGED_INSIDE.format(place=file, why=found))
        _note(f"sqlite:///{copy}", page, held, vault)
        try:
            with closing(sqlite3.connect(copy)) as connection:
                connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as wrong:
            raise BackupTrouble(backup_wording.NOT_WRITTEN.format(place=to, why=str(wrong))) from wrong
        try:
            os.link(copy, to)
        except FileExistsError as taken:
            raise BackupTrouble(backup_wording.NOT_EMPTY.format(place=to)) from taken


def _load(address: URL, file: Path, page: About, held: KeyFile | None, vault: Vault) -> None:
    with TemporaryDirectory(prefix="unitbot-restore-") as folder:
        copy = Path(folder) / "copy"
        archive.unpack(file, page, copy)
        postgres.load(address, copy)
    _note(address.render_as_string(hide_password=False), page, held, vault)


def _note(url: str, page: About, held: KeyFile | None, vault: Vault) -> None:
    """Brings the tables up to date; what waited is looked for before it is sent; that a backup was restored is kept."""
    upgrade(url)
    address = parse(url)
    engine = connect(address)
    try:
        with readable_errors(address), engine.begin() as connection:
            connection.execute(_waiting_was_tried(page.made_at))
            values = {"id": new_id(), "made_at": page.made_at, "restored_at": datetime.now(UTC), "missing": {}}
            connection.execute(insert(Restoration).values(**values, compared=False))
            if held is not None:
                key_file.put_back(connection, held)
    finally:
        engine.dispose()
    if held is not None:
        _with_keys(url, page, held, vault)


def _with_keys(url: str, page: About, held: KeyFile, vault: Vault) -> None:
    """What was erased since goes again; case references are found under the key of now."""
    db = Database.open(url, vault)
    try:
        with db.write() as session:
            key_file.bury_again(session, held)
            if page.opens_with != vault.fingerprint():
                index_anew(session, vault)
    finally:
        db.close()


def _waiting_was_tried(made_at: datetime) -> Update:
    since = func.coalesce(BOX.c.first_try_at, literal(made_at - ON_THE_WAY, BOX.c.first_try_at.type))
    open_ones = BOX.c.state.in_((OutboxState.WAITING, OutboxState.SENDING))
    again = {"state": OutboxState.WAITING, "attempts": BOX.c.attempts + 1, "lease_until": None, "hold_until": None}
    return update(BOX).where(open_ones).values(**again, first_try_at=since)


def _must_be_empty(address: URL) -> None:
    taken = BackupTrouble(backup_wording.NOT_EMPTY.format(place=place(address)))
    if address.get_backend_name() == "sqlite":
        path = str(address.database)
        if any(os.path.exists(f"{path}{more}") for more in ("", "-wal", "-journal")):
            raise taken
        return
    engine = connect(address)
    try:
        with readable_errors(address), engine.connect() as connection:
            if inspect(connection).get_table_names():
                raise taken
    finally:
        engine.dispose()


def _copy_file(database: Path, copy: Path, to: Path) -> None:
    """SQLite's own copy of a database in use: all of it in one go, so that nobody's writing makes it begin again."""
    try:
        with (
            closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.execute("PRAGMA busy_timeout = 10000")
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
            target.execute("PRAGMA secure_delete = ON")
            target.execute("DELETE FROM data_key")
            target.commit()
    except sqlite3.Error as wrong:
        raise BackupTrouble(backup_wording.NOT_WRITTEN.format(place=to, why=str(wrong))) from wrong


@contextmanager
def _beside(to: Path) -> Iterator[Path]:
    """A folder on the same disk, for its owner's eyes alone, that does not outlive the call."""
    try:
        with TemporaryDirectory(prefix=f".{to.name}-", dir=to.parent, ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    except OSError as trouble:
        why = trouble.strerror or type(trouble).__name__
        raise BackupTrouble(backup_wording.NOT_WRITTEN.format(place=to, why=why)) from trouble
