"""Lists that were sent and wait for somebody's yes: sealed, one a person, and emptied as soon as they are done with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, select

from prompts_and_forms.states import DraftState
from storage.database.bodies import EntryBody
from storage.database.tables_machinery import Draft
from storage.database.vault import Scope, seal

FORM = "import"
"""The name such a draft goes by. It is no form anybody fills in, so it is never offered to be gone on with."""


def of_person(session: Session, person_id: str) -> list[Draft]:
    """What somebody sent before and did not decide about."""
    asked = select(Draft).where(Draft.person_id == person_id, Draft.form == FORM, Draft.state == DraftState.OPEN)
    return list(session.exec(asked))


def before(session: Session, moment: datetime) -> list[Draft]:
    """Lists that were sent before a moment and still wait."""
    return list(
        session.exec(select(Draft).where(Draft.form == FORM, Draft.state == DraftState.OPEN, Draft.made_at < moment))
    )


def put_away(session: Session, found: Iterable[Draft]) -> None:
    """Nothing of the list is left."""
    for draft in found:
        draft.state = DraftState.DONE
        seal(session, draft, EntryBody(answers={}), Scope.person(draft.person_id))
        session.add(draft)
    session.flush()
