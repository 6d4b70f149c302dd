"""What the bot keeps, as tables. Anything a person wrote and anything that could identify a family lies in `sealed`.

Each `sealed` column holds an encrypted JSON body whose shape is a model of bodies.py. Ids are random UUIDs in hex.
Times are aware UTC. Queries live in the files named for their noun (meetings.py, families.py, ...).
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Index, LargeBinary, MetaData, UniqueConstraint, text
from sqlalchemy.orm import declared_attr
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata


def new_id() -> str:
    return uuid.uuid4().hex


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out; a naive time is a bug and refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def utc_field(**kw: Any) -> Any:
    return Field(sa_type=UtcDateTime, **kw)


def json_field(default: Any) -> Any:
    return Field(default_factory=default, sa_type=JSON)


def sealed_field() -> Any:
    return Field(default=b"", sa_type=LargeBinary)


def ref(target: str, **kw: Any) -> Any:
    return Field(foreign_key=target, ondelete="RESTRICT", max_length=32, **kw)


class Row(SQLModel):
    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)


class Versioned(Row):
    """Optimistic locking: two turns that change one row cannot both win."""

    version: int = Field(default=1)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


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
    __tablename__ = "emergency_contact"
    unit_id: str = ref("unit.id", index=True)
    position: int
    who: str
    how: str


class Person(Row, table=True):
    slug: str = Field(default="", index=True)
    chat_user: str = Field(unique=True)
    name: str
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
    status: str = "active"
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
    status: str = "open"
    closed_on: date | None = None
    last_discussed_on: date | None = None
    last_discussed_kind: str | None = None
    last_full_on: date | None = None
    next_on: date | None = None
    next_kind: str | None = None
    sealed: bytes = sealed_field()


class CategoryChange(Row, table=True):
    __tablename__ = "category_change"
    family_id: str = ref("family.id", index=True)
    category: str
    from_on: date | None = None
    decided_by_id: str | None = Field(default=None, max_length=32)
    recorded_at: datetime = utc_field()
    sealed: bytes = sealed_field()


class Child(Row, table=True):
    """`key` as the unit writes it (K3107C-1). Body: ChildBody."""

    family_id: str = ref("family.id", index=True)
    position: int
    active: bool = True
    last_seen_on: date | None = None
    seen_alone_on: date | None = None
    seen_by_id: str | None = Field(default=None, max_length=32)
    sealed: bytes = sealed_field()


class Carer(Row, table=True):
    """Body: CarerBody, which holds the safe-contact warning."""

    family_id: str = ref("family.id", index=True)
    position: int
    active: bool = True
    sealed: bytes = sealed_field()


class PlanOutcome(Row, table=True):
    __tablename__ = "plan_outcome"
    family_id: str = ref("family.id", index=True)
    key: str
    position: int
    active: bool = True
    sealed: bytes = sealed_field()


# ---- the meeting


class Meeting(Versioned, table=True):
    """state: open, closed. `extra` is a meeting beside the weekly one. Body: MeetingBody (a note on closing)."""

    unit_id: str = ref("unit.id", index=True)
    day: date
    extra: bool = False
    state: str = "open"
    opened_at: datetime = utc_field()
    opened_by_id: str | None = Field(default=None, max_length=32)
    closed_at: datetime | None = utc_field(default=None)
    facilitator_id: str | None = Field(default=None, max_length=32)
    writer_id: str | None = Field(default=None, max_length=32)
    hide_timer: bool = False
    break_until: datetime | None = utc_field(default=None)
    forgotten_told_on: date | None = None
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
    state: str = "to_come"
    asked_by_id: str | None = Field(default=None, max_length=32)
    __table_args__ = (UniqueConstraint("meeting_id", "family_id"),)


class Discussion(Versioned, table=True):
    """One family in one meeting. state: open, stopped, read_back, awaiting, closed, parked.

    `stage_no` counts every move, so a press on an older stage message is told "already moved on". awaiting = closed for
    the meeting, the lead's confirmation still to come (light and stopped discussions).
    """

    meeting_id: str = ref("meeting.id", index=True)
    family_id: str = ref("family.id", index=True)
    unit_id: str = ref("unit.id", index=True)
    kind: str
    first_kind: str
    stage: str
    stage_no: int = 1
    state: str = "open"
    lead_id: str | None = Field(default=None, max_length=32)
    note_taker_id: str | None = Field(default=None, max_length=32)
    present: list[str] = json_field(list)
    visited: list[str] = json_field(list)
    missing: list[str] = json_field(list)
    started_at: datetime = utc_field()
    stage_at: datetime | None = utc_field(default=None)
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
    state: str = "kept"
    said_at: datetime = utc_field()
    edits: int = 0
    after_confirm: bool = False
    sealed: bytes = sealed_field()
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
    __table_args__ = (UniqueConstraint("contribution_id", "n"),)


class Entry(Row, table=True):
    """A form as it was handed in: its answers (EntryBody) stay with form id and version for ever."""

    unit_id: str = ref("unit.id", index=True)
    meeting_id: str | None = ref("meeting.id", default=None, nullable=True, index=True)
    discussion_id: str | None = ref("discussion.id", default=None, nullable=True, index=True)
    family_id: str | None = ref("family.id", default=None, nullable=True, index=True)
    stage: str = ""
    form: str
    form_version: int = 1
    recorded_by_id: str = ref("person.id")
    recorded_at: datetime = utc_field()
    replaced_by_id: str | None = Field(default=None, max_length=32)
    after_confirm: bool = False
    subject_id: str | None = Field(default=None, max_length=32)
    sealed: bytes = sealed_field()


# ---- what the unit holds about a family


class Hypothesis(Versioned, table=True):
    """status: live, strengthened, weakened, dropped (shown as "set aside"). Body: HypothesisBody."""

    slug: str = ""
    family_id: str = ref("family.id", index=True)
    discussion_id: str | None = ref("discussion.id", default=None, nullable=True)
    status: str = "live"
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


class HypothesisChange(Row, table=True):
    """Dated history with who and why. what = offered, reworded, status. Body: HypothesisChangeBody."""

    __tablename__ = "hypothesis_change"
    hypothesis_id: str = ref("hypothesis.id", index=True)
    at: datetime = utc_field()
    by_id: str | None = Field(default=None, max_length=32)
    what: str
    status: str
    discussion_id: str | None = Field(default=None, max_length=32)
    sealed: bytes = sealed_field()


class HypothesisPosition(Row, table=True):
    """Where a member stands: curious, persuaded, not_persuaded; newest counts. Body: TextBody."""

    __tablename__ = "hypothesis_position"
    hypothesis_id: str = ref("hypothesis.id", index=True)
    person_id: str = ref("person.id")
    stance: str
    at: datetime = utc_field()
    sealed: bytes = sealed_field()


class Agreement(Versioned, table=True):
    """A joint working agreement. status: offered, active, ended."""

    slug: str = ""
    family_id: str = ref("family.id", index=True)
    discussion_id: str | None = ref("discussion.id", default=None, nullable=True)
    status: str = "offered"
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
    status: str = "open"
    closed_on: date | None = None
    plan_outcome: str | None = None
    recorded_by_id: str | None = Field(default=None, max_length=32)
    sealed: bytes = sealed_field()


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


class AgreedRole(Row, table=True):
    """Who does what for a family: body RoleBody names the role in the unit's words."""

    __tablename__ = "agreed_role"
    family_id: str = ref("family.id", index=True)
    discussion_id: str | None = Field(default=None, max_length=32)
    person_id: str | None = Field(default=None, max_length=32)
    from_on: date
    until_on: date | None = None
    recorded_by_id: str | None = Field(default=None, max_length=32)
    sealed: bytes = sealed_field()


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


