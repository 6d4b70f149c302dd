"""What happens to an action: done, no longer needed, carried over, handed over, said to be under way."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers import reach
from handlers.entries import lists, owners, recording
from handlers.entries.recording import Answers, RecordContext, date_of, text_of
from handlers.forms import asking
from handlers.forms.asking import submits
from handlers.routes import button
from handlers.turn import Answer, Note, Refused, Turn, Wrong
from prompts_and_forms.card import card
from prompts_and_forms.days.working_days import ONE_DAY
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.states import ActionStatus
from storage.database.tables import Action
from storage.database.tables_machinery import Draft
from storage.decisions import actions
from storage.decisions.actions import Change
from storage.meeting import meeting_days

DONE, DROP, CARRY_OVER = "done", "drop", "carry_over"


def faults(
    turn: Turn, context: RecordContext, action_id: str, result: str, answers: Answers, about: str, prefix: str = ""
) -> dict[str, str]:
    """What a result cannot be saved without. `prefix` = the row's place in the form."""
    if result == CARRY_OVER and date_of(answers, "due") is None:
        params = {"action": action_id}
        recording.point_out(
            turn, "carry_over_needs_date", context, about=about, to_person=turn.actor().id, params=params
        )
        return {f"{prefix}due": decisions_wording.CARRY_NEEDS_DATE}
    if result == DROP and not text_of(answers, "note").strip():
        return {f"{prefix}note": decisions_wording.DROP_NEEDS_REASON}
    return {}


def apply(turn: Turn, action: Action, result: str, answers: Answers, discussion_id: str | None) -> None:
    """Does to an action what was said of it. Only a carry-over raises its count."""
    change = Change(
        by_id=turn.actor().id,
        now=turn.now,
        today=turn.today(),
        note=text_of(answers, "note"),
        discussion_id=discussion_id,
    )
    due = date_of(answers, "due")
    if result == DONE:
        actions.finish(turn.session, action, change)
    elif result == DROP:
        actions.drop(turn.session, action, change)
    elif result == CARRY_OVER and due is not None:
        actions.carry_over(turn.session, action, due, change)
    else:
        actions.leave_open(turn.session, action, result, change)


def point_out_open(turn: Turn, context: RecordContext, action: Action, about: str) -> None:
    """A stuck action that stays open, and one whose owner has left."""
    if actions.is_stuck(action, lists.stuck_after(turn.session, action.family_id)):
        params: dict[str, Any] = {"action": action.id, "count": action.carried_over}
        recording.point_out(turn, "stuck_action", context, about=about, params=params)
    owners.point_out_owner_left(turn, context, action, about)


def _open(turn: Turn, draft: Draft, answers: Answers) -> Action:
    action = reach.action(turn, answers.get("action") or draft.args.get("subject"))
    if action.status != ActionStatus.OPEN:
        raise Refused(decisions_wording.ALREADY_CLOSED)
    return action


@submits("action_close")
def close(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Saves how an action ended: done, no longer needed or carried over."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    action = _open(turn, draft, answers)
    result = answers["result"]
    if errors := faults(turn, recording.context_of(turn, draft), action.id, result, answers, draft.id):
        return Wrong(errors)
    apply(turn, action, result, answers, draft.discussion_id)
    return recording.shown(turn, draft, recording.keep(turn, draft, answers, subject_id=action.id))


@submits("carry_over")
def carry_over(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Gives an open action its new day, and remarks on one that was carried over before."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    action = _open(turn, draft, answers)
    context = recording.context_of(turn, draft)
    if errors := faults(turn, context, action.id, CARRY_OVER, answers, draft.id):
        return Wrong(errors)
    apply(turn, action, CARRY_OVER, answers, draft.discussion_id)
    entry = recording.keep(turn, draft, answers, subject_id=action.id)
    owners.point_out_owner(turn, context, None, action.due_on, entry.id, action.id)
    point_out_open(turn, context, action, entry.id)
    return recording.shown(turn, draft, entry)


@submits("reassign")
def hand_over(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Somebody else takes it on; how often it was carried stays."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    action = _open(turn, draft, answers)
    context = recording.context_of(turn, draft)
    owner = answers["to"]
    if errors := owners.left_errors(turn, context, {"to": owner}, draft.id):
        return Wrong(errors)
    change = Change(
        by_id=turn.actor().id,
        now=turn.now,
        today=turn.today(),
        note=text_of(answers, "note"),
        discussion_id=draft.discussion_id,
    )
    actions.hand_over(turn.session, action, owner, date_of(answers, "due"), change)
    entry = recording.keep(turn, draft, answers, subject_id=action.id)
    owners.point_out_owner(turn, context, owner, date_of(answers, "due"), entry.id, action.id)
    return recording.shown(turn, draft, entry)


# ---- buttons


def _ask(turn: Turn, form_id: str) -> Answer:
    action = reach.action(turn, turn.event.args.get("action"))
    if action.status != ActionStatus.OPEN:
        raise Refused(decisions_wording.ALREADY_CLOSED)
    known = {"action": action.id}
    if form_id == "reassign" and action.due_on is None and (day := next_meeting(turn)):
        known["due"] = day.isoformat()
    return asking.ask(
        turn,
        form_id,
        family_id=action.family_id,
        discussion_id=reach.discussion_id_of(turn, action.family_id),
        answers=known,
    )


def next_meeting(turn: Turn) -> date | None:
    """The unit's next meeting day, as the day an action without one is done by."""
    unit = turn.here()
    return next(iter(meeting_days.held_on(turn.session, unit, turn.today(unit) + ONE_DAY, 1)), None)


@button("action.close", opens=True)
def ask_close(turn: Turn) -> Answer:
    """The form that says how an action ended."""
    return _ask(turn, "action_close")


@button("action.carry", opens=True)
def ask_carry(turn: Turn) -> Answer:
    """The form that gives an action a new day."""
    return _ask(turn, "carry_over")


@button("action.handover", opens=True)
def ask_handover(turn: Turn) -> Answer:
    """The form that gives an action to somebody else."""
    return _ask(turn, "reassign")


@button("action.reopen", opens=True)
def reopen(turn: Turn) -> Answer:
    """The action open again, with its buttons; one that is open stays as it is."""
    action = reach.action(turn, turn.event.args.get("action"))
    discussion_id = reach.discussion_id_of(turn, action.family_id)
    if action.status != ActionStatus.OPEN:
        change = Change(by_id=turn.actor().id, now=turn.now, today=turn.today(), discussion_id=discussion_id)
        actions.reopen(turn.session, action, change)
    blocks = lists.one_action(turn.session, action, turn.today())
    return Note(card(decisions_wording.OPEN_AGAIN, *blocks, lists.action_buttons(action)))
