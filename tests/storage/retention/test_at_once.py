"""Two people at once: a hold that is being set waits for an erasure and the other way round, on both databases."""

from __future__ import annotations

import threading
from datetime import date

from sqlmodel import select

from storage.database.db import Database, DatabaseTrouble
from storage.database.tables import Family
from storage.database.tables_retention import Erased, LegalHold
from storage.retention import erase, holds
from tests.worlds.storage_world import NOW, keep_family

TODAY = date(2026, 3, 2)


def erases(db: Database, family_id: str, said: list[str], ready: threading.Barrier) -> None:
    ready.wait()
    try:
        with db.write() as session:
            holds.one_at_a_time(session)
            family = session.get(Family, family_id)
            if family is None or holds.on_family(session, family, TODAY):
                said.append("held")
                return
            erase.erase(session, family, rule="ours", by_id=None, now=NOW)
        said.append("erased")
    except DatabaseTrouble:
        said.append("busy")


def sets(db: Database, family_id: str, said: list[str], ready: threading.Barrier) -> None:
    ready.wait()
    try:
        with db.write() as session:
            holds.one_at_a_time(session)
            family = session.get(Family, family_id)
            if family is None:
                said.append("gone")
                return
            holds.put_on(session, why="Inquest.", by_id=None, now=NOW, family=family)
        said.append("set")
    except DatabaseTrouble:
        said.append("busy")


def lifts(db: Database, row_id: str, said: list[bool], ready: threading.Barrier) -> None:
    ready.wait()
    with db.write() as session:
        row = session.get_one(LegalHold, row_id)
        said.append(holds.lift(session, row, by_id=None, now=NOW))


def both(*threads: threading.Thread) -> None:
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def test_what_is_held_is_not_erased_and_what_is_erased_is_not_held(db: Database) -> None:
    for number in range(8):
        family_id = keep_family(db, f"K31{number:02d}C")
        said: list[str] = []
        ready = threading.Barrier(2)
        both(
            threading.Thread(target=erases, args=(db, family_id, said, ready)),
            threading.Thread(target=sets, args=(db, family_id, said, ready)),
        )
        assert set(said) in ({"erased", "gone"}, {"held", "set"}), said
        with db.read() as session:
            gone = session.exec(select(Erased).where(Erased.of_family_id == family_id)).first() is not None
            held = session.exec(select(LegalHold).where(LegalHold.family_id == family_id)).first() is not None
            assert gone is not held


def test_two_who_lift_a_hold_at_once_one_lifts_it_and_the_other_hears_so(db: Database) -> None:
    for number in range(8):
        family_id = keep_family(db, f"K32{number:02d}C")
        with db.write() as session:
            family = session.get_one(Family, family_id)
            row_id = holds.put_on(session, why="Inquest.", by_id=None, now=NOW, family=family).id
        said: list[bool] = []
        ready = threading.Barrier(2)
        both(*(threading.Thread(target=lifts, args=(db, row_id, said, ready)) for _ in range(2)))
        assert sorted(said) == [False, True]
