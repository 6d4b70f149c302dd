"""Who will do something and by when: what cannot be saved, and what is pointed out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from handlers.entries.recording import RecordContext, point_out
from handlers.turn import Turn
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.states import ActionStatus, MemberStatus
from storage.database.tables import Action
from storage.decisions.actions import OUTSIDE
from storage.unit import people


def refusal(turn: Turn, context: RecordContext, owner: str | None, about: str) -> str:
    """The sentence beside an owner who has left the unit; "" for anybody else. That it was refused is saved."""
    membership = people.membership(turn.session, context.unit_id, owner) if owner and owner != OUTSIDE else None
    if membership is None or membership.status != MemberStatus.LEFT:
        return ""
    point_out(
        turn,
        "refuse_owner_left",
        context,
        about=about,
        to_person=turn.actor().id,
        params={"person": membership.person_id},
    )
    return decisions_wording.owner_left(people.name_of(turn.session, owner), membership.left_on)


def left_errors(turn: Turn, context: RecordContext, named: Mapping[str, str | None], about: str) -> dict[str, str]:
    """`named` = field key -> person; the sentences for those who left."""
    sentences = {key: refusal(turn, context, owner, about) for key, owner in named.items()}
    return {key: sentence for key, sentence in sentences.items() if sentence}


def point_out_owner(
    turn: Turn, context: RecordContext, owner: str | None, due: date | None, about: str, subject: str
) -> None:
    """An owner from outside or on leave, and a date that has gone by. `subject` = action id, or what it is in words."""
    params = {"action": subject}
    if owner == OUTSIDE:
        point_out(turn, "owner_outside", context, about=about, params=params)
    elif owner:
        _on_leave(turn, context, owner, due, about, params)
    if due is not None and due < turn.today():
        params = {**params, "date": due.isoformat()}
        point_out(turn, "warn_due_past", context, about=about, to_person=turn.actor().id, params=params)


def _on_leave(
    turn: Turn, context: RecordContext, owner: str, due: date | None, about: str, params: dict[str, str]
) -> None:
    membership = people.membership(turn.session, context.unit_id, owner)
    if membership is None or membership.status == MemberStatus.LEFT:
        return
    if people.is_on_leave(membership, due or turn.today()):
        params = {**params, "person": membership.person_id}
        point_out(turn, "warn_owner_on_leave", context, about=about, params=params)


def point_out_new_action(turn: Turn, context: RecordContext, action: Action, owner: str | None, about: str) -> None:
    """What a new or corrected action still lacks. It is saved as it is."""
    if owner is None:
        point_out(turn, "ask_owner", context, about=about, params={"action": action.id})
    if action.due_on is None:
        point_out(turn, "ask_due", context, about=about, params={"action": action.id})
    point_out_owner(turn, context, owner, action.due_on, about, action.id)
    if not action.plan_outcome:
        point_out(turn, "action_no_outcome", context, about=about, params={"action": action.id})


def point_out_owner_left(turn: Turn, context: RecordContext, action: Action, about: str) -> None:
    """An open action whose owner has left since."""
    if action.status != ActionStatus.OPEN or action.owner_id is None:
        return
    membership = people.membership(turn.session, context.unit_id, action.owner_id)
    if membership is not None and membership.status == MemberStatus.LEFT:
        point_out(turn, "owner_left", context, about=about, params={"action": action.id, "person": action.owner_id})
