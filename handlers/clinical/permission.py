"""Permission to share: signed on paper, kept here with what it covers, and asked of before a school is."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers.entries import recording
from handlers.entries.recording import Answers
from handlers.forms.asking import prefills, submits
from handlers.turn import Answer, Done, Turn, Wrong
from prompts_and_forms.card import say
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.measures import planning
from storage.database.tables import Family
from storage.database.tables_machinery import Draft
from storage.family import families
from storage.forms import entries

FORM = "permission_to_share"
SIGNED, WITHDRAWN, REFUSED = "signed", "withdrawn", "refused"
COUNTS = ("status", "signed", "scope", "note", "signed_by", "ends", "withdrawn", "scope_note")
"""Answers that say what holds for the family now; the others are in the record of the form."""


@prefills(FORM)
def known_already(
    turn: Turn, family_id: str | None, _discussion: str | None, _args: dict[str, str]
) -> dict[str, Any] | None:
    """What holds now, so that a withdrawal or a new date is one answer and not the whole form again."""
    family = families.by_id(turn.session, family_id)
    if family is None:
        return None
    kept = entries.newest_of_family(turn.session, family.id, FORM)
    holds = {key: value for key, value in _holds(turn, family).items() if key in COUNTS and value}
    known = {**(entries.answers(turn.session, kept) if kept else {}), **holds, **_said_at_the_meeting(turn, family)}
    known["scope"] = [one for one in known.get("scope") or [] if one in _offered()]
    known.setdefault("about_whom", [child.key for _row, child in families.children(turn.session, family.id)])
    known.pop("note", None)
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in known.items() if value}


def _said_at_the_meeting(turn: Turn, family: Family) -> dict[str, Any]:
    """That it was signed at the commissioning meeting, where nothing that holds for the family says so yet."""
    met = entries.newest_of_family(turn.session, family.id, "commissioning")
    said = entries.answers(turn.session, met) if met else {}
    if not said.get("permission") or _holds(turn, family).get("status") in (SIGNED, WITHDRAWN, REFUSED):
        return {}
    return {"status": SIGNED, "signed": said.get("date")}


def signed_on(turn: Turn, family_id: str | None) -> str:
    """The day on which a permission that holds was signed; "" for none."""
    family = families.by_id(turn.session, family_id)
    holds = _holds(turn, family) if family else {}
    signed = holds.get("signed") if holds.get("status") == SIGNED else None
    return signed.isoformat() if isinstance(signed, date) else str(signed or "")


def _holds(turn: Turn, family: Family) -> dict[str, Any]:
    return families.body(turn.session, family).permission


def _offered() -> set[str]:
    question = next(one for one in load_form(FORM).questions if one.id == "scope")
    return {choice.value for choice in question.options}


def may_ask_school(turn: Turn, family_id: str | None) -> bool:
    """Whether a school may be asked about this family today."""
    family = families.by_id(turn.session, family_id)
    return family is not None and planning.covers_school(_holds(turn, family), turn.today())


@submits(FORM)
def keep(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """What was signed on paper now counts for this family, and what was withdrawn does not any more."""
    if twin := recording.already_handed_in(turn, draft, answers):
        return twin
    if faults := _left_out(answers):
        return Wrong(faults)
    family_id = recording.family_of(draft)
    asked_before = may_ask_school(turn, family_id)
    if (family := families.by_id(turn.session, family_id)) is not None:
        _now_holds(turn, family, answers)
    done = recording.shown(turn, draft, recording.keep(turn, draft, answers))
    if done.note is None or not asked_before or may_ask_school(turn, family_id):
        return done
    return Done(done.note.model_copy(update={"blocks": (say(clinical_wording.SCHOOL_NO_MORE), *done.note.blocks)}))


def _left_out(answers: Answers) -> dict[str, str]:
    """What a signed permission cannot do without, each with its sentence."""
    if answers.get("status") != SIGNED:
        return {}
    return {key: sentence for key, sentence in clinical_wording.SIGNED_NEEDS.items() if not answers.get(key)}


def _now_holds(turn: Turn, family: Family, answers: Answers) -> None:
    """With whom else it was shared before the form offered it stays as it was."""
    known = families.body(turn.session, family)
    others = {key: value for key, value in known.permission.items() if key not in COUNTS}
    said = {key: answers[key] for key in COUNTS if key in answers}
    if "signed" in said:
        said.setdefault("status", "signed")
    unlisted = [one for one in known.permission.get("scope") or [] if one not in _offered()]
    if unlisted or "scope" in said:
        said["scope"] = [*said.get("scope", []), *unlisted]
    families.keep_body(turn.session, family, known.model_copy(update={"permission": {**others, **said}}))
