"""The database: one object to open, `write()` and `read()` turns on it, and errors a person can read.

SQLite by default (WAL, every commit on the disk before it counts), PostgreSQL by address. A write turn takes SQLite's
write lock at its start, so it never has to give up half way.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

from prompts_and_forms import database_wording
from storage.database import chain, versions
from storage.database.hiding import narrow
from storage.database.vault import Vault, key_opens
from storage.database.watching import audits_what_changes
from storage.turn.gathered import take_back_with_savepoints
from storage.turn.known import forgets_what_changes

WAIT_SECONDS = 10.0
CONNECT_SECONDS = 5
OWNER_ALONE, OTHERS = 0o600, 0o077


class DatabaseTrouble(Exception):
    """The database cannot be used just now. `sentence` is what a person reads."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class DatabaseMissing(DatabaseTrouble):
    """No such file, folder or server."""


class DatabaseReadOnly(DatabaseTrouble):
    """It can be read, not written."""


class DatabaseBusy(DatabaseTrouble):
    """Somebody else is writing; the same turn may be tried again."""


class DatabaseVersion(DatabaseTrouble):
    """It belongs to an older or newer version of the program."""


class DatabaseUnusable(DatabaseTrouble):
    """Damaged, full, not ours, or opened with the wrong key."""


class TurnSession(Session):
    """Keeps hold of every row it has met until the turn is over, so that none is asked for twice by its id."""

    def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        """The row with this id; no id is nobody's, so that is not asked."""
        return None if ident in (None, "") else super().get(entity, ident, **options)


def _hold(session: Any, row: object) -> None:
    session.info["held"].append(row)


event.listen(TurnSession, "loaded_as_persistent", _hold)
event.listen(TurnSession, "pending_to_persistent", _hold)
take_back_with_savepoints(TurnSession)
narrow(TurnSession)
forgets_what_changes(TurnSession)
audits_what_changes(TurnSession)


class Database:
    """Turns on one database. Make it with `Database.open`."""

    def __init__(self, url: URL, engine: Engine, vault: Vault) -> None:
        self.url, self.engine, self.vault = url, engine, vault

    @classmethod
    def open(cls, url: str, vault: Vault) -> Database:
        """The database at `url`, of this very version; raises DatabaseTrouble with a sentence otherwise."""
        address = parse(url)
        if address.get_backend_name() == "sqlite":
            _must_exist(address)
            _for_its_owner_alone(address)
        db = cls(address, connect(address), vault)
        try:
            db._check()
        except BaseException:
            db.close()
            raise
        return db

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite, which takes one writer at a time."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def write(self, *, wait: float = WAIT_SECONDS) -> Iterator[Session]:
        """A turn that may write: committed on leaving, rolled back on an error.

        Waits up to `wait` seconds for others who write, then raises DatabaseBusy. Functions given the session never
        commit.
        """
        with readable_errors(self.url), self._session() as session:
            session.connection(execution_options={"turn": "write", "wait": wait})
            yield session
            session.flush()
            chain.write(session)
            session.commit()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A turn that only reads: it sees one moment of the database and keeps nobody waiting."""
        with readable_errors(self.url), self._session() as session:
            session.connection(execution_options={"turn": "read", **_reading(self.engine)})
            yield session
            if session.new or session.dirty or session.deleted:
                raise RuntimeError("a read turn changed something")

    def close(self) -> None:
        """Lets go of every connection."""
        self.engine.dispose()

    def check_version(self, session: Session) -> None:
        """Raises DatabaseTrouble where this program may not, or no longer, work on the database."""
        connection = session.connection()
        found = versions.of_database(connection)
        if found is None:
            raise DatabaseMissing(database_wording.MISSING.format(place=place(self.url)))
        if versions.may_work(found, versions.floor_of_database(connection)):
            return
        words = database_wording.OLDER if found in versions.shipped() else database_wording.NEWER
        raise DatabaseVersion(words.format(place=place(self.url)))

    def _session(self) -> Session:
        return TurnSession(self.engine, expire_on_commit=False, info={"vault": self.vault, "held": []})

    def _check(self) -> None:
        with readable_errors(self.url), self._session() as session:
            self.check_version(session)
            if not key_opens(session, self.vault):
                raise DatabaseUnusable(database_wording.WRONG_KEY)


def parse(url: str) -> URL:
    """The address, with the driver this program uses; raises DatabaseUnusable for one it does not know."""
    try:
        address = make_url(url)
    except ArgumentError as wrong:
        raise DatabaseUnusable(database_wording.BAD_ADDRESS) from wrong
    if address.get_backend_name() in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() != "sqlite" or not address.database or address.database == ":memory:":
        raise DatabaseUnusable(database_wording.BAD_ADDRESS)
    return address.set(drivername="sqlite+pysqlite")


PROGRAM = "unitbot"
POSTGRES = {
    "connect_timeout": CONNECT_SECONDS,
    "options": "-c idle_in_transaction_session_timeout=15000",
    "application_name": PROGRAM,
}
"""A process that stands still in the middle of a turn must not hold its rows for ever: the server lets go of them."""


def connect(address: URL) -> Engine:
    """The engine for an address, set up as this program needs it; nothing is opened yet."""
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, connect_args={"check_same_thread": False, "timeout": WAIT_SECONDS})
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
        return engine
    try:
        engine = create_engine(address, pool_pre_ping=True, connect_args=POSTGRES)
    except (ImportError, NoSuchModuleError) as wrong:
        raise DatabaseUnusable(database_wording.BAD_ADDRESS) from wrong
    event.listen(engine, "begin", _on_postgres_begin)
    return engine


def place(address: URL) -> str:
    """Where the database lies, in words without a password."""
    if address.get_backend_name() == "sqlite":
        return str(address.database)
    return f"{address.host or address.query.get('host', 'localhost')}/{address.database}"


@contextmanager
def readable_errors(address: URL) -> Iterator[None]:
    """Turns the database's own errors into DatabaseTrouble. What the program itself did wrong stays as it is."""
    try:
        yield
    except StaleDataError as wrong:
        raise DatabaseBusy(database_wording.CHANGED) from wrong
    except DBAPIError as wrong:
        trouble = _trouble(wrong, address)
        if trouble is None:
            raise
        raise trouble from wrong


