"""Actions: made, corrected, and looked at between meetings. What happens to them later is in action_changes.py."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers import commands, reach, safe_contact
from handlers.decisions import action_changes
from handlers.entries import lists, owners, recording
from handlers.entries.recording import Answers, RecordContext, date_of, text_of
from handlers.forms import asking
from handlers.forms.asking import submits
from handlers.reach import note_read
from handlers.routes import button, command
from handlers.turn import Answer, Note, Turn, Wrong
from prompts_and_forms.card import Block, Button, Buttons, Strong, Text, card, say, small
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.states import ActionStatus
from storage.database.bodies import ActionBody
from storage.database.tables import Action, Entry, Family
from storage.database.tables_machinery import Draft
from storage.decisions import actions
from storage.family import families
from storage.forms import entries

NOUN = "action"
FEW = 5
"""More new actions than this in one discussion get a gentle question (meeting script, roles and actions)."""

__all__ = ["action_changes"]


def body_of(answers: Answers) -> ActionBody:
    """An action's words as they were typed; they are stored sealed."""
    return ActionBody(text=text_of(answers, "text"), how_we_know=text_of(answers, "how_we_know"))


def answers_of(turn: Turn, action: Action) -> dict[str, Any]:
    """An action as its form asks for it."""
    body = actions.words(turn.session, action)
    found = {
        "text": body.text,
        "how_we_know": body.how_we_know,
        "owner": actions.owner_of(action),
        "due": action.due_on.isoformat() if action.due_on else None,
        "plan_outcome": action.plan_outcome,
    }
    return {key: value for key, value in found.items() if value}


def change_of(turn: Turn, discussion_id: str | None, note: str = "") -> actions.Change:
    """Who changes an action, when, and in which discussion: the line of its history."""
    return actions.Change(
        by_id=turn.actor().id, now=turn.now, today=turn.today(), note=note, discussion_id=discussion_id
    )


