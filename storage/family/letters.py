"""Letters that were written to a family, and what a letter can be written about."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, col, or_, select

from storage.database.tables import Action, Agreement, Discussion, Entry, Meeting

FORMS = ("letter", "letter_young")


def of_family(session: Session, family_id: str) -> list[Entry]:
    """Every letter as it is now, the last first."""
    wanted = select(Entry).where(
        Entry.family_id == family_id, col(Entry.form).in_(FORMS), col(Entry.replaced_by_id).is_(None)
    )
    return list(session.exec(wanted.order_by(col(Entry.recorded_at).desc(), col(Entry.id))))


def first_of(session: Session, entry: Entry) -> Entry:
    """The first version of a letter: what is said of it is said of all of them."""
    while True:
        before = session.exec(select(Entry).where(Entry.replaced_by_id == entry.id)).first()
        if before is None:
            return entry
        entry = before


def with_decisions(session: Session, family_id: str, most: int) -> list[tuple[Discussion, date]]:
    """The meetings that decided something about a family, the last first, each with its day."""
    did = select(Action.discussion_id).where(Action.family_id == family_id)
    agreed = select(Agreement.discussion_id).where(Agreement.family_id == family_id)
    wanted = (
        select(Discussion, Meeting)
        .join(Meeting, col(Meeting.id) == col(Discussion.meeting_id))
        .where(Discussion.family_id == family_id, or_(col(Discussion.id).in_(did), col(Discussion.id).in_(agreed)))
        .order_by(col(Meeting.day).desc(), col(Discussion.started_at).desc())
    )
    return [(talk, meeting.day) for talk, meeting in session.exec(wanted.limit(most))]
