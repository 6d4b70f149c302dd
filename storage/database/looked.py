"""Reading the audit: who looked at a family, what somebody did, what was done in a unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session

from storage.database.chain import LINES


@dataclass(frozen=True)
class Asked:
    """Which lines are wanted; what is None does not matter."""

    family_id: str | None = None
    person_id: str | None = None
    unit_id: str | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class Looked:
    """One person and one family: when first and last, and how often."""

    person_id: str | None
    first_at: datetime
    last_at: datetime
    times: int


@dataclass(frozen=True)
class Entry:
    """A line as it is listed."""

    at: datetime
    person_id: str | None
    unit_id: str | None
    family_id: str | None
    what: str
    row_kind: str
    through: str


def lines(session: Session, asked: Asked) -> Iterator[Entry]:
    """The lines that were asked for, oldest first, read in pieces."""
    wanted = select(*(LINES.c[name] for name in Entry.__dataclass_fields__)).order_by(LINES.c.at, LINES.c.no)
    for name in ("family_id", "person_id", "unit_id"):
        value = getattr(asked, name)
        if value is not None:
            wanted = wanted.where(LINES.c[name] == value)
    if asked.since is not None:
        wanted = wanted.where(LINES.c.at >= asked.since)
    for row in session.connection().execute(wanted, execution_options={"yield_per": 1000}):
        yield Entry(*row)


def who_looked(session: Session, family_id: str, since: datetime) -> list[Looked]:
    """Everybody who read or changed something of a family since then, the latest first."""
    last = func.max(LINES.c.at, type_=LINES.c.at.type)
    wanted = (
        select(LINES.c.person_id, func.min(LINES.c.at, type_=LINES.c.at.type), last, func.count())
        .where(LINES.c.family_id == family_id, LINES.c.at >= since)
        .group_by(LINES.c.person_id)
        .order_by(last.desc())
    )
    return [Looked(*row) for row in session.connection().execute(wanted)]
