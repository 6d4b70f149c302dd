"""Tables of the machinery: drafts, the outbox, addresses, handled events, the audit, data keys."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field

from prompts_and_forms.states import DraftState, OutboxState, TransferState
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


class Draft(Versioned, table=True):
    """A form somebody has open. state: open, done. Body: EntryBody (flat values).

    `form_hash` names the published form it was begun with; "" in rows from before there were any.
    """

    person_id: str = ref("person.id", index=True)
    unit_id: str | None = Field(default=None, max_length=32)
    family_id: str | None = Field(default=None, max_length=32)
    discussion_id: str | None = Field(default=None, max_length=32)
    meeting_id: str | None = Field(default=None, max_length=32)
    form: str
    form_hash: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    args: dict[str, str] = json_field(dict)
    state: DraftState = word_field(DraftState, default=DraftState.OPEN)
    saved: bool = False
    made_at: datetime = utc_field()
    saved_at: datetime = utc_field()
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


class PublishedForm(Row, table=True):
    """A form as people were asked it, word for word: kept once, never changed. `hash` is the sha256 of `text`.

    `shipped` = as it comes with the bot; otherwise with the council's own wording. Forms hold nothing about anybody.
    """

    __tablename__ = "published_form"
    hash: str = Field(unique=True, max_length=64)
    form: str
    version: int
    shipped: bool
    text: str = Field(sa_type=Text)
    kept_at: datetime = utc_field()


class SchemaFloor(Row, table=True):
    """One row: a program that knows this version of the tables, or a later one, may work on this database."""

    __tablename__ = "schema_floor"
    version: str = Field(max_length=32)


STILL_OPEN = text("state IN ('waiting', 'sending')")
"""The indexes hold only what is still to be sent, so that they stay small however much was sent before."""


IN_ORDER = ("priority", "due_at", "lane_no", "id")
"""How messages are taken; the index has the same order, so the next one is found at once."""


class OutboxMessage(Row, table=True):
    """A message that is to be shown. `how`: say, show, note, file, pin, unpin, again, copies.

    state: waiting, sending, sent, cancelled, failed.

    Rows hold the address (`key`) and where it goes; the card is rendered from the record when it is sent. `made_at` and
    `due_at` are on the unit's clock; `lease_until`, `hold_until`, `first_try_at` and `sent_at` on the machine's.
    `asked_by`: the chat user whose turn asked for it last, "" for the clock's.
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
    state: OutboxState = word_field(OutboxState, default=OutboxState.WAITING)
    wanted: int = 1
    shown: int = 0
    fence: int = 0
    lease_until: datetime | None = utc_field(default=None)
    hold_until: datetime | None = utc_field(default=None)
    first_try_at: datetime | None = utc_field(default=None)
    attempts: int = 0
    error: str = ""
    asked_by: str = ""
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


class CallBudget(Row, table=True):
    """What is left of a method's calls in this workspace, for every process together. `left` at `counted_at`.

    `a_minute`: what was learned from refusals. `rest_until`: until when the platform asked for no such call.
    """

    __tablename__ = "call_budget"
    method: str = Field(unique=True)
    left: float
    counted_at: datetime = utc_field()
    a_minute: float
    refused_at: datetime | None = utc_field(default=None)
    rest_until: datetime | None = utc_field(default=None)


class ChannelSeen(Row, table=True):
    """Who reads a channel, as the platform said at `looked_at`; None where it must be asked anew. Ids only.

    `changes` counts what happened to the channel, so that a look from before a change is not kept.
    """

    __tablename__ = "channel_seen"
    channel: str = Field(unique=True)
    trouble: str = ""
    members: list[str] = json_field(list)
    looked_at: datetime | None = utc_field(default=None)
    changes: int = 0


class Installation(Row, table=True):
    """One row: the chat platform this database serves. `tenant`: whose platform, where it is told apart by that."""

    one: int = Field(default=1, unique=True)
    platform: str
    tenant: str = ""


class ChatAddress(Row, table=True):
    """Where a person or a channel is reached, on a platform that says so only with what comes in. Ids only.

    `who`: a chat user or a channel. `team_id`: the group a channel belongs to, as the platform's directory names it.
    """

    __tablename__ = "chat_address"
    who: str = Field(unique=True)
    conversation_id: str
    service_url: str
    team_id: str = Field(default="", index=True)


class Seen(Row, table=True):
    """An event that was handled; a second delivery is answered with nothing."""

    event_id: str = Field(unique=True)
    at: datetime = utc_field(index=True)


