"""Tables of where people stand: on an idea, in the roles they agreed to take, and on what the next meeting is about."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
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


class AgendaWish(Row, table=True):
    """Something for the unit's next agenda. what: add, light, first, leave. Without a family it is an item of its own.

    In force until `ended_at`; how = discussed, done, taken_off, replaced, used. Body: TextBody, the reason or the item.
    """

    __tablename__ = "agenda_wish"
    unit_id: str = ref("unit.id")
    family_id: str | None = ref("family.id", default=None, nullable=True, index=True)
    what: str = "add"
    by_id: str = ref("person.id")
    at: datetime = utc_field()
    ended_at: datetime | None = utc_field(default=None)
    ended_by_id: str | None = Field(default=None, max_length=32)
    how: str = ""
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()
    __table_args__ = (Index("ix_agenda_wish_unit_id_ended_at", "unit_id", "ended_at"),)


class RotaSwap(Row, table=True):
    """Somebody asked another to swap turns at facilitating. state: asked, yes, no, over (settled another way).

    `usual` and `other_usual` are the usual days of the two meetings, whatever day they are held on.
    """

    __tablename__ = "rota_swap"
    unit_id: str = ref("unit.id", index=True)
    usual: date
    other_usual: date
    asked_by_id: str = ref("person.id")
    asked_id: str = ref("person.id")
    state: str = "asked"
    at: datetime = utc_field()
    answered_at: datetime | None = utc_field(default=None)
