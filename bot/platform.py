"""What the bot asks of a chat platform. Slack is one (bot/slack/platform.py); another fulfils the same.

What people type and press comes in over the line as events, and answers go back to whoever waits for them. What is to
be posted, in which order, and whether it was posted before is decided in bot/sending; the poster does one thing at a
time and knows no order. The gate says who reads a channel, the reconciler finds what was missed while nobody listened.

A message's address is a channel and a `ts`, both the platform's own words for it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from prompts_and_forms.card import Card
from storage.messages.delivery import Claimed

if TYPE_CHECKING:
    from bot.runtime import Runtime
    from bot.sending.budget import Budget
    from bot.settings import Settings

Page = dict[str, Any]
"""One message in the platform's own shape. Only the platform looks into it."""


class Outcome(StrEnum):
    """How a call that failed has ended."""

    NOT_DONE = "not done"
    """Surely not done; another try may do."""
    TOO_MANY = "too many"
    """Surely not done: the platform asks for fewer calls for a while."""
    UNKNOWN = "unknown"
    """Nobody knows. It may still arrive."""
    PARENT_GONE = "parent gone"
    """Surely not done: the thread's first message is no longer there."""
    CHANNEL_SHUT = "channel shut"
    """Surely not done: the channel takes no posts, until somebody changes that."""
    SHUT_OUT = "shut out"
    """Surely not done: the platform does not let the bot in any more, until whoever runs it sees to that."""
    REFUSED = "refused"
    """Surely not done, and another try would end the same way."""

    @property
    def passes(self) -> bool:
        """Whether the same call may do in a while, with nothing changed in it."""
        return self in (Outcome.NOT_DONE, Outcome.TOO_MANY, Outcome.UNKNOWN, Outcome.SHUT_OUT)


@dataclass(frozen=True)
class Verdict:
    """What became of a call. `code`: the platform's word for it, or the kind of the network's trouble.

    `wait`: seconds before another try. `trouble`: what is wrong with a channel that is shut, as the gate says it.
    `posting`: too many posts in this channel; where that is not said, the call is one too many whatever it is about.
    `edits`: the channel takes no edits for as long either.
    """

    code: str
    outcome: Outcome
    wait: float = 0.0
    trouble: str = ""
    posting: bool = False
    edits: bool = False


class ParentGone(Exception):
    """The thread's first message is no longer there; it is posted again, and this one after it."""


class NotWanted(Exception):
    """There is nothing to show any more."""


IN_ONE: Sequence[tuple[float, float]] = ((8, 1.0),)
"""Slack takes about a post a second in a channel, allows bursts and names no number."""


@dataclass(frozen=True)
class Rates:
    """How much a platform takes: posts a minute in all, and so many at once after a pause.

    `in_one`: so many at once in one channel or conversation, and after them so many a second; each of them holds.
    """

    a_minute: int
    burst: int
    in_one: Sequence[tuple[float, float]] = IN_ONE

    @property
    def a_second(self) -> float:
        """Posts a second, in the long run."""
        return self.a_minute / 60

    def unpaced(self) -> Rates:
        """The same for a workspace or tenant that is known to hold to no limits."""
        return replace(self, in_one=((10_000, 1.0),))


@dataclass(frozen=True)
class Address:
    """Where a message goes: a channel, or a person nobody has written to yet. `thread`: ts of the first message."""

    channel: str
    thread: str = ""


@dataclass(frozen=True)
class Posted:
    """Where a new message lies. `channel` is the conversation's, also where it was addressed to a person."""

    channel: str
    ts: str


@dataclass(frozen=True)
class FoundPost:
    """A message of ours in the platform's history, with the key it was posted under. `answered`: others hang on it."""

    ts: str
    key: str
    answered: bool = False


@dataclass(frozen=True)
class Request:
    """An HTTP request, whoever took it in. Header names are in small letters."""

    method: str
    path: str
    headers: Mapping[str, Sequence[str]]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """What a request is answered."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Line(Protocol):
    """Where people's words and presses come in and their answers go back."""

    @property
    def path(self) -> str:
        """Where the platform's HTTP requests arrive."""
        ...

    @property
    def busy(self) -> bool:
        """Whether answers are still on their way."""
        ...

    async def sign_in(self) -> None:
        """Waits until the platform knows the bot. Raises CannotStart when it refuses the bot for good."""
        ...

    async def shut_out(self) -> str:
        """The platform's word for not letting the bot in, "" while it does. Asks now and then; never raises."""
        ...

    async def listen(self, opened: Callable[[], None]) -> None:
        """Opens a connection of the bot's own. `opened` is called for the first one and for each that follows it."""
        ...

    async def take(self, request: Request) -> Reply:
        """Answers one request of the platform, for a bot that is reached over HTTP."""
        ...

    async def hang_up(self) -> None:
        """No more comes in; waits a little for answers on their way."""
        ...


