"""Forms somebody has open: what they typed so far is kept until it is handed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from storage.bodies import EntryBody
from storage.tables_machinery import Draft
from storage.vault import Scope, seal, unseal


def open_draft(
    session: Session,
    *,
    person_id: str,
    form: str,
    now: datetime,
    unit_id: str | None = None,
    family_id: str | None = None,
    discussion_id: str | None = None,
    meeting_id: str | None = None,
    args: dict[str, str] | None = None,
    values: dict[str, Any] | None = None,
) -> Draft:
    """A new open draft holding `values` (flat answers). It is offered again only once the person typed into it."""
    draft = Draft(
        person_id=person_id,
        unit_id=unit_id,
        family_id=family_id,
        discussion_id=discussion_id,
        meeting_id=meeting_id,
        form=form,
        args=args or {},
        made_at=now,
        saved_at=now,
    )
    _keep(session, draft, values or {})
    return draft


def find_draft(session: Session, draft_id: str) -> Draft | None:
    return session.get(Draft, draft_id)


def draft_values(session: Session, draft: Draft) -> dict[str, Any]:
    """The flat answers typed so far."""
    return unseal(session, draft, EntryBody).answers


def save_draft(session: Session, draft: Draft, values: dict[str, Any], now: datetime) -> Draft:
    """Keep what was typed; the draft's version goes up."""
    draft.saved, draft.saved_at = True, now
    _keep(session, draft, values)
    return draft


def finish_draft(session: Session, draft: Draft) -> None:
    """The form was handed in (or thrown away): its words are no longer kept here."""
    draft.state, draft.sealed = "done", b""
    session.add(draft)
    session.flush()


def drafts_of(session: Session, person_id: str) -> list[Draft]:
    """The person's unfinished forms with something typed in them, newest first."""
    asked = select(Draft).where(Draft.person_id == person_id, Draft.state == "open", col(Draft.saved).is_(True))
    return list(session.exec(asked.order_by(col(Draft.saved_at).desc())).all())


def _keep(session: Session, draft: Draft, values: dict[str, Any]) -> None:
    scope = Scope.family(draft.family_id) if draft.family_id else Scope.person(draft.person_id)
    seal(session, draft, EntryBody(answers=values), scope)
    session.add(draft)
    session.flush()