class Audit(Row, table=True):
    """Who did what to which row, and through what: ids only, never words. `no` and `mark`: see chain.py."""

    no: int | None = Field(default=None, unique=True, index=True)
    mark: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    through: str = Field(default="", sa_column_kwargs={"server_default": ""})
    at: datetime = utc_field(index=True)
    person_id: str | None = Field(default=None, max_length=32, index=True)
    unit_id: str | None = Field(default=None, max_length=32)
    family_id: str | None = Field(default=None, max_length=32, index=True)
    what: str
    row_kind: str
    row_id: str = Field(default="", max_length=32)


class FamilyAccess(Versioned, table=True):
    """A family is closed to a person, or (named_only) open to named people alone, this one of them. Body: TextBody."""

    __tablename__ = "family_access"
    family_id: str = ref("family.id", index=True)
    kind: str
    person_id: str = Field(max_length=32)
    by_id: str = Field(max_length=32)
    from_at: datetime = utc_field()
    review_on: date | None = None
    ended_at: datetime | None = utc_field(default=None)
    ended_by_id: str | None = Field(default=None, max_length=32)
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


class PersonChoice(Versioned, table=True):
    """What somebody in several units chose for themselves. Body: TextBody, the words of the command that asked.

    `unit_id` is the unit their commands in direct messages mean, since `chosen_at`. The managers' message of the week
    comes on `figures_day` (0 = Monday, None = never) at `figures_at` local time; `figures_on` is the last one's day.
    Their spreadsheet comes each month unless `sheet_off`; `sheet_on` is the last one's day.
    """

    __tablename__ = "person_choice"
    person_id: str = ref("person.id", unique=True)
    unit_id: str | None = Field(default=None, max_length=32)
    chosen_at: datetime | None = utc_field(default=None)
    command: str = ""
    figures_day: int | None = 0
    figures_at: str = "08:30"
    figures_on: date | None = None
    sheet_off: bool = False
    sheet_on: date | None = None
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


class FamilyMove(Versioned, table=True):
    """A family goes to another unit: asked for, accepted, and moved on the day `on`. Body: TransferBody.

    `together`: families asked for at once have the same. `meeting_at`: when the two units meet about it.
    """

    __tablename__ = "family_move"
    family_id: str = ref("family.id", index=True)
    from_unit_id: str = ref("unit.id", index=True)
    to_unit_id: str = ref("unit.id", index=True)
    together: str = Field(default="", max_length=32, index=True)
    state: TransferState = word_field(TransferState, default=TransferState.ASKED, index=True)
    on: date
    meeting_at: datetime | None = utc_field(default=None)
    asked_by_id: str = Field(max_length=32)
    asked_at: datetime = utc_field()
    answered_by_id: str | None = Field(default=None, max_length=32)
    answered_at: datetime | None = utc_field(default=None)
    lead_worker_id: str | None = Field(default=None, max_length=32)
    moved_at: datetime | None = utc_field(default=None)
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


class CalendarFeed(Versioned, table=True):
    """A private address of somebody's calendar. Only the hash of its token is saved."""

    __tablename__ = "calendar_feed"
    person_id: str = ref("person.id", index=True)
    token_hash: str = Field(unique=True, max_length=64)
    made_at: datetime = utc_field()
    withdrawn_at: datetime | None = utc_field(default=None)


class AuditAnchor(Row, table=True):
    """Where the chain of audit lines ended at a moment."""

    __tablename__ = "audit_anchor"
    no: int = Field(unique=True)
    mark: str = Field(max_length=64)
    at: datetime = utc_field()


class Unreadable(Row, table=True):
    """A kept text that was found not to open: damaged or changed by hand. Ids only."""

    row_kind: str
    row_id: str = Field(max_length=32)
    unit_id: str | None = Field(default=None, max_length=32)
    family_id: str | None = Field(default=None, max_length=32)
    found_at: datetime = utc_field()
    __table_args__ = (UniqueConstraint("row_kind", "row_id"),)


class Restoration(Row, table=True):
    """A backup was brought back: `made_at` is its moment. `compared` with the platform since then.

    `missing`: for each unit the ts of the bot's own posts the record does not know.
    """

    made_at: datetime = utc_field()
    restored_at: datetime = utc_field()
    compared: bool = False
    missing: dict[str, list[str]] = json_field(dict)


class DataKey(Row, table=True):
    """A wrapped data key of a family, a unit or a person."""

    __tablename__ = "data_key"
    kind: str
    owner_id: str = Field(max_length=32)
    wrapped: bytes = Field(sa_type=LargeBinary)
    made_at: datetime = utc_field()
    __table_args__ = (UniqueConstraint("kind", "owner_id"),)


class SealedChange(Row, table=True):
    """A change of what lies sealed that was made in this database. `name`: see opening.py."""

    __tablename__ = "sealed_change"
    name: str = Field(unique=True)
    at: datetime = utc_field()
