"""What a unit was called, where it met and which accounts its people had before. It lies with the unit's settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from storage.database.tables import Unit
from storage.unit import units

WAS = "was"


@dataclass(frozen=True)
class Was:
    """`what`: name, channel or account. `value` is what it was, `about` the person whose account it was."""

    what: str
    value: str
    until: date
    by_id: str
    about: str = ""


def add(session: Session, unit: Unit, was: Was) -> None:
    """One more thing that is different from now on."""
    row: dict[str, Any] = {"what": was.what, "value": was.value, "until": was.until.isoformat(), "by": was.by_id}
    if was.about:
        row["about"] = was.about
    units.choose(session, unit, **{WAS: [*(unit.settings.get(WAS) or []), row]})


def of_unit(unit: Unit) -> list[Was]:
    """Oldest first."""
    return [
        Was(row["what"], row["value"], date.fromisoformat(row["until"]), row["by"], row.get("about", ""))
        for row in unit.settings.get(WAS) or []
    ]
