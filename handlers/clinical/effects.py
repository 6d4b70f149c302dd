"""What each step of the clinical pathway changes about the piece of work, and the same when its form is corrected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handlers.entries.recording import Answers, date_of, text_of
from handlers.turn import Turn
from prompts_and_forms.clinical.pathway import Move
from prompts_and_forms.clinical.review_rules import Kind
from prompts_and_forms.states import WorkState
from storage.clinical import reviews
from storage.clinical.episodes import CLOSING_MEASURES, REFERRAL, SIX_SESSION_REVIEW
from storage.database.bodies import EpisodeBody, ReviewBody
from storage.database.tables import Entry, Family
from storage.database.tables_clinical import Episode
from storage.forms import corrections
from storage.unit import people


@dataclass(frozen=True)
class Step:
    """A step's form as it was saved. `replaced` is the entry it writes anew, None for a first one."""

    turn: Turn
    family: Family
    episode: Episode
    known: EpisodeBody
    answers: Answers
    entry: Entry
    replaced: Entry | None = None


def apply(move: Move, step: Step, to: WorkState) -> None:
    """Writes what the form said into the piece of work, and what is awaited in the state it comes to."""
    if effect := EFFECTS.get(move.id):
        effect(step)
    _awaiting(move, step, to)


def _consult(step: Step) -> None:
    answers, outcome = step.answers, text_of(step.answers, "outcome")
    step.episode.consulted_on = date_of(answers, "date")
    _take_clinician(step)
    if outcome.startswith(("panel", "community")):
        step.known.panel = {
            "referred": text_of(answers, "date"),
            "service": text_of(answers, "resource"),
            "tier": outcome.removeprefix("panel_"),
            "referrer": text_of(answers, "referrer"),
        }


def _agree(step: Step) -> None:
    _take_clinician(step)
    step.known.work = text_of(step.answers, "work") or step.known.work


def _take_clinician(step: Step) -> None:
    who = step.answers.get("clinician")
    membership = people.belongs(step.turn.session, step.family.unit_id, who) if isinstance(who, str) else None
    step.episode.clinician_id = membership.person_id if membership else step.episode.clinician_id


def _book(step: Step) -> None:
    step.episode.next_on = step.episode.commissioned_on = date_of(step.answers, "date")


def _commission(step: Step) -> None:
    held = step.answers.get("decision") != "another_day"
    step.episode.commissioned_on = date_of(step.answers, "date") if held else None
    step.episode.next_on = date_of(step.answers, "first_session")
    step.known.work = text_of(step.answers, "work") or step.known.work


def _session(step: Step) -> None:
    """One more session; one that was corrected keeps its number."""
    episode, known, on = step.episode, step.known, text_of(step.answers, "date")
    mine = [row for row in known.sessions if step.replaced and row.get("entry") == step.replaced.id]
    for row in mine:
        row |= {"date": on, "entry": step.entry.id}
    if not mine:
        episode.sessions += 1
        known.sessions = [*known.sessions, {"number": episode.sessions, "date": on, "entry": step.entry.id}]
    if known.sessions[-1].get("entry") == step.entry.id:
        episode.next_on = date_of(step.answers, "next_session")


def _review(step: Step) -> None:
    turn, answers = step.turn, step.answers
    on = date_of(answers, "date") or turn.today()
    row = reviews.record(
        turn.session,
        unit_id=step.family.unit_id,
        family=step.family,
        held=reviews.Held(kind=Kind.SIX_SESSIONS, held_on=on),
        body=ReviewBody(
            worked=text_of(answers, "worked"),
            did_not_work=text_of(answers, "worked_less"),
            decided=text_of(answers, "recommendations"),
            present=list(answers.get("family") or []),
        ),
        by_id=turn.actor().id,
        now=turn.now,
        entry_id=step.entry.id,
    )
    if step.replaced is not None:
        corrections.replace_review(turn.session, step.replaced.id, row)
    step.episode.reviewed_on, step.episode.reviewed_at = on, step.episode.sessions


def _refer(step: Step) -> None:
    said = _these(step.answers, "service", "tier", "referrer", "csw_agrees", "family_agrees", "asked_for")
    said |= {"referred": step.answers.get("date"), "decision_expected": step.answers.get("answer_by")}
    step.known.panel = said


def _panel(step: Step) -> None:
    said = _these(step.answers, "outcome", "starts", "note")
    step.known.panel = {**step.known.panel, **said, "answered": step.answers.get("date")}
    if step.answers.get("answer_by"):
        step.known.panel["decision_expected"] = step.answers["answer_by"]


def _close(step: Step) -> None:
    step.episode.ended_on, step.episode.next_on = date_of(step.answers, "date"), None
    step.known.closing = _these(step.answers, "why", "recommendations", "second_sdqs")


def _finish(step: Step) -> None:
    said = _these(step.answers, "sdq_in", "chi_esq_in", "why_not", "closed_on")
    step.known.closing = {**step.known.closing, **said}


def _tier3(step: Step) -> None:
    answers = step.answers
    step.known.tier3 = {
        "called": answers.get("called_on"),
        "called_by": answers.get("called_by"),
        "seen": answers.get("seen_on"),
        "next_contact": answers.get("next_contact"),
        "clinical_manager_told": answers.get("manager_told"),
    }


def _these(answers: Answers, *names: str) -> dict[str, Any]:
    return {name: answers[name] for name in names if name in answers}


EFFECTS: dict[str, Callable[[Step], None]] = {
    "consult": _consult,
    "agree": _agree,
    "confirm": _agree,
    "book": _book,
    "commission": _commission,
    "session": _session,
    "review": _review,
    "refer": _refer,
    "panel": _panel,
    "close": _close,
    "finish": _finish,
    "tier3": _tier3,
}
"""Steps that are not here change nothing beside the state."""


def _awaiting(move: Move, step: Step, to: WorkState) -> None:
    """What is still to come, by the state the work is now in; a referral beside it until it is answered."""
    by_state = {
        WorkState.REVIEW_DUE: [SIX_SESSION_REVIEW],
        WorkState.REFERRED_TO_PANEL: [REFERRAL],
        WorkState.ENDED_AWAITING_MEASURES: list(CLOSING_MEASURES),
        WorkState.URGENT_TIER3: [] if move.id == "tier3" else ["tier3_plan"],
    }
    waits = REFERRAL in step.known.awaiting
    if move.id == "refer":
        waits = True
    if move.id == "panel":
        waits = step.answers.get("outcome") == "waiting"
    found = by_state.get(to, [])
    step.known.awaiting = [*found, REFERRAL] if waits and REFERRAL not in found else found
