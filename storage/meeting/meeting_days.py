"""When a unit meets next: its rhythm as it is known, and what was moved or left out. Nothing here commits."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, col, func, select

from prompts_and_forms.days import meeting_days
from prompts_and_forms.days.meeting_days import MeetingDay, Rhythm
from storage.database.tables import Meeting, Unit
from storage.unit import units

MOVED = "moved_meetings"


def rhythm(session: Session, unit: Unit) -> Rhythm:
    """How the unit meets, counted on from its last weekly meeting; a unit that is closed meets no more."""
    if units.is_closed(unit):
        return Rhythm()
    last = session.exec(
        select(func.max(Meeting.day)).where(Meeting.unit_id == unit.id, col(Meeting.extra).is_(False))
    ).first()
    return Rhythm(unit.every_days, unit.weekday, last, _moved(unit))


def _moved(unit: Unit) -> dict[date, date | None]:
    rows = unit.settings.get(MOVED) or {}
    return {
        date.fromisoformat(usual): date.fromisoformat(row["to"]) if row["to"] else None for usual, row in rows.items()
    }


def day_of(unit: Unit | None, usual: date) -> date:
    """The day on which the meeting of that usual day is held."""
    return (_moved(unit).get(usual) if unit else None) or usual


def coming(session: Session, unit: Unit, start: date) -> MeetingDay | None:
    """The unit's next meeting from `start` on, also where it falls on a bank holiday; None where no day is known."""
    return next(meeting_days.meeting_days(rhythm(session, unit), start), None)


def held_on(session: Session, unit: Unit, start: date, most: int = 5) -> tuple[date, ...]:
    """The next days from `start` on which the unit meets."""
    return meeting_days.held_on(rhythm(session, unit), start, most)


def move(session: Session, unit: Unit, usual: date, to: date | None, *, by_id: str, on: date) -> None:
    """The meeting of the day `usual` is on the day `to`, or left out (None). Who said so is remembered."""
    row = {"to": to.isoformat() if to else "", "by": by_id, "on": on.isoformat()}
    units.choose(session, unit, **{MOVED: {**(unit.settings.get(MOVED) or {}), usual.isoformat(): row}})
