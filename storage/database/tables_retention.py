"""Tables of how long things stay (holds, what was erased, what still lies in chat), and of who asks to see them."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field

from storage.database.columns import Row, Versioned, json_field, ref, sealed_field, sealed_no_field, utc_field


class LegalHold(Versioned, table=True):
    """Nothing goes while it is in force. `family_id` empty: the whole unit; `unit_id` empty too: everything.

    In force until it is lifted or its last day `until_on` is over. Body: TextBody, why.
    """

    __tablename__ = "legal_hold"

    family_id: str | None = ref("family.id", default=None, nullable=True, index=True)
    unit_id: str | None = Field(default=None, max_length=32)
    by_id: str | None = Field(default=None, max_length=32)
    from_at: datetime = utc_field()
    until_on: date | None = None
    lifted_at: datetime | None = utc_field(default=None)
    lifted_by_id: str | None = Field(default=None, max_length=32)
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


class Erased(Row, table=True):
    """A family that was erased: its reference as a hash, who, when, by which rule. No word of it is anywhere."""

    of_family_id: str = Field(unique=True, max_length=32)
    unit_id: str | None = Field(default=None, max_length=32)
    ref_hash: str = Field(max_length=64, index=True)
    category: str = ""
    rule: str
    by_id: str | None = Field(default=None, max_length=32)
    at: datetime = utc_field()
    rows: int = 0


class LeftInChat(Row, table=True):
    """A post or file about an erased family that still lies in the chat platform. `ours`: the bot may delete it.

    `what`: post, typed, file. A file has no `ts`: `channel` is then the chat user who has it.
    """

    __tablename__ = "left_in_chat"

    erased_id: str = ref("erased.id", index=True)
    what: str
    channel: str
    ts: str = ""
    ours: bool = True
    at: datetime | None = utc_field(default=None)
    asked_at: datetime | None = utc_field(default=None)
    gone_at: datetime | None = utc_field(default=None)


class CopiedAll(Row, table=True):
    """Somebody says that everything recorded about a family until then is in the case file, meetings or not."""

    __tablename__ = "copied_all"

    family_id: str = ref("family.id", index=True)
    by_id: str = ref("person.id")
    at: datetime = utc_field()


# ---- the right to see one's record


class SubjectRequest(Versioned, table=True):
    """Somebody asks to see what is kept about a child. `stops`: the days the clock stood still, [asked, answered].

    Body: SubjectBody, the reasons.
    """

    __tablename__ = "subject_request"

    family_id: str = ref("family.id", index=True)
    child_id: str = ref("child.id")
    received_on: date
    responsible_id: str = ref("person.id")
    by_id: str = Field(max_length=32)
    at: datetime = utc_field()
    stops: list[list[str]] = json_field(list)
    extended_on: date | None = None
    sent_on: date | None = None
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()


class SubjectMark(Row, table=True):
    """A line, or words in it, that the answer hides. `line` names it, `words_hash` tells if its record was changed.

    Body: SubjectMarkBody, which words and why. Taken back: `ended_at`.
    """

    __tablename__ = "subject_mark"

    request_id: str = ref("subject_request.id", index=True)
    family_id: str = ref("family.id", index=True)
    line: str = Field(max_length=200)
    words_hash: str = Field(max_length=64)
    code: str
    by_id: str = Field(max_length=32)
    at: datetime = utc_field()
    ended_at: datetime | None = utc_field(default=None)
    ended_by_id: str | None = Field(default=None, max_length=32)
    sealed: bytes = sealed_field()
    sealed_no: int = sealed_no_field()
