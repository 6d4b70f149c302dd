"""The steps of the clinical pathway, each with its form: asked with what is known, kept, and the work moved on.

What a step writes into the work is in effects.py, what it cannot be kept with in faults.py, and who
hears of it in notify.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handlers.clinical import effects, notify, position, tracking_lines, urgent, work_card, work_forms
from handlers.clinical import faults as clinical_faults
from handlers.entries import recording
from handlers.entries.recording import Answers, date_of, text_of
from handlers.forms import asking
from handlers.forms.asking import prefills, submits
from handlers.routes import UNKNOWN_PRESS
from handlers.turn import Answer, Ask, Done, Refused, Turn, Wrong
from prompts_and_forms.card import Block, Button, Buttons, Quote, say, small
from prompts_and_forms.clinical import pathway, work_wording
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.clinical.pathway import Move, Standing
from prompts_and_forms.days import day_words
from prompts_and_forms.states import DraftState, WorkState
from storage.clinical import episodes
from storage.database.tables import Entry, Family
from storage.database.tables_clinical import Episode, EpisodeChange
from storage.database.tables_machinery import Draft
from storage.family import families
from storage.forms import corrections, entries
from storage.unit import people

MOST_QUOTED = 900
SIGNED_APART = ("assessment",)
"""Forms with signatures are saved in signing.py."""


# ---- asking


def ask(turn: Turn, family: Family, episode: Episode | None, move: Move, override: str = "") -> Ask:
    """Opens a step's form with what is known already."""
    state = episode.state if episode else pathway.FIRST
    args = {"move": move.id, "state": state} | ({"override": override} if override else {})
    known = known_already(turn, family, episode, move.form)
    return asking.ask(
        turn, move.form, family_id=family.id, answers=known, args=args, intro=_intro(turn, family, episode, move)
    )


def _intro(turn: Turn, family: Family, episode: Episode | None, move: Move) -> tuple[Block, ...]:
    """What whoever decides needs to see first: which session it is, or what was thought and asked before."""
    if episode is None:
        return ()
    if move.id == "session":
        number = episode.sessions + 1
        return (say(clinical_wording.nth_session(number, number - episode.reviewed_at)),)
    said = [quote for form, key in BEFORE.get(move.id, ()) if (quote := _said_before(turn, family, form, key))]
    return tuple(said)


BEFORE = {
    "agree": (("initial_consultation", "discussion"), ("joint_visit", "noticed")),
    "confirm": (("initial_consultation", "discussion"), ("care_plan", "work")),
    "panel": (("panel_referral", "asked_for"),),
    "review": (("session", "progress"), ("assessment", "plan")),
}
"""Step -> what was written before it, as (form, question)."""


def _said_before(turn: Turn, family: Family, form: str, key: str) -> Quote | None:
    entry = entries.newest_of_family(turn.session, family.id, form)
    text = text_of(entries.answers(turn.session, entry), key).strip() if entry else ""
    if entry is None or not text:
        return None
    by = f"{people.name_of(turn.session, entry.recorded_by_id)}, {day_words.in_full(entry.recorded_at.date())}"
    return Quote(text=text if len(text) <= MOST_QUOTED else f"{text[:MOST_QUOTED].rstrip()}…", by=by)


def known_already(turn: Turn, family: Family, episode: Episode | None, form: str) -> dict[str, Any]:
    """Answers that need not be typed again: today, the people, and what earlier forms said."""
    today, me = turn.today().isoformat(), turn.actor().id
    clinician = (episode.clinician_id if episode else None) or _one(people.clinicians(turn.session, family.unit_id))
    lead = people.unit_lead(turn.session, family.unit_id)
    if form == "assessment":
        return _known_for_assessment(turn, family, episode, clinician)
    known: dict[str, Any] = {"date": today}
    if form in ("initial_consultation", "care_plan", "allocation"):
        known |= {"clinician": clinician, "social_worker": lead.id if lead else None}
    if form == "panel_referral":
        known["referrer"] = me
    if form == "session":
        known["by"] = [me]
        if episode is not None and episode.next_on is not None and episode.next_on <= turn.today():
            known["date"] = episode.next_on.isoformat()
    if form == "tier3_contact":
        known |= {"called_on": today, "called_by": me}
    if form == "closing":
        known = {"closed_on": today}
    if form == "commissioning_booking":
        known = {"who": [one for one in (clinician, lead.id if lead else None) if one]}
    if form == "ending":
        known["second_sdqs"] = ["family"]
    return {key: value for key, value in known.items() if value}


def _one(found: list[Any]) -> str | None:
    return str(found[0].id) if found else None


