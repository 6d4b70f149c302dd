"""The steps of the clinical pathway, each with its form: asked with what is known, kept, and the work moved on.

What a step writes into the work is in effects.py, what it cannot be kept with in faults.py, and who
hears of it in notify.py.
"""

from __future__ import annotations

from dataclasses import replace

from handlers.clinical import effects, notify, permission, position, said, tracking_lines, urgent, work_card
from handlers.clinical import faults as clinical_faults
from handlers.clinical import known as known_answers
from handlers.clinical.said import Made
from handlers.entries import recording
from handlers.entries.recording import Answers, date_of, text_of
from handlers.forms import asking
from handlers.forms.asking import submits
from handlers.turn import Answer, Ask, Done, Refused, Turn, Wrong
from prompts_and_forms import wording as general_wording
from prompts_and_forms.card import Block, say
from prompts_and_forms.clinical import now_wording, pathway, work_wording
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.clinical.pathway import Move, Standing
from prompts_and_forms.states import DraftState, WorkState
from storage.clinical import episodes
from storage.database.tables import Entry, Family
from storage.database.tables_clinical import Episode, EpisodeChange
from storage.database.tables_machinery import Draft
from storage.forms import corrections, entries

SIGNED_APART = ("assessment",)
"""Forms with signatures are saved in signing.py."""


# ---- asking


def ask(
    turn: Turn,
    family: Family,
    episode: Episode | None,
    move: Move,
    override: str = "",
    *,
    answer: str = "",
    before: tuple[Block, ...] = (),
) -> Ask:
    """Opens a step's form with what is known already. `answer`: what the button said that was pressed."""
    state = episode.state if episode else pathway.FIRST
    args = {"move": move.id, "state": state} | ({"override": override} if override else {})
    known = known_answers.answers(turn, family, episode, move.form)
    if answer in move.outcomes:
        known[move.ask] = answer
    intro = (*before, *_intro(turn, family, episode, move))
    return asking.ask(turn, move.form, family_id=family.id, answers=known, args=args, intro=intro)


def _intro(turn: Turn, family: Family, episode: Episode | None, move: Move) -> tuple[Block, ...]:
    """What whoever decides needs to see first: which session it is, or what was thought and asked before."""
    if episode is None:
        return ()
    if move.id == "session":
        number = episode.sessions + 1
        return (say(clinical_wording.nth_session(number, number - episode.reviewed_at)),)
    return position.said_before(turn.session, family, move.id)


# ---- keeping


def keep_move(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """A step's form was saved. One that was recorded apart from the pathway moves nothing."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
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
    made = _move(turn, family, episode, move, standing, entry, answers, override)
    if draft.discussion_id:
        return recording.shown(turn, draft, entry)
    if following := _next_form(made):
        draft.state = DraftState.DONE
        return following
    return Done(work_card.show(turn, family, *said.afterwards(made)).card)


def _move(
    turn: Turn,
    family: Family,
    episode: Episode | None,
    move: Move,
    standing: Standing,
    entry: Entry,
    answers: Answers,
    override: Entry | None,
) -> Made:
    """Moves the work on and tells whose turn it is; answers the step as it was made."""
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
    return Made(turn, family, episode, move, to, standing, answers, entry)


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


# ---- the next form


def _next_form(made: Made) -> Ask | None:
    """A form that follows at once, with what was just said in it: permission that was signed, work that ends."""
    turn, family = made.turn, made.family
    done = (say(said.now(made)),)
    if made.move.id == "commission" and made.to == WorkState.COMMISSIONED and made.answers.get("permission"):
        if permission.is_signed(turn, family):
            return None
        args = {"then": permission.SHOW_WORK}
        known = asking.prefilled(turn, permission.FORM, family.id, None, args)
        intro = (*done, *said.not_heard(made), say(now_wording.NOW_PERMISSION))
        return asking.ask(turn, permission.FORM, family_id=family.id, answers=known, args=args, intro=intro)
    if made.move.id == "review" and made.answer == "end":
        close = pathway.move("close")
        if not pathway.why_not(close, position.pathway_position(turn, family, made.episode)):
            return ask(turn, family, made.episode, close, before=(*done, say(now_wording.NOW_THE_END)))
    return None


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
        raise Refused(general_wording.UNKNOWN_PRESS)
    reason = recording.keep(turn, draft, answers, subject_id=episode.id if episode else None)
    draft.state = DraftState.DONE
    turn.session.add(draft)
    return ask(turn, family, episode, move, override=reason.id)


for _form in {one.form for one in pathway.load().moves.values()} - {"", *SIGNED_APART}:
    submits(_form)(keep_move)
