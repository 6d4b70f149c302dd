"""What a rehearsal asks of a practice place, whichever chat platform it stands in for.

What people see is told in one shape: a message or form as blocks, each with its elements, and each element with the
route it takes (`action_id`), its arguments (`value`) and what it offers. The shape is that of the stand-in for Slack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Json = dict[str, Any]


@dataclass(frozen=True)
class Traffic:
    """What went over the line. `refused`: what was called and why not. `milliseconds`: of each acknowledgement."""

    sent: int
    calls: int
    refused: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)


class Sitting(Protocol):
    """One person at their screen. Raises SeatError for what their client would not let them do."""

    async def command(self, channel: str, command: str, text: str = "") -> Any:
        """Types a command."""
        ...

    async def type(self, channel: str, text: str, thread_ts: str | None = None) -> str:
        """Writes a message; answers its ts."""
        ...

    async def edit(self, channel: str, ts: str, text: str) -> None:
        """Changes one's own message."""
        ...

    async def delete(self, channel: str, ts: str) -> None:
        """Takes back one's own message."""
        ...

    async def shortcut(self, callback_id: str, channel: str | None = None, ts: str | None = None) -> Json:
        """Chooses an action of a message's menu."""
        ...

    async def messages(self, channel: str, thread_ts: str | None = None) -> list[Json]:
        """The messages of a channel or thread, oldest first."""
        ...

    async def direct_channel(self) -> str:
        """The id of one's own conversation with the bot."""
        ...

    async def top_modal(self) -> Json | None:
        """The form that is open, if one is."""
        ...

    async def press(
        self,
        shown: Json,
        wanted: str,
        *,
        channel: str | None = None,
        values: Mapping[str, Any] | None = None,
        **chosen: Any,
    ) -> Json:
        """Presses a button, or chooses in a menu (`choose=`), of a message or a form."""
        ...

    async def submit(self, view: Json, values: Mapping[str, Any] | None = None) -> Json:
        """Sends a form with plain values by field; answers `{ok, errors}`."""
        ...

    async def close(self, view: Json, *, all_of_them: bool = False) -> Json:
        """Closes a form."""
        ...


class Place(Protocol):
    """A practice workspace or tenant."""

    def seat(self, user: str) -> Sitting:
        """The seat of one person, by their id."""
        ...

    def calls(self, message: Json, user: str) -> bool:
        """Whether a message calls somebody by name, so that their telephone says so."""
        ...

    def handed_on(self, text: str) -> str:
        """What the platform makes of typed words before the bot reads them."""
        ...

    async def let_in(self, user: str, channel: str) -> None:
        """Takes somebody into a channel."""
        ...

    async def take_out(self, user: str, channel: str) -> None:
        """Takes somebody out of a channel."""
        ...

    async def settle(self) -> bool:
        """Waits until nothing is unacknowledged; False when that never came."""
        ...

    async def move_clock(self, offset_seconds: float) -> Any:
        """Sets the clock so many seconds ahead of the machine's."""
        ...

    async def traffic(self) -> Traffic:
        """What has gone over the line so far."""
        ...
