"""Finding what a button or a form points at, for people of its unit only.

Something of another unit is answered exactly like something that does not exist.
"""

from __future__ import annotations

from typing import TypeVar

from handlers.turn import Refused, Turn
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.states import MemberStatus
from storage.database.audit import audit
from storage.database.tables import Action, Agreement, Discussion, Family, Hypothesis
from storage.decisions import actions, agreements, hypotheses
from storage.family import families
from storage.messages import posts
from storage.unit import people, units

Decided = TypeVar("Decided", Hypothesis, Agreement, Action)


def family(turn: Turn, family_id: str | None) -> Family:
    """A family of a unit the person is in; the turn acts in that unit from here on."""
    found = families.by_id(turn.session, family_id)
    membership = people.belongs(turn.session, found.unit_id, turn.actor().id) if found else None
    if found is None or membership is None:
        raise Refused(decisions_wording.GONE)
    turn.unit = units.by_id(turn.session, found.unit_id)
    turn.membership = membership
    return found


def family_by_ref(turn: Turn, ref: str) -> Family:
    """The family of this reference in the channel's unit; raises Refused where there is none."""
    found = families.by_ref(turn.session, turn.here().id, ref)
    if found is None:
        raise Refused(decisions_wording.unknown_reference(ref))
    return family(turn, found.id)


def own_unit_id(turn: Turn) -> str | None:
    """The unit the turn is about, where the person is in it: nobody leaves a form in a unit that is not theirs."""
    if turn.unit is None:
        return None
    membership = turn.membership or people.belongs(turn.session, turn.unit.id, turn.actor().id)
    return turn.unit.id if membership is not None and membership.status != MemberStatus.LEFT else None


def hypothesis(turn: Turn, hypothesis_id: str | None) -> Hypothesis:
    """The idea, if the person may see its family; raises Refused otherwise."""
    return _of_a_family(turn, hypotheses.by_id(turn.session, hypothesis_id or ""))


def agreement(turn: Turn, agreement_id: str | None) -> Agreement:
    """The agreement, if the person may see its family; raises Refused otherwise."""
    return _of_a_family(turn, agreements.by_id(turn.session, agreement_id or ""))


def action(turn: Turn, action_id: str | None) -> Action:
    """The action, if the person may see its family; raises Refused otherwise."""
    return _of_a_family(turn, actions.by_id(turn.session, action_id or ""))


def _of_a_family(turn: Turn, found: Decided | None) -> Decided:
    if found is None:
        raise Refused(decisions_wording.GONE)
    family(turn, found.family_id)
    return found


def discussion_id_of(turn: Turn, family_id: str) -> str | None:
    """The discussion a button was pressed in, when it is one of that family."""
    row = turn.session.get(Discussion, turn.event.args.get("discussion", ""))
    return row.id if row is not None and row.family_id == family_id else None


def discussion_of_message(turn: Turn, command: str) -> Discussion:
    """The discussion in whose thread a message lies; raises Refused for a message anywhere else."""
    event = turn.event
    found = posts.drawn_from(turn.session, event.channel, event.thread or event.ts)
    row = turn.session.get(Discussion, found.row_id) if found and found.noun == "discussion" else None
    if row is None:
        raise Refused(decisions_wording.ON_A_DISCUSSION.format(command=command))
    family(turn, row.family_id)
    return row


def note_read(turn: Turn, family: Family, what: str = "read") -> None:
    """Writes into the audit that somebody read about a family."""
    audit(
        turn.session,
        at=turn.now,
        what=what,
        row=family,
        person_id=turn.actor().id,
        unit_id=family.unit_id,
        family_id=family.id,
    )
