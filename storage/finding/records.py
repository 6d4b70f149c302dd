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

from prompts_and_forms.finding import wording
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
MOST = wording.MANY
"""So many places of each kind are looked for; who finds more needs another word."""
PIECE = 2_000
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
    """Where the family is named in another table: that table, and how it is joined."""

    @property
    def about(self) -> Any:
        """The table that names the family."""
        return self.table if self.through is None else self.through[0]

    @property
    def family(self) -> Any:
        """The column of the family's id."""
        return col(Family.id) if self.table is Family else col(self.about.family_id)


def search(session: Session, unit_id: str, sought: Sought, reader: Reader, family_id: str | None = None) -> list[Found]:
    """Where the words are in one family's records or in the unit's, newest first: at most `MOST` of each kind."""
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
    """The newest texts of one kind that have the words; of each row only the text is fetched until it has them."""
    rough, name = sought.rough(), place.table.__table__.name
    rows = session.execute(_wanted(place, unit_id, family_id), execution_options={"yield_per": PIECE})
    had: dict[str, str] = {}
    for row_id, text in raw_texts(session, name, rows):
        sentence = sought.where(_texts(place.body, text)) if rough(text) else None
        if sentence is not None:
            had[row_id] = sentence
        if len(had) == MOST:
            break
    rows.close()
    for row_id, family, at, by, form in session.execute(_about(place, list(had))) if had else ():
        yield Found(place.what, row_id, family, _moment(at), by, had[row_id], form or "")


def _wanted(place: Place, unit_id: str, family_id: str | None) -> Any:
    table, about, family = place.table, place.about, place.family
    by_unit = hasattr(about, "unit_id") and table is not Family
    wanted = columns_of(col(table.id), col(table.sealed), col(table.sealed_no))
    if place.through is not None:
        wanted = wanted.join(about, place.through[1])
    if table is not Family and not by_unit:
        wanted = wanted.join(Family, col(Family.id) == family)
    wanted = wanted.where(col(about.unit_id) == unit_id if by_unit else col(Family.unit_id) == unit_id)
    if family_id is not None:
        wanted = wanted.where(family == family_id)
    wanted = wanted.where(*place.where)
    return wanted if place.at is None else wanted.order_by(col(place.at).desc(), col(table.id))


def _about(place: Place, ids: list[str]) -> Any:
    """What else is known of the rows that have the words."""
    wanted = columns_of(col(place.table.id), place.family, _or_null(place.at), _or_null(place.by), _or_null(place.form))
    if place.through is not None:
        wanted = wanted.join(place.about, place.through[1])
    return wanted.where(col(place.table.id).in_(ids))


def _or_null(column: Any) -> Any:
    return null() if column is None else col(column)


def _texts(kind: type[Body], text: bytes) -> Iterator[str]:
    return looking.texts(kind.model_validate_json(text).__dict__)


def _moment(value: date | datetime | None) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    return datetime.combine(value, time(12), UTC)
