"""The next conversations with a family that were agreed on, and what became of each. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from storage.database.tables import Entry
from storage.forms import entries

FORM, DONE, CARRIED, HANDED = "conversation", "conversation_done", "conversation_carry", "conversation_hand"
LOOKED_BACK = timedelta(weeks=8)
"""An agreed conversation older than this is not asked about any more."""


@dataclass(frozen=True)
class Conversation:
    """`by_id` has it now, by the day `on`; `answers` are those of the form it was agreed in."""

    entry: Entry
    answers: dict[str, Any]
    by_id: str | None
    on: date | None
    done: bool


def current(session: Session, entry: Entry) -> Conversation:
    """An agreed conversation as it is now, whoever has taken it on since."""
    answers = entries.answers(session, entry)
    by_id, on = answers.get("by"), _day(answers.get("when"))
    for later in _since(session, entry):
        said = entries.answers(session, later)
        by_id = said.get("to") or by_id
        on = _day(said.get("when")) or on
    done = bool(entries.about(session, DONE, entry.id))
    return Conversation(entry, answers, by_id, on, done)


def _since(session: Session, entry: Entry) -> list[Entry]:
    found = [*entries.about(session, CARRIED, entry.id), *entries.about(session, HANDED, entry.id)]
    return sorted(found, key=lambda one: (one.recorded_at, one.id))


def of_person(session: Session, unit_id: str, person_id: str, now: datetime) -> list[Conversation]:
    """What somebody has still to talk about with families of this unit, soonest first."""
    wanted = select(Entry).where(
        Entry.form == FORM,
        Entry.unit_id == unit_id,
        col(Entry.replaced_by_id).is_(None),
        Entry.recorded_at >= now - LOOKED_BACK,
    )
    found = [current(session, entry) for entry in session.exec(wanted.order_by(col(Entry.recorded_at), col(Entry.id)))]
    mine = [one for one in found if one.by_id == person_id and not one.done]
    return sorted(mine, key=lambda one: (one.on or date.max, one.entry.recorded_at))


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)) if value else None
