"""What people said about reminders, as plain values for an export: put off, handed on, set aside, and why."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from storage.database.tables import Family
from storage.database.tables_nudges import Nudge
from storage.export.names import Names, iso
from storage.nudges import nudges


def reminders_of(session: Session, family: Family, names: Names) -> list[dict[str, Any]]:
    """Those of a family that a person dealt with, oldest first. What the clock planned alone is no record."""
    wanted = select(Nudge).where(Nudge.family_id == family.id, col(Nudge.changed_by_id).is_not(None))
    return [
        {
            "family": names(family.id),
            "kind": row.kind,
            "person": names(row.person_id),
            "due": iso(row.due_on),
            "state": row.state,
            "until": iso(row.snoozed_until),
            "handed_to": names(row.handed_to_id),
            "said_by": names(row.changed_by_id),
            "said_at": iso(row.changed_at),
            "reason": nudges.reason(session, row),
        }
        for row in session.exec(wanted.order_by(col(Nudge.changed_at), col(Nudge.id)))
    ]
