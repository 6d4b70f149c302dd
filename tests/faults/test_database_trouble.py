"""The database dies, fills up, or is wanted by two."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from sqlalchemy import event, text

from storage.database.db import Database, DatabaseTrouble
from tests.faults.lives import WHOLE
from tests.faults.numbered import key_of, plan, plan_one
from tests.faults.world import World, on
from tests.worlds.storage_world import PostgresServer


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_the_database_server_is_killed_and_comes_back(world: World, postgres: PostgresServer) -> None:
    """Two workers are in the middle of it; they find the server again by themselves."""
    many = 600 if WHOLE else 80
    world.keys = await asyncio.to_thread(plan, world.db, range(many))
    workers = [await world.lives.next(), await world.lives.next()]
    outages = 3 if WHOLE else 1
    for number in range(outages):
        await world.api.until_posted(many * (number + 1) // (outages + 2))
        await asyncio.to_thread(postgres.crash)
        await asyncio.sleep(0.5)
        await asyncio.to_thread(postgres.come_back)
    await world.all_sent()
    assert all(worker.lives for worker in workers)
    assert world.figures(f"database server killed, {outages} time(s)", outages).exactly_once


@on("sqlite")
async def test_a_second_bot_on_one_file_is_turned_away(world: World) -> None:
    """Two on one PostgreSQL database share the work instead."""
    world.keys = await asyncio.to_thread(plan, world.db, range(40))
    first = await world.lives.next()
    await world.api.until_posted(1)
    second = await world.lives.next()
    if world.is_sqlite:
        await second.ended()
        assert "already running" in second.lines.read_text("utf-8")
    await world.all_sent()
    assert first.lives
    assert world.figures("two bots on one database").exactly_once


async def test_the_disk_is_full_when_a_turn_is_committed(world: World) -> None:
    """A plan that does not fit is refused whole, with a sentence; there is room again and everything goes on."""
    sent_before = await asyncio.to_thread(plan, world.db, range(20))
    await world.connect()
    full = _FullDisk(world.db)
    refusals = [await asyncio.to_thread(_refusal, world.db, range(start, start + 20)) for start in range(20, 80, 20)]
    assert any("full" in sentence for sentence in refusals)
    full.over()
    kept = await asyncio.to_thread(_planned, world.db)
    assert set(sent_before) <= kept
    for start in range(20, 80, 20):
        together = {key_of(number) for number in range(start, start + 20)}
        assert together <= kept or not together & kept
    await asyncio.to_thread(plan, world.db, range(20, 80))
    world.keys = [key_of(number) for number in range(80)]
    await world.all_sent()
    assert world.figures("disk full during commit").exactly_once


def _refusal(db: Database, numbers: range) -> str:
    """Plans all of them in one turn; what the database said against it, "" where it had room."""
    try:
        with db.write() as session:
            for number in numbers:
                plan_one(session, number)
    except DatabaseTrouble as trouble:
        return trouble.sentence
    return ""


def _planned(db: Database) -> set[str]:
    with db.read() as session:
        return set(session.connection().execute(text("SELECT key FROM outbox")).scalars())


class _FullDisk:
    """SQLite may not grow by one more page; PostgreSQL says the same at every commit that added a message."""

    def __init__(self, db: Database) -> None:
        self._db = db
        if db.is_sqlite:
            event.listen(db.engine, "begin", self._no_more_pages)
        else:
            self._run(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$",
                "CREATE CONSTRAINT TRIGGER no_room AFTER INSERT OR UPDATE ON outbox"
                " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION no_room()",
            )

    def over(self) -> None:
        if self._db.is_sqlite:
            event.remove(self._db.engine, "begin", self._no_more_pages)
            event.listen(self._db.engine, "begin", _room_again)
        else:
            self._run("DROP TRIGGER no_room ON outbox")

    def _no_more_pages(self, connection: object) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]

    def _run(self, *statements: str) -> None:
        where = self._db.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(where, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


def _room_again(connection: object) -> None:
    connection.exec_driver_sql("PRAGMA max_page_count = 1073741823")  # type: ignore[attr-defined]