# ---- what people are reminded of


class NudgePreference(Row, table=True):
    """When somebody wants to hear: `at` local time, `days` (0 = Monday), `left_out` groups they do without.

    `digested_on` is the last day whose message was put together, whether or not there was something to say.
    """

    __tablename__ = "nudge_preference"
    person_id: str = ref("person.id", unique=True)
    at: str = "08:30"
    days: list[int] = json_field(lambda: [0, 1, 2, 3, 4])
    left_out: list[str] = json_field(list)
    digested_on: date | None = None


class Nudge(Versioned, table=True):
    """One thing due for one person. state: open, snoozed, settled, handed_on, not_needed.

    `subject` names what it is about; `given` = from somebody else or taken up to a manager, so no rule names this
    person. `said_on` is the last day it was said, `warned_on` when the person heard that a manager would be told.
    `settled` with `changed_by_id` was said to be done by that person. Body: TextBody, the reason.
    """

    unit_id: str = ref("unit.id", index=True)
    person_id: str = ref("person.id")
    family_id: str | None = ref("family.id", default=None, nullable=True, index=True)
    kind: str
    subject: str
    due_on: date
    first_on: date
    statutory: bool = False
    state: str = "open"
    snoozed_until: date | None = None
    sent: bool = False
    given: bool = False
    escalated: bool = False
    from_id: str | None = Field(default=None, max_length=32)
    handed_to_id: str | None = Field(default=None, max_length=32)
    said_on: date | None = None
    warned_on: date | None = None
    changed_by_id: str | None = Field(default=None, max_length=32)
    changed_at: datetime | None = utc_field(default=None)
    sealed: bytes = sealed_field()
    __table_args__ = (
        UniqueConstraint("kind", "subject", "due_on", "person_id"),
        Index("ix_nudge_person_id_state", "person_id", "state"),
    )


