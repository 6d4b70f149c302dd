"""What has changed since last time, and what became of the actions from before."""

from __future__ import annotations

from typing import Any

from handlers import reach
from handlers.decisions import action, action_changes
from handlers.entries import owners, recording
from handlers.entries.edit import UPDATES
from handlers.entries.recording import Answers, RecordContext, date_of, rows_of, text_of
from handlers.forms.asking import submits
from handlers.turn import Answer, Turn, Wrong
from prompts_and_forms.states import ActionStatus
from storage.database.bodies import ActionBody
from storage.database.tables import Action, Entry
from storage.database.tables_machinery import Draft
from storage.decisions import actions

Row = dict[str, Any]


@submits("changed")
def keep_changed(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Saves what has changed since last time, and what became of each earlier action."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    updates = _updates(turn, draft, answers, "previous_actions")
    if errors := _update_faults(turn, draft, updates, "previous_actions"):
        return Wrong(errors)
    _apply(turn, draft, updates, "previous_actions")
    entry = recording.keep(turn, draft, _with_settled(turn, draft, answers))
    _point_out_open(turn, draft, entry, updates)
    return recording.shown(turn, draft, entry)


@submits("l_actions")
def keep_light_actions(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """A light discussion's actions: what became of the open ones, and new ones."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    context = recording.context_of(turn, draft)
    updates = _updates(turn, draft, answers, "updates")
    new = rows_of(answers, "new")
    named = {
        key: str(who) for key, who in turn.event.values.items() if key.startswith("new#") and key.endswith("#owner")
    }
    errors = {**_update_faults(turn, draft, updates, "updates"), **owners.left_errors(turn, context, named, draft.id)}
    if errors:
        return Wrong(errors)
    _apply(turn, draft, updates, "updates")
    entry = recording.keep(turn, draft, _with_settled(turn, draft, answers))
    for row in new:
        _make(turn, draft, context, entry, row)
    _point_out_open(turn, draft, entry, updates)
    action.point_out_many(turn, context, entry)
    return recording.shown(turn, draft, entry)


@submits("l_changed")
def keep_light_change(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Saves what has changed, in a light discussion."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    return recording.shown(turn, draft, recording.keep(turn, draft, answers))


def _updates(turn: Turn, draft: Draft, answers: Answers, key: str) -> list[Row]:
    """What was said of each open action. Written anew, only what is different counts: nothing is carried over twice."""
    before = rows_of(recording.replaced_answers(turn, draft), key)
    return [row for row in rows_of(answers, key) if row.get("result") and row not in before]


def _with_settled(turn: Turn, draft: Draft, answers: Answers) -> Answers:
    """The answers, with those rows of the form they replace that could not be changed any more."""
    old = recording.replaced_answers(turn, draft)
    found = dict(answers)
    for key in UPDATES:
        named = {row.get("action") for row in rows_of(answers, key)}
        settled = [row for row in rows_of(old, key) if row.get("action") not in named]
        if settled:
            found[key] = [*settled, *rows_of(answers, key)]
    if rows_of(old, "new"):
        found["new"] = [*rows_of(old, "new"), *rows_of(answers, "new")]
    return found


def _update_faults(turn: Turn, draft: Draft, updates: list[Row], key: str) -> dict[str, str]:
    context = recording.context_of(turn, draft)
    errors: dict[str, str] = {}
    for row in updates:
        action_id = str(row["action"])
        reach.action(turn, action_id)
        prefix = f"{key}#{action_id}#"
        errors |= action_changes.faults(turn, context, action_id, row["result"], row, draft.id, prefix)
    return errors


def _apply(turn: Turn, draft: Draft, updates: list[Row], key: str) -> None:
    """A carry-over that is written anew with another day moves the day; it is not carried over once more."""
    before = {row.get("action"): row for row in rows_of(recording.replaced_answers(turn, draft), key)}
    for row in updates:
        found = reach.action(turn, str(row["action"]))
        again = before.get(row["action"], {}).get("result") == row["result"] == action_changes.CARRY_OVER
        if found.status == ActionStatus.OPEN and again:
            _move_day(turn, draft, found, row)
        elif found.status == ActionStatus.OPEN:
            action_changes.apply(turn, found, row["result"], row, draft.discussion_id)


def _move_day(turn: Turn, draft: Draft, found: Action, row: Row) -> None:
    actions.correct(
        turn.session,
        found,
        actions.words(turn.session, found),
        action.change_of(turn, draft.discussion_id, text_of(row, "note")),
        owner=actions.owner_of(found),
        due_on=date_of(row, "due"),
        plan_outcome=found.plan_outcome,
    )


def _make(turn: Turn, draft: Draft, context: RecordContext, entry: Entry, row: Row) -> None:
    made = actions.make(
        turn.session,
        recording.family_of(draft),
        ActionBody(text=text_of(row, "text"), how_we_know=text_of(row, "how_we_know")),
        action.change_of(turn, draft.discussion_id),
        owner=row.get("owner"),
        due_on=date_of(row, "due"),
        plan_outcome=row.get("plan_outcome"),
    )
    owners.point_out_new_action(turn, context, made, row.get("owner"), entry.id)


def _point_out_open(turn: Turn, draft: Draft, entry: Entry, updates: list[Row]) -> None:
    """Every action that is still open after what was said, and dates that have gone by."""
    context = recording.context_of(turn, draft)
    for found in actions.open_actions(turn.session, recording.family_of(draft)):
        action_changes.point_out_open(turn, context, found, entry.id)
    for row in updates:
        if row["result"] == action_changes.CARRY_OVER:
            owners.point_out_owner(turn, context, None, date_of(row, "due"), entry.id, str(row["action"]))
