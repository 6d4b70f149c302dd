"""Requests to see the record: when one came in, what was asked, what is hidden. Nothing here commits."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256

from sqlmodel import Session, col, select

from prompts_and_forms.subject.clock import Stop, due_on
from storage.database.audit import audit
from storage.database.bodies import SubjectBody, SubjectMarkBody
from storage.database.tables import Family
from storage.database.tables_retention import SubjectMark, SubjectRequest
from storage.database.vault import Scope, seal, unseal


def of_family(session: Session, family_id: str) -> list[SubjectRequest]:
    """Every request about a child of a family, oldest first."""
    wanted = select(SubjectRequest).where(SubjectRequest.family_id == family_id)
    return list(session.exec(wanted.order_by(col(SubjectRequest.received_on), col(SubjectRequest.id))))


def open_for(session: Session, child_id: str) -> SubjectRequest | None:
    """The newest request about a child that nobody has answered yet."""
    wanted = select(SubjectRequest).where(SubjectRequest.child_id == child_id, col(SubjectRequest.sent_on).is_(None))
    return session.exec(wanted.order_by(col(SubjectRequest.received_on).desc())).first()


def begin(
    session: Session,
    family: Family,
    *,
    child_id: str,
    received_on: date,
    responsible_id: str,
    by_id: str,
    now: datetime,
) -> SubjectRequest:
    """A request came in."""
    row = SubjectRequest(
        family_id=family.id, child_id=child_id, received_on=received_on, responsible_id=responsible_id, by_id=by_id,
        at=now,
    )  # fmt: skip
    keep(session, row, SubjectBody())
    return row


def keep(session: Session, row: SubjectRequest, body: SubjectBody) -> None:
    """Writes a request as it is now."""
    seal(session, row, body, Scope.family(row.family_id))
    session.add(row)
    session.flush()


def body(session: Session, row: SubjectRequest) -> SubjectBody:
    """The reasons of a request."""
    return unseal(session, row, SubjectBody)


def stops(row: SubjectRequest) -> list[Stop]:
    """When the clock stood still."""
    return [
        Stop(date.fromisoformat(asked), date.fromisoformat(answered) if answered else None)
        for asked, answered in row.stops
    ]


def due(row: SubjectRequest) -> date | None:
    """The last day for the answer; None while the clock stands still."""
    return due_on(row.received_on, stops(row), extended=row.extended_on is not None)


def marks(session: Session, request_id: str) -> list[SubjectMark]:
    """What is hidden, in the order it was decided."""
    wanted = select(SubjectMark).where(SubjectMark.request_id == request_id, col(SubjectMark.ended_at).is_(None))
    return list(session.exec(wanted.order_by(col(SubjectMark.at), col(SubjectMark.id))))


def mark(
    session: Session, row: SubjectRequest, *, line: str, shown: str, words: str, code: str, why: str, by_id: str,
    now: datetime,
) -> SubjectMark:  # fmt: skip
    """Hides a line, or words in it. `shown` is the record it is part of, as it stood when that was decided."""
    made = SubjectMark(
        request_id=row.id, family_id=row.family_id, line=line, words_hash=hash_of(shown), code=code, by_id=by_id, at=now
    )
    seal(session, made, SubjectMarkBody(words=words, why=why), Scope.family(row.family_id))
    session.add(made)
    session.flush()
    return made


def unmark(session: Session, made: SubjectMark, *, by_id: str, now: datetime) -> None:
    """It is shown again; that it was hidden, by whom and why is remembered."""
    made.ended_at, made.ended_by_id = now, by_id
    session.add(made)
    session.flush()
    audit(session, at=now, what="shown_again", row=made, person_id=by_id, family_id=made.family_id)


def mark_body(session: Session, made: SubjectMark) -> SubjectMarkBody:
    """Which words are hidden, and why."""
    return unseal(session, made, SubjectMarkBody)


def hash_of(words: str) -> str:
    """Tells whether a record was changed since somebody looked at it."""
    return sha256(words.encode()).hexdigest()
