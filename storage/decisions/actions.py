"""What will be done, by whom, by when; and everything that happened to it since.

Only an explicit carry-over raises the carried count. Handing over keeps it. Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from prompts_and_forms.states import ActionStatus
from storage.clinical import tracking
from storage.database.audit import audit
from storage.database.bodies import ActionBody, TextBody
from storage.database.tables import Action, ActionChange, Family
from storage.database.vault import Scope, seal, unseal
from storage.turn import known

OUTSIDE = "outside"
"""The one owner a form may name who is nobody in the unit."""
STUCK_AFTER = 2
"""Carried over this often, an action is stuck (meeting script: full discussion triggers)."""
CHOICE_LENGTH = 70


@dataclass(frozen=True)
class Change:
    """Who changes an action, when, why, and in which discussion."""

    by_id: str | None
    now: datetime
    today: date
    note: str = ""
    discussion_id: str | None = None


def make(
    session: Session,
    family_id: str,
    body: ActionBody,
    change: Change,
    *,
    owner: str | None,
    due_on: date | None,
    plan_outcome: str | None = None,
    slug: str = "",
) -> Action:
    """Keeps a new open action. `owner` is a person id, OUTSIDE, or None while nobody is named."""
    action = Action(
        family_id=family_id,
        slug=slug,
        discussion_id=change.discussion_id,
        created_on=change.today,
        original_due_on=due_on,
        due_on=due_on,
        plan_outcome=plan_outcome,
        recorded_by_id=change.by_id,
    )
    _own(action, owner)
    seal(session, action, body, Scope.family(family_id))
    session.add(action)
    session.flush()
    _remember(session, action, "made", change)
    tracking.note_action(session, action, body.text, change.by_id, change.now, new=True)
    return action


def correct(
    session: Session,
    action: Action,
    body: ActionBody,
    change: Change,
    *,
    owner: str | None,
    due_on: date | None,
    plan_outcome: str | None,
) -> None:
    """Puts an action right: words, owner, date, outcome. A first date becomes the original one too."""
    before = words(session, action)
    moved = (owner_of(action), action.due_on, action.plan_outcome) != (owner, due_on, plan_outcome)
    if before == body and not moved:
        return
    if action.original_due_on is None:
        action.original_due_on = due_on
    action.due_on = due_on
    action.plan_outcome = plan_outcome
    _own(action, owner)
    seal(session, action, body, Scope.family(action.family_id))
    session.add(action)
    session.flush()
    note = change.note or (before.text if before.text != body.text else "")
    _remember(session, action, "reworded", change, note=note)
    tracking.note_action(session, action, body.text, change.by_id, change.now)


def finish(session: Session, action: Action, change: Change) -> None:
    """The action is done."""
    _close(session, action, ActionStatus.DONE, change)


def drop(session: Session, action: Action, change: Change) -> None:
    """Closes an action that will not be done; the note says why."""
    if not change.note.strip():
        raise ValueError("an action is dropped with a reason")
    _close(session, action, ActionStatus.DROPPED, change)


def carry_over(session: Session, action: Action, due_on: date, change: Change) -> None:
    """A new date, and one more on the carried count."""
    action.carried_over += 1
    if action.original_due_on is None:
        action.original_due_on = due_on
    action.due_on = due_on
    session.add(action)
    session.flush()
    _remember(session, action, "carried_over", change)


def leave_open(session: Session, action: Action, what: str, change: Change) -> None:
    """`what` = not_done or carry_on: said in a meeting, changes nothing else."""
    if what not in ("not_done", "carry_on"):
        raise ValueError(f"no such result: {what}")
    _remember(session, action, what, change)


def hand_over(session: Session, action: Action, owner: str, due_on: date | None, change: Change) -> None:
    """Another owner, with a new date or the old one. The carried count stays."""
    _own(action, owner)
    if due_on is not None:
        action.due_on = due_on
        if action.original_due_on is None:
            action.original_due_on = due_on
    session.add(action)
    session.flush()
    _remember(session, action, "handed_over", change)
    text = words(session, action).text
    tracking.note_action(session, action, text, change.by_id, change.now, handed_on=change.today)


def reopen(session: Session, action: Action, change: Change) -> None:
    """The action is open again, with its history."""
    action.status = ActionStatus.OPEN
    action.closed_on = None
    session.add(action)
    session.flush()
    _remember(session, action, "reopened", change)


def by_id(session: Session, action_id: str) -> Action | None:
    """None for an unknown action."""
    return session.get(Action, action_id)


def words(session: Session, action: Action) -> ActionBody:
    """What an action says."""
    return unseal(session, action, ActionBody)


def owner_of(action: Action) -> str | None:
    """A person id, OUTSIDE, or None when nobody is named."""
    return OUTSIDE if action.owner_outside else action.owner_id


def is_stuck(action: Action, after: int = STUCK_AFTER) -> bool:
    """Whether an open action was carried over `after` times or more."""
    return action.status == ActionStatus.OPEN and action.carried_over >= after


def open_actions(session: Session, family_id: str) -> list[Action]:
    """The family's open actions: most often carried first, then by date, those without a date last."""
    query = select(Action).where(Action.family_id == family_id, Action.status == ActionStatus.OPEN)
    found = list(session.exec(query))
    return sorted(
        found,
        key=lambda a: (-a.carried_over if is_stuck(a) else 0, a.due_on or date.max, a.created_on, a.slug, a.id),
    )


