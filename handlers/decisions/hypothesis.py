"""Ideas about what is going on: offered, reworded, changed in status, and where each member stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers import commands, reach
from handlers.entries import lists, owners, recording
from handlers.entries.recording import Answers, date_of, lines_of, text_of
from handlers.forms import asking
from handlers.forms.asking import submits
from handlers.reach import note_read
from handlers.routes import button, command
from handlers.turn import Answer, Note, Turn, Wrong
from prompts_and_forms.card import Block, Button, Buttons, card
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.states import IdeaStatus
from storage.database.bodies import HypothesisBody
from storage.database.tables import Entry, Family, Hypothesis
from storage.database.tables_machinery import Draft
from storage.decisions import hypotheses
from storage.decisions.actions import OUTSIDE
from storage.decisions.hypotheses import Raised
from storage.family import families

NOUN = "hypothesis"


def body_of(answers: Answers) -> HypothesisBody:
    """An idea's words as they were typed; they are stored sealed."""
    return HypothesisBody(
        text=text_of(answers, "text"),
        pattern=text_of(answers, "pattern"),
        evidence_for=lines_of(answers, "evidence_for"),
        evidence_against=lines_of(answers, "evidence_against"),
        would_change_mind=text_of(answers, "would_change_mind"),
        lens=text_of(answers, "lens"),
        risk_left_open=text_of(answers, "risk_left_open"),
        next_test=text_of(answers, "next_test"),
        relationships=text_of(answers, "relationships"),
    )


def answers_of(turn: Turn, idea: Hypothesis) -> dict[str, Any]:
    """An idea as its form asks for it."""
    body = hypotheses.words(turn.session, idea).model_dump()
    beside = {
        "owner": idea.offered_by_id,
        "due": idea.test_due_on.isoformat() if idea.test_due_on else None,
        "status": idea.status,
        "riskiest_if_dropped": idea.riskiest,
        "replaces": idea.replaces_id,
    }
    return {key: value for key, value in {**body, **beside}.items() if value not in (None, "", [])}


