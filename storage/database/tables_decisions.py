"""Tables of where people stand in decisions: on an idea, and in the roles they agreed to take."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field

from storage.database.columns import Row, ref, sealed_field, sealed_no_field, utc_field


class HypothesisPosition(Row, table=True):
    """Where a member stands: curious, persuaded, not_persuaded; newest counts. Body: TextBody."""

    __tablename__ = "hypothesis_position"
    hypothesis_id: str = ref("hypothesis.id", index=True)
    person_id: str = ref("person.id")
    stance: str
    at: datetime = utc_field()
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


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
    sealed_no: int = sealed_no_field()
