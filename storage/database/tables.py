"""What the bot keeps, as tables. Anything a person wrote and anything that could identify a family lies in `sealed`.

Each `sealed` column holds an encrypted JSON body whose shape is a model of bodies.py. Ids are random UUIDs in hex.
Times are aware UTC. Queries live in the files named for their noun (meetings.py, families.py, ...).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from prompts_and_forms.states import (
    ActionStatus,
    AgreementStatus,
    ContributionState,
    DiscussionState,
    FamilyStatus,
    IdeaStatus,
    ItemState,
    MeetingState,
    MemberStatus,
)
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

# ---- people and units


class Unit(Versioned, table=True):
    slug: str = Field(default="", index=True)
    name: str
    channel: str = Field(default="", index=True)
    timezone: str = "Europe/London"
    weekday: int | None = None
    start: str = "09:30"
    length_minutes: int = 180
    every_days: int = 7
    deputy_id: str | None = Field(default=None, max_length=32)
    show_initials: bool = True
    fictional: bool = False
    settings: dict[str, Any] = json_field(dict)
    created_at: datetime = utc_field()


class EmergencyContact(Row, table=True):
    """Not `active` = taken off the list or put differently since; the audit says when and by whom."""

    __tablename__ = "emergency_contact"
    unit_id: str = ref("unit.id", index=True)
    position: int
    who: str
    how: str
    active: bool = True


class Person(Row, table=True):
    """`name` is what everything shows, `given` the name as it was typed, in the unit `named_in` (see unit/names.py)."""

    slug: str = Field(default="", index=True)
    chat_user: str = Field(unique=True)
    name: str
    given: str = ""
    named_in: str | None = Field(default=None, max_length=32)
    profession: str = ""


class Membership(Row, table=True):
    """Somebody's place in a unit. `linked` is a manager outside the unit who may see it.

    status: active, on_leave, left. `cover_id` is who hears what is due for them while they are on leave.
    """

    unit_id: str = ref("unit.id", index=True)
    person_id: str = ref("person.id", index=True)
    roles: list[str] = json_field(list)
    unit_lead: bool = False
    linked: bool = False
    in_meeting: bool = True
    status: MemberStatus = word_field(MemberStatus, default=MemberStatus.ACTIVE)
    joined_on: date | None = None
    left_on: date | None = None
    leave_from: date | None = None
    leave_until: date | None = None
    cover_id: str | None = Field(default=None, max_length=32)
    __table_args__ = (UniqueConstraint("unit_id", "person_id"),)


# ---- families


class Family(Versioned, table=True):
    """`ref_index` is the keyed hash by which a case reference is found. status: open, closed. Body: FamilyBody."""

    unit_id: str = ref("unit.id", index=True)
    ref_index: str = Field(unique=True)
    category: str
    allocated_on: date | None = None
    lead_worker_id: str | None = ref("person.id", default=None, nullable=True)
    visiting_days: int | None = None
    status: FamilyStatus = word_field(FamilyStatus, default=FamilyStatus.OPEN)
    closed_on: date | None = None
    last_discussed_on: date | None = None
    last_discussed_kind: str | None = None
    last_full_on: date | None = None
    next_on: date | None = None
    next_kind: str | None = None
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


class CategoryChange(Row, table=True):
    __tablename__ = "category_change"
    family_id: str = ref("family.id", index=True)
    category: str
    from_on: date | None = None
    decided_by_id: str | None = Field(default=None, max_length=32)
    recorded_at: datetime = utc_field()
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


class Child(Row, table=True):
    """`key` as the unit writes it (K3107C-1). Body: ChildBody."""

    family_id: str = ref("family.id", index=True)
    position: int
    active: bool = True
    last_seen_on: date | None = None
    seen_alone_on: date | None = None
    seen_by_id: str | None = Field(default=None, max_length=32)
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


class Carer(Row, table=True):
    """Body: CarerBody, which holds the safe-contact warning."""

    family_id: str = ref("family.id", index=True)
    position: int
    active: bool = True
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


class PlanOutcome(Row, table=True):
    __tablename__ = "plan_outcome"
    family_id: str = ref("family.id", index=True)
    key: str
    position: int
    active: bool = True
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


# ---- the meeting


class Meeting(Versioned, table=True):
    """state: open, closed. `extra` is a meeting beside the weekly one. Body: MeetingBody (a note on closing)."""

    unit_id: str = ref("unit.id", index=True)
    day: date
    extra: bool = False
    state: MeetingState = word_field(MeetingState, default=MeetingState.OPEN)
    opened_at: datetime = utc_field()
    opened_by_id: str | None = Field(default=None, max_length=32)
    closed_at: datetime | None = utc_field(default=None)
    facilitator_id: str | None = Field(default=None, max_length=32)
    writer_id: str | None = Field(default=None, max_length=32)
    hide_timer: bool = False
    break_until: datetime | None = utc_field(default=None)
    forgotten_told_on: date | None = None
    here_said_at: datetime | None = utc_field(default=None)
    __table_args__ = (Index("ix_meeting_unit_id_state", "unit_id", "state"),)


class Attendance(Row, table=True):
    """state: present, apologies, on_leave."""

    meeting_id: str = ref("meeting.id", index=True)
    person_id: str = ref("person.id")
    state: str
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)


class AgendaItem(Versioned, table=True):
    """state: to_come, now, done, parked, not_reached. `reasons` are {"code", ...ids and numbers}, worded when shown."""

    __tablename__ = "agenda_item"
    meeting_id: str = ref("meeting.id", index=True)
    family_id: str = ref("family.id", index=True)
    position: int
    kind: str
    rule_kind: str
    reasons: list[dict[str, Any]] = json_field(list)
    minutes: int
    state: ItemState = word_field(ItemState, default=ItemState.TO_COME)
    asked_by_id: str | None = Field(default=None, max_length=32)
    __table_args__ = (UniqueConstraint("meeting_id", "family_id"),)


class Discussion(Versioned, table=True):
    """One family in one meeting. state: open, stopped, read_back, awaiting, closed, parked.

    `stage_no` counts every move and every card brought down to the bottom of the thread (`card_at`); a press on a card
    of an older stage is told "already moved on". awaiting = closed for
    the meeting, the lead's confirmation still to come (light and stopped discussions).
    """

    meeting_id: str = ref("meeting.id", index=True)
    family_id: str = ref("family.id", index=True)
    unit_id: str = ref("unit.id", index=True)
    kind: str
    first_kind: str
    stage: str
    stage_no: int = 1
    state: DiscussionState = word_field(DiscussionState, default=DiscussionState.OPEN)
    lead_id: str | None = Field(default=None, max_length=32)
    note_taker_id: str | None = Field(default=None, max_length=32)
    present: list[str] = json_field(list)
    visited: list[str] = json_field(list)
    missing: list[str] = json_field(list)
    started_at: datetime = utc_field()
    stage_at: datetime | None = utc_field(default=None)
    card_at: datetime | None = utc_field(default=None)
    closed_at: datetime | None = utc_field(default=None)
    stopped_at: datetime | None = utc_field(default=None)
    stopped_by_id: str | None = Field(default=None, max_length=32)
    after_stop: str | None = None
    confirmed_at: datetime | None = utc_field(default=None)
    confirmed_by_id: str | None = Field(default=None, max_length=32)
    changed_after_confirm: bool = False
    next_on: date | None = None
    next_kind: str | None = None
    copied_at: datetime | None = utc_field(default=None)
    copied_by_id: str | None = Field(default=None, max_length=32)
    __table_args__ = (UniqueConstraint("meeting_id", "family_id"),)


class Contribution(Versioned, table=True):
    """A message somebody typed. state: kept, deleted. Body: TextBody. `discussion_id` empty = opening or closing."""

    meeting_id: str = ref("meeting.id", index=True)
    discussion_id: str | None = ref("discussion.id", default=None, nullable=True, index=True)
    family_id: str | None = ref("family.id", default=None, nullable=True)
    stage: str
    author_id: str = ref("person.id")
    channel: str
    ts: str
    state: ContributionState = word_field(ContributionState, default=ContributionState.KEPT)
    said_at: datetime = utc_field()
    edits: int = 0
    after_confirm: bool = False
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()
    __table_args__ = (UniqueConstraint("channel", "ts"),)


class ContributionVersion(Row, table=True):
    """History: what = typed, edited, moved, deleted. Body: TextBody as it was from then on."""

    __tablename__ = "contribution_version"
    contribution_id: str = ref("contribution.id", index=True)
    n: int
    what: str
    stage: str
    by_id: str | None = Field(default=None, max_length=32)
    at: datetime = utc_field()
    platform_ts: str = ""
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()
    __table_args__ = (UniqueConstraint("contribution_id", "n"),)


class Entry(Row, table=True):
    """A form as it was handed in: its answers (EntryBody) stay with the form as it was asked, for ever.

    `form_hash` names that form among the published ones (PublishedForm); "" in rows from before there were any.
    """

    unit_id: str = ref("unit.id", index=True)
    meeting_id: str | None = ref("meeting.id", default=None, nullable=True, index=True)
    discussion_id: str | None = ref("discussion.id", default=None, nullable=True, index=True)
    family_id: str | None = ref("family.id", default=None, nullable=True, index=True)
    stage: str = ""
    form: str
    form_version: int = 1
    form_hash: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    recorded_by_id: str = ref("person.id")
    recorded_at: datetime = utc_field()
    replaced_by_id: str | None = Field(default=None, max_length=32)
    after_confirm: bool = False
    subject_id: str | None = Field(default=None, max_length=32)
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


# ---- what the unit holds about a family


class Hypothesis(Versioned, table=True):
    """status: live, strengthened, weakened, dropped (shown as "set aside"). Body: HypothesisBody."""

    slug: str = ""
    family_id: str = ref("family.id", index=True)
    discussion_id: str | None = ref("discussion.id", default=None, nullable=True)
    status: IdeaStatus = word_field(IdeaStatus, default=IdeaStatus.LIVE)
    offered_by_id: str | None = ref("person.id", default=None, nullable=True)
    offered_outside: bool = False
    recorded_by_id: str | None = ref("person.id", default=None, nullable=True)
    raised_on: date
    test_due_on: date | None = None
    test_owner_id: str | None = Field(default=None, max_length=32)
    riskiest: bool = False
    replaces_id: str | None = Field(default=None, max_length=32)
    recorded_at: datetime = utc_field()
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


class HypothesisChange(Row, table=True):
    """Dated history with who and why. what = offered, reworded, status. Body: HypothesisChangeBody."""

    __tablename__ = "hypothesis_change"
    hypothesis_id: str = ref("hypothesis.id", index=True)
    at: datetime = utc_field()
    by_id: str | None = Field(default=None, max_length=32)
    what: str
    status: IdeaStatus = word_field(IdeaStatus)
    discussion_id: str | None = Field(default=None, max_length=32)
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


class Agreement(Versioned, table=True):
    """A joint working agreement. status: offered, active, ended."""

    slug: str = ""
    family_id: str = ref("family.id", index=True)
    discussion_id: str | None = ref("discussion.id", default=None, nullable=True)
    status: AgreementStatus = word_field(AgreementStatus, default=AgreementStatus.OFFERED)
    made_on: date
    current: int = 1
    review_on: date | None = None
    ended_on: date | None = None


class AgreementVersion(Row, table=True):
    """Body: AgreementBody. Each side confirms this version by itself."""

    __tablename__ = "agreement_version"
    agreement_id: str = ref("agreement.id", index=True)
    no: int
    offered_by_id: str | None = Field(default=None, max_length=32)
    at: datetime = utc_field()
    social_work_by_id: str | None = Field(default=None, max_length=32)
    social_work_at: datetime | None = utc_field(default=None)
    clinical_by_id: str | None = Field(default=None, max_length=32)
    clinical_at: datetime | None = utc_field(default=None)
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()
    __table_args__ = (UniqueConstraint("agreement_id", "no"),)


class Reflection(Row, table=True):
    """A clinician's joining reflection, under the person's own key. reading: too_close, healthy, too_far."""

    person_id: str = ref("person.id", index=True)
    unit_id: str = ref("unit.id")
    agreement_id: str | None = Field(default=None, max_length=32)
    reading: str | None = None
    at: datetime = utc_field()
    shared: bool = False
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


class Action(Versioned, table=True):
    """status: open, done, dropped. Only an explicit carry-over raises `carried_over`. Body: ActionBody."""

    slug: str = ""
    family_id: str = ref("family.id", index=True)
    discussion_id: str | None = ref("discussion.id", default=None, nullable=True)
    owner_id: str | None = ref("person.id", default=None, nullable=True, index=True)
    owner_outside: bool = False
    created_on: date
    original_due_on: date | None = None
    due_on: date | None = None
    carried_over: int = 0
    status: ActionStatus = word_field(ActionStatus, default=ActionStatus.OPEN)
    closed_on: date | None = None
    plan_outcome: str | None = None
    recorded_by_id: str | None = Field(default=None, max_length=32)
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


class ActionChange(Row, table=True):
    """what = made, reworded, done, dropped, carried_over, carry_on, not_done, handed_over, reopened. Body: TextBody."""

    __tablename__ = "action_change"
    action_id: str = ref("action.id", index=True)
    at: datetime = utc_field()
    by_id: str | None = Field(default=None, max_length=32)
    what: str
    due_on: date | None = None
    owner_id: str | None = Field(default=None, max_length=32)
    discussion_id: str | None = Field(default=None, max_length=32)
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


class RemarkGiven(Row, table=True):
    """A remark the bot made. `params` are ids and numbers only. `about` is the entry or contribution that led to it."""

    __tablename__ = "remark_given"
    code: str
    unit_id: str = ref("unit.id", index=True)
    meeting_id: str | None = Field(default=None, max_length=32, index=True)
    discussion_id: str | None = Field(default=None, max_length=32, index=True)
    family_id: str | None = Field(default=None, max_length=32)
    person_id: str | None = Field(default=None, max_length=32)
    about: str = ""
    platform_ts: str = ""
    at: datetime = utc_field()
    params: dict[str, Any] = json_field(dict)
