"""Legal holds: nothing of a family, a unit or anybody goes while an inquiry or a court may need it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import and_, or_, text
from sqlmodel import Session, col, select

from storage.database.audit import audit
from storage.database.bodies import TextBody
from storage.database.hiding import SEES_ALL
from storage.database.rows import dialect_of
from storage.database.tables import Family
from storage.database.tables_retention import LegalHold
from storage.database.vault import Scope, seal, unseal

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(735601978)")


def one_at_a_time(session: Session) -> None:
    """Setting a hold and erasing wait for each other: neither acts on what the other is just changing."""
    if dialect_of(session) == "postgresql":
        session.connection().execute(ONE_AT_A_TIME)


def on_family(session: Session, family: Family, today: date) -> list[LegalHold]:
    """What stops a family from going: holds on itself, its unit and everything, oldest first."""
    of_it = or_(
        col(LegalHold.family_id) == family.id,
        and_(col(LegalHold.family_id).is_(None), col(LegalHold.unit_id) == family.unit_id),
        and_(col(LegalHold.family_id).is_(None), col(LegalHold.unit_id).is_(None)),
    )
    return _in_force(session, today, of_it)


def on_everything(session: Session, today: date, unit_id: str | None = None) -> list[LegalHold]:
    """Holds on everything; with a unit, those on the unit as well."""
    units = [None] if unit_id is None else [None, unit_id]
    found = _in_force(session, today, col(LegalHold.family_id).is_(None))
    return [row for row in found if row.unit_id in units]


def all_in_force(session: Session, today: date) -> list[LegalHold]:
    """Every hold there is now, oldest first."""
    return _in_force(session, today)


def covers(held: Iterable[LegalHold], unit_id: str | None, family_id: str | None) -> bool:
    """Whether one of these holds is on this family, its unit or everything."""
    for row in held:
        if row.family_id is not None:
            if row.family_id == family_id:
                return True
        elif row.unit_id is None or row.unit_id == unit_id:
            return True
    return False


def _in_force(session: Session, today: date, *where: object) -> list[LegalHold]:
    wanted = select(LegalHold).where(
        col(LegalHold.lifted_at).is_(None),
        or_(col(LegalHold.until_on).is_(None), col(LegalHold.until_on) >= today),
        *where,  # type: ignore[arg-type]
    )
    ordered = wanted.order_by(col(LegalHold.from_at), col(LegalHold.id))
    return list(session.exec(ordered.execution_options(**{SEES_ALL: True})))


def put_on(
    session: Session,
    *,
    why: str,
    by_id: str | None,
    now: datetime,
    family: Family | None = None,
    unit_id: str | None = None,
    until_on: date | None = None,
) -> LegalHold:
    """A hold on a family, on a unit, or with neither on everything."""
    one_at_a_time(session)
    row = LegalHold(
        family_id=family.id if family else None, unit_id=family.unit_id if family else unit_id, by_id=by_id,
        from_at=now, until_on=until_on,
    )  # fmt: skip
    seal(session, row, TextBody(text=why), _scope(row))
    session.add(row)
    session.flush()
    audit(session, at=now, what="held", row=row, person_id=by_id, unit_id=row.unit_id, family_id=row.family_id)
    return row


def lift(session: Session, row: LegalHold, *, by_id: str | None, now: datetime) -> bool:
    """It no longer holds from now on; that it did is remembered. False where somebody was quicker."""
    one_at_a_time(session)
    session.refresh(row)
    if row.lifted_at is not None:
        return False
    row.lifted_at, row.lifted_by_id = now, by_id
    session.add(row)
    session.flush()
    audit(session, at=now, what="lifted", row=row, person_id=by_id, unit_id=row.unit_id, family_id=row.family_id)
    return True


def why(session: Session, row: LegalHold) -> str:
    """The reason, in the words of whoever set it."""
    return unseal(session, row, TextBody).text


def _scope(row: LegalHold) -> Scope:
    if row.family_id:
        return Scope.family(row.family_id)
    return Scope.unit(row.unit_id) if row.unit_id else Scope.council()
