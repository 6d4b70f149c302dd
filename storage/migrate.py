"""Making a database and bringing it up to date: `upgrade`. Also asks which version one has: `current`."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import URL
from sqlmodel import Session

from prompts_and_forms import database_wording
from storage.database import tables_clinical, versions
from storage.database.db import (
    PROGRAM,
    WAIT_SECONDS,
    DatabaseMissing,
    DatabaseTrouble,
    DatabaseUnusable,
    DatabaseVersion,
    connect,
    parse,
    place,
    readable_errors,
)
from storage.forms import published

FOLDER = Path(__file__).parent / "migrations"
NEWEST = "head"


class ProgramsAtWork(DatabaseTrouble):
    """The new version takes something from programs that still work on the database."""


def current(url: str) -> str | None:
    """The version a database has; None where it was never made. Raises DatabaseTrouble where it cannot be read."""
    address = parse(url)
    if address.get_backend_name() == "sqlite" and not os.path.exists(str(address.database)):
        return None
    engine = connect(address)
    try:
        with readable_errors(address), engine.connect() as connection:
            return versions.of_database(connection)
    finally:
        engine.dispose()


def upgrade(url: str, to: str = NEWEST) -> str:
    """Make the database, or bring it up to date; returns the version it now has. The forms of today are kept in it.

    All or nothing: one transaction. Raises DatabaseTrouble for one that is newer than this program, cannot be written
    or would be left with rows that point to nothing.
    """
    address = parse(url)
    folder = Path(str(address.database)).parent
    if address.get_backend_name() == "sqlite" and not os.path.isdir(folder):
        raise DatabaseMissing(database_wording.NO_FOLDER.format(place=folder))
    engine = connect(address)
    try:
        with readable_errors(address), engine.connect() as connection:
            found = versions.of_database(connection)
        if found is not None and found not in versions.shipped():
            raise DatabaseVersion(database_wording.NEWER.format(place=place(address)))
        in_one_change(engine, address, lambda connection: _bring_up(connection, found, to))
        if to == NEWEST:
            _keep_forms(engine)
        with engine.connect() as connection:
            return versions.of_database(connection) or ""
    finally:
        engine.dispose()


def _keep_forms(engine: Engine) -> None:
    with Session(engine) as session:
        session.connection(execution_options={"turn": "write", "wait": WAIT_SECONDS})
        published.keep_all(session, datetime.now(UTC))
        session.commit()


def alembic_config() -> Config:
    """What Alembic needs to find the steps of the database."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def in_one_change(engine: Engine, address: URL, change: Callable[[Connection], None]) -> None:
    """Run `change` in one transaction that is kept whole or not at all.

    On SQLite a changed table is copied and swapped, so foreign keys rest meanwhile and are checked before the commit.
    """
    with readable_errors(address), engine.connect() as connection:
        connection = connection.execution_options(turn="write", wait=WAIT_SECONDS)
        if engine.dialect.name != "sqlite":
            with connection.begin():
                change(connection)
            return
        _pragma(connection, "foreign_keys = OFF")
        try:
            with connection.begin():
                change(connection)
                _check_links(connection)
        finally:
            _pragma(connection, "foreign_keys = ON")


def _bring_up(connection: Connection, found: str | None, to: str) -> None:
    """The migrations, and what they mean for programs of before. Raises ProgramsAtWork where one would be cut off."""
    coming = [version for version in versions.shipped() if found is not None and version > found]
    if not all(versions.only_adds(version) for version in coming) and (others := _at_work(connection)):
        raise ProgramsAtWork(database_wording.STOP_FIRST.format(count=others))
    _migrate(connection, to)
    if to == NEWEST:
        connection.execute(text("DELETE FROM schema_floor"))
        connection.execute(text("INSERT INTO schema_floor VALUES ('floor', :floor)"), {"floor": versions.floor()})


def _at_work(connection: Connection) -> int:
    """How many other connections of this program there are; a file of SQLite has a lock instead (bot/lock.py)."""
    if connection.dialect.name == "sqlite":
        return 0
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    found = connection.execute(text(f"{asked} AND application_name = :name"), {"name": PROGRAM}).scalar_one()
    return int(found)


def _migrate(connection: Connection, to: str) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _pragma(connection: Connection, setting: str) -> None:
    """Set on the driver's own connection: inside a transaction SQLite would not listen."""
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute(f"PRAGMA {setting}")


def _check_links(connection: Connection) -> None:
    broken = sorted({str(row[0]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")})
    if broken:
        raise DatabaseUnusable(database_wording.BROKEN_LINKS.format(tables=", ".join(broken)))


def run_here(context: EnvironmentContext) -> None:
    """What migrations/env.py does: run the migrations on the connection they were handed, batch mode, no commit."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=tables_clinical.Episode.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        transaction_per_migration=False,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