def of_family(session: Session, family_id: str) -> list[Action]:
    """Every action of a family, oldest first."""
    query = select(Action).where(Action.family_id == family_id)
    return list(session.exec(query.order_by(col(Action.created_on), col(Action.slug), col(Action.id))))


def open_of_person(session: Session, person_id: str, unit_id: str | None = None) -> list[Action]:
    """What somebody has to do, soonest first; in one unit or in all of them."""
    query = select(Action).where(Action.owner_id == person_id, Action.status == ActionStatus.OPEN)
    if unit_id:
        query = query.join(Family, col(Family.id) == col(Action.family_id)).where(Family.unit_id == unit_id)
    return sorted(session.exec(query), key=lambda a: (a.due_on or date.max, a.created_on, a.id))


def done_by_owner(session: Session, unit_id: str, person_id: str, since: datetime) -> list[Action]:
    """Somebody's actions of this unit that were finished from then on, in the order they were finished."""
    query = (
        select(ActionChange.action_id)
        .join(Action, col(Action.id) == col(ActionChange.action_id))
        .join(Family, col(Family.id) == col(Action.family_id))
        .where(
            Family.unit_id == unit_id,
            Action.owner_id == person_id,
            Action.status == ActionStatus.DONE,
            ActionChange.what == "done",
            ActionChange.at >= since,
        )
        .order_by(col(ActionChange.at))
    )
    return [session.get_one(Action, action_id) for action_id in dict.fromkeys(session.exec(query))]


def made_in(session: Session, discussion_id: str) -> list[Action]:
    """Actions that a discussion left behind, in their order."""
    query = select(Action, ActionChange).where(
        Action.discussion_id == discussion_id, ActionChange.action_id == Action.id, ActionChange.what == "made"
    )
    query = query.order_by(col(ActionChange.at), col(Action.slug), col(Action.id))
    asked = ("made in", discussion_id)
    rows = known.once(session, (Action, ActionChange), asked, lambda: list(session.exec(query)))
    return [action for action, _ in rows]


def count_made_in(session: Session, discussion_id: str) -> int:
    """How many actions a discussion made."""
    return session.exec(select(func.count()).select_from(Action).where(Action.discussion_id == discussion_id)).one()


def history(session: Session, action: Action) -> list[tuple[ActionChange, str]]:
    """Everything that happened to an action, oldest first, with the note."""
    query = select(ActionChange).where(ActionChange.action_id == action.id)
    rows = session.exec(query.order_by(col(ActionChange.at), col(ActionChange.id)))
    dated = sorted(rows, key=lambda row: (row.at, row.what != "made"))
    return [(row, unseal(session, row, TextBody).text) for row in dated]


def changed_in(session: Session, discussion_id: str) -> list[tuple[ActionChange, str]]:
    """What a discussion did to actions (closed, carried, handed over ...), in order, with the note."""
    query = select(ActionChange).where(ActionChange.discussion_id == discussion_id, ActionChange.what != "made")
    rows = session.exec(query.order_by(col(ActionChange.at), col(ActionChange.id)))
    return [(row, unseal(session, row, TextBody).text) for row in rows]


def open_choices(session: Session, family_id: str) -> list[tuple[str, str]]:
    """Open actions a form may point at: (id, first words)."""
    return [(action.id, _short(words(session, action).text)) for action in open_actions(session, family_id)]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= CHOICE_LENGTH else line[: CHOICE_LENGTH - 3].rstrip() + "..."


def _own(action: Action, owner: str | None) -> None:
    action.owner_outside = owner == OUTSIDE
    action.owner_id = None if owner == OUTSIDE else owner


def _close(session: Session, action: Action, status: ActionStatus, change: Change) -> None:
    action.status = status
    action.closed_on = change.today
    session.add(action)
    session.flush()
    _remember(session, action, status, change)


def _remember(session: Session, action: Action, what: str, change: Change, note: str | None = None) -> None:
    row = ActionChange(
        action_id=action.id,
        at=change.now,
        by_id=change.by_id,
        what=what,
        due_on=action.due_on,
        owner_id=action.owner_id,
        discussion_id=change.discussion_id,
    )
    seal(session, row, TextBody(text=change.note if note is None else note), Scope.family(action.family_id))
    session.add(row)
    session.flush()
    family = session.get(Family, action.family_id)
    audit(
        session,
        at=change.now,
        what=f"action_{what}",
        row=action,
        person_id=change.by_id,
        unit_id=family.unit_id if family else None,
        family_id=action.family_id,
    )


def last_done(session: Session, family_ids: Collection[str]) -> dict[str, date]:
    """When an action of each family was last finished, in one question."""
    newest = (
        select(Action.family_id, func.max(Action.closed_on))
        .where(col(Action.family_id).in_(family_ids), Action.status == ActionStatus.DONE)
        .group_by(Action.family_id)
    )
    return {family_id: day for family_id, day in session.exec(newest) if day is not None}
