"""The rows of the form in which the work of somebody who leaves is handed over."""

from __future__ import annotations

from sqlmodel import Session

from handlers.turn import Turn
from prompts_and_forms.card import Choice
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.unit import leaving_wording as wording
from storage.database.tables_machinery import Draft
from storage.family import families
from storage.unit import work_left
from storage.unit.work_left import Kind, Work

PERSON = "person"
"""In a draft's args: whose work it is."""


def choices(turn: Turn) -> tuple[Choice, ...]:
    """What somebody has in hand in this unit, each with the family's name."""
    draft = turn.session.get(Draft, turn.event.args.get("draft", ""))
    person_id = draft.args.get(PERSON, "") if draft else turn.event.args.get(PERSON, "")
    if turn.unit is None or not person_id:
        return ()
    found = work_left.of_person(turn.session, turn.unit.id, person_id, turn.now)
    return tuple(Choice(value=one.key, label=label(turn.session, one)) for one in found)


def label(session: Session, one: Work) -> str:
    """One piece of work in a line."""
    what = load_form(one.words).title if one.kind is Kind.DRAFT else one.words
    return wording.work_line(families.label_of(session, one.family_id), one.kind, what, one.due_on)