class NudgeSaid(Row, table=True):
    """A nudge was in somebody's message of that day (their own, or one they cover)."""

    __tablename__ = "nudge_said"
    nudge_id: str = ref("nudge.id", index=True)
    person_id: str = ref("person.id")
    day: date
    __table_args__ = (
        UniqueConstraint("nudge_id", "person_id", "day"),
        Index("ix_nudge_said_person_id_day", "person_id", "day"),
    )


class NudgePlan(Row, table=True):
    """How far a unit's nudges are worked out: up to the day `until`, with every change before `looked_at`."""

    __tablename__ = "nudge_plan"
    unit_id: str = ref("unit.id", unique=True)
    until: date
    looked_at: datetime = utc_field()


# ---- measures and reviews


class Measure(Versioned, table=True):
    """A questionnaire that was filled in, or (state not_completed) why it was not. Body: MeasureBody.

    `measure` and `form` as in the catalogue (SDQ, parent_4_17). point: start, during, end, yearly. `reason` is a code.
    A corrected one points to what replaced it. `alert_*`: who read that an answer needs a person, and when.
    """

    slug: str = ""
    unit_id: str = ref("unit.id", index=True)
    family_id: str = ref("family.id", index=True)
    child_id: str | None = ref("child.id", default=None, nullable=True, index=True)
    measure: str
    form: str
    point: str = ""
    state: str = "kept"
    reason: str = ""
    completed_on: date | None = None
    recorded_by_id: str | None = Field(default=None, max_length=32)
    recorded_at: datetime = utc_field()
    entry_id: str | None = Field(default=None, max_length=32)
    replaced_by_id: str | None = Field(default=None, max_length=32)
    alert_read_by_id: str | None = Field(default=None, max_length=32)
    alert_read_at: datetime | None = utc_field(default=None)
    sealed: bytes = sealed_field()


class MeasurePlan(Versioned, table=True):
    """What people changed in the plan of measures. state: extra (somebody else is asked too), waiting (given out),
    withdrawn. Body: TextBody (who is asked).
    """

    __tablename__ = "measure_plan"
    unit_id: str = ref("unit.id", index=True)
    family_id: str = ref("family.id", index=True)
    child_id: str = ref("child.id")
    measure: str
    form: str
    point: str
    state: str = "extra"
    due_on: date | None = None
    sent_on: date | None = None
    by_id: str | None = Field(default=None, max_length=32)
    at: datetime = utc_field()
    sealed: bytes = sealed_field()


class Review(Versioned, table=True):
    """A review that was held. Body: ReviewBody. `kind` as in prompts_and_forms/reviews.py.

    `subject_id` is the agreement or person it was about. `next_on` is the day somebody set; `due_on` and `plan_by` are
    what the rule gave then, and stay when the rule changes (`edition` tells which words it had).
    """

    unit_id: str = ref("unit.id", index=True)
    family_id: str | None = ref("family.id", default=None, nullable=True, index=True)
    subject_id: str | None = Field(default=None, max_length=32)
    kind: str
    held_on: date
    chaired_by_id: str | None = Field(default=None, max_length=32)
    next_on: date | None = None
    due_on: date | None = None
    plan_by: date | None = None
    rule_id: str = ""
    edition: str = ""
    recorded_by_id: str | None = Field(default=None, max_length=32)
    recorded_at: datetime = utc_field()
    entry_id: str | None = Field(default=None, max_length=32)
    replaced_by_id: str | None = Field(default=None, max_length=32)
    sealed: bytes = sealed_field()


