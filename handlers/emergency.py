"""Whom to call, and who was told: drawn the same wherever a concern is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from prompts_and_forms.card import Block, Bullets, Facts, Strong
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.meeting import concern_wording, discussion_wording
from storage.database.tables import Entry
from storage.forms import entries
from storage.unit import people, units


def contact_blocks(session: Session, unit_id: str) -> list[Block]:
    """Whom to call first, from the unit's emergency contacts; nothing where there are none."""
    lines = tuple((Strong(text=contact.who), f": {contact.how}") for contact in units.contacts(session, unit_id))
    return [Bullets(title=discussion_wording.STOP_CALL, items=lines)] if lines else []


def told_blocks(session: Session, entry: Entry) -> list[Block]:
    """Who was told and when, what happens now, who decides."""
    answers = entries.answers(session, entry)
    lines = tuple((told_words(session, row),) for row in answers.get("told") or [])
    rows: list[tuple[str, str]] = []
    for key, label in (
        ("what_happens_now", concern_wording.WHAT_HAPPENS_NOW),
        ("who_decides", concern_wording.WHO_DECIDES),
        ("confirmed_by", concern_wording.CONFIRMED_BY),
    ):
        value = answers.get(key)
        if value:
            rows.append((label, value if key == "what_happens_now" else _person(session, value)))
    rows.append((concern_wording.RECORDED_BY, people.name_of(session, entry.recorded_by_id)))
    return [Bullets(items=lines), Facts(rows=tuple(rows))]


def told_words(session: Session, row: Mapping[str, Any]) -> str:
    """One line of who was told: colleague, somebody outside, the time."""
    parts = [people.name_of(session, row["member"])] if row.get("member") else []
    parts += [str(row["outside"])] if row.get("outside") else []
    return discussion_wording.told_line(", ".join(parts), str(row.get("time") or ""))


def _person(session: Session, value: str) -> str:
    return decisions_wording.OUTSIDE if value == "outside" else people.name_of(session, value)
