"""Erasing a family: its key goes, its rows go, a tombstone stays, with a list of what still lies in chat.

Rows are taken away and not only made unreadable: no list, count or page then needs to know of families without words.
What an older backup still holds cannot be read either, for the keys lie apart from it (storage/backup/key_file.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import Table, delete, or_, select, update
from sqlmodel import Session, col

from prompts_and_forms.states import OutboxState
from storage.database.audit import audit
from storage.database.columns import metadata
from storage.database.rows import dialect_of
from storage.database.tables import Family
from storage.database.tables_retention import Erased, LeftInChat
from storage.database.vault import Scope, Vault
from storage.messages import outbox
from storage.messages.outbox import BOX, POST
from storage.messages.posts import GONE
from storage.retention.left import key_of
from storage.turn import known

SAID = metadata.tables["contribution"]
STAY = ("audit", "erased", "left_in_chat", "data_key", "outbox", "post")
PIECE = 500
ID = re.compile(r"[0-9a-f]{32}")
Found = dict[str, set[str]]


@dataclass(frozen=True)
class Tombstone:
    """What stays of an erased family, also in the file of keys beside the backups."""

    of_family_id: str
    unit_id: str | None
    ref_hash: str
    category: str
    rule: str
    by_id: str | None
    at: datetime


def erase(session: Session, family: Family, *, rule: str, by_id: str | None, now: datetime) -> Erased:
    """A family and everything about it goes, with its key. The caller has looked whether it may."""
    stone = Tombstone(family.id, family.unit_id, family.ref_index, family.category, rule, by_id, now)
    return bury(session, stone)


def bury(session: Session, stone: Tombstone) -> Erased:
    """The same for a family known by its tombstone alone: a backup from before has brought its rows back."""
    if dialect_of(session) == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete = ON")
    session.flush()
    erased: Erased | None = session.scalars(_stone(stone.of_family_id)).first()
    if erased is not None and session.connection().execute(_there(stone.of_family_id)).first() is None:
        return erased
    found = _rows_of(session, stone.of_family_id)
    if erased is None:
        erased = Erased(**stone.__dict__)
        session.add(erased)
        session.flush()
        unit_id, family_id = stone.unit_id, stone.of_family_id
        audit(
            session, at=stone.at, what="erased", row=erased, person_id=stone.by_id, unit_id=unit_id, family_id=family_id
        )  # fmt: skip
    _note_what_lies_in_chat(session, erased, found)
    connection = session.connection()
    for table in reversed(metadata.sorted_tables):
        for piece in _pieces(found.get(table.name, ())):
            erased.rows += connection.execute(delete(table).where(table.c.id.in_(piece))).rowcount
    session.add(erased)
    keys = metadata.tables["data_key"]
    connection.execute(delete(keys).where(keys.c.kind == "family", keys.c.owner_id == stone.of_family_id))
    vault: Vault = session.info["vault"]
    vault.forget(session, Scope.family(stone.of_family_id))
    _forget(session, found)
    known.forget(session)
    session.flush()
    return erased


def tombstones(session: Session) -> list[Tombstone]:
    """Every family that was erased, oldest first."""
    names = Tombstone.__dataclass_fields__
    return [Tombstone(**{name: getattr(row, name) for name in names}) for row in all_of_them(session)]


def left_in_chat(session: Session, erased_id: str) -> list[LeftInChat]:
    """What of an erased family still lies in chat, as far as nobody has said that it is gone."""
    wanted = select(LeftInChat).where(col(LeftInChat.erased_id) == erased_id, col(LeftInChat.gone_at).is_(None))
    return list(session.scalars(wanted.order_by(col(LeftInChat.channel), col(LeftInChat.ts))))


def all_of_them(session: Session) -> list[Erased]:
    """Every tombstone, oldest first."""
    return list(session.scalars(select(Erased).order_by(col(Erased.at), col(Erased.id))))


def of_unit(session: Session, unit_id: str) -> list[Erased]:
    """What was erased of a unit, newest first."""
    wanted = select(Erased).where(col(Erased.unit_id) == unit_id)
    return list(session.scalars(wanted.order_by(col(Erased.at).desc(), col(Erased.id))))


# ---- finding everything


def _rows_of(session: Session, family_id: str) -> Found:
    """Every row about a family, by table: those that name it, and those that hang on one that does."""
    found: Found = {"family": {family_id}}
    fresh: Found = found
    while fresh:
        more: Found = {}
        for table in metadata.sorted_tables:
            if table.name in STAY or table.name == "family" or "id" not in table.c:
                continue
            ids = set(_hanging(session, table, fresh)) - found.get(table.name, set())
            if ids:
                more[table.name] = ids
        found = {name: found.get(name, set()) | more.get(name, set()) for name in found | more}
        fresh = more
    return found


def _hanging(session: Session, table: Table, fresh: Found) -> Iterator[str]:
    """Rows that point to one of these; every column is looked at in the same reading of the table."""
    wanted = [(table.c[column], list(_pieces(fresh[parent]))) for column, parent in _parents(table) if parent in fresh]
    for number in range(max((len(pieces) for _, pieces in wanted), default=0)):
        points = [column.in_(pieces[number]) for column, pieces in wanted if number < len(pieces)]
        yield from session.connection().execute(select(table.c.id).where(or_(*points))).scalars()


@cache
def _parents(table: Table) -> tuple[tuple[str, str], ...]:
    """The columns that point to rows of other tables, by a link or by their name alone."""
    linked = {(key.parent.name, key.column.table.name) for key in table.foreign_keys}
    named = {(name, name.removesuffix("_id")) for name in table.c.keys() if name.endswith("_id")}  # noqa: SIM118
    return tuple(sorted((column, parent) for column, parent in linked | named if parent in metadata.tables))


def _pieces(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(sorted(ids))
    while piece := list(islice(rest, PIECE)):
        yield piece


# ---- chat


def _note_what_lies_in_chat(session: Session, erased: Erased, found: Found) -> None:
    """Posts, typed messages and files about the family; messages that still wait are no longer sent."""
    ids, connection = set().union(*found.values()), session.connection()
    for piece in _pieces(found.get("contribution", ())):
        typed = select(SAID.c.channel, SAID.c.ts, SAID.c.said_at).where(SAID.c.id.in_(piece))
        for channel, ts, at in connection.execute(typed):
            session.add(LeftInChat(erased_id=erased.id, what="typed", channel=channel, ts=ts, ours=False, at=at))
    posts = [row for row in connection.execute(select(POST)) if _names(row.key, ids)]
    for row in posts:
        lying = LeftInChat(erased_id=erased.id, what="post", channel=row.channel, ts=row.ts)
        session.add(lying)
        connection.execute(update(POST).where(POST.c.id == row.id).values(key=key_of(lying.id)))
    outbox.put_in(session)
    boxed = [row for row in connection.execute(_asked_for()) if _names(row.key, ids)]
    for row in boxed:
        if row.how == "file" and row.state == OutboxState.SENT:
            session.add(LeftInChat(erased_id=erased.id, what="file", channel=row.chat_user, ours=False, at=row.sent_at))
    session.flush()
    for piece in _pieces(row.id for row in boxed):
        connection.execute(delete(BOX).where(BOX.c.id.in_(piece)))


def _asked_for() -> Any:
    names = ("id", "key", "how", "state", "chat_user", "sent_at")
    return select(*(BOX.c[name] for name in names))


def _names(key: str, ids: set[str]) -> bool:
    return not ids.isdisjoint(ID.findall(key.split(GONE)[0]))


def _there(family_id: str) -> Any:
    families = metadata.tables["family"]
    return select(families.c.id).where(families.c.id == family_id)


def _stone(family_id: str) -> Any:
    return select(Erased).where(col(Erased.of_family_id) == family_id)


def _forget(session: Session, found: Found) -> None:
    """What was taken away is not in the session's hands any more either."""
    for row in list(session.identity_map.values()):
        if getattr(row, "id", None) in found.get(getattr(row, "__tablename__", ""), ()):
            session.expunge(row)
