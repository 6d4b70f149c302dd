"""Several actions that nobody has yet, in one form: who does each, and by when."""

from __future__ import annotations

from handlers import guards, reach
from handlers.decisions import action_changes
from handlers.entries import owners, recording
from handlers.entries.recording import Answers, rows_of
from handlers.forms import asking
from handlers.forms.asking import submits
from handlers.meeting.stages import stage_gaps
from handlers.routes import button
from handlers.turn import Answer, Done, Refused, Turn, Wrong
from prompts_and_forms.card import card, say
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.states import ActionStatus
from storage.database.columns import new_id
from storage.database.tables import Action
from storage.database.tables_machinery import Draft
from storage.decisions import actions
from storage.forms import published

FORM, ONE = "owners", "reassign"
MOST = 12
"""As many as the form has room for; the rest is asked about once these have somebody."""


@button("action.owners", opens=True)
def ask_owners(turn: Turn) -> Answer:
    """The form with every action of this discussion that nobody has; refused where each has somebody."""
    found = guards.under_way(turn)
    nobody = [gap.subject for gap in stage_gaps.without_owner(turn.session, found)]
    if not nobody:
        raise Refused(decisions_wording.ALL_HAVE_OWNERS)
    day = action_changes.next_meeting(turn)
    rows = [{"action": one, "due": _due(turn, one, day.isoformat() if day else None)} for one in nobody[:MOST]]
    return asking.ask(turn, FORM, family_id=found.family_id, discussion_id=found.id, answers={"actions": rows})


def _due(turn: Turn, action_id: str, usual: str | None) -> str | None:
    action = actions.by_id(turn.session, action_id)
    return action.due_on.isoformat() if action and action.due_on else usual


@submits(FORM)
def save_owners(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Gives each action to whoever was chosen; one without a name stays as it is. A wrong one saves none of them.

    An action that somebody closed or gave away while the form was open stays as they left it, and that is said.
    """
    rows = [(number, row) for number, row in enumerate(rows_of(answers, "actions")) if row.get("to")]
    context = recording.context_of(turn, draft)
    if errors := owners.left_errors(turn, context, {f"actions#{n}#to": str(row["to"]) for n, row in rows}, draft.id):
        return Wrong(errors)
    settled: list[str] = []
    for _, row in rows:
        action = _locked(turn, draft, row)
        if action.status == ActionStatus.OPEN and actions.owner_of(action) is None:
            action_changes.hand_over(turn, _own_draft(turn, draft), row)
        elif actions.owner_of(action) != row["to"]:
            settled.append(actions.words(turn.session, action).text)
    return Done(card(decisions_wording.SETTLED_NOTICE, say(decisions_wording.settled(settled)))) if settled else Done()


def _locked(turn: Turn, draft: Draft, row: Answers) -> Action:
    """The action as it is now, which nobody else changes until this turn is over; one of this family only."""
    action = reach.action(turn, str(row.get("action") or ""))
    if action.family_id != draft.family_id:
        raise Refused(decisions_wording.GONE)
    turn.session.refresh(action, with_for_update=True)
    return action


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
