"""How a carer must not be contacted: said before any contact detail or planned contact."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from handlers.turn import Turn
from prompts_and_forms.card import Block, Strong, say
from prompts_and_forms.meeting import discussion_wording
from storage.database.tables import Family
from storage.family import families


def blocks(session: Session, family_ids: Iterable[str]) -> list[Block]:
    """One line a warning, each family once, in the order given."""
    found = (families.safe_contact_warnings(session, family_id) for family_id in dict.fromkeys(family_ids))
    return [say(discussion_wording.safe_contact(warning)) for warnings in found for warning in warnings]


def warnings(turn: Turn, family: Family) -> tuple[Block, ...]:
    """Who must not simply be contacted. Shown before any way to reach anybody."""
    found = families.safe_contact_warnings(turn.session, family.id)
    return tuple(say(Strong(text="Safe contact. "), warning) for warning in found)
