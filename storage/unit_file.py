"""Unit files: a whole unit with its families, their history and, for rehearsal, a written meeting.

`read_unit_file` reads and checks one, `load_unit` keeps it. The format: unit_format.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from storage import unit_load, unit_load_clinical, unit_load_measures, unit_load_work
from storage.unit_format import OUTSIDE, Fault, UnitFile, UnitFileTrouble, read_unit_file, with_dates

__all__ = ["OUTSIDE", "Fault", "LoadedUnit", "UnitFile", "UnitFileTrouble", "load_unit", "read_unit_file", "with_dates"]


@dataclass(frozen=True)
class LoadedUnit:
    """The ids behind the names of a file: people by member id, families by case reference, the rest by their ids."""

    unit_id: str
    people: dict[str, str]
    families: dict[str, str]
    hypotheses: dict[str, str]
    agreements: dict[str, str]
    actions: dict[str, str]


def load_unit(session: Session, unit_file: UnitFile, *, day: date, channel: str, now: datetime) -> LoadedUnit:
    """Keep the unit with everything in the file, as if `day` were its meeting day; `channel` is where it meets.

    Raises UnitFileTrouble where the unit, or a family of it, is here already: nothing is kept then.
    """
    loading = unit_load.start(session, unit_file, day=day, channel=channel, now=now)
    unit_load.keep_families(loading)
    unit_load_clinical.keep_episodes(loading)
    unit_load_measures.keep_measures(loading)
    unit_load_work.keep_hypotheses(loading)
    unit_load_work.keep_agreements(loading)
    unit_load_work.keep_actions(loading)
    unit_load_work.keep_meetings(loading)
    return LoadedUnit(
        unit_id=loading.unit.id,
        people=loading.people,
        families=loading.families,
        hypotheses=loading.hypotheses,
        agreements=loading.agreements,
        actions=loading.actions,
    )
