"""Forms somebody has open and typed in. Opening, saving and finishing them: handlers/forms.py."""

from __future__ import annotations

from sqlmodel import Session, col, select

from storage.tables_machinery import Draft


def drafts_of(session: Session, person_id: str) -> list[Draft]:
    """The person's unfinished forms with something typed in them, newest first."""
    asked = select(Draft).where(Draft.person_id == person_id, Draft.state == "open", col(Draft.saved).is_(True))
    return list(session.exec(asked.order_by(col(Draft.saved_at).desc())).all())
