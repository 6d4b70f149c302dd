"""An audit row for every write, however it came about: the session itself notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import event
from sqlmodel import Session

from storage.database.audit import THROUGH, Line, audit, gathered
from storage.database.columns import Row
from storage.database.tables import EmergencyContact, Family, Meeting, Membership, RemarkGiven, Unit
from storage.database.tables_machinery import (
    AuditAnchor,
    CallBudget,
    ChannelSeen,
    ChatAddress,
    DataKey,
    Draft,
    Installation,
    OutboxMessage,
    Post,
    Seen,
)
from storage.database.tables_measures import Review
from storage.database.tables_nudges import Nudge, NudgePlan, NudgePreference, NudgeSaid

NUDGES = (Nudge, NudgePlan, NudgePreference, NudgeSaid)
"""Planned by the clock; what a person does with one is audited by name."""
CHAT = (CallBudget, ChannelSeen, ChatAddress, Installation, OutboxMessage, Post, Seen)
MACHINERY = (AuditAnchor, DataKey, Draft, RemarkGiven, *CHAT, *NUDGES)
TOUCHED, _WATCHED = "touched families", "whose doing it is"
ONLY_LOOKED = ("read", "home", "opened", "document", "shown", "sent", "listed", "found", "searched", "figures")
"""Audit rows of somebody who looked: nothing changed."""
OF_A_UNIT = (Unit, Membership, EmergencyContact, Meeting, Review)


@dataclass
class _Watched:
    """Whose doing it is; `seen`: how many lines of the turn there were at the last look."""

    at: datetime
    person_id: str | None
    unit_id: str | None
    seen: int = 0


def watch(session: Session, *, at: datetime, person_id: str | None, unit_id: str | None, through: str = "") -> None:
    """From now on every new or changed row of a family or a unit in this session is audited as this person's doing.

    `through`: what they act through; it stands in every line of the turn.
    """
    session.info[THROUGH] = through
    session.info[_WATCHED] = _Watched(at, person_id, unit_id)


def audits_what_changes(kind: type[Session]) -> None:
    """Lets sessions of this kind be watched."""
    event.listen(kind, "before_flush", _note)


def _note(flushing: Session, _context: Any, _instances: Any) -> None:
    watched: _Watched | None = flushing.info.get(_WATCHED)
    if watched is None:
        return
    lines = gathered(flushing)
    by_name = lines[min(watched.seen, len(lines)) :]
    noted = {row.row_id for row in by_name}
    changed = {row.family_id for row in by_name if row.family_id and _is_a_change(row)}
    flushing.info.setdefault(TOUCHED, set()).update(changed)
    written = [(row, "made") for row in flushing.new] + [(row, "changed") for row in flushing.dirty]
    for row, what in written:
        if not isinstance(row, Row) or isinstance(row, MACHINERY) or row.id in noted:
            continue
        family_id = row.id if isinstance(row, Family) else getattr(row, "family_id", None)
        if family_id is None and not isinstance(row, OF_A_UNIT):
            continue
        if what == "changed" and not flushing.is_modified(row):
            continue
        if family_id is not None:
            flushing.info[TOUCHED].add(family_id)
        unit, person = getattr(row, "unit_id", None) or watched.unit_id, watched.person_id
        audit(flushing, at=watched.at, what=what, row=row, person_id=person, unit_id=unit, family_id=family_id)
    watched.seen = len(lines)


def _is_a_change(row: Line) -> bool:
    """Whether the record itself changed; putting a reminder off does not change it."""
    return row.what not in ONLY_LOOKED and row.row_kind != Nudge.__table__.name


def touched(session: Session) -> set[str]:
    """The families something was written about in this session so far."""
    found: set[str] = session.info.get(TOUCHED, set())
    return found
