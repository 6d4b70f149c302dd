"""What the figures of a unit are counted from: days, states and ids, never anything a person wrote. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from prompts_and_forms.days.closed_time import Span
from prompts_and_forms.measures.added_value import Pair
from prompts_and_forms.measures.change import Verdict
from prompts_and_forms.measures.planning import State


@dataclass(frozen=True)
class FamilyFact:
    """`discussed` and `full` are the days of discussions; `categories` the changes of category, oldest first.

    `moved_on` is the newest day something moved, for a family that can drift; None where nothing is known.
    """

    id: str
    category: str = "child_in_need"
    allocated_on: date | None = None
    closed_on: date | None = None
    closed: tuple[Span, ...] = ()
    discussed: tuple[date, ...] = ()
    full: tuple[date, ...] = ()
    moved_on: date | None = None
    categories: tuple[tuple[date, str], ...] = ()

    def is_open(self, day: date) -> bool:
        """Whether the unit worked with the family on that day."""
        if self.closed_on is not None and self.closed_on <= day:
            return False
        return not any(since <= day < until for since, until in self.closed)


@dataclass(frozen=True)
class ChildFact:
    """`interval`: how often the child is to be seen is known; `see_by` is then the last day in time."""

    family_id: str
    seen_on: date | None = None
    interval: bool = True
    see_by: date | None = None


@dataclass(frozen=True)
class ReviewFact:
    """One review that fell due, held or not. `chaired`: the team manager was in the chair."""

    kind: str
    family_id: str
    due_on: date
    held_on: date | None = None
    chaired: bool = False


@dataclass(frozen=True)
class LateFact:
    """A review that is late now, since the day it should have been held."""

    kind: str
    family_id: str
    since: date


@dataclass(frozen=True)
class EpisodeFact:
    """A piece of clinical work. `current`: the newest of an open family. `signed`: its assessment has both signatures.

    `sessions` and `reviews` are days, oldest first.
    """

    family_id: str
    state: str
    current: bool = True
    over: bool = False
    clinician_id: str | None = None
    started_on: date | None = None
    consulted_on: date | None = None
    ended_on: date | None = None
    sessions: tuple[date, ...] = ()
    reviews: tuple[date, ...] = ()
    review_after: int = 6
    signed: bool = False


@dataclass(frozen=True)
class LineFact:
    """A line of the tracking form. `themes` are codes."""

    on: date
    kind: str
    family_id: str | None = None
    method: str = ""
    themes: tuple[str, ...] = ()


@dataclass(frozen=True)
class FormFact:
    """A questionnaire that was planned. `paired`: it came back at the end and has its partner of the start.

    `verdicts` say of such a pair how each scale changed.
    """

    family_id: str
    measure: str
    asked_of: str
    point: str
    state: State
    first_session: date | None = None
    ended_on: date | None = None
    done_on: date | None = None
    paired: bool = False
    verdicts: tuple[tuple[str, Verdict], ...] = ()


@dataclass(frozen=True)
class ClinicianFact:
    """A clinician of the unit: since when, on leave from when to when, and the days of supervision."""

    person_id: str
    joined_on: date | None = None
    leave: tuple[date, date] | None = None
    supervised: tuple[date, ...] = ()


@dataclass(frozen=True)
class ActionFact:
    """`dues` are its dates as they were set, each with the day it was set; `carried` the days it was carried over."""

    family_id: str
    created_on: date
    closed_on: date | None = None
    dues: tuple[tuple[date, date | None], ...] = ()
    carried: tuple[date, ...] = ()

    def is_open(self, day: date) -> bool:
        """Whether it was still to be done on that day."""
        return self.created_on <= day and (self.closed_on is None or self.closed_on > day)

    def due(self, day: date) -> date | None:
        """The date it had on that day."""
        known = [due for since, due in self.dues if since <= day]
        return known[-1] if known else None


@dataclass(frozen=True)
class AgreementFact:
    """An agreement as it was last offered, and when each side said yes."""

    family_id: str
    offered_on: date
    social_work_on: date | None = None
    clinical_on: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True)
class RecordFact:
    """A record of a discussion: when it was confirmed, and when it was copied to the case file."""

    family_id: str
    confirmed_on: date
    copied_on: date | None = None


@dataclass(frozen=True)
class UnitFacts:
    """All that the figures of one unit, or of several together, are counted from."""

    families: Sequence[FamilyFact] = ()
    children: Sequence[ChildFact] = ()
    reviews: Sequence[ReviewFact] = ()
    late: Sequence[LateFact] = ()
    episodes: Sequence[EpisodeFact] = ()
    lines: Sequence[LineFact] = ()
    forms: Sequence[FormFact] = ()
    pairs: Sequence[Pair] = ()
    clinicians: Sequence[ClinicianFact] = ()
    actions: Sequence[ActionFact] = ()
    agreements: Sequence[AgreementFact] = ()
    records: Sequence[RecordFact] = ()
    drift_weeks: int = 6


def together(units: Sequence[UnitFacts]) -> UnitFacts:
    """The facts of several units as those of one; what a unit chose for itself stays the first one's."""
    parts = {
        name: tuple(one for unit in units for one in getattr(unit, name))
        for name in UnitFacts.__dataclass_fields__
        if name != "drift_weeks"
    }
    return UnitFacts(**parts, drift_weeks=units[0].drift_weeks if units else 6)
