"""Forms somebody has open and typed in. Opening, saving and finishing them: handlers/forms.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, col, func, select

from prompts_and_forms.states import DraftState
from storage.database.bodies import EntryBody, OrphanedAnswer
from storage.database.tables_machinery import Draft
from storage.database.vault import unseal

HANDED_BY = "handed_by"
"""In a draft's args: everybody who has handed it on, by id."""
PRIVATE_FORMS = frozenset({"reflection"})
"""Forms about the writer alone, whatever family they name."""
NOT_FOR_OTHERS = frozenset({"boundary_check"})
"""Asked in a form, but for the writer alone: never part of what is kept with the form."""


def args_of(session: Session, draft_id: str) -> dict[str, str]:
    """What a form was opened with; empty where there is no such form."""
    draft = session.get(Draft, draft_id) if draft_id else None
    return dict(draft.args) if draft is not None else {}


def drafts_of(session: Session, person_id: str) -> list[Draft]:
    """The person's unfinished forms with something typed in them, newest first."""
    asked = select(Draft).where(
        Draft.person_id == person_id, Draft.state == DraftState.OPEN, col(Draft.saved).is_(True)
    )
    return list(session.exec(asked.order_by(col(Draft.saved_at).desc())).all())


def begun_alike(session: Session, draft: Draft) -> list[Draft]:
    """The same person's unfinished forms of the same version for the same place and purpose, newest first."""
    asked = select(Draft).where(
        Draft.person_id == draft.person_id,
        Draft.form == draft.form,
        Draft.form_hash == draft.form_hash,
        col(Draft.unit_id).is_not_distinct_from(draft.unit_id),
        col(Draft.family_id).is_not_distinct_from(draft.family_id),
        col(Draft.discussion_id).is_not_distinct_from(draft.discussion_id),
        col(Draft.meeting_id).is_not_distinct_from(draft.meeting_id),
        Draft.state == DraftState.OPEN,
        col(Draft.saved).is_(True),
    )
    found = session.exec(asked.order_by(col(Draft.saved_at).desc()))
    return [one for one in found if one.args == draft.args]


def count_in(session: Session, discussion_id: str) -> int:
    """How many forms were opened in a discussion so far."""
    return session.exec(select(func.count()).where(Draft.discussion_id == discussion_id)).one()


def begun(session: Session, family_id: str, form: str) -> list[Draft]:
    """Anybody's unfinished forms of one kind about a family, newest first."""
    asked = select(Draft).where(
        Draft.family_id == family_id, Draft.form == form, Draft.state == DraftState.OPEN, col(Draft.saved).is_(True)
    )
    return list(session.exec(asked.order_by(col(Draft.saved_at).desc())))


def orphaned_answers(session: Session, draft: Draft) -> list[OrphanedAnswer]:
    """What was written in an earlier version of the form and has no place in this one."""
    return unseal(session, draft, EntryBody).also if draft.sealed else []


def left_over(session: Session, draft: Draft, answers: dict[str, Any]) -> list[OrphanedAnswer]:
    """What of it belongs to the record: not what its writer put into another answer since, nor a private look."""
    written = list(_texts(answers))
    return [
        one
        for one in orphaned_answers(session, draft)
        if one.question not in NOT_FOR_OTHERS and not any(one.text.strip() in text for text in written)
    ]


def own_look(session: Session, draft: Draft) -> list[OrphanedAnswer]:
    """What of it is a private look of whoever writes the form."""
    return [one for one in orphaned_answers(session, draft) if one.question in NOT_FOR_OTHERS]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, str):
        yield value
