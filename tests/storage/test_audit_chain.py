"""Whatever is done to the audit behind the bot's back is named, at the first line that is not as it was written."""

from __future__ import annotations

import threading
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlmodel import Session

from storage.database import chain
from storage.database.audit import Line, audit
from storage.database.chain import LINES, Broken, Head
from storage.database.columns import metadata
from storage.database.db import Database
from storage.database.vault import Vault, rewrap
from tests.worlds.storage_world import NOW, PostgresServer, a_unit, later

KEY = bytes(range(32))
MANY = 12
Change = Callable[[Session], None]


def note(db: Database, number: int, **more: Any) -> None:
    with db.write() as session:
        unit = a_unit(session, f"Unit {number}")
        known = {"person_id": "p1", "family_id": "f1", "unit_id": unit.id} | more
        audit(session, at=later(number), what="read", row=unit, **known)


@pytest.fixture
def kept(db: Database) -> Database:
    for number in range(MANY):
        note(db, number)
    return db


def fault(db: Database, *anchors: Head) -> Broken | None:
    """The first thing that is wrong, for somebody who only has the database and the key."""
    fresh = Vault(KEY)
    with db.read() as session:
        session.info["vault"] = fresh
        return next(chain.broken(session, fresh, anchors), None)


def line(session: Session, no: int) -> dict[str, Any]:
    return dict(session.connection().execute(select(LINES).where(LINES.c.no == no)).mappings().one())


def harm(db: Database, change: Change) -> None:
    with db.write() as session:
        change(session)


def sets(of: int, /, **values: Any) -> Change:
    return lambda s: s.connection().execute(update(LINES).where(LINES.c.no == of).values(**values))


def removes(*numbers: int, close_up: bool = False) -> Change:
    def change(session: Session) -> None:
        session.connection().execute(delete(LINES).where(LINES.c.no.in_(numbers)))
        if close_up:
            for row in (
                session.connection().execute(select(LINES.c.no).where(LINES.c.no > max(numbers))).scalars().all()
            ):
                sets(row, no=row - len(numbers))(session)

    return change


def puts_in(after: int, **more: Any) -> Change:
    def change(session: Session) -> None:
        copy = line(session, after) | {"id": "f" * 32} | more
        for row in range(MANY, after, -1):
            sets(row, no=row + 1)(session)
        session.connection().execute(insert(LINES).values(copy | {"no": after + 1}))

    return change


def swaps(one: int, other: int) -> Change:
    def change(session: Session) -> None:
        sets(one, no=1000)(session)
        sets(other, no=one)(session)
        sets(1000, no=other)(session)

    return change


def marks_anew_without_the_key(session: Session) -> None:
    sets(6, person_id="p2")(session)
    last = line(session, 5)["mark"]
    for no in range(6, MANY + 1):
        row = line(session, no)
        last = chain._mark(b"guessed", last, row)
        sets(no, mark=last)(session)


def adds_at_the_end(session: Session) -> None:
    copy = line(session, MANY)
    session.connection().execute(insert(LINES).values(copy | {"id": "f" * 32, "no": MANY + 1}))


def adds_loose(session: Session) -> None:
    session.connection().execute(insert(LINES).values(line(session, 6) | {"id": "f" * 32, "no": None}))


def nobody_did_anything(session: Session) -> None:
    session.connection().execute(update(LINES).values(person_id=None))


def changes_the_key(session: Session) -> None:
    keys = metadata.tables["data_key"]
    session.connection().execute(update(keys).where(keys.c.kind == "audit").values(wrapped=b"\0" * 60))


HARM: list[tuple[str, Change, int]] = [
    ("the time of a line", sets(6, at=NOW - timedelta(days=1)), 6),
    ("the time by a moment", sets(6, at=later(5.000001)), 6),
    ("who", sets(6, person_id="p2"), 6),
    ("nobody instead of somebody", sets(6, person_id=None), 6),
    ("an empty name instead of somebody", sets(6, person_id=""), 6),
    ("the family", sets(6, family_id="f2"), 6),
    ("no family", sets(6, family_id=None), 6),
    ("the unit", sets(6, unit_id="u2"), 6),
    ("no unit", sets(6, unit_id=None), 6),
    ("what was done", sets(6, what="changed"), 6),
    ("to which kind of row", sets(6, row_kind="family"), 6),
    ("to which row", sets(6, row_id="x"), 6),
    ("through what", sets(6, through="home"), 6),
    ("two columns run into each other", sets(6, what="readunit", row_kind=""), 6),
    ("the id", sets(6, id="e" * 32), 6),
    ("the mark", sets(6, mark="0" * 64), 6),
    ("no mark", sets(6, mark=""), 6),
    ("the first line", sets(1, person_id="p2"), 1),
    ("the last line", sets(MANY, person_id="p2"), MANY),
    ("a number left out", sets(6, no=None), 0),
    ("a number made large", sets(6, no=5000), 6),
    ("two lines swapped", swaps(4, 8), 4),
    ("neighbours swapped", swaps(6, 7), 6),
    ("the first line removed", removes(1), 1),
    ("a line removed", removes(6), 6),
    ("half of all lines removed", removes(*range(2, MANY + 1, 2)), 2),
    ("lines removed and the numbers closed up", removes(6, 7, close_up=True), 6),
    ("the first lines removed and closed up", removes(1, 2, close_up=True), 1),
    ("a copy put between", puts_in(6), 7),
    ("a new line put between", puts_in(6, person_id="p2"), 7),
    ("a line put at the very beginning", puts_in(1, what="made"), 2),
    ("a copy added at the end", adds_at_the_end, MANY + 1),
    ("everything marked anew without the key", marks_anew_without_the_key, 6),
    ("a loose line added", adds_loose, 0),
    ("every author set to nobody", nobody_did_anything, 1),
    ("the key of the chain changed", changes_the_key, 0),
]


