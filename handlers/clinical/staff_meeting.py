"""The clinical staff meeting of a manager's units is one meeting: recorded in one of them, it counts for all."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.turn import Turn
from prompts_and_forms.card import Block, say
from prompts_and_forms.clinical import reviews_wording
from prompts_and_forms.clinical.review_rules import Kind
from prompts_and_forms.meeting.wording import names_words
from storage.clinical import reviews
from storage.clinical.reviews import Held
from storage.database.bodies import ReviewBody
from storage.database.tables import Unit
from storage.unit import people

CLINICAL_MANAGERS = frozenset({"clinical_manager", "clinical_group_manager"})


def record_for_others(turn: Turn, unit: Unit, held: Held, body: ReviewBody) -> list[Unit]:
    """Records it in the other units this person is clinical manager of, where that day has none yet; answers those."""
    me = turn.actor().id
    if turn.membership is None or not CLINICAL_MANAGERS & set(turn.membership.roles):
        return []
    found = []
    for membership, other in people.units_of(turn.session, me):
        if other.id == unit.id or not CLINICAL_MANAGERS & set(membership.roles) or _is_recorded(turn, other, held):
            continue
        reviews.record(turn.session, unit_id=other.id, family=None, held=held, body=body, by_id=me, now=turn.now)
        found.append(other)
    return found


def _is_recorded(turn: Turn, unit: Unit, held: Held) -> bool:
    rows = reviews.of_unit(turn.session, unit.id)
    return any(row.kind == Kind.CLINICAL_STAFF and row.held_on == held.held_on for row in rows)


def also_words(others: Sequence[Unit]) -> list[Block]:
    """For which other units it counts."""
    return [say(reviews_wording.ALSO_FOR.format(units=names_words([unit.name for unit in others])))] if others else []
