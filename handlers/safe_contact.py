"""How a carer must not be contacted: said before any contact detail or planned contact."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlmodel import Session

from prompts_and_forms.card import Block, say, small
from prompts_and_forms.meeting import discussion_wording
from storage.family import families


def blocks(session: Session, family_ids: Iterable[str], only: Collection[str] | None = None) -> list[Block]:
    """One line a warning, each family once, in the order given. `only` names the carers that are meant."""
    found = (families.safe_contact_warnings(session, family_id, only) for family_id in dict.fromkeys(family_ids))
    return [say(discussion_wording.safe_contact(warning)) for warnings in found for warning in warnings]


def about_family(session: Session, family_id: str | None) -> tuple[Block, ...]:
    """Which family a form is about; a safe-contact warning comes before anything else."""
    if families.by_id(session, family_id) is None or family_id is None:
        return ()
    return (*blocks(session, [family_id]), small(f"About {families.label_of(session, family_id)}"))