Put = Callable[[Page, bool], Awaitable[None]]
"""Shows one page. The flag: a try just now was refused in words that leave open whether it has arrived."""


class Poster(Protocol):
    """One post, edit or removal at a time. A call that fails raises one of the platform's `failures`."""

    def pages(self, card: Card) -> Sequence[Page]:
        """A card as messages, none longer than the platform takes."""
        ...

    async def fit(self, page: Page, put: Put) -> None:
        """Puts a page; where the platform refuses it, puts what says the same plainer, or in smaller parts.

        Raises what `put` raised when nothing plainer is left.
        """
        ...

    def moment_of(self, ts: str) -> datetime:
        """When a message was posted, by the platform's clock."""
        ...

    def finds_again(self, address: Address) -> bool:
        """Whether `history` can tell what was posted there."""
        ...

    async def post(self, address: Address, page: Page, key: str) -> Posted:
        """Posts a message that can be found again by its key. Where the address is a person, a conversation is opened.

        Raises ParentGone.
        """
        ...

    async def edit(self, channel: str, ts: str, page: Page) -> bool:
        """False where the message is gone or can no longer be edited."""
        ...

    async def remove(self, channel: str, ts: str) -> None:
        """Takes a message away, or its words where it has to stay; one that is gone already is no trouble."""
        ...

    async def pin(self, channel: str, ts: str) -> None:
        """Pins a message, where it is not pinned already."""
        ...

    async def unpin(self, channel: str, ts: str) -> None:
        """Pins a message no longer, where it is pinned."""
        ...

    async def whisper(self, address: Address, chat_user: str, page: Page) -> None:
        """Shows words to one person only."""
        ...

    async def direct_channel(self, chat_user: str) -> str:
        """The channel of the conversation with one person."""
        ...

    def history(self, address: Address, since: datetime) -> AsyncIterator[FoundPost]:
        """What the bot has posted in a channel or thread since then."""
        ...


class Files(Protocol):
    """Documents for one person."""

    async def send(self, claimed: Claimed) -> Card | None:
        """Brings a document, never twice; answers the words to say where it cannot be. Raises NotWanted."""
        ...


class Gate(Protocol):
    """Who reads a channel. It raises one of the platform's `failures` when nobody can tell just now."""

    def is_direct(self, channel: str) -> bool:
        """Whether a channel is the conversation with one person."""
        ...

    async def forget(self, channel: str) -> None:
        """The channel is looked at anew the next time, by every process."""
        ...

    async def trouble(self, channel: str) -> str:
        """Why no record may be posted in a channel, "" where one may: a code of `trouble_words`, with :chat_user."""
        ...

    async def name_of(self, chat_user: str) -> str:
        """What the platform calls somebody."""
        ...

    async def has_left(self, chat_user: str) -> bool:
        """Whether an account is closed. Never raises: for want of an answer nobody goes without a message."""
        ...


class Reconciler(Protocol):
    """Finds what was typed, edited or deleted while nobody was listening."""

    async def reconcile(self, discussion_id: str | None = None) -> int:
        """Hands in what was missed in every open thread, or one discussion's; answers how much that was."""
        ...


class Platform(Protocol):
    """A chat platform, whole."""

    @property
    def line(self) -> Line: ...
    @property
    def poster(self) -> Poster: ...
    @property
    def files(self) -> Files: ...
    @property
    def gate(self) -> Gate: ...
    @property
    def reconciler(self) -> Reconciler: ...
    @property
    def rates(self) -> Rates: ...
    @property
    def budget(self) -> Budget: ...
    @property
    def can_pin(self) -> bool:
        """Whether a message can be pinned in its channel."""
        ...

    @property
    def sweep_every(self) -> float:
        """Seconds between two looks for what the platform did not tell; 0 where it tells it itself."""
        ...

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        """Everything a call can raise that is not our own mistake."""
        ...

    def verdict(self, error: BaseException) -> Verdict:
        """What became of a call that raised this."""
        ...

    async def close(self) -> None:
        """Lets go of every connection."""
        ...


MakePlatform = Callable[["Settings", "Runtime"], Platform]
"""A platform for one running bot. Called inside its event loop."""
