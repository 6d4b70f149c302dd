"""Reminders that never arrived: which were refused for good, and who cannot be reached at present.

Where nobody can look whether a reminder arrived, it counts as said: it is not sent again, and the Home page says so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import String, and_, cast, delete, literal, or_, update
from sqlmodel import Session, col, select

from prompts_and_forms.states import MemberStatus, OutboxState
from storage.database.tables import Membership
from storage.database.tables_machinery import OutboxMessage
from storage.database.tables_nudges import Nudge, NudgeSaid
from storage.messages.delivery import UNKNOWN

LOOK_BACK = timedelta(days=7)
"""A refusal older than this says nothing about today."""
UNSURE_FOR = timedelta(hours=24)
"""How long the Home page says that a reminder may not have arrived: until the next morning's."""
_REFUSED = and_(col(OutboxMessage.state) == OutboxState.FAILED, col(OutboxMessage.error) != UNKNOWN)
_UNSURE = and_(col(OutboxMessage.state) == OutboxState.FAILED, col(OutboxMessage.error) == UNKNOWN)


@dataclass(frozen=True)
class NotHeard:
    """A reminder that lay in a message the platform will never take."""

    unit_id: str
    person_id: str
    day: date
    nudge: Nudge


def not_heard(session: Session, since: date) -> list[NotHeard]:
    """All of them in every unit since that day, in one statement: each message is looked up by its key."""
    person = literal("person:") + col(NudgeSaid.person_id)
    digest = person + literal("/digest:") + cast(col(NudgeSaid.day), String)
    alone = person + literal("/nudge:") + col(NudgeSaid.nudge_id)
    refused = or_(col(OutboxMessage.key) == digest, col(OutboxMessage.key) == alone)
    wanted = (
        select(Nudge, NudgeSaid)
        .join(NudgeSaid, col(NudgeSaid.nudge_id) == col(Nudge.id))
        .join(Membership, col(Membership.person_id) == col(NudgeSaid.person_id))
        .join(OutboxMessage, refused)
        .where(
            Membership.status != MemberStatus.LEFT,
            Membership.unit_id == Nudge.unit_id,
            NudgeSaid.day >= since,
            _REFUSED,
        )
        .order_by(col(Nudge.due_on), col(Nudge.id))
    )
    return [NotHeard(nudge.unit_id, said.person_id, said.day, nudge) for nudge, said in session.exec(wanted)]


def forget_said(session: Session, found: Collection[NotHeard]) -> None:
    """What was refused was not said: it is to be said again, to this person or to whoever stands in."""
    for person_id, day in {(one.person_id, one.day) for one in found}:
        ids = [one.nudge.id for one in found if (one.person_id, one.day) == (person_id, day)]
        here = (col(NudgeSaid.nudge_id).in_(ids), col(NudgeSaid.person_id) == person_id, col(NudgeSaid.day) == day)
        session.connection().execute(delete(NudgeSaid).where(*here))
        again = update(Nudge).where(col(Nudge.id).in_(ids), col(Nudge.said_on) == day).values(said_on=None)
        session.connection().execute(again)
    for one in found:
        session.expire(one.nudge)


def out_of_reach(session: Session, person_ids: Collection[str], today: date) -> frozenset[str]:
    """Those whose last morning message of the past week was refused for good."""
    days = [today - timedelta(days=n) for n in range(LOOK_BACK.days)]
    keys = {f"person:{one}/digest:{day.isoformat()}": (one, day) for one in person_ids for day in days}
    wanted = select(OutboxMessage.key, OutboxMessage.state).where(
        col(OutboxMessage.key).in_(keys), or_(_REFUSED, col(OutboxMessage.state) == OutboxState.SENT)
    )
    last: dict[str, tuple[date, str]] = {}
    for key, state in session.exec(wanted):
        person_id, day = keys[key]
        last[person_id] = max(last.get(person_id, (date.min, "")), (day, state))
    return frozenset(one for one, (_day, state) in last.items() if state == OutboxState.FAILED)


def unsure(session: Session, person_id: str, now: datetime) -> bool:
    """Whether a reminder of the past day may not have reached somebody, and nobody can look."""
    start = f"person:{person_id}/"
    mine = or_(*(col(OutboxMessage.key).startswith(f"{start}{kind}:", autoescape=True) for kind in ("digest", "nudge")))
    found = select(OutboxMessage.id).where(mine, _UNSURE, col(OutboxMessage.due_at) >= now - UNSURE_FOR)
    return session.exec(found.limit(1)).first() is not None
