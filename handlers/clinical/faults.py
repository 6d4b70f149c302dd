"""What keeps a step of the clinical pathway from being kept: a sentence beside the field."""

from __future__ import annotations

from handlers.entries import owners, recording
from handlers.entries.recording import Answers, date_of, text_of
from handlers.turn import Turn
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.clinical.pathway import Move
from prompts_and_forms.days import day_words
from prompts_and_forms.unit import who
from storage.clinical import episodes
from storage.database.tables import Family
from storage.database.tables_clinical import Episode
from storage.database.tables_machinery import Draft
from storage.unit import people

CAMHS = ("tier_2", "tier_3")
NAMED = ("referrer", "clinician", "called_by")

Faults = dict[str, str]


def of(turn: Turn, draft: Draft, family: Family, episode: Episode | None, move: Move, answers: Answers) -> Faults:
    """Field -> sentence; empty where it can be saved."""
    named = {key: answers[key] for key in NAMED if isinstance(answers.get(key), str)}
    faults = owners.left_errors(turn, recording.context_of(turn, draft), named, draft.id)
    faults |= _who(turn, family, answers)
    if move.id == "session" and episode is not None:
        faults |= _session(turn, draft, episode, answers)
    if move.id == "refer":
        faults |= _referral(turn, family, answers)
    if move.id == "confirm":
        faults |= _confirm(answers)
    if move.id == "finish":
        faults |= _finish(answers)
    return faults


def _who(turn: Turn, family: Family, answers: Answers) -> Faults:
    """Clinical work is done by a clinician, or by the clinical manager in their place."""
    membership = people.belongs(turn.session, family.unit_id, text_of(answers, "clinician"))
    may = membership is None or who.CLINICAL_LINE & set(membership.roles)
    return {} if may else {"clinician": clinical_wording.NOT_A_CLINICIAN}


def _session(turn: Turn, draft: Draft, episode: Episode, answers: Answers) -> Faults:
    held = date_of(answers, "date")
    if held is None:
        return {}
    met = episode.commissioned_on
    if met is not None and held < met <= turn.today():
        return {"date": clinical_wording.SESSION_BEFORE.format(day=day_words.in_full(met))}
    days = [row.get("date") for row in episodes.body(turn.session, episode).sessions]
    if draft.args.get("replaces") or draft.args.get("twice") == held.isoformat() or held.isoformat() not in days:
        return {}
    draft.args = {**draft.args, "twice": held.isoformat()}
    return {"date": clinical_wording.SESSION_TWICE.format(day=day_words.in_full(held))}


def _referral(turn: Turn, family: Family, answers: Answers) -> Faults:
    """The consultant social worker refers; for CAMHS a clinician may, once the consultant social worker agrees."""
    membership = people.belongs(turn.session, family.unit_id, text_of(answers, "referrer"))
    if membership is None or membership.unit_lead or "clinician" not in membership.roles:
        return {}
    if answers.get("tier") not in CAMHS:
        return {"referrer": clinical_wording.CSW_REFERS}
    return {} if answers.get("csw_agrees") is True else {"csw_agrees": clinical_wording.CSW_MUST_AGREE}


def _confirm(answers: Answers) -> Faults:
    faults: Faults = {}
    if answers.get("decision") != "confirmed" and not text_of(answers, "why").strip():
        faults["why"] = clinical_wording.ALTER_NEEDS_WHY
    if answers.get("decision") != "not_suitable" and not answers.get("clinician"):
        faults["clinician"] = clinical_wording.WHO_CONFIRMS
    return faults


def _finish(answers: Answers) -> Faults:
    if answers.get("all_in") != "done" or text_of(answers, "why_not").strip():
        return {}
    return {key: clinical_wording.WHICH_ARE_IN for key in ("sdq_in", "chi_esq_in") if answers.get(key) is not True}
