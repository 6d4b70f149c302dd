"""Units: where they meet, whom to call, what they chose. Nothing here commits."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from prompts_and_forms.typed import name_key
from storage.database.tables import EmergencyContact, Unit
from storage.turn import known

DEFAULT_CASE_PATTERN = r"[A-Z]\d{4}[A-Z]"
"""One letter, four digits, one check letter: the shape the sample unit uses. A council sets its own."""

REF_LIMIT = 40
"""A case reference is never longer (governance: local identifiers go up to 20 letters and digits; room to spare)."""

LONDON = "Europe/London"

Rows = list[tuple[str, str]]

BY_CHANNEL = select(Unit).where(Unit.channel == bindparam("channel"))
CONTACTS = (
    select(EmergencyContact)
    .where(EmergencyContact.unit_id == bindparam("unit_id"), col(EmergencyContact.active))
    .order_by(col(EmergencyContact.position))
)
"""Asked with every event or message, so made once."""


def by_channel(session: Session, channel: str) -> Unit | None:
    """The unit that meets in this channel."""
    if not channel:
        return None
    return known.once(
        session, (Unit,), ("unit", channel), lambda: session.exec(BY_CHANNEL, params={"channel": channel}).first()
    )


def zone(unit: Unit | None) -> ZoneInfo:
    """The time zone a unit lives in; London for somebody without one."""
    return ZoneInfo(unit.timezone if unit else LONDON)


def by_id(session: Session, unit_id: str) -> Unit | None:
    """None for an unknown unit."""
    return session.get(Unit, unit_id)


def every_unit(session: Session) -> list[Unit]:
    """All units of this council."""
    return list(session.exec(select(Unit).order_by(col(Unit.name), col(Unit.id))))


def by_name(session: Session, name: str) -> Unit | None:
    """By name or slug, as people type it."""
    wanted = name_key(name)
    return next((u for u in every_unit(session) if wanted in (name_key(u.name), name_key(u.slug))), None)


def add_unit(session: Session, *, name: str, channel: str, now: datetime, **fields: Any) -> Unit:
    """Keep a new unit; its short name is made from the name."""
    unit = Unit(slug=slug_of(name), name=name, channel=channel, created_at=now, **fields)
    session.add(unit)
    session.flush()
    return unit


def slug_of(name: str) -> str:
    """A name as a short word for files and lists."""
    words = re.findall(r"[a-z0-9]+", name.casefold())
    return "-".join(word for word in words if word != "unit") or "unit"


CLOSED_ON = "closed_on"


def is_closed(unit: Unit) -> bool:
    """Whether the unit was closed: it meets no more, and nothing is asked of it."""
    return bool(unit.settings.get(CLOSED_ON))


def closed_on(unit: Unit) -> date | None:
    """The day the unit was closed; None for one that meets."""
    day = unit.settings.get(CLOSED_ON)
    return date.fromisoformat(str(day)) if day else None


def contacts(session: Session, unit_id: str) -> list[EmergencyContact]:
    """Whom to call when the script stops, in the unit's own order."""
    return list(session.exec(CONTACTS, params={"unit_id": unit_id}))


def set_contacts(session: Session, unit_id: str, rows: Rows) -> None:
    """The whole list anew, in the order given. What is no longer on it stays as history."""
    before = {(old.who, old.how): old for old in contacts(session, unit_id)}
    for position, (who, how) in enumerate(rows):
        same = before.pop((who, how), None)
        row = same or EmergencyContact(unit_id=unit_id, position=position, who=who, how=how)
        row.position = position
        session.add(row)
    for gone in before.values():
        gone.active = False
        session.add(gone)
    session.flush()


def earlier_contacts(session: Session, unit_id: str) -> list[EmergencyContact]:
    """What stood on the list of emergency contacts before and no longer does."""
    gone = select(EmergencyContact).where(EmergencyContact.unit_id == unit_id, ~col(EmergencyContact.active))
    return list(session.exec(gone.order_by(col(EmergencyContact.position), col(EmergencyContact.id))))


def choose(session: Session, unit: Unit, **settings: Any) -> None:
    """Change some of the unit's settings and leave the others as they are."""
    unit.settings = {**unit.settings, **settings}
    session.add(unit)
    session.flush()


def case_pattern(unit: Unit) -> str:
    """What the unit's case references look like, as a regular expression."""
    return str(unit.settings.get("case_pattern") or DEFAULT_CASE_PATTERN)


def case_example(unit: Unit) -> str:
    """A made-up reference that fits, where the unit gave one."""
    given = str(unit.settings.get("case_example") or "")
    return given if given or unit.settings.get("case_pattern") else "A1234B"


def fits_pattern(unit: Unit, case_reference: str) -> bool:
    """Whether a case reference looks as the unit's do."""
    return len(case_reference) <= REF_LIMIT and re.fullmatch(case_pattern(unit), case_reference) is not None