class RuleEdition(Row, table=True):
    """The words a rule had when a due date was kept by it."""

    __tablename__ = "rule_edition"
    rule_id: str
    edition: str
    first_used_at: datetime = utc_field()
    said: dict[str, Any] = json_field(dict)
    __table_args__ = (UniqueConstraint("rule_id", "edition"),)


# ---- the machinery


class Draft(Versioned, table=True):
    """A form somebody has open. state: open, done. Body: EntryBody (flat values)."""

    person_id: str = ref("person.id", index=True)
    unit_id: str | None = Field(default=None, max_length=32)
    family_id: str | None = Field(default=None, max_length=32)
    discussion_id: str | None = Field(default=None, max_length=32)
    meeting_id: str | None = Field(default=None, max_length=32)
    form: str
    args: dict[str, str] = json_field(dict)
    state: str = "open"
    saved: bool = False
    made_at: datetime = utc_field()
    saved_at: datetime = utc_field()
    sealed: bytes = sealed_field()


STILL_OPEN = text("state IN ('waiting', 'sending')")
"""The indexes hold only what is still to be sent, so that they stay small however much was sent before."""


IN_ORDER = ("priority", "due_at", "lane_no", "id")
"""How messages are taken; the index has the same order, so the next one is found at once."""


class OutboxMessage(Row, table=True):
    """A message that is to be shown. `how`: say, show, note, file, pin. state: waiting, sending, sent, cancelled, failed.

    Rows hold the address (`key`) and where it goes; the card is rendered from the record when it is sent. `made_at` and
    `due_at` are on the unit's clock; `lease_until`, `hold_until`, `first_try_at` and `sent_at` on the machine's.
    """

    __tablename__ = "outbox"
    key: str = Field(unique=True)
    how: str = "say"
    channel: str = ""
    chat_user: str = ""
    thread_key: str = ""
    lane: str = ""
    lane_no: int = 0
    priority: int = 5
    due_at: datetime = utc_field()
    state: str = "waiting"
    wanted: int = 1
    shown: int = 0
    fence: int = 0
    lease_until: datetime | None = utc_field(default=None)
    hold_until: datetime | None = utc_field(default=None)
    first_try_at: datetime | None = utc_field(default=None)
    attempts: int = 0
    error: str = ""
    made_at: datetime = utc_field()
    sent_at: datetime | None = utc_field(default=None)
    __table_args__ = (
        Index("ix_outbox_open", *IN_ORDER, sqlite_where=STILL_OPEN, postgresql_where=STILL_OPEN),
        Index("ix_outbox_open_place", "lane_no", sqlite_where=STILL_OPEN, postgresql_where=STILL_OPEN),
        Index("ix_outbox_open_lane", "lane", "lane_no", sqlite_where=STILL_OPEN, postgresql_where=STILL_OPEN),
    )


class Post(Row, table=True):
    """Where a key lies in the platform. Incoming thread messages are resolved through it."""

    key: str = Field(unique=True)
    channel: str
    ts: str
    thread: str = ""
    __table_args__ = (Index("ix_post_channel_ts", "channel", "ts"),)


class Seen(Row, table=True):
    """An event that was handled; a second delivery is answered with nothing."""

    event_id: str = Field(unique=True)
    at: datetime = utc_field(index=True)


class Audit(Row, table=True):
    """Who did what to which row: ids only, never words."""

    at: datetime = utc_field(index=True)
    person_id: str | None = Field(default=None, max_length=32)
    unit_id: str | None = Field(default=None, max_length=32)
    family_id: str | None = Field(default=None, max_length=32, index=True)
    what: str
    row_kind: str
    row_id: str = Field(default="", max_length=32)


class DataKey(Row, table=True):
    """A wrapped data key of a family, a unit or a person."""

    __tablename__ = "data_key"
    kind: str
    owner_id: str = Field(max_length=32)
    wrapped: bytes = Field(sa_type=LargeBinary)
    made_at: datetime = utc_field()
    __table_args__ = (UniqueConstraint("kind", "owner_id"),)
