"""What is in somebody's calendar, and their private address for it. Nothing here commits.

A token is shown once and saved as a hash alone: whoever reads the database cannot read a calendar with it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select

from prompts_and_forms.clinical.review_rules import Kind
from prompts_and_forms.days.ics import Entry
from prompts_and_forms.states import FamilyStatus, TransferState
from prompts_and_forms.unit import calendar_wording as wording
from storage.clinical import clinical_work, reviews
from storage.database.audit import audit
from storage.database.bodies import FamilyBody
from storage.database.tables import Family, Membership, Unit
from storage.database.tables_machinery import CalendarFeed
from storage.database.vault import unseal
from storage.family import access, transfers
from storage.meeting import meeting_days
from storage.unit import people, units

MEETINGS = 13
LATE, AHEAD = timedelta(days=30), timedelta(days=180)
"""How far back something overdue is shown, and how far on what is due."""
HANDOVER_MINUTES = 60
TOKEN_BYTES = 24


def entries(session: Session, person_id: str, now: datetime) -> list[Entry]:
    """Everything in a person's calendar, of all their units. Families closed to them are not in it."""
    access.hide_from(session, person_id)
    found: list[Entry] = []
    for membership, unit in people.units_of(session, person_id):
        if not units.is_closed(unit):
            found += _of_unit(session, membership, unit, now)
    return sorted(found, key=lambda one: (one.day, one.key))


def _of_unit(session: Session, membership: Membership, unit: Unit, now: datetime) -> Iterator[Entry]:
    today = now.astimezone(units.zone(unit)).date()
    if membership.in_meeting:
        yield from _meetings(session, unit, today)
    yield from _reviews(session, membership, unit, today)
    yield from _supervision(session, membership, unit, today)
    if membership.unit_lead or membership.linked or unit.deputy_id == membership.person_id:
        yield from _handovers(session, unit)


def _meetings(session: Session, unit: Unit, today: date) -> Iterator[Entry]:
    at = time.fromisoformat(unit.start)
    for day in meeting_days.held_on(session, unit, today, MEETINGS):
        start = datetime.combine(day, at, units.zone(unit))
        yield Entry(f"meeting/{unit.id}/{day}", wording.meeting(unit.name), day, start, unit.length_minutes)


def _reviews(session: Session, membership: Membership, unit: Unit, today: date) -> Iterator[Entry]:
    """One line a day: how many reviews are due of the families this person leads or works with."""
    wanted = select(Family).where(Family.unit_id == unit.id, Family.status == FamilyStatus.OPEN)
    held = list(session.exec(wanted))
    work = clinical_work.of_families(session, [family.id for family in held])
    workers = {one.id: (one.lead_worker_id, work[one.id].clinician_id) for one in held}
    mine = [one for one in held if membership.unit_lead or membership.person_id in workers[one.id]]
    bodies = {family.id: unseal(session, family, FamilyBody) for family in mine}
    days: Counter[date] = Counter()
    for due in reviews.due_of_families(session, mine, bodies).values():
        days.update(one.day for one in due if one.day is not None and one.kind is not Kind.VISIT)
    for day, count in days.items():
        if today - LATE <= day <= today + AHEAD:
            yield Entry(f"reviews/{unit.id}/{membership.person_id}/{day}", wording.reviews(count), day)


def _supervision(session: Session, membership: Membership, unit: Unit, today: date) -> Iterator[Entry]:
    """A clinician's own, and for a clinical manager everybody's."""
    manages = "clinical_manager" in membership.roles
    if not manages and "clinician" not in membership.roles:
        return
    for one in reviews.due_of_unit(session, unit):
        if one.day is None or not today - LATE <= one.day <= today + AHEAD:
            continue
        if one.kind is Kind.CLINICAL_STAFF:
            yield Entry(f"staff/{unit.id}/{one.day}", wording.STAFF_MEETING, one.day)
        elif manages or one.subject == membership.person_id:
            yield Entry(f"supervision/{unit.id}/{one.subject}/{one.day}", wording.SUPERVISION, one.day)


def _handovers(session: Session, unit: Unit) -> Iterator[Entry]:
    for move in transfers.of_units(session, unit.id):
        if move.state == TransferState.ACCEPTED and move.meeting_at is not None:
            at = move.meeting_at.astimezone(units.zone(unit))
            whole = (at.hour, at.minute) == (0, 0)
            start = None if whole else move.meeting_at
            yield Entry(f"handover/{move.id}", wording.HANDOVER, at.date(), start, HANDOVER_MINUTES)


# ---- the private address


def feed_of(session: Session, person_id: str) -> CalendarFeed | None:
    """The address a person has now."""
    wanted = select(CalendarFeed).where(CalendarFeed.person_id == person_id, col(CalendarFeed.withdrawn_at).is_(None))
    return session.exec(wanted).first()


def make_feed(session: Session, person_id: str, now: datetime) -> str:
    """A new token, shown to the person once; the one before is worth nothing from now on."""
    withdraw_feed(session, person_id, now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = CalendarFeed(person_id=person_id, token_hash=hash_of(token), made_at=now)
    session.add(row)
    session.flush()
    audit(session, at=now, what="calendar_address_made", row=row, person_id=person_id)
    return token


def withdraw_feed(session: Session, person_id: str, now: datetime) -> bool:
    """Whether there was an address; it is worth nothing from now on."""
    row = feed_of(session, person_id)
    if row is None:
        return False
    row.withdrawn_at = now
    session.add(row)
    session.flush()
    audit(session, at=now, what="calendar_address_withdrawn", row=row, person_id=person_id)
    return True


def whose(session: Session, token: str) -> str | None:
    """Whose calendar a token opens: nobody's once it is withdrawn, or the person is in no unit any more."""
    wanted = select(CalendarFeed).where(
        CalendarFeed.token_hash == hash_of(token), col(CalendarFeed.withdrawn_at).is_(None)
    )
    row = session.exec(wanted).first() if token else None
    return row.person_id if row is not None and people.units_of(session, row.person_id) else None


def hash_of(token: str) -> str:
    """What is saved of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
