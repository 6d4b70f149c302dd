"""What somebody in several units chose for themselves: which one their commands mean, when figures come. No commit."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from storage.database.bodies import TextBody
from storage.database.columns import new_id
from storage.database.rows import insert_once
from storage.database.tables_machinery import PersonChoice
from storage.database.vault import Scope, seal, unseal

REMEMBERED = timedelta(hours=1)
"""A chosen unit is meant for so long after it was last used."""


def of_person(session: Session, person_id: str) -> PersonChoice | None:
    """What they chose; None for somebody who never did."""
    return session.exec(select(PersonChoice).where(PersonChoice.person_id == person_id)).first()


def _row(session: Session, person_id: str) -> PersonChoice:
    found = of_person(session, person_id)
    if found is None:
        values = {"id": new_id(), "person_id": person_id, "version": 1, "command": "", "figures_day": 0}
        values |= {"figures_at": "08:30", "sheet_off": False, "sealed": b"", "sealed_no": 0}
        insert_once(session, PersonChoice, values, "person_id")
        found = of_person(session, person_id)
        assert found is not None
    return found


def unit_meant(session: Session, person_id: str, now: datetime) -> str | None:
    """The id of the unit chosen within the hour; None where that was longer ago or never."""
    found = of_person(session, person_id)
    if found is None or found.chosen_at is None or not now - REMEMBERED < found.chosen_at <= now:
        return None
    return found.unit_id


def choose_unit(session: Session, person_id: str, unit_id: str, now: datetime) -> None:
    """From now on commands in direct messages mean this unit, for an hour."""
    row = _row(session, person_id)
    row.unit_id, row.chosen_at = unit_id, now
    session.add(row)
    session.flush()


def remember_words(session: Session, person_id: str, command: str, text: str) -> None:
    """The command that waits for a unit, so that nobody types it twice."""
    row = _row(session, person_id)
    row.command = command
    seal(session, row, TextBody(text=text), Scope.person(person_id))
    session.add(row)
    session.flush()


def words(session: Session, person_id: str) -> tuple[str, str]:
    """The command that waits for a unit, and the words after it; empty where none does."""
    row = of_person(session, person_id)
    return (row.command, unseal(session, row, TextBody).text) if row is not None and row.command else ("", "")


def choose_figures(session: Session, person_id: str, day: int | None, at: str) -> None:
    """When the managers' message of the week comes; `day` None = never."""
    row = _row(session, person_id)
    row.figures_day, row.figures_at = day, at
    session.add(row)
    session.flush()


def mark_figures(session: Session, person_id: str, day: date) -> None:
    """The message of the week was put together on that day."""
    row = _row(session, person_id)
    row.figures_on = day
    session.add(row)
    session.flush()


def choose_sheet(session: Session, person_id: str, *, comes: bool) -> None:
    """Whether the spreadsheet of figures comes by itself each month."""
    row = _row(session, person_id)
    row.sheet_off = not comes
    session.add(row)
    session.flush()


def mark_sheet(session: Session, person_id: str, day: date) -> None:
    """The spreadsheet of the month was asked for on that day."""
    row = _row(session, person_id)
    row.sheet_on = day
    session.add(row)
    session.flush()
