"""What other parts of the record expect of people: questionnaires, reviews, supervision, signatures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session

from prompts_and_forms.nudge_rules import Expected
from storage.bodies import FamilyBody
from storage.tables import Family, Unit


def expected(
    session: Session, unit: Unit, today: date, held: Sequence[Family], bodies: Mapping[str, FamilyBody]
) -> tuple[Expected, ...]:
    """Everything expected for these families of the unit."""
    return ()
