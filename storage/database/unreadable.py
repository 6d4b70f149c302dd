"""What was found not to open: kept once each, so that whoever can bring it back hears of it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, func, select

from storage.database.columns import new_id
from storage.database.rows import insert_once
from storage.database.tables_machinery import Unreadable
from storage.database.vault import cannot_read


def keep(session: Session, now: datetime) -> set[str]:
    """Notes what did not open in this session; answers the units for which that is news."""
    told: set[str] = set()
    for (kind, row_id), (unit_id, family_id) in cannot_read(session).items():
        values = {"id": new_id(), "row_kind": kind, "row_id": row_id, "unit_id": unit_id, "family_id": family_id}
        if insert_once(session, Unreadable, values | {"found_at": now}, "row_kind", "row_id") and unit_id:
            told.add(unit_id)
    return told


def count(session: Session) -> int:
    """How many kept texts cannot be read, as far as anybody met them."""
    return session.exec(select(func.count()).select_from(Unreadable)).one()


def of_unit(session: Session, unit_id: str) -> list[Unreadable]:
    """What cannot be read of a unit, newest first."""
    wanted = select(Unreadable).where(Unreadable.unit_id == unit_id)
    return list(session.exec(wanted.order_by(col(Unreadable.found_at).desc(), col(Unreadable.id))))
