"""Permission to share: signed on paper, kept here with what it covers, and asked of before a school is."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers.clinical import work_card
from handlers.clinical.said import measures_button
from handlers.entries import recording
from handlers.entries.recording import Answers
from handlers.forms.asking import prefills, submits
from handlers.turn import Answer, Done, Turn, Wrong
from prompts_and_forms.card import Buttons, say
from prompts_and_forms.clinical import now_wording
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.measures import planning
from storage.database.tables import Entry, Family
from storage.database.tables_machinery import Draft
from storage.family import families
from storage.forms import entries

FORM = "permission_to_share"
SHOW_WORK = "work"
"""In a form's args: it was opened after a step of the work, whose card is shown again."""
SIGNED, WITHDRAWN, REFUSED = "signed", "withdrawn", "refused"
IN_IT = ("who", "about_whom")
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
    """That it was signed at the commissioning meeting, when and by the carers who came, where nothing that holds for
    the family says so yet.
    """
    met = entries.newest_of_family(turn.session, family.id, "commissioning")
    said = entries.answers(turn.session, met) if met else {}
    if met is None or not said.get("permission") or _said_since(turn, family, met):
        return {}
    carers = {carer.key for _row, carer in families.carers(turn.session, family.id)}
    came = [key for key in said.get("family") or [] if key in carers]
    found: dict[str, Any] = {"status": SIGNED, "signed": said.get("date"), "withdrawn": None}
    return found | ({"who": came} if came else {}) | ({"signed_by": came} if len(came) == 1 else {})


def _said_since(turn: Turn, family: Family, met: Entry) -> bool:
    """Whether what holds now is a signed permission, or was written down after that meeting."""
    status = _holds(turn, family).get("status")
    kept = entries.newest_of_family(turn.session, family.id, FORM)
    is_newer = kept is None or kept.recorded_at >= met.recorded_at
    return status == SIGNED or (status in (WITHDRAWN, REFUSED) and is_newer)


def is_signed(turn: Turn, family: Family) -> bool:
    """Whether a signed permission to share holds for the family."""
    return _holds(turn, family).get("status") == SIGNED


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
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    family_id = recording.family_of(draft)
    if faults := _left_out(answers) or _taken_out(turn, draft, family_id, answers):
        return Wrong(faults)
    asked_before = may_ask_school(turn, family_id)
    if (family := families.by_id(turn.session, family_id)) is not None:
        _now_holds(turn, family, answers)
    entry = recording.keep(turn, draft, answers)
    if family is not None and draft.args.get("then") == SHOW_WORK:
        signed = (say(now_wording.PERMISSION_IS_SIGNED),) if is_signed(turn, family) else ()
        return Done(work_card.show(turn, family, *signed, Buttons(items=(measures_button(family),))).card)
    done = recording.shown(turn, draft, entry)
    if done.note is None or not asked_before or may_ask_school(turn, family_id):
        return done
    return Done(done.note.model_copy(update={"blocks": (say(clinical_wording.SCHOOL_NO_MORE), *done.note.blocks)}))


def _left_out(answers: Answers) -> dict[str, str]:
    """What a signed permission cannot do without, each with its sentence."""
    if answers.get("status") != SIGNED:
        return {}
    return {key: sentence for key, sentence in clinical_wording.SIGNED_NEEDS.items() if not answers.get(key)}


def _taken_out(turn: Turn, draft: Draft, family_id: str, answers: Answers) -> dict[str, str]:
    """Asks once about anybody of the family who was in the permission and is in it no more."""
    before = entries.newest_of_family(turn.session, family_id, FORM)
    if before is None or draft.args.get("replaces"):
        return {}
    was, shown = entries.answers(turn.session, before), _called(turn, family_id)
    faults: dict[str, str] = {}
    for key in IN_IT:
        gone = [one for one in was.get(key) or [] if one in shown and one not in (answers.get(key) or [])]
        asked = f"{key}:{','.join(sorted(gone))}"
        if gone and draft.args.get(f"asked_{key}") != asked:
            draft.args = {**draft.args, f"asked_{key}": asked}
            faults[key] = clinical_wording.was_in_it([shown[one] for one in gone])
    return faults


def _called(turn: Turn, family_id: str) -> dict[str, str]:
    """The children and carers who belong to the family now, by key, as people call them."""
    children = [body for _row, body in families.children(turn.session, family_id)]
    carers = [body for _row, body in families.carers(turn.session, family_id)]
    return families.called([*children, *carers])


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
