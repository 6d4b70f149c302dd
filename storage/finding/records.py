"""Words in a unit's records: every text is opened in memory, looked at and let go (decision 002). No commit here.

A family closed to whoever asks is not there (hiding.py). Private reflections are never looked through, and what was
said in supervision only for the clinician, whoever wrote it, and managers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import null, or_
from sqlalchemy import select as columns_of
from sqlmodel import Session, col

from prompts_and_forms.finding.words import Sought
from prompts_and_forms.states import ContributionState
from storage.database import bodies, looking
from storage.database.bodies import Body
from storage.database.tables import (
    Action,
    Agreement,
    AgreementVersion,
    Contribution,
    Entry,
    Family,
    Hypothesis,
    PlanOutcome,
)
from storage.database.tables_clinical import Episode, TrackingEntry
from storage.database.tables_decisions import AgreedRole
from storage.database.tables_measures import Review
from storage.database.vault import raw_texts

PRIVATE = ("reflection", "unit_file")
ELSEWHERE = ("action", "hypothesis", "contract")
"""Forms whose words are found where they ended up."""
SUPERVISION_FORM, SUPERVISION = "supervision_record", "supervision"


@dataclass(frozen=True)
class Reader:
    """Who looks: `manages` = supervision is shown to them."""

    person_id: str
    manages: bool


@dataclass(frozen=True)
class Found:
    """One place where the words are: `what` is a code of the wording, or "form" with the form's id in `form`."""

    what: str
    row_id: str
    family_id: str | None
    at: datetime | None
    by_id: str | None
    sentence: str
    form: str = ""


@dataclass(frozen=True)
class Place:
    """Where to look: a table, its texts, when and by whom each was written, and which rows count."""

    what: str
    table: Any
    body: type[Body]
    at: Any
    by: Any
    where: tuple[Any, ...] = ()
    form: Any = None
    through: Any = None
    """The column that names the family, and where it is in another table, that table's join."""


def search(session: Session, unit_id: str, sought: Sought, reader: Reader, family_id: str | None = None) -> list[Found]:
    """Everywhere the words are in one family's records or in the unit's, newest first."""
    found = [one for place in _places(reader) for one in _in(session, place, unit_id, sought, family_id)]
    return sorted(found, key=lambda one: (one.at or _LONG_AGO, one.row_id), reverse=True)


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def _places(reader: Reader) -> Sequence[Place]:
    mine = or_(col(Entry.subject_id) == reader.person_id, col(Entry.recorded_by_id) == reader.person_id)
    entries: list[Any] = [col(Entry.replaced_by_id).is_(None), col(Entry.form).not_in((*PRIVATE, *ELSEWHERE))]
    lines: list[Any] = [col(TrackingEntry.taken_out_at).is_(None), ~col(TrackingEntry.source).startswith("entry:")]
    if not reader.manages:
        entries.append(or_(col(Entry.form) != SUPERVISION_FORM, mine))
        lines.append(or_(col(TrackingEntry.kind) != SUPERVISION, col(TrackingEntry.person_id) == reader.person_id))
    kept = (col(Contribution.state) == ContributionState.KEPT,)
    current = (col(AgreementVersion.no) == col(Agreement.current),)
    return (
        Place("said", Contribution, bodies.TextBody, Contribution.said_at, Contribution.author_id, kept),
        Place("form", Entry, bodies.EntryBody, Entry.recorded_at, Entry.recorded_by_id, tuple(entries), Entry.form),
        Place("idea", Hypothesis, bodies.HypothesisBody, Hypothesis.recorded_at, Hypothesis.recorded_by_id),
        Place("action", Action, bodies.ActionBody, Action.created_on, Action.recorded_by_id),
        Place(
            "agreement", AgreementVersion, bodies.AgreementBody, AgreementVersion.at, AgreementVersion.offered_by_id,
            current, through=(Agreement, col(Agreement.id) == col(AgreementVersion.agreement_id)),
        ),
        Place("family", Family, bodies.FamilyBody, None, None),
        Place("outcome", PlanOutcome, bodies.TextBody, None, None, (col(PlanOutcome.active),)),
        Place("role", AgreedRole, bodies.RoleBody, AgreedRole.from_on, AgreedRole.recorded_by_id),
        Place("review", Review, bodies.ReviewBody, Review.held_on, Review.recorded_by_id),
        Place("work", Episode, bodies.EpisodeBody, Episode.since, None),
        Place("tracking", TrackingEntry, bodies.TrackingBody, TrackingEntry.on, TrackingEntry.person_id, tuple(lines)),
    )  # fmt: skip


def _in(session: Session, place: Place, unit_id: str, sought: Sought, family_id: str | None) -> Iterator[Found]:
    table = place.table
    rows = session.execute(_wanted(place, unit_id, family_id)).all()
    held = {row[0]: row for row in rows}
    rough = sought.rough()
    name = table.__table__.name
    for row_id, text in raw_texts(session, name, ((row[0], row[1], row[2]) for row in rows)):
        if not rough(text):
            continue
        sentence = sought.where(_texts(place.body, text))
        if sentence is not None:
            _id, _sealed, _no, family, at, by, form = held[row_id]
            yield Found(place.what, row_id, family, _moment(at), by, sentence, form or "")


def _wanted(place: Place, unit_id: str, family_id: str | None) -> Any:
    table = place.table
    about = table if place.through is None else place.through[0]
    family = col(Family.id) if table is Family else col(about.family_id)
    by_unit = hasattr(about, "unit_id") and table is not Family
    wanted = columns_of(
        col(table.id), col(table.sealed), col(table.sealed_no), family, _or_null(place.at), _or_null(place.by),
        _or_null(place.form),
    )  # fmt: skip
    if place.through is not None:
        wanted = wanted.join(about, place.through[1])
    if table is not Family and not by_unit:
        wanted = wanted.join(Family, col(Family.id) == family)
    wanted = wanted.where(col(about.unit_id) == unit_id if by_unit else col(Family.unit_id) == unit_id)
    if family_id is not None:
        wanted = wanted.where(family == family_id)
    return wanted.where(*place.where)


def _or_null(column: Any) -> Any:
    return null() if column is None else col(column)


def _texts(kind: type[Body], text: bytes) -> Iterator[str]:
    return looking.texts(kind.model_validate_json(text).__dict__)


def _moment(value: date | datetime | None) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    return datetime.combine(value, time(12), UTC)
