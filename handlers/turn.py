"""One event in, one turn, one answer out. No platform is known here.

An `Event` is anything that happens: a command, a button, a form, a message, a clock tick. A handler gets it with a
`Turn` (database session, clock, who is acting) and returns an `Answer`. Messages for others are outbox rows written in
the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from prompts_and_forms.card import Card
from prompts_and_forms.forms.form import FormView
from prompts_and_forms.unit import wording as unit_wording
from storage.database.tables import Membership, Person, Unit
from storage.unit import units


class EventKind(StrEnum):
    COMMAND = "command"
    BUTTON = "button"
    SUBMIT = "submit"
    CHANGE = "change"
    TYPING = "typing"
    """What stands in an open form that was not saved yet, now and then."""
    CLOSED = "closed"
    SHORTCUT = "shortcut"
    MESSAGE = "message"
    EDITED = "edited"
    DELETED = "deleted"
    HOME = "home"
    JOINED = "joined"
    LEFT = "left"
    SHARED = "shared"
    MOVED = "moved"
    TICK = "tick"


UNREADABLE = "unreadable"
BROUGHT_BACK = "brought back"
"""The name of an edit that undoes a deletion."""


@dataclass(frozen=True)
class Attached:
    """A file that came with a message. `content` is None where it could not be fetched, or is larger than is read."""

    name: str
    content: bytes | None
    too_large: bool = False


@dataclass(frozen=True)
class ChannelMember:
    """Somebody in a channel as the platform knows them; `app` is another program that reads along."""

    chat_user: str
    name: str
    title: str = ""
    app: bool = False


@dataclass(frozen=True)
class ChannelPeople:
    """A channel no unit meets in yet: its name, and who is in it apart from the bot and closed accounts."""

    name: str
    members: tuple[ChannelMember, ...] = ()


@dataclass(frozen=True)
class ChannelTrouble:
    """Why records do not belong in a channel: a code of `trouble_words`, and the chat user it is about, if any."""

    code: str
    user: str = ""

    @classmethod
    def read(cls, said: str) -> ChannelTrouble | None:
        """As a channel's gate words it: "public", "guest:U1", "" for none."""
        code, _, user = said.partition(":")
        return cls(code, user) if code else None


@dataclass(frozen=True)
class ChannelFacts:
    """What the platform says of where something was asked: who else reads there, who asked, and whom they named.

    `mentions` are chat users, in the order they were named. `people` is there while a unit is set up.
    """

    trouble: ChannelTrouble | None = None
    user_name: str = ""
    mentions: tuple[str, ...] = ()
    people: ChannelPeople | None = None


@dataclass(frozen=True)
class Event:
    """`id` is unique and handled once. `name` is the command ("/meeting"), button action, form id or shortcut id.

    `args` are the ids a button or form carried; `values` are a form's flat answers (see form.py); `ts` and `thread` are
    the platform's message addresses; for a shortcut, `ts` is the message it was used on, `text` and `author` its words
    and chat user. `facts` come from the platform, never from a card. `files` names the kinds of attached files,
    UNREADABLE for something else without words; `attached` is a list sent to the bot, the `name` then "list".
    """

    id: str
    kind: EventKind
    at: datetime
    chat_user: str = ""
    channel: str = ""
    name: str = ""
    text: str = ""
    args: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    ts: str = ""
    thread: str = ""
    author: str = ""
    files: tuple[str, ...] = ()
    facts: ChannelFacts = ChannelFacts()
    in_direct_message: bool = False
    attached: Attached | None = None
    redrawn: bool = False
    """Whether the answer can draw the message anew that was pressed in, beside the limits of the platform."""


@dataclass(frozen=True)
class Nothing:
    """Handled; nobody needs to be told anything at once."""


@dataclass(frozen=True)
class Ask:
    """Open (or, after a change, redraw) this form for the person who acted."""

    view: FormView


@dataclass(frozen=True)
class Wrong:
    """The form stays open with these sentences beside its fields. Keys are field keys of the view."""

    errors: dict[str, str]


@dataclass(frozen=True)
class Note:
    """Shown only to the person who acted, where they acted."""

    card: Card


@dataclass(frozen=True)
class Window:
    """Opens at once, over everything else, for the person who acted; where no window can open, a note says the same."""

    title: str
    card: Card


@dataclass(frozen=True)
class Done:
    """A form is finished and closes; `note`, if given, is shown only to the person."""

    note: Card | None = None


@dataclass(frozen=True)
class HomeView:
    """The person's Home tab."""

    card: Card


Answer = Nothing | Ask | Wrong | Note | Window | Done | HomeView


class Refused(Exception):
    """A rule says no. `sentence` is what the person reads: what is wrong and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NoUnit(Refused):
    """A unit is needed and it is not known which one is meant."""


@dataclass
class Turn:
    """What a handler may use. `now` is the unit's clock (aware UTC), never the machine's.

    `chosen`: the person is in several units and chose this one for the hour.
    """

    session: Session
    event: Event
    now: datetime
    person: Person | None = None
    unit: Unit | None = None
    membership: Membership | None = None
    chosen: bool = False

    def zone(self, unit: Unit | None = None) -> ZoneInfo:
        """The time zone of a unit: the one given, or the channel's."""
        chosen = unit or self.unit
        return units.zone(chosen)

    def local_now(self, unit: Unit | None = None) -> datetime:
        """Now, on the clock of a unit."""
        return self.now.astimezone(self.zone(unit))

    def today(self, unit: Unit | None = None) -> date:
        """The day in the unit's own time zone."""
        return self.local_now(unit).date()

    def actor(self) -> Person:
        """The person acting; raises Refused for somebody the bot does not know."""
        if self.person is None:
            raise Refused(unit_wording.NOT_KNOWN_HERE)
        return self.person

    def here(self) -> Unit:
        """The unit whose channel this is; raises Refused elsewhere."""
        if self.unit is None:
            raise NoUnit(unit_wording.NO_UNIT_MEETS)
        return self.unit


def utc(when: datetime) -> datetime:
    """A moment in UTC, as it is stored."""
    return when.astimezone(UTC)
