"""Who and what is in the practice tenant: people, a team with its channels, chats with the bot, and what was said."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

TENANT = "11111111-1111-4111-8111-111111111111"
OTHER_TENANT = "22222222-2222-4222-8222-222222222222"
APP_ID = "33333333-3333-4333-8333-333333333333"
SECRET = "practice-secret"
BOT_NAME = "Unit Meeting Bot"
BOT = f"28:{APP_ID}"


def guid(name: str) -> str:
    """The same id for the same name, every time."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"practice:{name}"))


@dataclass(frozen=True)
class Person:
    """Somebody in the tenant. `id` is the directory's, `account` the one Teams uses in conversations."""

    id: str
    name: str
    guest: bool = False
    tenant: str = TENANT

    @property
    def account(self) -> str:
        """What a mention or an activity names them by, beside the directory's id."""
        return f"29:{guid(self.id)}"

    @property
    def as_sender(self) -> Json:
        """As an activity names who sent it."""
        return {"id": self.account, "name": self.name, "aadObjectId": self.id}


@dataclass
class Channel:
    """A channel of the team; `kind`: standard, private or shared."""

    id: str
    name: str
    members: set[str]
    kind: str = "standard"


@dataclass
class Message:
    """One message of a channel or a chat; `sender` is a person's id, "" for the bot. `root`: the post it hangs on."""

    id: str
    conversation: str
    sender: str
    root: str = ""
    html: str = ""
    attachments: list[Json] = field(default_factory=list)
    mentions: list[Json] = field(default_factory=list)
    summary: str = ""
    made: datetime = field(default_factory=lambda: datetime.now(UTC))
    edited: datetime | None = None
    deleted: datetime | None = None
    back: datetime | None = None
    """When it was brought back after it was deleted."""

    @property
    def card(self) -> Json:
        """The Adaptive Card in it; empty where it has none."""
        for one in self.attachments:
            if one.get("contentType", "").endswith("card.adaptive"):
                return dict(one["content"])
        return {}


@dataclass
class Tenant:
    """One tenant with one team the bot is in."""

    people: dict[str, Person]
    channels: dict[str, Channel]
    team: str = guid("team")
    team_thread: str = "19:practiceteam@thread.tacv2"
    team_name: str = "Practice team"
    visibility: str = "private"
    archived: bool = False
    bot_is_in: bool = True
    consented: bool = True
    """Whether the owner of the team let the app read its messages and members."""
    chats: dict[str, str] = field(default_factory=dict)
    """By person: the id of their chat with the bot."""
    messages: dict[tuple[str, str], Message] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    _last: int = 0

    def new_message_id(self) -> str:
        """A moment in thousandths of a second that nothing else has."""
        self._last = max(self._last + 1, time.time_ns() // 1_000_000)
        return str(self._last)

    def chat_of(self, person: str) -> str:
        """The chat of somebody with the bot; it begins here where there was none."""
        return self.chats.setdefault(person, f"a:{guid('chat' + person)}")

    def whose_chat(self, conversation: str) -> str:
        """Whose chat with the bot this is; "" for none."""
        return next((person for person, chat in self.chats.items() if chat == conversation), "")

    def keep(self, message: Message) -> Message:
        """Keeps a message under its address."""
        self.messages[message.conversation, message.id] = message
        return message

    def find(self, conversation: str, message_id: str) -> Message | None:
        """A message that is there and not deleted."""
        found = self.messages.get((conversation, message_id))
        return found if found is not None and found.deleted is None else None

    def of(self, conversation: str, root: str | None = None, *, gone: bool = False) -> Iterator[Message]:
        """The messages of a channel or chat, oldest first; `root`: only posts (""), or the replies to one."""
        for message in list(self.messages.values()):
            here = message.conversation == conversation and root in (None, message.root)
            if here and (gone or message.deleted is None):
                yield message
