"""The steps of the clinical pathway, each with its form: asked with what is known, kept, and the work moved on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from handlers import forms, keeping, owners, pathway_urgent, tracked, work
from handlers.forms import prefills, submits
from handlers.keeping import Answers, date_of, text_of
from handlers.render import Rendering, renders
from handlers.turn import Answer, Ask, Done, Refused, Turn, Wrong
from prompts_and_forms import pathway
from prompts_and_forms import wording_clinical as words
from prompts_and_forms import wording_records as records
from prompts_and_forms.card import Block, Button, Buttons, Card, card, say, small
from prompts_and_forms.pathway import Move, Standing
from prompts_and_forms.reviews import Kind
from storage import entries, episodes, families, outbox, people, reviews, units
from storage.bodies import EpisodeBody, ReviewBody
from storage.tables import Entry, Family
from storage.tables_clinical import Episode, EpisodeChange
from storage.tables_machinery import Draft

Effect = Callable[[Turn, Family, Episode, EpisodeBody, Answers], None]
SIGNED_APART = ("assessment",)
"""Forms with signatures are kept in signing.py."""


# ---- asking


def ask(turn: Turn, family: Family, episode: Episode | None, move: Move, override: str = "") -> Ask:
    """Opens a step's form with what is known already."""
    state = episode.state if episode else pathway.FIRST
    args = {"move": move.id, "state": state} | ({"override": override} if override else {})
    known = known_already(turn, family, episode, move.form)
    return forms.ask(turn, move.form, family_id=family.id, answers=known, args=args, intro=_intro(episode, move))


def _intro(episode: Episode | None, move: Move) -> tuple[Block, ...]:
    if move.id == "session" and episode is not None:
        number = episode.sessions + 1
        return (say(words.nth_session(number, number - episode.reviewed_at)),)
    return ()


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
    family = families.by_id(turn.session, family_id)
    if family is None:
        return None
    return known_already(turn, family, episodes.current(turn.session, family.id), "assessment")


# ---- keeping


