"""A form that has nothing left to ask: saved with one press, as it would have opened."""

from __future__ import annotations

from handlers.forms.asking import submit_of
from handlers.forms.context import context
from handlers.forms.versions import form_of
from handlers.turn import Answer, Ask, Done, Note, Nothing, Turn
from prompts_and_forms.forms import engine
from prompts_and_forms.states import DraftState
from storage.database.bodies import EntryBody
from storage.database.tables_machinery import Draft
from storage.database.vault import Scope, seal, unseal


def save(turn: Turn, asked: Ask) -> Answer:
    """What comes of saving an opened form unchanged; the form itself where it still needs an answer."""
    draft = turn.session.get_one(Draft, asked.view.args["draft"])
    form = form_of(turn, draft)
    flat = unseal(turn.session, draft, EntryBody).answers["flat"]
    answers, faults = engine.read(form, context(turn, draft.family_id, form), flat)
    answer = asked if faults else submit_of(form.id)(turn, draft, answers)
    if not isinstance(answer, Done):
        return asked
    draft.state = DraftState.DONE
    scope = Scope.family(draft.family_id) if draft.family_id else Scope.person(draft.person_id)
    seal(turn.session, draft, EntryBody(answers={"flat": {}, "boxes": {}}), scope)
    turn.session.add(draft)
    return Note(answer.note) if answer.note else Nothing()
