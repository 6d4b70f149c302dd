"""Unit files: a whole unit with its families, their history and, for rehearsal, a written meeting.

`read_unit_file` reads and checks one, `load_unit` keeps it. The format: unit_format.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bot.practice.sample import loading as sample_loading
from bot.practice.sample import loading_clinical, loading_measures, loading_work
from bot.practice.sample.unit_format import Fault, UnitFile, UnitFileTrouble, read_unit_file, with_dates

__all__ = ["Fault", "LoadedUnit", "UnitFile", "UnitFileTrouble", "load_unit", "read_unit_file", "with_dates"]


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
    loading = sample_loading.start(session, unit_file, day=day, channel=channel, now=now)
    sample_loading.keep_families(loading)
    loading_clinical.keep_episodes(loading)
    loading_measures.keep_measures(loading)
    loading_work.keep_hypotheses(loading)
    loading_work.keep_agreements(loading)
    loading_work.keep_actions(loading)
    loading_work.keep_meetings(loading)
    return LoadedUnit(
        unit_id=loading.unit.id,
        people=loading.people,
        families=loading.families,
        hypotheses=loading.hypotheses,
        agreements=loading.agreements,
        actions=loading.actions,
    )