def keep_move(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """A step's form was handed in. One that was only put right, or recorded apart from the pathway, moves nothing."""
    if twin := keeping.double(turn, draft, answers):
        return twin
    family = work.open_family(turn, keeping.family_of(draft))
    move = pathway.load().moves.get(draft.args.get("move", "")) or pathway.move_of_form(draft.form)
    assert move is not None
    episode = work.caught_up(turn, family)
    standing = work.standing_of(turn, family, episode)
    override = turn.session.get(Entry, draft.args.get("override") or "")
    written_down = replace(standing, roles=frozenset(move.roles)) if "move" not in draft.args else standing
    why = "" if override else pathway.why_not(move, written_down)
    moves = not draft.args.get("replaces") and not (why and "move" not in draft.args)
    if moves and why:
        raise Refused(why)
    if faults := _faults(turn, draft, episode, move, answers):
        return Wrong(faults)
    entry = keeping.keep(turn, draft, answers, subject_id=episode.id if episode else None)
    tracked.note(turn, draft, entry, answers)
    if not moves:
        return keeping.shown(turn, draft, entry)
    said = _move(turn, family, episode, move, standing, entry, answers, override)
    if draft.discussion_id:
        return keeping.shown(turn, draft, entry)
    return Done(work.show(turn, family, *said).card)


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
        standing = work.standing_of(turn, family, episode)
    to = pathway.after(move, standing, answers)
    known = episodes.body(turn.session, episode)
    EFFECTS[move.id](turn, family, episode, known, answers)
    _awaiting(known, move, to)
    episodes.keep(turn.session, family, episode, known)
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
    if to == "urgent_tier3" and standing.state != to:
        pathway_urgent.send(turn, family, change)
    else:
        tell_turn(turn, family, episode, change)
    return _said(turn, family, episode, move, to, standing, answers)


def _faults(turn: Turn, draft: Draft, episode: Episode | None, move: Move, answers: Answers) -> dict[str, str]:
    named = {key: answers[key] for key in ("referrer", "clinician", "called_by") if isinstance(answers.get(key), str)}
    faults = owners.left_errors(turn, keeping.place_of(turn, draft), named, draft.id)
    if move.id == "session" and episode is not None and episode.commissioned_on is not None:
        held = date_of(answers, "date")
        if held is not None and held < episode.commissioned_on <= turn.today():
            faults["date"] = words.SESSION_BEFORE.format(day=records.day_words(episode.commissioned_on))
    if move.id == "refer" and answers.get("tier") in ("tier_2", "tier_3") and answers.get("csw_agrees") is not True:
        referrer = people.belongs(turn.session, keeping.place_of(turn, draft).unit_id, text_of(answers, "referrer"))
        if referrer is not None and "clinician" in referrer.roles:
            faults["csw_agrees"] = words.CSW_MUST_AGREE
    if move.id == "confirm" and answers.get("decision") != "confirmed" and not text_of(answers, "why").strip():
        faults["why"] = words.ALTER_NEEDS_WHY
    if move.id == "confirm" and answers.get("decision") != "not_suitable" and not answers.get("clinician"):
        faults["clinician"] = words.WHO_CONFIRMS
    if move.id == "finish" and answers.get("all_in") == "done" and not text_of(answers, "why_not").strip():
        for key in ("sdq_in", "chi_esq_in"):
            if answers.get(key) is not True:
                faults[key] = words.WHICH_ARE_IN
    return faults


# ---- what each step changes


def _consult(turn: Turn, family: Family, episode: Episode, known: EpisodeBody, answers: Answers) -> None:
    episode.consulted_on = date_of(answers, "date")
    episode.clinician_id = _inside(turn, family, answers.get("clinician")) or episode.clinician_id
    outcome = text_of(answers, "outcome")
    if outcome.startswith(("panel", "community")):
        known.panel = {
            "referred": text_of(answers, "date"),
            "service": text_of(answers, "resource"),
            "tier": outcome.removeprefix("panel_"),
            "referrer": text_of(answers, "referrer"),
        }


def _agree(turn: Turn, family: Family, episode: Episode, known: EpisodeBody, answers: Answers) -> None:
    episode.clinician_id = _inside(turn, family, answers.get("clinician")) or episode.clinician_id
    known.work = text_of(answers, "work") or known.work


def _book(turn: Turn, family: Family, episode: Episode, known: EpisodeBody, answers: Answers) -> None:
    episode.next_on = episode.commissioned_on = date_of(answers, "date")


def _commission(turn: Turn, family: Family, episode: Episode, known: EpisodeBody, answers: Answers) -> None:
    held = answers.get("decision") != "another_day"
    episode.commissioned_on = date_of(answers, "date") if held else None
    episode.next_on = date_of(answers, "first_session")
    known.work = text_of(answers, "work") or known.work


def _session(turn: Turn, family: Family, episode: Episode, known: EpisodeBody, answers: Answers) -> None:
    episode.sessions += 1
    known.sessions = [*known.sessions, {"number": episode.sessions, "date": text_of(answers, "date")}]
    episode.next_on = date_of(answers, "next_session")


def _review(turn: Turn, family: Family, episode: Episode, known: EpisodeBody, answers: Answers) -> None:
    on = date_of(answers, "date") or turn.today()
    after = {"more_work": "goes_on", "refer_on": "refer"}.get(text_of(answers, "decision"), "")
    reviews.record(
        turn.session,
        unit_id=family.unit_id,
        family=family,
        held=reviews.Held(kind=Kind.SIX_SESSIONS, held_on=on, after=after),
        body=ReviewBody(
            worked=text_of(answers, "worked"),
            did_not_work=text_of(answers, "worked_less"),
            decided=text_of(answers, "recommendations"),
            present=list(answers.get("family") or []),
        ),
        by_id=turn.actor().id,
        now=turn.now,
    )
    episode.reviewed_on, episode.reviewed_at = on, episode.sessions


def _refer(turn: Turn, family: Family, episode: Episode, known: EpisodeBody, answers: Answers) -> None:
    known.panel = _these(answers, "service", "tier", "referrer", "csw_agrees", "family_agrees", "asked_for")
    known.panel |= {"referred": answers.get("date"), "decision_expected": answers.get("answer_by")}


def _panel(turn: Turn, family: Family, episode: Episode, known: EpisodeBody, answers: Answers) -> None:
    said = _these(answers, "outcome", "starts", "note")
    known.panel = {**known.panel, **said, "answered": answers.get("date")}


def _close(turn: Turn, family: Family, episode: Episode, known: EpisodeBody, answers: Answers) -> None:
    episode.ended_on, episode.next_on = date_of(answers, "date"), None
    known.closing = _these(answers, "why", "recommendations", "second_sdqs")


def _finish(turn: Turn, family: Family, episode: Episode, known: EpisodeBody, answers: Answers) -> None:
    said = _these(answers, "sdq_in", "chi_esq_in", "why_not", "closed_on")
    known.closing = {**known.closing, **said}


def _tier3(turn: Turn, family: Family, episode: Episode, known: EpisodeBody, answers: Answers) -> None:
    known.tier3 = {
        "called": answers.get("called_on"),
        "called_by": answers.get("called_by"),
        "seen": answers.get("seen_on"),
        "next_contact": answers.get("next_contact"),
        "clinical_manager_told": answers.get("manager_told"),
    }


def _these(answers: Answers, *names: str) -> dict[str, Any]:
    return {name: answers[name] for name in names if name in answers}


def _nothing(turn: Turn, family: Family, episode: Episode, known: EpisodeBody, answers: Answers) -> None:
    """Nothing beside the state."""


EFFECTS: dict[str, Effect] = {
    "consult": _consult,
    "visit": _nothing,
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
    "calmer": _nothing,
}


def _awaiting(known: EpisodeBody, move: Move, to: str) -> None:
    """What is still to come, by the state the work is now in."""
    by_state = {
        "review_due": ["six_session_review"],
        "referred_to_panel": ["panel_decision"],
        "ended_awaiting_measures": ["sdq_end", "chi_esq"],
        "urgent_tier3": [] if move.id == "tier3" else ["tier3_plan"],
    }
    known.awaiting = by_state.get(to, [])


def _inside(turn: Turn, family: Family, who: Any) -> str | None:
    place = people.belongs(turn.session, family.unit_id, who) if isinstance(who, str) else None
    return place.person_id if place else None


# ---- what is said afterwards


def _said(
    turn: Turn, family: Family, episode: Episode, move: Move, to: str, before: Standing, answers: Answers
) -> list[Block]:
    said: list[Block] = [say(f"Kept: {move.label.lower() if move.id != 'tier3' else 'who was called'}.")]
    permission = families.body(turn.session, family).permission.get("status")
    if to == "review_due" and before.state != to:
        said.append(say(words.REVIEW_NOW.format(count=episode.sessions - episode.reviewed_at)))
    if move.id == "review" and answers.get("decision") == "more_work":
        said.append(say(words.NEW_AGREEMENT))
    if move.id == "consult":
        said.append(small(words.SDQ_ALWAYS))
    if move.id == "commission" and to == "commissioned":
        said.append(say(words.FIRST_SDQS))
        if permission != "signed":
            said.append(say(words.NO_PERMISSION))
    if move.id == "close":
        said += [say(words.CLOSING_MEASURES if to == "ended_awaiting_measures" else words.NO_MEASURES)]
        said.append(small(words.TELL_FAMILY))
    return said


def tell_turn(turn: Turn, family: Family, episode: Episode, change: EpisodeChange) -> None:
    """Whoever's turn it has become hears of it in person, but not from their own hand."""
    if change.to_state == change.from_state:
        return
    for person in work.people_of_turn(turn, turn.here(), episode):
        if person.id != turn.actor().id and person.chat_user:
            key = f"work:{change.id}/turn:{person.id}"
            outbox.say(turn.session, key, now=turn.now, chat_user=person.chat_user)


@renders("work:{change_id}/turn:{person_id}")
def your_turn(view: Rendering, change_id: str, person_id: str) -> Card | None:
    change = view.session.get(EpisodeChange, change_id)
    family = view.session.get(Family, change.family_id) if change else None
    if change is None or family is None or people.belongs(view.session, family.unit_id, person_id) is None:
        return None
    episode = episodes.current(view.session, family.id)
    if episode is None or episode.state != change.to_state:
        return None
    label = families.label(view.session, family, units.by_id(view.session, family.unit_id))
    state = pathway.state(episode.state)
    open_it = Button(action="work.show", label="Show the work", args={"family": family.id}, style="primary")
    ref = families.body(view.session, family).ref
    said = say(words.your_turn(label, state.name))
    return card(f"Clinical work with {ref}", said, small(state.next), Buttons(items=(open_it,)))


@submits("work_override")
def keep_override(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """The reason for going another way is kept first; then the step's own form opens."""
    family = work.open_family(turn, keeping.family_of(draft))
    episode = work.caught_up(turn, family)
    if not pathway.may_override(work.standing_of(turn, family, episode)):
        raise Refused("A manager can do this.")
    reason = keeping.keep(turn, draft, answers, subject_id=episode.id if episode else None)
    draft.state = "done"
    turn.session.add(draft)
    return ask(turn, family, episode, pathway.move(draft.args["move"]), override=reason.id)


for _form in {one.form for one in pathway.load().moves.values()} - {"", *SIGNED_APART}:
    submits(_form)(keep_move)
