"""A form that somebody began before: opened again the same way it goes on where it was, and a second window of one
that is saved already is not taken for a second press.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from handlers.turn import Turn
from prompts_and_forms.forms import engine
from prompts_and_forms.forms import wording as forms_wording
from prompts_and_forms.forms.form import Form, QuestionKind
from storage.database.bodies import EntryBody
from storage.database.tables_machinery import Draft
from storage.database.vault import unseal
from storage.forms import drafts
from storage.unit import units

BEGAN, REFUSED, SAVED_AS = "began", "refused", "saved_as"
"""In a draft's sealed body: what the form opened with; a window open with a fault; a mark of what was saved."""


def begun(turn: Turn, draft: Draft, form: Form, flat: Mapping[str, Any]) -> Draft | None:
    """The newest form of this kind that this person closed or lost half-written, if it opened with the same answers.

    `draft` is the one that would be opened now, with `flat` in it. A time that was filled in may be another by now.
    """
    wanted = _without_times(form, flat)
    for one in drafts.begun_alike(turn.session, draft):
        held = unseal(turn.session, one, EntryBody).answers
        if BEGAN in held and REFUSED not in held and _without_times(form, held[BEGAN]) == wanted:
            return one
    return None


def _without_times(form: Form, flat: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in flat.items() if not _is_time(form, key)}


def _is_time(form: Form, key: str) -> bool:
    question = engine.question_of(form, key)
    return question is not None and question.kind is QuestionKind.TIME


def words(turn: Turn, draft: Draft) -> str:
    """Above a form that goes on where it was left."""
    unit = units.by_id(turn.session, draft.unit_id) if draft.unit_id else None
    return forms_wording.begun_before(draft.saved_at.astimezone(units.zone(unit)))


def mark(values: Mapping[str, Any]) -> str:
    """What was handed in, so that the same again is known without keeping the words a second time."""
    said = {key: value for key, value in values.items() if value not in (None, "", [], ())}
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=list).encode()).hexdigest()
