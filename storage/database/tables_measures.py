"""Tables of measures and reviews, and the editions of the rules their dates came from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from prompts_and_forms.states import MeasureState, PlanState
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
    state: MeasureState = word_field(MeasureState, default=MeasureState.KEPT)
    reason: str = ""
    completed_on: date | None = None
    recorded_by_id: str | None = Field(default=None, max_length=32)
    recorded_at: datetime = utc_field()
    entry_id: str | None = Field(default=None, max_length=32)
    replaced_by_id: str | None = Field(default=None, max_length=32)
    alert_read_by_id: str | None = Field(default=None, max_length=32)
    alert_read_at: datetime | None = utc_field(default=None)
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


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
    state: PlanState = word_field(PlanState, default=PlanState.EXTRA)
    due_on: date | None = None
    sent_on: date | None = None
    by_id: str | None = Field(default=None, max_length=32)
    at: datetime = utc_field()
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


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
    sealed_no: int = sealed_no_field()


class RuleEdition(Row, table=True):
    """The words a rule had when a due date was kept by it."""

    __tablename__ = "rule_edition"
    rule_id: str
    edition: str
    first_used_at: datetime = utc_field()
    said: dict[str, Any] = json_field(dict)
    __table_args__ = (UniqueConstraint("rule_id", "edition"),)
