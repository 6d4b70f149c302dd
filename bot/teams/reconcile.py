"""Catching up with Teams: what was typed, edited, deleted or brought back in open discussions and was not told.

Graph comes a little later than the chat itself, so only a message it calls deleted is one: what it does not show may
have been typed just now. And a deleted message is brought back only where something happened to it after it was
deleted, both by Teams' own clock.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.runtime import Runtime
from bot.sending.missed import Missed
from bot.teams.api import TROUBLE, Api, part, verdict
from bot.teams.places import Places
from bot.teams.reading.events import Place, Reader, deleted_at
from handlers.turn import Event
from storage.messages.threads import OpenThread, last_handled

PAGE = "50"


class TeamsReconciler(Missed):
    """Reads the replies to a post back."""

    def __init__(self, api: Api, runtime: Runtime, reader: Reader, places: Places) -> None:
        super().__init__(runtime, TROUBLE, verdict)
        self._api, self._reader, self._places = api, reader, places

    async def events_of(self, thread: OpenThread) -> list[Event]:
        """In the order in which they happened."""
        where = await self._places.of(thread.channel)
        if where is None or not where.team:
            return []
        place = Place(thread.channel, thread.ts)
        path = f"teams/{part(where.team)}/channels/{part(thread.channel)}/messages/{part(thread.ts)}/replies"
        events: list[Event] = []
        async for message in self._api.listed(path, **{"$top": PAGE}):
            again = str(message.get("id")) in thread.deleted and await self._is_back(thread.channel, message)
            events += self._reader.found(place, message, again=again)
        return sorted(events, key=lambda event: event.at)

    async def _is_back(self, channel: str, message: dict[str, Any]) -> bool:
        """Whether a message that was deleted is there again."""
        if message.get("deletedDateTime"):
            return False
        begins = deleted_at(channel, str(message["id"]))
        mark = await self._runtime.read(lambda session: last_handled(session, begins))
        try:
            gone, changed = (datetime.fromisoformat(str(at)) for at in (mark, message.get("lastModifiedDateTime")))
            return changed > gone
        except (ValueError, TypeError):
            return False