def _known_for_assessment(turn: Turn, family: Family, episode: Episode | None, clinician: str | None) -> dict[str, Any]:
    session, unit_id = turn.session, family.unit_id
    lead = people.unit_lead(session, unit_id)
    known: dict[str, Any] = {
        "children": [child.key for _row, child in families.children(session, family.id)],
        "carers": [carer.key for _row, carer in families.carers(session, family.id)],
        "clinician": clinician,
        "clinical_manager": _one(people.clinical_managers(session, unit_id)),
        "social_worker": lead.id if lead else None,
        "coordinator": _one(people.coordinators(session, unit_id)),
        "assessed_on": turn.today().isoformat(),
    }
    if episode is not None and episode.consulted_on:
        known["referred_on"] = episode.consulted_on.isoformat()
    met = entries.newest_of_family(session, family.id, "commissioning")
    if met is not None:
        said = entries.answers(session, met)
        known |= {key: said[key] for key in ("views_parents", "views_children", "views_professionals") if key in said}
        known["commissioning_on"], known["commissioning_outcome"] = said.get("date"), said.get("work")
        known["agreed_actions"] = "\n".join(said.get("actions") or [])
    return {key: value for key, value in known.items() if value}


@prefills("assessment")
def assessment_known(
    turn: Turn, family_id: str | None, discussion_id: str | None, args: dict[str, str]
) -> dict[str, Any] | None:
    """What an assessment opens with, when it is begun without a step."""
    family = families.by_id(turn.session, family_id)
    if family is None:
        return None
    return known_already(turn, family, episodes.current(turn.session, family.id), "assessment")


# ---- keeping


