"""What there is of a family on paper: its meeting records, agreements and forms, newest first. Three questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from storage.database.tables import Agreement, Discussion, Entry
from storage.family import genograms, letters

SIGNED = ("assessment",)
NOT_ONE = ("unit_file", "correction", "mistake", "move_note", "hand_on", genograms.LINKS)
"""Entries that were loaded, or that only say something about another one."""


@dataclass(frozen=True)
class Paper:
    """`what` = record, agreement or form; `code` = kind of discussion, status of an agreement, or the form's id."""

    what: str
    row_id: str
    on: date
    code: str


def of_family(session: Session, family_id: str, most: int) -> list[Paper]:
    """The newest of everything there is a document of, one more than `most` where there are more.

    A form that was handed in within a discussion is part of that discussion's record, unless people sign it.
    """
    talks = select(Discussion).where(Discussion.family_id == family_id)
    agreed = select(Agreement).where(Agreement.family_id == family_id)
    forms = select(Entry).where(
        Entry.family_id == family_id,
        col(Entry.replaced_by_id).is_(None),
        col(Entry.form).not_in(NOT_ONE),
        or_(col(Entry.discussion_id).is_(None), col(Entry.form).in_(SIGNED)),
    )
    found = [
        *(
            Paper("record", row.id, row.started_at.date(), row.kind)
            for row in session.exec(talks.order_by(col(Discussion.started_at).desc()).limit(most + 1))
        ),
        *(
            Paper("agreement", row.id, row.made_on, row.status)
            for row in session.exec(agreed.order_by(col(Agreement.made_on).desc()).limit(most + 1))
        ),
        *(
            Paper("letter" if row.form in letters.FORMS else "form", row.id, row.recorded_at.date(), row.form)
            for row in session.exec(forms.order_by(col(Entry.recorded_at).desc()).limit(most + 1))
        ),
    ]
    return sorted(found, key=lambda one: one.on, reverse=True)[: most + 1]
