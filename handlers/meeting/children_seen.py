"""Which children have not been seen in time, by the plan's own interval or the usual one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from prompts_and_forms.days import visiting
from storage.database.tables import Discussion, Family
from storage.family import families


def not_seen_in_time(session: Session, discussion: Discussion, today: date) -> list[str]:
    """Keys of born children whose last visit lies too far back, or who were never seen."""
    family = session.get(Family, discussion.family_id)
    if family is None:
        return []
    late: list[str] = []
    for child, body in families.children(session, family.id):
        if body.unborn:
            continue
        on = child.last_seen_on
        by = visiting.see_by(family.category, on, family.visiting_days) if on else None
        if on is None or (by is not None and by < today):
            late.append(body.key)
    return late


def without_a_day(session: Session, discussion: Discussion, answers: Mapping[str, Any]) -> bool:
    """Whether the safety form leaves open when some child was last seen."""
    said = {row.get("child") for row in answers.get("seen") or [] if row.get("date")}
    born = [body.key for _, body in families.children(session, discussion.family_id) if not body.unborn]
    return any(key not in said for key in born)