def keep_move(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """A step's form was saved. One that was recorded apart from the pathway moves nothing."""
    if twin := recording.already_handed_in(turn, draft, answers):
        return twin
    family = position.open_family(turn, recording.family_of(draft))
    move = pathway.load().moves.get(draft.args.get("move", "")) or pathway.move_of_form(draft.form)
    assert move is not None
    episode = episodes.current(turn.session, family.id)
    if draft.args.get("replaces"):
        return _put_right(turn, draft, answers, family, episode, move)
    standing = position.pathway_position(turn, family, episode)
    override = turn.session.get(Entry, draft.args.get("override") or "")
    written_down = replace(standing, roles=frozenset(move.roles)) if "move" not in draft.args else standing
    why = "" if override else pathway.why_not(move, written_down)
    if why and "move" in draft.args:
        raise Refused(why)
    if faults := clinical_faults.of(turn, draft, family, episode, move, answers):
        return Wrong(faults)
    entry = recording.keep(turn, draft, answers, subject_id=episode.id if episode else None)
    tracking_lines.write(turn, draft, entry, answers)
    if why:
        return recording.shown(turn, draft, entry)
    said = _move(turn, family, episode, move, standing, entry, answers, override)
    if draft.discussion_id:
        return recording.shown(turn, draft, entry)
    return Done(work_card.show(turn, family, *said).card)


def _move(
    turn: Turn,
    family: Family,
    episode: Episode | None,
    move: Move,
    standing: Standing,
    entry: Entry,
    answers: Answers,
    override: Entry | None,
) -> list[Block]:
    """Moves the work on, tells whose turn it is, and answers what to say to whoever did it."""
    on = date_of(answers, "date") or turn.today()
    if episode is None or (pathway.state(episode.state).over and move.id == "consult"):
        episode = episodes.begin(turn.session, family, on, turn.now)
        standing = position.pathway_position(turn, family, episode)
    to = pathway.after(move, standing, answers)
    known = episodes.body(turn.session, episode)
    effects.apply(move, effects.Step(turn, family, episode, known, answers, entry), to)
    episodes.keep(turn.session, episode, known)
    why = text_of(entries.answers(turn.session, override), "reason") if override else ""
    change = episodes.advance(
        turn.session,
        family,
        episode,
        move,
        to,
        on=on,
        by_id=turn.actor().id,
        now=turn.now,
        entry_id=entry.id,
        override=override is not None,
        why=why,
    )
    _tell(turn, family, episode, change, standing.state)
    return _said(turn, family, episode, move, to, standing, answers, entry)


def _tell(turn: Turn, family: Family, episode: Episode, change: EpisodeChange, before: str) -> None:
    if change.to_state == WorkState.URGENT_TIER3 and before != change.to_state:
        urgent.send(turn, family, change)
    else:
        notify.notify_next_person(turn, family, episode, change)


def _put_right(
    turn: Turn, draft: Draft, answers: Answers, family: Family, episode: Episode | None, move: Move
) -> Answer:
    """A step that was written down wrongly. The newest step is decided anew; an older one only says what it should."""
    if faults := clinical_faults.of(turn, draft, family, episode, move, answers):
        return Wrong(faults)
    old = recording.replaced(turn, draft)
    entry = recording.keep(turn, draft, answers, subject_id=old.subject_id if old else None)
    tracking_lines.write(turn, draft, entry, answers)
    moved = _decided_anew(turn, family, episode, move, old, entry, answers) if episode and old else False
    if moved and not draft.discussion_id:
        return Done(work_card.show(turn, family, say(clinical_wording.PUT_RIGHT)).card)
    return recording.shown(turn, draft, entry)


def _decided_anew(
    turn: Turn, family: Family, episode: Episode, move: Move, old: Entry, entry: Entry, answers: Answers
) -> bool:
    """Whether putting a step right moved the work."""
    versions = {old.id, *(one.id for one in corrections.earlier(turn.session, old))}
    history = [change for change, _why in episodes.changes(turn.session, episode)]
    mine = [change for change in history if change.entry_id in versions]
    if not mine:
        return False
    newest = history[-1] in mine
    standing = position.pathway_position(turn, family, episode)
    to = episode.state
    if newest and move.ask:
        to = pathway.after(move, replace(standing, state=mine[0].from_state), answers)
    known = episodes.body(turn.session, episode)
    step = effects.Step(turn, family, episode, known, answers, entry, old)
    if newest:
        effects.apply(move, step, to)
    elif move.id == "session":
        effects.EFFECTS[move.id](step)
    episodes.keep(turn.session, episode, known)
    if to == standing.state:
        return False
    on = date_of(answers, "date") or turn.today()
    me = turn.actor().id
    change = episodes.advance(
        turn.session,
        family,
        episode,
        move,
        to,
        on=on,
        by_id=me,
        now=turn.now,
        entry_id=entry.id,
        why=clinical_wording.PUT_RIGHT,
    )
    _tell(turn, family, episode, change, standing.state)
    return True


# ---- what is said afterwards


def _said(
    turn: Turn, family: Family, episode: Episode, move: Move, to: str, before: Standing, answers: Answers, entry: Entry
) -> list[Block]:
    said: list[Block] = [say(clinical_wording.step_kept("" if move.id == "tier3" else move.label))]
    if to == WorkState.REVIEW_DUE and before.state != to:
        said.append(say(clinical_wording.REVIEW_NOW.format(count=episode.sessions - episode.reviewed_at)))
    if move.id == "review":
        said += _after_review(turn, family, answers)
    if move.id == "consult":
        said.append(small(clinical_wording.SDQ_ALWAYS))
    if move.id == "commission" and to == WorkState.COMMISSIONED:
        said += _after_commissioning(turn, family, answers)
    if move.id == "close":
        waits = to == WorkState.ENDED_AWAITING_MEASURES
        said.append(say(clinical_wording.CLOSING_MEASURES if waits else clinical_wording.NO_MEASURES))
        said.append(small(clinical_wording.TELL_FAMILY))
        said.append(Buttons(items=(_measures_button(family), _agreements_button(family))))
    out = Button(action="entry.mistake", label=clinical_wording.BY_MISTAKE, args={"entry": entry.id})
    buttons = (work_forms.put_right(entry), *((out,) if entry.form in corrections.MAY_BE_TAKEN_OUT else ()))
    return [*said, Buttons(items=buttons), *tracking_lines.lines_of_entry(turn, entry)]


def _after_review(turn: Turn, family: Family, answers: Answers) -> list[Block]:
    said: list[Block] = [say(clinical_wording.NEW_AGREEMENT)] if answers.get("decision") == "more_work" else []
    signed = entries.newest_of_family(turn.session, family.id, "assessment")
    if signed is not None:
        into = Button(action="form.read", label=clinical_wording.OPEN_ASSESSMENT, args={"entry": signed.id})
        said += [small(clinical_wording.REVIEW_BELONGS_THERE), Buttons(items=(into,))]
    return said


def _after_commissioning(turn: Turn, family: Family, answers: Answers) -> list[Block]:
    """Whose voice is not written down yet, permission to share, and the first questionnaires."""
    said: list[Block] = []
    if silent := [who for key, who in clinical_wording.VOICES.items() if not text_of(answers, key).strip()]:
        said.append(say(clinical_wording.NOT_HEARD.format(who=", ".join(silent))))
    said.append(say(clinical_wording.FIRST_SDQS))
    buttons = [_measures_button(family)]
    if families.body(turn.session, family).permission.get("status") != "signed":
        signed = bool(answers.get("permission"))
        said.append(say(clinical_wording.PERMISSION_SIGNED if signed else clinical_wording.NO_PERMISSION))
        args = {"family": family.id, "form": "permission_to_share"}
        buttons.insert(0, Button(action="form.open", label=work_wording.PERMISSION_TO_SHARE, args=args))
    return [*said, Buttons(items=tuple(buttons))]


def _measures_button(family: Family) -> Button:
    return Button(action="measure.family", label=work_wording.QUESTIONNAIRES, args={"family": family.id})


def _agreements_button(family: Family) -> Button:
    return Button(action="agreement.list", label=work_wording.JOINT_WORKING_AGREEMENT, args={"family": family.id})


# ---- another way


@submits("work_override")
def keep_override(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """The reason for going another way is saved first; then the step's own form opens."""
    family = position.open_family(turn, recording.family_of(draft))
    episode = episodes.current(turn.session, family.id)
    if not pathway.may_override(position.pathway_position(turn, family, episode)):
        raise Refused(work_wording.ONLY_A_MANAGER)
    move = pathway.load().moves.get(draft.args.get("move", ""))
    if move is None:
        raise Refused(UNKNOWN_PRESS)
    reason = recording.keep(turn, draft, answers, subject_id=episode.id if episode else None)
    draft.state = DraftState.DONE
    turn.session.add(draft)
    return ask(turn, family, episode, move, override=reason.id)


for _form in {one.form for one in pathway.load().moves.values()} - {"", *SIGNED_APART}:
    submits(_form)(keep_move)
