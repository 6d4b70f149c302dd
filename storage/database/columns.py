"""What every table is made of: ids, aware times, JSON, sealed bodies, references, row versions."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import JSON, DateTime, LargeBinary, MetaData, Table
from sqlalchemy.orm import declared_attr
from sqlalchemy.types import TypeDecorator
from sqlmodel import AutoString, Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata


def new_id() -> str:
    """A new id: 32 letters and digits, told by chance."""
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


class Word(TypeDecorator[StrEnum]):
    """One word of a closed set: plain text in the database. A word the set does not know is read as it is."""

    impl = AutoString
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: Any | None, dialect: Any) -> Any:
        known = self.words.__members__.values()
        return next((word for word in known if word == value), value)


def word_field(words: type[StrEnum], **kw: Any) -> Any:
    """A column that holds one word of a closed set."""
    return Field(sa_type=Word(words), **kw)


def utc_field(**kw: Any) -> Any:
    """A column for a moment; it goes in and comes out as aware UTC."""
    return Field(sa_type=UtcDateTime, **kw)


def json_field(default: Any) -> Any:
    """A column for lists and names with values that say nothing about anybody."""
    return Field(default_factory=default, sa_type=JSON)


def sealed_field() -> Any:
    """A column for sealed words; `vault.seal` fills it."""
    return Field(default=b"", sa_type=LargeBinary)


def sealed_no_field() -> Any:
    """How often the row's text was sealed: 0 = never. The newest number opens it, so an older text does not."""
    return Field(default=0, sa_column_kwargs={"server_default": "0"})


def ref(target: str, **kw: Any) -> Any:
    """A column that names a row of another table, which cannot go while this one is there."""
    return Field(foreign_key=target, ondelete="RESTRICT", max_length=32, **kw)


class Row(SQLModel):
    if TYPE_CHECKING:
        __table__: ClassVar[Table]
    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)


class Versioned(Row):
    """Optimistic locking: two turns that change one row cannot both win."""

    version: int = Field(default=1)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}
