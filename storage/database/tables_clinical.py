"""Tables of the clinical work: its pieces and their history, the tracking form, and signatures."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from prompts_and_forms.states import SigningState, WorkState
from storage.database.columns import (
    Row,
    Versioned,
    json_field,
    ref,
    sealed_field,
    sealed_no_field,
    utc_field,
    word_field,
)


class Episode(Versioned, table=True):
    """One piece of clinical work with a family, from referral to closing. `state`: see pathway.yaml. Body: EpisodeBody.

    `back_state` is where it was before it was referred on or became urgent. `reviewed_at` counts the sessions held when
    it was last reviewed. `next_on` is the next thing that is booked. `differ_step` 1 to 3 while views differ.
    """

    unit_id: str = ref("unit.id", index=True)
    family_id: str = ref("family.id", index=True)
    no: int = 1
    state: WorkState = word_field(WorkState, default=WorkState.REFERRED)
    back_state: str = ""
    clinician_id: str | None = ref("person.id", default=None, nullable=True)
    started_on: date | None = None
    consulted_on: date | None = None
    commissioned_on: date | None = None
    sessions: int = 0
    reviewed_at: int = 0
    review_after: int = 6
    reviewed_on: date | None = None
    next_on: date | None = None
    ended_on: date | None = None
    differ_step: int = 0
    since: datetime = utc_field()
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()
    __table_args__ = (UniqueConstraint("family_id", "no"),)


class EpisodeChange(Row, table=True):
    """A move of the pathway, dated, with who. `override` = a manager went another way; body TextBody: the reason."""

    __tablename__ = "episode_change"
    episode_id: str = ref("episode.id", index=True)
    family_id: str = ref("family.id", index=True)
    move: str
    from_state: WorkState = word_field(WorkState)
    to_state: WorkState = word_field(WorkState)
    on: date
    at: datetime = utc_field()
    by_id: str | None = Field(default=None, max_length=32)
    entry_id: str | None = Field(default=None, max_length=32)
    override: bool = False
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


class TrackingEntry(Row, table=True):
    """One line of the tracking form. `source` is the record it came from by itself. Body: TrackingBody.

    `taken_out_at`: it was recorded by mistake; it is shown nowhere and counted nowhere.
    """

    __tablename__ = "tracking_entry"
    unit_id: str = ref("unit.id", index=True)
    family_id: str | None = ref("family.id", default=None, nullable=True, index=True)
    person_id: str = ref("person.id")
    on: date
    kind: str
    method: str = ""
    source: str = Field(max_length=80)
    taken_out_at: datetime | None = utc_field(default=None)
    taken_out_by_id: str | None = Field(default=None, max_length=32)
    recorded_by_id: str | None = Field(default=None, max_length=32)
    at: datetime = utc_field()
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()
    __table_args__ = (
        UniqueConstraint("source"),
        Index("ix_tracking_entry_person_id_on", "person_id", "on"),
        Index("ix_tracking_entry_unit_id_on", "unit_id", "on"),
    )


class Signing(Versioned, table=True):
    """Where the signing of a form stands. `entry_id` is the version that is signed, `root_id` its first version.

    `signed` = [{"role", "person", "at"}], in the order they signed. Body: TextBody, why this version was written.
    """

    unit_id: str = ref("unit.id", index=True)
    family_id: str | None = ref("family.id", default=None, nullable=True, index=True)
    entry_id: str = ref("entry.id", unique=True)
    root_id: str = Field(max_length=32)
    no: int = 1
    state: SigningState = word_field(SigningState, default=SigningState.WAITING)
    wanted: list[str] = json_field(list)
    asked: list[str] = json_field(list)
    signed: list[dict[str, str]] = json_field(list)
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()
