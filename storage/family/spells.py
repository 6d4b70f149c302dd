"""Since when a family is in its category this time: one that was looked after twice counts the second time alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from storage.database.tables import CategoryChange, Family


@dataclass(frozen=True)
class Spell:
    """`since`: the category it has now began. `not_before`: what was named before this day is of an earlier time."""

    since: date | None = None
    not_before: date | None = None

    def began(self, named: date | None) -> date | None:
        """When this time began, a day somebody named for it coming first; one of an earlier time does not count."""
        return named if named is not None and self.counts(named) else self.since

    def counts(self, day: date | None) -> bool:
        """Whether a day belongs to this time and not to an earlier one of the same kind."""
        return day is None or self.not_before is None or day >= self.not_before


def of_families(session: Session, held: Sequence[Family]) -> dict[str, Spell]:
    """The present spell of each family, in one question."""
    rows: dict[str, list[tuple[date, str]]] = defaultdict(list)
    wanted = select(CategoryChange).where(col(CategoryChange.family_id).in_([family.id for family in held]))
    for change in session.exec(wanted.order_by(col(CategoryChange.recorded_at), col(CategoryChange.id))):
        if change.from_on is not None:
            rows[change.family_id].append((change.from_on, change.category))
    return {family.id: _spell(family.category, sorted(rows[family.id], key=lambda row: row[0])) for family in held}


def _spell(category: str, rows: Sequence[tuple[date, str]]) -> Spell:
    """`rows` are the changes of category, oldest first."""
    others = [on for on, other in rows if other != category]
    last_other = max(others, default=None)
    mine = [on for on, own in rows if own == category]
    now = [on for on in mine if last_other is None or on >= last_other]
    twice = last_other is not None and any(on < last_other for on in mine)
    return Spell(max(now or mine, default=None), last_other if twice else None)