@submits("action")
def keep_action(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """A new action, or one corrected. Without an owner or a date it is saved, and the gap is asked for."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    context = recording.context_of(turn, draft)
    if errors := owners.left_errors(turn, context, {"owner": answers.get("owner")}, draft.id):
        return Wrong(errors)
    subject = draft.args.get("subject")
    half = None if subject else _half_said(turn, draft, answers)
    if half is not None:
        answers = _completed(turn, draft, half, answers)
        subject = half.id
    action = correct(turn, subject, draft.discussion_id, answers) if subject else make(turn, draft, answers)
    entry = recording.keep(turn, draft, answers, subject_id=action.id)
    owners.point_out_new_action(turn, context, action, actions.owner_of(action), entry.id)
    if not subject:
        point_out_many(turn, context, entry)
    return recording.shown(turn, draft, entry)


def _half_said(turn: Turn, draft: Draft, answers: Answers) -> Action | None:
    """The open action of this discussion with these words that still lacks its person or its day, if there is one.

    Somebody who records it again says who does it, or by when: it is the same action, not a second one.
    """
    made = actions.made_in(turn.session, draft.discussion_id) if draft.discussion_id else []
    said = _plain(text_of(answers, "text"))
    for one in made:
        owner = actions.owner_of(one)
        lacks = owner is None or one.due_on is None
        fits = answers.get("owner") in (None, owner) or owner is None
        if one.status == ActionStatus.OPEN and lacks and fits and _plain(actions.words(turn.session, one).text) == said:
            return one
    return None


def _plain(words: str) -> str:
    return " ".join(words.split()).rstrip(".").casefold()


def _completed(turn: Turn, draft: Draft, action: Action, answers: Answers) -> Answers:
    """What was known of the action with what is said now; the new record takes the place of the one before."""
    before = entries.about(turn.session, "action", action.id)
    if before:
        draft.args = {**draft.args, "replaces": before[-1].id}
    return {**answers_of(turn, action), **{key: value for key, value in answers.items() if value}}


def make(turn: Turn, draft: Draft, answers: Answers) -> Action:
    """The new action of a form."""
    return actions.make(
        turn.session,
        recording.family_of(draft),
        body_of(answers),
        change_of(turn, draft.discussion_id),
        owner=answers.get("owner"),
        due_on=date_of(answers, "due"),
        plan_outcome=answers.get("plan_outcome"),
    )


def correct(turn: Turn, action_id: str, discussion_id: str | None, answers: Answers) -> Action:
    """The action with what the form says now; raises Refused where it cannot be found."""
    action = reach.action(turn, action_id)
    actions.correct(
        turn.session,
        action,
        body_of(answers),
        change_of(turn, discussion_id),
        owner=answers.get("owner"),
        due_on=date_of(answers, "due"),
        plan_outcome=answers.get("plan_outcome"),
    )
    return action


def point_out_many(turn: Turn, context: RecordContext, entry: Entry) -> None:
    """A remark when a discussion made more than five actions."""
    if context.discussion_id is None:
        return
    made = actions.count_made_in(turn.session, context.discussion_id)
    if made > FEW:
        recording.point_out(turn, "many_actions", context, about=entry.id, params={"count": made})


# ---- buttons, command and shortcut


@button("action.new", opens=True)
def new(turn: Turn) -> Answer:
    """The empty form of an action, for the family chosen."""
    family = commands.chosen_family(turn)
    return asking.ask(turn, "action", family_id=family.id, discussion_id=reach.discussion_id_of(turn, family.id))


@button("action.edit", opens=True)
def edit(turn: Turn) -> Answer:
    """The form of an action with what is recorded."""
    action = reach.action(turn, turn.event.args.get("action"))
    discussion_id = reach.discussion_id_of(turn, action.family_id)
    return asking.ask(
        turn,
        "action",
        family_id=action.family_id,
        discussion_id=discussion_id,
        answers=answers_of(turn, action),
        args={"subject": action.id},
    )


@command("/action")
def action_command(turn: Turn) -> Answer:
    """Between meetings: write an action down, or look at what is open."""
    asked = commands.read(turn.event.text, ("list", "mine"))
    if asked is None or (asked.word == "mine" and asked.ref):
        return commands.not_understood(turn, NOUN)
    if asked.word == "help":
        return commands.help_note(NOUN)
    turn.here()
    if asked.word == "mine":
        return _mine(turn)
    if asked.word == "list":
        if not asked.ref:
            return commands.choose_family(turn, "action.list")
        return _list(turn, reach.family_by_ref(turn, asked.ref))
    if not asked.ref:
        return commands.choose_family(turn, "action.new")
    return asking.ask(turn, "action", family_id=reach.family_by_ref(turn, asked.ref).id)


@button("action.list", opens=True)
def list_actions(turn: Turn) -> Answer:
    """The family's actions, the open ones with their buttons."""
    return _list(turn, commands.chosen_family(turn))


def _list(turn: Turn, family: Family) -> Note:
    note_read(turn, family)
    label = families.label(turn.session, family, turn.here())
    blocks = lists.action_blocks(turn.session, family.id, today=turn.today(), buttons=True)
    more = Button(action="action.new", label=decisions_wording.WRITE_DOWN_AN_ACTION, args={"family": family.id})
    warnings = safe_contact.blocks(turn.session, [family.id])
    return Note(
        card(
            decisions_wording.ACTIONS_FOR.format(label=label),
            say(Strong(text=label)),
            *warnings,
            *blocks,
            Buttons(items=(more,)),
        )
    )


def _mine(turn: Turn) -> Note:
    unit, today = turn.here(), turn.today()
    found = actions.open_of_person(turn.session, turn.actor().id, unit.id)
    if not found:
        return Note(card(decisions_wording.MY_ACTIONS, say(decisions_wording.NO_ACTIONS_OF_MINE)))
    warnings = safe_contact.blocks(turn.session, (action.family_id for action in found))
    return Note(card(decisions_wording.MY_ACTIONS, *warnings, *mine_blocks(turn, found, today)))


def mine_blocks(turn: Turn, found: list[Action], today: date) -> tuple[Block, ...]:
    """Somebody's open actions, each with its family and its buttons."""
    blocks: list[Block] = []
    for action in found:
        family = families.by_id(turn.session, action.family_id)
        if family is not None:
            blocks.append(small(families.label(turn.session, family, turn.unit)))
        blocks.append(Text(spans=lists.action_spans(turn.session, action, today)))
        blocks.append(lists.action_buttons(action))
    return tuple(blocks)


@asking.prefills("action")
def known_answers(
    turn: Turn, family_id: str | None, discussion_id: str | None, args: dict[str, str]
) -> dict[str, Any] | None:
    """What the form of an action starts with: the action being edited, if it is this family's."""
    action = actions.by_id(turn.session, args.get("subject", ""))
    return answers_of(turn, action) if action is not None and action.family_id == family_id else None
