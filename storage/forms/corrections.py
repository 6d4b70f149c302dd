"""Records that were put right: which version took whose place, and why. Nothing here commits."""

from __future__ import annotations

from sqlmodel import Session, col, select

from storage.database.tables import Entry
from storage.database.tables_measures import Review
from storage.forms import entries

REASON = "correction"
"""The form that asks why a record is put right; its subject is the version that was wrong."""
MISTAKE = "mistake"
"""The form that takes the place of a record that should never have been one; its subject is that record."""
MAY_BE_TAKEN_OUT = ("session", "tracking_entry")


def earlier(session: Session, entry: Entry) -> list[Entry]:
    """The versions before this one, newest first."""
    found: list[Entry] = []
    before = _before(session, entry.id)
    while before is not None:
        found.append(before)
        before = _before(session, before.id)
    return found


def why(session: Session, entry: Entry) -> str:
    """Why this version was written; "" for a first one, or one that needed no reason."""
    before = _before(session, entry.id)
    given = entries.about(session, REASON, before.id) if before else []
    return str(entries.answers(session, given[-1]).get("reason") or "") if given else ""


def _before(session: Session, entry_id: str) -> Entry | None:
    return session.exec(select(Entry).where(Entry.replaced_by_id == entry_id)).first()


def replace_review(session: Session, entry_id: str, row: Review) -> None:
    """The review that an entry recorded no longer counts; `row` does."""
    wanted = select(Review).where(Review.entry_id == entry_id, col(Review.replaced_by_id).is_(None))
    for old in session.exec(wanted):
        if old.id != row.id:
            old.replaced_by_id = row.id
            session.add(old)
    session.flush()
