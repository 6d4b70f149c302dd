"""Several actions that nobody has yet, in one form: who does each, and by when."""

from __future__ import annotations

from handlers import guards
from handlers.decisions import action_changes
from handlers.entries import owners, recording
from handlers.entries.recording import Answers, rows_of
from handlers.forms import asking
from handlers.forms.asking import submits
from handlers.meeting.stages import stage_gaps
from handlers.routes import button
from handlers.turn import Answer, Done, Refused, Turn, Wrong
from prompts_and_forms.decisions import wording as decisions_wording
from storage.database.columns import new_id
from storage.database.tables_machinery import Draft
from storage.decisions import actions
from storage.forms import published

FORM, ONE = "owners", "reassign"


@button("action.owners", opens=True)
def ask_owners(turn: Turn) -> Answer:
    """The form with every action of this discussion that nobody has; refused where each has somebody."""
    found = guards.under_way(turn)
    nobody = [gap.subject for gap in stage_gaps.without_owner(turn.session, found)]
    if not nobody:
        raise Refused(decisions_wording.ALL_HAVE_OWNERS)
    day = action_changes.next_meeting(turn)
    rows = [{"action": one, "due": _due(turn, one, day.isoformat() if day else None)} for one in nobody]
    return asking.ask(turn, FORM, family_id=found.family_id, discussion_id=found.id, answers={"actions": rows})


def _due(turn: Turn, action_id: str, usual: str | None) -> str | None:
    action = actions.by_id(turn.session, action_id)
    return action.due_on.isoformat() if action and action.due_on else usual


@submits(FORM)
def save_owners(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Gives each action to whoever was chosen; one without a name stays as it is. A wrong one saves none of them."""
    rows = [(number, row) for number, row in enumerate(rows_of(answers, "actions")) if row.get("to")]
    context = recording.context_of(turn, draft)
    if errors := owners.left_errors(turn, context, {f"actions#{n}#to": str(row["to"]) for n, row in rows}, draft.id):
        return Wrong(errors)
    for _, row in rows:
        action_changes.hand_over(turn, _own_draft(turn, draft), row)
    return Done()


def _own_draft(turn: Turn, draft: Draft) -> Draft:
    """Each action is recorded as if its own form had been filled in."""
    return Draft(
        id=new_id(),
        person_id=draft.person_id,
        unit_id=draft.unit_id,
        family_id=draft.family_id,
        discussion_id=draft.discussion_id,
        meeting_id=draft.meeting_id,
        form=ONE,
        form_hash=published.in_force(turn.session, ONE, turn.now),
        made_at=turn.now,
        saved_at=turn.now,
    )
