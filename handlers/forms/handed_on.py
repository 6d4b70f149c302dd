"""A form handed on to a colleague while it still stood open elsewhere: what is typed there stays its writer's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select

from handlers.forms.versions import ASKED
from handlers.turn import Turn
from prompts_and_forms.forms import wording as forms_wording
from prompts_and_forms.states import DraftState
from storage.database.tables_machinery import Draft
from storage.forms.drafts import HANDED_BY
from storage.unit import people

BESIDE = "beside"
"""In a draft's args: the handed draft that its words were typed in."""


def by_me(turn: Turn) -> Draft | None:
    """The draft an event is about, where whoever acts handed it on and does not have it any more."""
    draft = turn.session.get(Draft, turn.event.args.get("draft", ""))
    if draft is None or draft.person_id == turn.actor().id:
        return None
    return draft if turn.actor().id in draft.args.get(HANDED_BY, "").split() else None


def remember(draft: Draft, person_id: str) -> None:
    """That this person had the draft, and hands it on."""
    before = [one for one in draft.args.get(HANDED_BY, "").split() if one != person_id]
    draft.args = {**draft.args, HANDED_BY: " ".join([*before, person_id])}


def has_all(kept: Mapping[str, Any], typed: Mapping[str, Any]) -> bool:
    """Whether everything in a window is in what is saved."""
    for key, value in typed.items():
        there = kept.get(key)
        if value in (None, "", []) or value == there:
            continue
        if not (isinstance(value, str) and isinstance(there, str) and value in there):
            return False
    return True


def own_draft(turn: Turn, handed: Draft) -> Draft:
    """The draft of one's own for what is typed in such a window: one for each form that was handed on."""
    wanted = select(Draft).where(
        Draft.person_id == turn.actor().id,
        Draft.form == handed.form,
        Draft.state == DraftState.OPEN,
        col(Draft.saved).is_(True),
    )
    there = next((one for one in turn.session.exec(wanted) if one.args.get(BESIDE) == handed.id), None)
    return there or Draft(
        person_id=turn.actor().id,
        unit_id=handed.unit_id,
        family_id=handed.family_id,
        discussion_id=handed.discussion_id,
        meeting_id=handed.meeting_id,
        form=handed.form,
        form_hash=turn.event.args.get(ASKED) or handed.form_hash,
        args={key: value for key, value in handed.args.items() if key != HANDED_BY} | {BESIDE: handed.id},
        saved=True,
        made_at=turn.now,
        saved_at=turn.now,
    )


def sentence(turn: Turn, handed: Draft, said: str) -> str:
    """`said` with the name of whoever has the draft now."""
    return said.format(who=people.name_of(turn.session, handed.person_id))


def has_it_now(turn: Turn, handed: Draft) -> str:
    """The sentence for somebody whose draft went to a colleague, and who has it now."""
    return sentence(turn, handed, forms_wording.HANDED_ALREADY)


def kept_beside(turn: Turn, handed: Draft) -> str:
    """The sentence for answers sent after the draft was handed on: they are saved beside it."""
    return sentence(turn, handed, forms_wording.KEPT_BESIDE)
