"""Audit lines as a chain: each carries a number and a mark made of itself and the mark before it, with a key.

Whoever changes, removes or puts in a line without the key breaks the marks from there on. Taking lines off the end
leaves a whole chain; an anchor (number and mark), noted elsewhere day by day, shows that. Lines are put in order at the
very end of a turn, so that writers wait for each other no longer than a commit takes.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, ScalarSelect, Select, bindparam, func, insert, select, text
from sqlmodel import Session

from storage.database.audit import Line, gathered
from storage.database.columns import new_id
from storage.database.rows import dialect_of
from storage.database.tables_machinery import Audit, AuditAnchor
from storage.database.vault import Vault, VaultTrouble

LINES = Audit.__table__
WRITTEN = ("no", "id", "at", "what", "row_kind", "row_id", "person_id", "unit_id", "family_id", "through")
ANCHORS = AuditAnchor.__table__
START = "0" * 64
PIECE = 10_000
_HEAD = "head of the chain"
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(735601977)")


@dataclass(frozen=True)
class Head:
    """Where the chain ends."""

    no: int
    mark: str


@dataclass(frozen=True)
class Broken:
    """The first line that is not as it was written. `no` is its number, or the number that is missing."""

    no: int
    why: str
    row_id: str = ""


def write(session: Session) -> None:
    """Writes the lines of this turn at the end of the chain. Nothing may come after it but the commit."""
    lines = gathered(session)
    if not lines:
        return
    key = _key(session)
    if dialect_of(session) == "postgresql":
        session.connection().execute(ONE_AT_A_TIME)
    last = session.info.pop(_HEAD, None) or head(session)
    session.connection().execute(_insert(), list(_chained(lines, last, key)))
    lines.clear()


def last_line() -> tuple[ScalarSelect[Any], ScalarSelect[Any]]:
    """Number and mark of the last line, to be asked along with something else."""
    number, mark = (_last().with_only_columns(column).scalar_subquery() for column in (LINES.c.no, LINES.c.mark))
    return number, mark


def keep_head(session: Session, no: int | None, mark: str | None) -> None:
    """Where the chain ends, asked along with something else in a turn that has the whole file to itself."""
    session.info[_HEAD] = Head(no, mark or "") if no is not None else Head(0, START)


def head(session: Session) -> Head:
    """The last line's number and mark; number 0 where there is none."""
    row = session.connection().execute(_last()).first()
    return Head(row.no, row.mark) if row is not None else Head(0, START)


def chain_up(session: Session, _now: datetime) -> int:
    """Once, for lines from before there was a chain: they come first, in the order they were written."""
    last = head(session)
    first, change = last.no, LINES.update().where(LINES.c.id == bindparam("the_id"))
    loose = select(*(LINES.c[name] for name in WRITTEN)).where(LINES.c.no.is_(None))
    loose = loose.order_by(LINES.c.at, LINES.c.id).limit(PIECE)
    while rows := session.connection().execute(loose).mappings().all():
        key, marked = _key(session), []
        for row in rows:
            values = dict(row) | {"no": last.no + 1}
            last = Head(values["no"], _mark(key, last.mark, values))
            marked.append({"the_id": row["id"], "no": last.no, "mark": last.mark})
        session.connection().execute(change, marked)
    return last.no - first


def broken(session: Session, vault: Vault, anchors: tuple[Head, ...] = ()) -> Iterator[Broken]:
    """What is wrong with the chain, the first line first; nothing where it is whole. Reads it all, piece by piece."""
    loose = session.connection().execute(select(func.count()).where(LINES.c.no.is_(None))).scalar_one()
    if loose:
        yield Broken(0, f"{loose} lines have no number")
    try:
        key = vault.chain_key(session, make=False)
    except VaultTrouble:
        yield Broken(0, "the key of the chain does not open")
        return
    wanted = {one.no: one.mark for one in (*anchors, *_kept_anchors(session))}
    last = Head(0, START)
    for row in _in_order(session):
        if row["no"] != last.no + 1:
            yield Broken(last.no + 1, "a line is missing")
            return
        last = Head(row["no"], _mark(key, last.mark, row))
        if row["mark"] != last.mark:
            yield Broken(row["no"], "a line was changed or put in", row["id"])
            return
        if wanted.pop(last.no, last.mark) != last.mark:
            yield Broken(last.no, "the anchor does not fit: the chain was written anew", row["id"])
            return
    if wanted:
        yield Broken(last.no + 1, "lines are missing at the end: an anchor lies behind it")


def keep_anchor(session: Session, now: datetime) -> Head:
    """Notes where the chain ends now, once for each end."""
    found = head(session)
    newest = session.connection().execute(select(func.max(ANCHORS.c.no))).scalar()
    if found.no and newest != found.no:
        session.add(AuditAnchor(no=found.no, mark=found.mark, at=now))
        session.flush()
    return found


def anchors(session: Session, most: int = 30) -> list[AuditAnchor]:
    """The newest anchors, newest first."""
    return list(session.scalars(select(AuditAnchor).order_by(ANCHORS.c.no.desc()).limit(most)))


def _kept_anchors(session: Session) -> list[Head]:
    return [Head(row.no, row.mark) for row in session.connection().execute(select(ANCHORS.c.no, ANCHORS.c.mark))]


def _key(session: Session) -> bytes | None:
    """None where the key is damaged: the work goes on, and the check names the first line without a mark."""
    vault: Vault = session.info["vault"]
    try:
        return vault.chain_key(session)
    except VaultTrouble:
        return None


def _chained(lines: list[Line], last: Head, key: bytes | None) -> Iterator[dict[str, Any]]:
    for line in lines:
        values = {name: getattr(line, name) for name in WRITTEN[2:]} | {"id": new_id(), "no": last.no + 1}
        last = Head(last.no + 1, _mark(key, last.mark, values) if key is not None else "")
        yield values | {"mark": last.mark}


def _mark(key: bytes | None, before: str, row: Any) -> str:
    """Made of the line before and of all that is in this one, each part with its length: none runs into another."""
    at = row["at"]
    parts = [before, str(row["no"]), row["id"], f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"]
    parts += ["-" if row[name] is None else f"+{row[name]}" for name in WRITTEN[3:]]
    return hmac.digest(key or b"", "".join(f"{len(part)}:{part}" for part in parts).encode(), "sha256").hex()


def _in_order(session: Session) -> Iterator[Any]:
    last = 0
    while True:
        rows = session.connection().execute(_piece(), {"after": last}).mappings().all()
        yield from rows
        if len(rows) < PIECE:
            return
        last = rows[-1]["no"]


@cache
def _piece() -> Select[Any]:
    columns = [LINES.c[name] for name in (*WRITTEN, "mark")]
    return select(*columns).where(LINES.c.no > bindparam("after")).order_by(LINES.c.no).limit(PIECE)


@cache
def _last() -> Select[Any]:
    return select(LINES.c.no, LINES.c.mark).where(LINES.c.no.is_not(None)).order_by(LINES.c.no.desc()).limit(1)


@cache
def _insert() -> Insert:
    return insert(LINES)