@submits("hypothesis")
def keep_hypothesis(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """A new idea, or new words for one that is there."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    context = recording.context_of(turn, draft)
    owner = answers.get("owner") or turn.actor().id
    if errors := owners.left_errors(turn, context, _newly_named(turn, draft, owner), draft.id):
        return Wrong(errors)
    idea = _change(turn, draft, answers, owner) if draft.args.get("subject") else _offer(turn, draft, answers, owner)
    entry = recording.keep(turn, draft, answers, subject_id=idea.id)
    _point_out(turn, entry, idea, owner, date_of(answers, "due"))
    return recording.shown(turn, draft, entry)


def _newly_named(turn: Turn, draft: Draft, owner: str) -> dict[str, str | None]:
    """Somebody who left may stay the one who offered an old idea, but cannot be named for it now."""
    idea = hypotheses.by_id(turn.session, draft.args.get("subject", ""))
    return {} if idea is not None and idea.offered_by_id == owner else {"owner": owner}


def _offer(turn: Turn, draft: Draft, answers: Answers, owner: str) -> Hypothesis:
    inside = None if owner == OUTSIDE else owner
    raised = Raised(
        raised_on=turn.today(),
        offered_by_id=inside,
        recorded_by_id=turn.actor().id,
        discussion_id=draft.discussion_id,
        status=IdeaStatus(answers.get("status") or IdeaStatus.LIVE),
        test_due_on=date_of(answers, "due"),
        test_owner_id=inside if date_of(answers, "due") or text_of(answers, "next_test") else None,
        riskiest=bool(answers.get("riskiest_if_dropped")),
        replaces_id=answers.get("replaces"),
    )
    return hypotheses.offer(turn.session, recording.family_of(draft), body_of(answers), raised, now=turn.now)


def _change(turn: Turn, draft: Draft, answers: Answers, owner: str) -> Hypothesis:
    idea = reach.hypothesis(turn, draft.args["subject"])
    idea.offered_by_id = None if owner == OUTSIDE else owner
    idea.test_due_on = date_of(answers, "due")
    idea.test_owner_id = idea.test_owner_id or idea.offered_by_id
    idea.riskiest = bool(answers.get("riskiest_if_dropped"))
    idea.replaces_id = answers.get("replaces") if answers.get("replaces") != idea.id else idea.replaces_id
    who = turn.actor().id
    status = IdeaStatus(answers.get("status") or idea.status)
    hypotheses.reword(turn.session, idea, body_of(answers), by_id=who, now=turn.now, discussion_id=draft.discussion_id)
    if status != idea.status:
        hypotheses.set_status(turn.session, idea, status, by_id=who, now=turn.now, discussion_id=draft.discussion_id)
    return idea


def _point_out(turn: Turn, entry: Entry, idea: Hypothesis, owner: str, due: date | None) -> None:
    context = recording.RecordContext(entry.unit_id, entry.family_id, entry.discussion_id, entry.meeting_id)
    body = hypotheses.words(turn.session, idea)
    lacking = decisions_wording.lacking(any(body.evidence_against), bool(body.would_change_mind.strip()))
    if lacking:
        params = {"hypothesis": idea.id, "what": lacking}
        recording.point_out(turn, "unfinished_hypothesis", context, about=entry.id, params=params)
    owners.point_out_owner(turn, context, owner, due, entry.id, decisions_wording.THE_TEST)


@submits("hypothesis_status")
def keep_status(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Saves what has become of an idea, with the reason."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    idea = reach.hypothesis(turn, answers.get("hypothesis") or draft.args.get("subject"))
    hypotheses.set_status(
        turn.session,
        idea,
        IdeaStatus(answers["status"]),
        by_id=turn.actor().id,
        now=turn.now,
        note=text_of(answers, "note"),
        discussion_id=draft.discussion_id,
    )
    return recording.shown(turn, draft, recording.keep(turn, draft, answers, subject_id=idea.id))


@submits("position")
def keep_position(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Where the person stands; others may stand elsewhere, and both stay."""
    idea = reach.hypothesis(turn, answers.get("hypothesis") or draft.args.get("subject"))
    who = turn.actor().id
    hypotheses.take_position(turn.session, idea, who, answers["stance"], text_of(answers, "sentence"), now=turn.now)
    return recording.shown(turn, draft, recording.keep(turn, draft, answers, subject_id=idea.id))


# ---- buttons


@button("hypothesis.new", opens=True)
def new(turn: Turn) -> Answer:
    """The form of an idea, for the family chosen."""
    return _ask_new(turn, commands.chosen_family(turn))


@button("hypothesis.edit", opens=True)
def edit(turn: Turn) -> Answer:
    """The form of an idea with what is recorded."""
    idea = reach.hypothesis(turn, turn.event.args.get("hypothesis"))
    return _ask(turn, "hypothesis", idea, answers_of(turn, idea), {"subject": idea.id})


@button("hypothesis.status", opens=True)
def change_status(turn: Turn) -> Answer:
    """The form that says what has become of an idea."""
    idea = reach.hypothesis(turn, turn.event.args.get("hypothesis"))
    return _ask(turn, "hypothesis_status", idea, {"hypothesis": idea.id})


@button("hypothesis.position", opens=True)
def take_position(turn: Turn) -> Answer:
    """The form in which somebody says what they themselves think of an idea."""
    idea = reach.hypothesis(turn, turn.event.args.get("hypothesis"))
    return _ask(turn, "position", idea, {"hypothesis": idea.id})


def _ask(
    turn: Turn, form_id: str, idea: Hypothesis, answers: dict[str, Any], args: dict[str, str] | None = None
) -> Answer:
    discussion_id = reach.discussion_id_of(turn, idea.family_id)
    return asking.ask(turn, form_id, family_id=idea.family_id, discussion_id=discussion_id, answers=answers, args=args)


def _ask_new(turn: Turn, family: Family) -> Answer:
    return asking.ask(turn, "hypothesis", family_id=family.id, answers={"owner": turn.actor().id})


# ---- command and shortcut


@command("/hypothesis")
def hypothesis_command(turn: Turn) -> Answer:
    """Between meetings: write an idea down, or look at those that are held."""
    asked = commands.read(turn.event.text, ("list",))
    if asked is None:
        return commands.not_understood(turn, NOUN)
    if asked.word == "help":
        return commands.help_note(NOUN)
    turn.here()
    if asked.word == "list":
        if not asked.ref:
            return commands.choose_family(turn, "hypothesis.list")
        return _list(turn, reach.family_by_ref(turn, asked.ref))
    if not asked.ref:
        return commands.choose_family(turn, "hypothesis.new")
    return _ask_new(turn, reach.family_by_ref(turn, asked.ref))


@button("hypothesis.list", opens=True)
def list_ideas(turn: Turn) -> Answer:
    """The family's ideas, the live ones with their buttons."""
    return _list(turn, commands.chosen_family(turn))


def _list(turn: Turn, family: Family) -> Note:
    note_read(turn, family)
    label = families.label(turn.session, family, turn.here())
    blocks: tuple[Block, ...] = lists.hypothesis_blocks(turn.session, family.id, only_live=False, buttons=True)
    more = Button(action="hypothesis.new", label=decisions_wording.WRITE_DOWN_AN_IDEA, args={"family": family.id})
    return Note(card(decisions_wording.IDEAS_ABOUT.format(label=label), *blocks, Buttons(items=(more,))))


@asking.prefills("hypothesis")
def known_answers(
    turn: Turn, family_id: str | None, discussion_id: str | None, args: dict[str, str]
) -> dict[str, Any] | None:
    """What the form of an idea starts with: the idea being edited, if it is this family's."""
    idea = hypotheses.by_id(turn.session, args.get("subject", ""))
    return answers_of(turn, idea) if idea is not None and idea.family_id == family_id else None
