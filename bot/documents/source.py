"""Where documents get their values: the unit, its clock, and who asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.documents.contents.names import Names, names_of
from bot.documents.model import AnyPart, Document
from bot.documents.trouble import DocumentTrouble
from prompts_and_forms.days import day_words
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.unit.wording import roles_words
from storage.database.tables import Family, Unit
from storage.family import families
from storage.unit import people


@dataclass(frozen=True)
class Source:
    """`now` is the unit's clock, `asked_by` the name of whoever wants the document ("" from the command line)."""

    session: Session
    unit: Unit
    now: datetime
    asked_by: str = ""

    @property
    def zone(self) -> ZoneInfo:
        """The unit's time zone."""
        return ZoneInfo(self.unit.timezone)

    @property
    def today(self) -> date:
        """The unit's day."""
        return self.at(self.now).date()

    def at(self, when: datetime) -> datetime:
        """A moment in the unit's own time."""
        return when.astimezone(self.zone)

    def document(
        self,
        kind: str,
        title: str,
        parts: list[AnyPart],
        *,
        subject: str = "",
        family_id: str | None = None,
        on: date | None = None,
        by: str = "",
        **more: Any,
    ) -> Document:
        """A document of this unit, marked as the unit marks its papers.

        Of a family its title says whose it is, and everything in it goes by initials. `on` and `by` are when it was
        written and by whom, where it has a day and an author.
        """
        foot = subject
        if family_id is not None:
            ref, names = self.ref(family_id), self.names(family_id)
            rest = [part for part in (subject, self.unit.name, day_words.in_full(on) if on else "") if part]
            parts = names.in_parts(parts)
            parts += names.explained(parts)
            subject = names.plainly(", ".join([documents_wording.of_family(self.label(family_id, names)), *rest]))
            foot = names.plainly(", ".join([documents_wording.of_family(ref), *rest]))
        return Document(
            kind=kind,
            title=title,
            subject=subject,
            about=f"{title}: {foot}",
            on=on,
            by=by,
            classification=self.marking,
            made=documents_wording.made_by(self.asked_by, self.at(self.now)),
            at=self.at(self.now),
            parts=tuple(parts),
            **more,
        )

    @property
    def marking(self) -> str:
        """The line at the foot of every page."""
        return documents_wording.marking(str(self.unit.settings.get("marking") or ""), self.unit.fictional)

    def names(self, family_id: str | None) -> Names:
        """What people of a family are called in a document: key, and initials where the unit shows them."""
        return names_of(self.session, family_id, self.today, shown=self.unit.show_initials)

    def name(self, person_id: str | None) -> str:
        """A person of the unit; what came from before the bot has none."""
        return people.name_of(self.session, person_id) if person_id else documents_wording.FROM_BEFORE

    def name_and_role(self, person_id: str, part: str) -> str:
        """Who signs, with what they are in the unit, unless the part they sign in says that already."""
        membership = people.membership(self.session, self.unit.id, person_id)
        words = roles_words(membership.roles) if membership and membership.roles else ""
        said = self.name(person_id)
        return said if not words or words.casefold() == part.casefold() else f"{said} ({words})"

    def label(self, family_id: str, names: Names) -> str:
        """The case reference, with the children's initials where the unit shows initials."""
        shown = ", ".join(names.children) if self.unit.show_initials else ""
        return f"{self.ref(family_id)} ({shown})" if shown else self.ref(family_id)

    def family(self, family_id: str | None) -> Family:
        """The family of this id; raises DocumentTrouble where there is none."""
        found = self.session.get(Family, family_id) if family_id else None
        if found is None:
            raise DocumentTrouble(documents_wording.GONE)
        return found

    def ref(self, family_id: str | None) -> str:
        """The case reference of a family."""
        return families.body(self.session, self.family(family_id)).ref
