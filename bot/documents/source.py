"""Where documents get their values: the unit, its clock, and who asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.documents.model import AnyPart, Document
from bot.documents.trouble import DocumentTrouble
from prompts_and_forms.documents import wording as documents_wording
from storage.database.tables import Family, Unit
from storage.family import families


@dataclass(frozen=True)
class Source:
    """`now` is the unit's clock, `asked_by` the name of whoever wants the document ("" from the command line)."""

    session: Session
    unit: Unit
    now: datetime
    asked_by: str = ""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.unit.timezone)

    @property
    def today(self) -> date:
        return self.at(self.now).date()

    def at(self, when: datetime) -> datetime:
        return when.astimezone(self.zone)

    def document(self, kind: str, title: str, parts: list[AnyPart], *, subject: str, **more: Any) -> Document:
        """A document of this unit, marked as the unit marks its papers."""
        chosen = str(self.unit.settings.get("marking") or "")
        return Document(
            kind=kind,
            title=title,
            subject=subject,
            about=f"{title}: {subject}",
            classification=documents_wording.marking(chosen, self.unit.fictional),
            made=documents_wording.made_by(self.asked_by, self.at(self.now)),
            at=self.at(self.now),
            parts=tuple(parts),
            **more,
        )

    def family(self, family_id: str | None) -> Family:
        found = self.session.get(Family, family_id) if family_id else None
        if found is None:
            raise DocumentTrouble(documents_wording.GONE)
        return found

    def ref(self, family_id: str | None) -> str:
        return families.body(self.session, self.family(family_id)).ref
