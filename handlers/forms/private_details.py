"""What must not be saved from a form: NHS numbers, postcodes and the like. It stays in its box, with a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import remarks
from handlers.forms.versions import form_of
from handlers.turn import Turn
from prompts_and_forms import privacy
from prompts_and_forms.forms import engine
from storage.database.tables_machinery import Draft
from storage.unit import units

OWN_NUMBERS = frozenset({"unit_contacts"})
"""Forms for the unit's own telephone numbers and addresses."""


def private_details(turn: Turn, draft: Draft, flat: Mapping[str, Any]) -> dict[str, str]:
    """Fields that hold such a detail, with the sentence for each: the text stays in the box and is not stored."""
    if draft.form in OWN_NUMBERS:
        return {}
    if not any(privacy.findings(value) for value in flat.values() if isinstance(value, str)):
        return {}
    phones = [c.how for c in units.contacts(turn.session, turn.unit.id)] if turn.unit else []
    found: dict[str, str] = {}
    form = form_of(turn, draft)
    for key, value in flat.items():
        findings = privacy.findings(value, phones) if isinstance(value, str) else []
        if engine.is_personal(form, key):
            findings = [finding for finding in findings if finding.kind not in privacy.WAYS_TO_REACH]
        if findings:
            found[key] = privacy.field_words(findings)
    return found


def remark_blocked(turn: Turn, draft: Draft, private: Mapping[str, str]) -> None:
    """That something was not taken is remembered, by its kinds alone; the sentence stands beside the field already."""
    phones = [c.how for c in units.contacts(turn.session, turn.unit.id)] if turn.unit else []
    found = [f for key in private for f in privacy.findings(str(turn.event.values.get(key, "")), phones)]
    if draft.unit_id and draft.discussion_id:
        remarks.give(
            turn,
            "privacy_block",
            unit_id=draft.unit_id,
            discussion_id=draft.discussion_id,
            about=draft.id,
            params={"kinds": privacy.kinds(found)},
            shown_in=remarks.NOWHERE,
        )
