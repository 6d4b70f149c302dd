"""The tracking form: one line for each thing clinicians do, written by itself where the bot knows it already.

A line made from a record is found again by its source: a corrected record corrects its line. Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.database.audit import audit
from storage.database.bodies import TrackingBody
from storage.database.hiding import hidden
from storage.database.tables import Action, Family
from storage.database.tables_clinical import TrackingEntry
from storage.database.vault import Scope, seal, unseal
from storage.unit import people

MOST = 500
PIECE = 500
"""Lines read at a time."""
SUPERVISION = "supervision"
STANDS = col(TrackingEntry.taken_out_at).is_(None)
"""A line that was not taken out."""


@dataclass(frozen=True)
class Asked:
    """Which lines somebody wants to see; both days are included.

    With `reader_id` the lines about supervision are that person's own only: it is between a clinician and the managers.
    """

    unit_id: str
    since: date
    until: date
    person_id: str | None = None
    kind: str = ""
    reader_id: str | None = None


def keep(
    session: Session,
    *,
    unit_id: str,
    family_id: str | None,
    person_id: str,
    on: date,
    kind: str,
    source: str,
    body: TrackingBody,
    by_id: str | None,
    now: datetime,
    method: str = "",
    instead_of: str = "",
) -> TrackingEntry:
    """Keeps a line; the one of the same source, or of `instead_of`, is written anew and never doubled."""
    row = of_source(session, source) or (of_source(session, instead_of) if instead_of else None)
    if row is None:
        row = TrackingEntry(unit_id=unit_id, person_id=person_id, on=on, kind=kind, source=source, at=now)
    row.family_id, row.person_id, row.on, row.kind = family_id, person_id, on, kind
    row.method, row.source, row.recorded_by_id = method, source, by_id
    seal(session, row, body, Scope.family(family_id) if family_id else Scope.unit(unit_id))
    session.add(row)
    session.flush()
    return row


def of_source(session: Session, source: str) -> TrackingEntry | None:
    """The line a record or a step wrote by itself; None where it wrote none."""
    return session.exec(select(TrackingEntry).where(TrackingEntry.source == source)).first()


def body(session: Session, row: TrackingEntry | Written) -> TrackingBody:
    """What is written in a line."""
    return unseal(session, row, TrackingBody)


def lines(session: Session, asked: Asked, most: int = MOST) -> list[TrackingEntry]:
    """The lines of a unit in some days, newest first."""
    newest = (col(TrackingEntry.on).desc(), col(TrackingEntry.at).desc(), col(TrackingEntry.id))
    return list(session.exec(_wanted(session, asked).order_by(*newest).limit(most)))


@dataclass(slots=True)
class Written:
    """A line as a list shows it, apart from the session, which would hold every row it has loaded to its end."""

    id: str
    on: date
    kind: str
    family_id: str | None
    person_id: str
    method: str
    recorded_by_id: str | None
    sealed: bytes
    sealed_no: int
    __table__: ClassVar[Any] = TrackingEntry.__table__


WRITTEN = tuple(TrackingEntry.__table__.columns[one.name] for one in fields(Written))


def every_line(session: Session, asked: Asked) -> Iterator[Written]:
    """All lines that were asked for, oldest first, read in pieces so that any number of them fits."""
    oldest = _wanted(session, asked).order_by(col(TrackingEntry.on), col(TrackingEntry.id)).with_only_columns(*WRITTEN)
    for row in session.connection().execute(oldest, execution_options={"yield_per": PIECE}):
        yield Written(*row)


def families_in(session: Session, asked: Asked) -> list[Family]:
    """The families of the lines that were asked for."""
    theirs = _wanted(session, asked).with_only_columns(col(TrackingEntry.family_id))
    return list(session.exec(select(Family).where(col(Family.id).in_(theirs)).order_by(col(Family.id))))


def _wanted(session: Session, asked: Asked) -> SelectOfScalar[TrackingEntry]:
    wanted = (
        select(TrackingEntry)
        .where(TrackingEntry.unit_id == asked.unit_id, TrackingEntry.on >= asked.since, TrackingEntry.on <= asked.until)
        .where(STANDS)
    )
    if gone := hidden(session):
        wanted = wanted.where(or_(col(TrackingEntry.family_id).is_(None), col(TrackingEntry.family_id).not_in(gone)))
    if asked.person_id:
        wanted = wanted.where(TrackingEntry.person_id == asked.person_id)
    if asked.kind:
        wanted = wanted.where(TrackingEntry.kind == asked.kind)
    if asked.reader_id:
        wanted = wanted.where(or_(TrackingEntry.kind != SUPERVISION, TrackingEntry.person_id == asked.reader_id))
    return wanted


def of_family(session: Session, family_id: str) -> list[TrackingEntry]:
    """A family's lines, oldest first."""
    wanted = select(TrackingEntry).where(TrackingEntry.family_id == family_id, STANDS)
    return list(session.exec(wanted.order_by(col(TrackingEntry.on), col(TrackingEntry.at), col(TrackingEntry.id))))


def lines_of_source(session: Session, source: str) -> list[TrackingEntry]:
    """Other lines of the same person, family, day and kind: perhaps the same thing, written down twice."""
    row = of_source(session, source)
    if row is None:
        return []
    same = select(TrackingEntry).where(
        TrackingEntry.family_id == row.family_id,
        TrackingEntry.person_id == row.person_id,
        TrackingEntry.on == row.on,
        TrackingEntry.kind == row.kind,
        TrackingEntry.id != row.id,
        STANDS,
    )
    return list(session.exec(same.order_by(col(TrackingEntry.at), col(TrackingEntry.id))))


def has_line(session: Session, family_id: str, on: date, kinds: tuple[str, ...]) -> bool:
    """Whether something of these kinds was written down for that day."""
    wanted = select(TrackingEntry.id).where(
        TrackingEntry.family_id == family_id, TrackingEntry.on == on, col(TrackingEntry.kind).in_(kinds), STANDS
    )
    return session.exec(wanted.limit(1)).first() is not None


def note_action(
    session: Session,
    action: Action,
    text: str,
    by_id: str | None,
    now: datetime,
    handed_on: date | None = None,
    *,
    new: bool = False,
) -> None:
    """An action a clinician takes on is a line of the tracking form as well; one put right puts its line right.

    Handed to another clinician (`handed_on`), it is a line of theirs from that day; the first one's stays. A `new`
    action has no line yet.
    """
    source = f"action:{action.id}"
    family = session.get(Family, action.family_id)
    membership = people.belongs(session, family.unit_id, action.owner_id) if family and action.owner_id else None
    if family is None or membership is None or "clinician" not in membership.roles:
        if handed_on is None and not new:
            take_out(session, source, by_id, now)
        return
    keep(
        session,
        unit_id=family.unit_id,
        family_id=family.id,
        person_id=membership.person_id,
        on=handed_on or action.created_on,
        kind="action",
        source=f"{source}/{membership.person_id}" if handed_on else source,
        body=TrackingBody(description=text),
        by_id=by_id,
        now=now,
    )


def take_out(session: Session, source: str, by_id: str | None, now: datetime) -> None:
    """The line of something recorded by mistake, or of an action that was never a clinician's, is shown no more.

    It stays as history; what is recorded again is a line of its own.
    """
    row = of_source(session, source)
    if row is None:
        return
    audit(session, at=now, what="taken out", row=row, person_id=by_id, unit_id=row.unit_id, family_id=row.family_id)
    row.taken_out_at, row.taken_out_by_id = now, by_id
    row.source = f"out:{row.id[:8]}:{source}"
    session.add(row)
    session.flush()