def test_an_audit_nobody_touched_is_whole(kept: Database) -> None:
    assert fault(kept) is None
    with kept.read() as session:
        assert chain.head(session).no == MANY


@pytest.mark.parametrize(("what", "change", "no"), HARM, ids=[one[0] for one in HARM])
def test_what_was_done_to_the_audit_is_named(kept: Database, what: str, change: Change, no: int) -> None:
    harm(kept, change)
    found = fault(kept)
    assert found is not None, what
    assert found.no == no, (what, found)


def test_lines_taken_off_the_end_are_missed_by_an_anchor(kept: Database) -> None:
    with kept.read() as session:
        anchor = chain.head(session)
    harm(kept, removes(MANY, MANY - 1))
    assert fault(kept) is None
    found = fault(kept, anchor)
    assert found is not None
    assert found.no == MANY - 1


def test_anchors_are_kept_once_for_each_end_and_looked_at_every_time(kept: Database) -> None:
    for _ in range(2):
        with kept.write() as session:
            chain.keep_anchor(session, NOW)
    with kept.read() as session:
        assert [one.no for one in chain.anchors(session)] == [MANY]
    harm(kept, removes(MANY))
    found = fault(kept)
    assert found is not None
    assert "missing at the end" in found.why


def test_what_was_taken_back_leaves_no_line(db: Database) -> None:
    with db.write() as session:
        unit = a_unit(session)
        audit(session, at=NOW, what="made", row=unit)
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            audit(session, at=NOW, what="changed", row=unit)
            raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError), db.write() as session:
        audit(session, at=NOW, what="closed", row=unit)
        raise ZeroDivisionError
    with db.read() as session:
        assert session.connection().execute(select(LINES.c.what)).scalars().all() == ["made"]
    assert fault(db) is None


def test_a_change_of_the_master_key_leaves_the_chain_whole(kept: Database) -> None:
    new = Vault(bytes(range(1, 33)))
    with kept.write() as session:
        rewrap(session, kept.vault, new)
    with kept.read() as session:
        assert list(chain.broken(session, Vault(bytes(range(1, 33))))) == []


def test_lines_from_before_there_was_a_chain_are_chained_once_in_their_order(db: Database) -> None:
    old = {"row_kind": "unit", "row_id": "u", "what": "read", "no": None, "mark": "", "through": ""}
    with db.write() as session:
        rows = [old | {"id": f"{9 - n:032d}", "at": later(n)} for n in range(5)]
        session.connection().execute(insert(LINES), rows)
    with db.write() as session:
        assert chain.chain_up(session, NOW) == 5
    note(db, 9)
    assert fault(db) is None
    with db.read() as session:
        asked = select(LINES.c.at).where(LINES.c.row_id == "u").order_by(LINES.c.no)
        assert session.connection().execute(asked).scalars().all() == [later(n) for n in range(5)]


def test_writers_side_by_side_make_one_chain(db: Database) -> None:
    def write(who: int) -> None:
        for number in range(15):
            note(db, number, person_id=f"p{who}")

    threads = [threading.Thread(target=write, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert fault(db) is None
    with db.read() as session:
        assert chain.head(session).no == 60


def test_a_long_turn_keeps_no_other_waiting_for_the_chain(postgres: PostgresServer) -> None:
    """A turn that noted something and goes on thinking holds nothing of the chain. SQLite has one writer anyway.

    Whoever was kept waiting would wait here until the database says that it is busy.
    """
    db = Database.open(postgres.new_database(), Vault(KEY))
    note(db, 0)
    with db.write() as session:
        audit(session, at=NOW, what="read", row=a_unit(session, "slow"))
        session.flush()
        note(db, 1)
    assert fault(db) is None
    db.close()


def test_however_many_lines_there_are_reading_them_takes_no_more_memory(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four times as many; the pieces that are read at once are smaller here, so that a few thousand lines are many."""
    monkeypatch.setattr(chain, "PIECE", 250)
    monkeypatch.setattr(chain, "_piece", chain._piece.__wrapped__)
    few, many = _memory_to_read(db, 1_500), _memory_to_read(db, 4_500)
    assert many < few * 1.2


def _memory_to_read(db: Database, more: int) -> int:
    one = Line(NOW, "read", "family", "f" * 32, "p" * 32, "u" * 32, "f" * 32, "home")
    with db.write() as session:
        rows = list(chain._chained([one] * more, chain.head(session), db.vault.chain_key(session)))
        session.connection().execute(insert(LINES), rows)
    del rows
    tracemalloc.start()
    assert fault(db) is None
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_sqlite_and_postgres_number_alike(kept: Database) -> None:
    with kept.read() as session:
        found = session.connection().execute(text("SELECT count(DISTINCT no), max(no) FROM audit")).one()
    assert tuple(found) == (MANY, MANY)
