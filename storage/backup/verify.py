"""Whether everything that is kept is sound: all of it is read, a piece at a time, and nothing of it is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select, Table, func, select
from sqlmodel import Session

from prompts_and_forms import audit_wording
from prompts_and_forms import backup_wording as wording
from prompts_and_forms.states import OutboxState
from storage.database import chain
from storage.database.bodies import FamilyBody
from storage.database.columns import metadata, new_id
from storage.database.db import Database
from storage.database.rows import insert_once
from storage.database.tables_machinery import Unreadable
from storage.database.vault import VaultTrouble, check_opens, opened, ref_index, whose
from storage.messages.outbox import BOX, POST

PIECE = 2000
STATES = ("waiting", "sending", "sent", "cancelled", "failed")
OWNERS = ("unit_id", "family_id")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `good` None = worth knowing, no fault."""

    good: bool | None
    what: str
    words: str


def verify(db: Database) -> Iterator[Finding]:
    """Everything that is looked at, one after the other, faults each on a line of its own."""
    yield from _structure(db)
    damaged: list[Unreadable] = []
    yield from _keys(db)
    yield from _texts(db, damaged)
    yield from _audit(db)
    yield from _outbox(db)
    _note(db, damaged)


def _structure(db: Database) -> Iterator[Finding]:
    if not db.is_sqlite:
        yield Finding(True, wording.TABLES, wording.POSTGRES_KEEPS_ORDER)
        return
    with db.engine.connect() as connection:
        faults = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
        loose = sorted({row[0] for row in connection.exec_driver_sql("PRAGMA foreign_key_check")})
    good = faults == ["ok"]
    yield Finding(good, wording.FILE, wording.SOUND if good else "; ".join(faults))
    yield Finding(not loose, wording.LINKS, wording.LOOSE.format(tables=", ".join(loose)) if loose else wording.SOUND)


def _keys(db: Database) -> Iterator[Finding]:
    with db.read() as session:
        sound, damaged = db.vault.know_all(session)
    for key in damaged:
        yield Finding(False, wording.KEYS, wording.KEY_DAMAGED.format(kind=key.kind, owner=key.owner_id))
    if not damaged:
        yield Finding(True, wording.KEYS, wording.OPEN.format(n=sound))


def _texts(db: Database, damaged: list[Unreadable]) -> Iterator[Finding]:
    """Every sealed column of every row is opened, and every family is found by its reference."""
    read, lost = 0, []
    for table in metadata.sorted_tables:
        if "sealed" not in table.c:
            continue
        with db.read() as session:
            for row in _rows(session, table):
                read += 1
                try:
                    if table.name == "family":
                        lost += _not_found(session, row)
                    else:
                        check_opens(session, row)
                except VaultTrouble:
                    damaged.append(_noted(session, row))
    for one in damaged:
        yield Finding(False, wording.TEXTS, wording.TEXT_DAMAGED.format(table=one.row_kind, row=one.row_id))
    if not damaged:
        yield Finding(True, wording.TEXTS, wording.OPEN.format(n=read))
    for family_id in lost:
        yield Finding(False, wording.REFERENCES, wording.NOT_FOUND.format(row=family_id))
    if not lost:
        yield Finding(True, wording.REFERENCES, wording.SOUND)


def _rows(session: Session, table: Table) -> Iterator[Any]:
    """All rows of a table as far as opening them needs, a piece at a time."""
    asked = [table.c[name] for name in ("id", "sealed", "sealed_no", *OWNERS, "ref_index") if name in table.c]
    last = ""
    while True:
        piece = select(*asked).where(table.c.id > last).order_by(table.c.id).limit(PIECE)
        found = session.connection().execute(piece).mappings().all()
        for row in found:
            yield SimpleNamespace(**row, __table__=table)
        if len(found) < PIECE:
            return
        last = found[-1]["id"]


def _not_found(session: Session, row: Any) -> list[str]:
    """The family's id where its reference would not find it."""
    known = opened(session, row, FamilyBody)
    return [] if ref_index(session, known.ref) == row.ref_index else [row.id]


def _noted(session: Session, row: Any) -> Unreadable:
    unit_id, family_id = whose(session, row)
    return Unreadable(
        row_kind=row.__table__.name, row_id=row.id, unit_id=unit_id, family_id=family_id, found_at=datetime.now(UTC)
    )


def _audit(db: Database) -> Iterator[Finding]:
    with db.read() as session:
        faults = list(chain.broken(session, db.vault))
        last = chain.head(session)
    for fault in faults:
        yield Finding(False, audit_wording.CHAIN, audit_wording.BROKEN.format(no=fault.no, why=fault.why))
    if not faults:
        yield Finding(
            True, audit_wording.CHAIN, audit_wording.WHOLE.format(no=last.no, anchor=f"{last.no}:{last.mark}")
        )


def _outbox(db: Database) -> Iterator[Finding]:
    with db.read() as session:
        counted = session.connection().execute(select(BOX.c.state, func.count()).group_by(BOX.c.state))
        states: dict[str, int] = {row[0]: row[1] for row in counted}
        nowhere = session.connection().execute(_sent_nowhere()).scalar_one()
    odd = sorted(set(states) - set(STATES))
    good = not odd and not nowhere
    words = wording.OUTBOX.format(waiting=states.get("waiting", 0) + states.get("sending", 0))
    if odd:
        words = wording.ODD_STATES.format(states=", ".join(odd))
    if nowhere:
        words = wording.SENT_NOWHERE.format(n=nowhere)
    yield Finding(good, wording.MESSAGES, words)
    if states.get("failed"):
        yield Finding(None, wording.MESSAGES, wording.FAILED.format(n=states["failed"]))


def _sent_nowhere() -> Select[Any]:
    """Messages that count as posted in a channel, and nobody knows where they lie."""
    lies = select(POST.c.id).where(POST.c.key == BOX.c.key).exists()
    return (
        select(func.count())
        .select_from(BOX)
        .where(BOX.c.state == OutboxState.SENT, BOX.c.how == "say", BOX.c.channel != "", ~lies)
    )


def _note(db: Database, damaged: list[Unreadable]) -> None:
    """What cannot be read is noted for whoever looks after the unit; what opens again is taken off."""
    with db.write() as session:
        still = {(one.row_kind, one.row_id) for one in damaged}
        for row in session.scalars(select(Unreadable)):
            if (row.row_kind, row.row_id) not in still:
                session.delete(row)
        for one in damaged:
            insert_once(session, Unreadable, one.model_dump() | {"id": new_id()}, "row_kind", "row_id")
