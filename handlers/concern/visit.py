"""A child who was not seen in time: who goes, and when. The answer is an action like any other."""

from __future__ import annotations

from typing import Any

from handlers import messages
from handlers.concern import challenged
from handlers.decisions import action
from handlers.entries import owners, recording
from handlers.entries.recording import Answers, date_of
from handlers.forms.asking import introduces, prefills, submits
from handlers.turn import Answer, Refused, Turn, Wrong
from prompts_and_forms.card import Block, small
from prompts_and_forms.days.working_days import ONE_DAY, on_or_after
from prompts_and_forms.meeting import concern_wording
from storage.database.bodies import ActionBody
from storage.database.tables import Action, Family
from storage.database.tables_machinery import Draft
from storage.decisions import actions
from storage.family import families
from storage.meeting import discussions


@prefills("see_child")
def usual(turn: Turn, family_id: str | None, discussion_id: str | None, args: dict[str, str]) -> dict[str, Any]:
    """The family's lead worker, the next working day."""
    family = turn.session.get(Family, family_id) if family_id else None
    on = on_or_after(turn.today() + ONE_DAY)
    return {"owner": family.lead_worker_id if family else None, "due": on.isoformat()}


@introduces("see_child")
def for_whom(turn: Turn, draft: Draft) -> tuple[Block, ...]:
    """Which child it is about."""
    children = families.children(turn.session, draft.family_id) if draft.family_id else []
    named = families.called(body for _, body in children)
    return tuple(
        small(concern_wording.not_seen(named[body.key])) for row, body in children if row.id == draft.args.get("child")
    )


@submits("see_child")
def save(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """An action with its owner and its day; the question is answered with it."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    context = recording.context_of(turn, draft)
    if errors := owners.left_errors(turn, context, {"owner": answers.get("owner")}, draft.id):
        return Wrong(errors)
    family_id, old = recording.family_of(draft), recording.replaced(turn, draft)
    child_id = draft.args.get("child") or str(recording.replaced_answers(turn, draft).get("child_id", ""))
    known = {row.id: body for row, body in families.children(turn.session, family_id)}
    if child_id not in known:
        raise Refused(concern_wording.NO_SUCH_CHILD)
    said = ActionBody(text=concern_wording.see(known[child_id].initials or known[child_id].key), how_we_know="")
    found = actions.by_id(turn.session, old.subject_id or "") if old is not None else None
    made = found or _make(turn, draft, said, answers)
    if found is not None:
        _correct(turn, draft, found, said, answers)
    entry = recording.keep(turn, draft, {**answers, "child_id": child_id}, subject_id=made.id)
    owners.point_out_new_action(turn, context, made, answers.get("owner"), entry.id)
    discussion = recording.discussion_of(turn, draft)
    if discussion is not None and discussion.state in discussions.FINISHED:
        challenged.write_down(turn.session, discussion, turn.today())
        messages.show_first(turn, discussion)
    return recording.shown(turn, draft, entry)


def _make(turn: Turn, draft: Draft, said: ActionBody, answers: Answers) -> Action:
    return actions.make(
        turn.session,
        recording.family_of(draft),
        said,
        action.change_of(turn, draft.discussion_id),
        owner=answers.get("owner"),
        due_on=date_of(answers, "due"),
        plan_outcome=None,
    )


def _correct(turn: Turn, draft: Draft, found: Action, said: ActionBody, answers: Answers) -> None:
    actions.correct(
        turn.session,
        found,
        said,
        action.change_of(turn, draft.discussion_id),
        owner=answers.get("owner"),
        due_on=date_of(answers, "due"),
        plan_outcome=found.plan_outcome,
    )
