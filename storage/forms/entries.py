"""Forms as they were handed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from prompts_and_forms.forms.form import Form
from storage.database.bodies import EntryBody, OrphanedAnswer
from storage.database.tables import Discussion, Entry
from storage.database.vault import Scope, seal, unseal
from storage.forms import published
from storage.turn import known


def keep(
    session: Session,
    *,
    form: Form,
    answers: dict[str, Any],
    person_id: str,
    unit_id: str,
    now: datetime,
    meeting_id: str | None = None,
    discussion_id: str | None = None,
    family_id: str | None = None,
    stage: str = "",
    subject_id: str | None = None,
    also: list[OrphanedAnswer] | None = None,
) -> Entry:
    """Keeps one handed-in form, under the family's key where there is a family, the unit's otherwise.

    `form` is the form as it was asked: the answers are shown with its words for ever. `also` is what was written in an
    earlier version of it and has no question in this one.

    A record made after the discussion was confirmed is marked so.
    """
    discussion = session.get(Discussion, discussion_id) if discussion_id else None
    late = discussion is not None and discussion.confirmed_at is not None
    entry = Entry(
        unit_id=unit_id,
        meeting_id=meeting_id or (discussion.meeting_id if discussion else None),
        discussion_id=discussion_id,
        family_id=family_id,
        stage=stage,
        form=form.id,
        form_version=form.version,
        form_hash=published.keep(session, form, now),
        recorded_by_id=person_id,
        recorded_at=now,
        after_confirm=late,
        subject_id=subject_id,
    )
    scope = Scope.family(family_id) if family_id else Scope.unit(unit_id)
    seal(session, entry, EntryBody(answers=answers, also=also or []), scope)
    session.add(entry)
    session.flush()
    return entry


def answers(session: Session, entry: Entry) -> dict[str, Any]:
    """The answers of a record, opened."""
    return unseal(session, entry, EntryBody).answers


def orphaned_answers(session: Session, entry: Entry) -> list[OrphanedAnswer]:
    """What was written in an earlier version of the form and had no place in this one."""
    return unseal(session, entry, EntryBody).also


def of_discussion(session: Session, discussion_id: str, form: str | None = None) -> list[Entry]:
    """What was recorded in a discussion, oldest first; replaced entries left out. A turn reads all of it once."""
    asked = ("entries of", discussion_id)
    found = known.once(session, (Entry,), asked, lambda: _all_of(session, discussion_id))
    return [entry for entry in found if form in (None, "", entry.form)]


def _all_of(session: Session, discussion_id: str) -> list[Entry]:
    query = select(Entry).where(Entry.discussion_id == discussion_id, col(Entry.replaced_by_id).is_(None))
    return list(session.exec(query.order_by(col(Entry.recorded_at), col(Entry.id))))


def of_meeting(session: Session, meeting_id: str, form: str) -> list[Entry]:
    """Entries of the meeting itself (quality check), newest last."""
    query = select(Entry).where(Entry.meeting_id == meeting_id, Entry.form == form)
    return list(session.exec(query.order_by(col(Entry.recorded_at), col(Entry.id))))


def latest(session: Session, discussion_id: str, form: str) -> Entry | None:
    """The last record of this form in a discussion."""
    found = of_discussion(session, discussion_id, form)
    return found[-1] if found else None


def alike_since(
    session: Session, *, form: str, unit_id: str, family_id: str | None, discussion_id: str | None, since: datetime
) -> list[Entry]:
    """Entries of the same form in the same place from `since` on; replaced ones left out."""
    query = select(Entry).where(
        Entry.form == form,
        Entry.unit_id == unit_id,
        Entry.family_id == family_id,
        Entry.discussion_id == discussion_id,
        col(Entry.replaced_by_id).is_(None),
        col(Entry.recorded_at) >= since,
    )
    return list(session.exec(query.order_by(col(Entry.recorded_at), col(Entry.id))))


def newest_of_family(session: Session, family_id: str, form: str) -> Entry | None:
    """The newest entry of a form about a family; replaced ones left out."""
    query = select(Entry).where(Entry.family_id == family_id, Entry.form == form, col(Entry.replaced_by_id).is_(None))
    return session.exec(query.order_by(col(Entry.recorded_at).desc(), col(Entry.id)).limit(1)).first()


def about(session: Session, form: str, subject_id: str) -> list[Entry]:
    """The entries of a form about one thing, oldest first; replaced ones left out."""
    query = select(Entry).where(Entry.form == form, Entry.subject_id == subject_id, col(Entry.replaced_by_id).is_(None))
    return list(session.exec(query.order_by(col(Entry.recorded_at), col(Entry.id))))


def newest_of(session: Session, entry: Entry) -> Entry:
    """What became of a record: its newest version, or the record that it was taken out."""
    while entry.replaced_by_id:
        newer = session.get(Entry, entry.replaced_by_id)
        if newer is None:
            return entry
        entry = newer
    return entry
