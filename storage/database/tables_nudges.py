"""Tables of the reminders: what is due for whom, when they want to hear it, what was said."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from prompts_and_forms.states import NudgeState
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
    state: NudgeState = word_field(NudgeState, default=NudgeState.OPEN)
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
    sealed_no: int = sealed_no_field()
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
