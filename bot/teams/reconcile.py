"""Catching up with Teams: what was typed, edited or deleted in open discussions and was not told to the bot.

What Graph shows under a post becomes the same events Teams would have sent, under the same ids where it can be, so
that nothing is saved twice. Graph comes a little later than the chat itself, so only a message it calls deleted is
one: what it does not show may have been typed just now.
"""

from __future__ import annotations

from bot.logs import log
from bot.runtime import Runtime, TurnFailed
from bot.teams.api import TROUBLE, Api, part, verdict
from bot.teams.places import Places
from bot.teams.reading.events import Place, Reader
from handlers.turn import Event
from storage.messages.threads import OpenThread, handled, open_threads

PAGE = "50"


class TeamsReconciler:
    """Compares open threads with what is saved, and hands in what was missed."""

    def __init__(self, api: Api, runtime: Runtime, reader: Reader, places: Places) -> None:
        self._api, self._runtime, self._reader, self._places = api, runtime, reader, places
        self._log = log("reconcile")

    async def reconcile(self, discussion_id: str | None = None) -> int:
        """Every open thread, or one discussion's. Answers how many events were missed."""
        threads = await self._runtime.read(lambda session: open_threads(session, discussion_id))
        missed = 0
        for thread in threads:
            try:
                missed += await self._catch_up(thread)
            except TROUBLE as error:
                self._log.warning("thread_not_read", key=thread.key, reason=verdict(error).code)
        if missed:
            self._log.info("caught_up", events=missed)
        return missed

    async def _catch_up(self, thread: OpenThread) -> int:
        where = await self._places.of(thread.channel)
        if where is None or not where.team:
            return 0
        place = Place(thread.channel, thread.ts)
        path = f"teams/{part(where.team)}/channels/{part(thread.channel)}/messages/{part(thread.ts)}/replies"
        events: list[Event] = []
        async for message in self._api.listed(path, **{"$top": PAGE}):
            events += self._reader.found(place, message)
        events.sort(key=lambda event: event.at)
        known = await self._runtime.read(lambda session: handled(session, [event.id for event in events]))
        missed = 0
        for event in events:
            if event.id not in known:
                missed += await self._hand_in(event)
        return missed

    async def _hand_in(self, event: Event) -> int:
        try:
            await self._runtime.handle(event)
        except TurnFailed:
            return 0
        return 1