def _on_sqlite_connect(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {int(WAIT_SECONDS * 1000)}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _on_sqlite_begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("turn") != "write":
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(options['wait'] * 1000)}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _on_postgres_begin(connection: Connection) -> None:
    wait = connection.get_execution_options().get("wait")
    if wait is not None:
        connection.execute(text(f"SET LOCAL lock_timeout = '{int(wait * 1000)}ms'"))


def _reading(engine: Engine) -> dict[str, Any]:
    return {} if engine.dialect.name == "sqlite" else {"postgresql_readonly": True}


def _must_exist(address: URL) -> None:
    path = Path(str(address.database).removeprefix("file:"))
    if not os.path.isdir(path.parent):
        raise DatabaseMissing(database_wording.NO_FOLDER.format(place=path.parent))
    if not os.path.exists(path):
        raise DatabaseMissing(database_wording.MISSING.format(place=path))


def _for_its_owner_alone(address: URL) -> None:
    """The file, and what SQLite writes beside it: nobody else on the machine may read it, whoever made it how."""
    for more in ("", "-wal", "-shm"):
        path = f"{address.database}{more}"
        with suppress(OSError):
            if os.stat(path).st_mode & OTHERS:
                os.chmod(path, OWNER_ALONE)


def _trouble(wrong: DBAPIError, address: URL) -> DatabaseTrouble | None:
    if not isinstance(wrong, DatabaseError) or wrong.orig is None:
        return None
    at = place(address)
    if isinstance(wrong.orig, sqlite3.Error):
        return _sqlite_trouble(wrong.orig, at)
    state = str(getattr(wrong.orig, "sqlstate", None) or "")
    if state in ("55P03", "40001", "40P01"):
        return DatabaseBusy(database_wording.BUSY)
    if state == "25006":
        return DatabaseReadOnly(database_wording.READ_ONLY.format(place=at))
    if state == "53100":
        return DatabaseUnusable(database_wording.FULL)
    if wrong.connection_invalidated or state[:2] in ("08", "57", "28", "3D") or not state:
        return DatabaseMissing(database_wording.UNREACHABLE.format(place=at))
    return None


def _sqlite_trouble(wrong: sqlite3.Error, at: str) -> DatabaseTrouble | None:
    code = (getattr(wrong, "sqlite_errorcode", None) or 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return DatabaseBusy(database_wording.BUSY)
    if code == sqlite3.SQLITE_READONLY:
        return DatabaseReadOnly(database_wording.READ_ONLY.format(place=at))
    if code == sqlite3.SQLITE_CANTOPEN and os.path.exists(at):
        return DatabaseReadOnly(database_wording.READ_ONLY.format(place=at))
    if code == sqlite3.SQLITE_CANTOPEN:
        return DatabaseMissing(database_wording.MISSING.format(place=at))
    if code == sqlite3.SQLITE_FULL:
        return DatabaseUnusable(database_wording.FULL)
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return DatabaseUnusable(database_wording.NOT_OURS.format(place=at))
    if code == sqlite3.SQLITE_IOERR:
        return DatabaseUnusable(database_wording.UNKNOWN.format(place=at, reason="reading or writing the file failed"))
    return None
