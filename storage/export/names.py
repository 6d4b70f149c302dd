"""Ids become the words people know: a member's short name, a case reference, an idea's short name."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from storage.database.tables import Action, Agreement, Family, Hypothesis, Membership, Person
from storage.family import families
from storage.unit.people import OUTSIDE


class Names:
    """Every id that may stand in a unit's record, with the word an export shows for it."""

    def __init__(self, session: Session, unit_id: str, held: list[Family]) -> None:
        self.words: dict[str, str] = {}
        self._people(session, unit_id)
        self.refs = {family.id: families.body(session, family).ref for family in held}
        self.words |= self.refs
        for family in held:
            for child, known in families.children(session, family.id, include_gone=True):
                self.words[child.id] = known.key
        for kind in (Hypothesis, Agreement, Action):
            found = session.exec(select(kind.id, kind.slug).where(col(kind.family_id).in_(self.refs)))
            self.words |= {row_id: slug or row_id for row_id, slug in found}

    def __call__(self, row_id: str | None) -> str | None:
        """The word for an id; the id itself where none is known."""
        return self.words.get(row_id, row_id) if row_id else None

    def who(self, row_id: str | None, outside: bool) -> str | None:
        """The word for a person, or for somebody outside the unit."""
        return OUTSIDE if outside else self(row_id)

    def inside(self, value: Any) -> Any:
        """The same value with every known id in it replaced: form answers, a clinical pathway, a remark's numbers."""
        if isinstance(value, str):
            return self.words.get(value, value)
        if isinstance(value, list):
            return [self.inside(item) for item in value]
        if isinstance(value, dict):
            return {self.words.get(name, name): self.inside(item) for name, item in value.items()}
        return iso(value) if isinstance(value, date) else value

    def _people(self, session: Session, unit_id: str) -> None:
        """A short name two people share is no name: those are shown by their names, and if need be by their ids."""
        taken: set[str] = set()
        members = set(session.exec(select(Membership.person_id).where(Membership.unit_id == unit_id)))
        people = session.exec(select(Person).order_by(col(Person.id))).all()
        for person in sorted(people, key=lambda one: one.id not in members):
            word = next((w for w in (person.slug, person.name) if w and w not in taken), person.id)
            taken.add(word)
            self.words[person.id] = word


def iso(value: date | datetime | None) -> str | None:
    """A day or a moment as an export writes it."""
    return value.isoformat() if value else None
