"""Catching up with Slack: what was typed, edited or deleted in open discussions while nobody was listening.

Slack gives up sending an event after some minutes.
"""

from __future__ import annotations

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.runtime import Runtime
from bot.sending.missed import Missed
from bot.slack.client import TROUBLE, verdict
from bot.slack.directory import Names
from bot.slack.events import Reader
from bot.slack.reading.said import people_in
from handlers.turn import Event
from storage.messages.threads import OpenThread

PAGE = 200


class SlackReconciler(Missed):
    """Reads threads back."""

    def __init__(self, client: AsyncWebClient, runtime: Runtime, reader: Reader, names: Names) -> None:
        super().__init__(runtime, TROUBLE, verdict)
        self._client, self._reader, self._names = client, reader, names

    async def events_of(self, thread: OpenThread) -> list[Event]:
        """What is there as typed and edited; what is kept and not there any more as deleted."""
        found = await self._replies(thread)
        for message in found:
            await self._names.ready_for(people_in(message))
        here = {message["ts"] for message in found}
        events = []
        for message in found:
            if message["ts"] == thread.ts:
                continue
            typed = self._reader.message(thread.channel, {"thread_ts": thread.ts, **message})
            edited = self._reader.edit(thread.channel, {"thread_ts": thread.ts, **message})
            events += [event for event in (typed, edited) if event]
        gone = [ts for ts in thread.kept if ts not in here]
        return events + [self._reader.missing(thread.channel, thread.ts, ts) for ts in gone]

    async def _replies(self, thread: OpenThread) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page: Any = await self._client.conversations_replies(
                channel=thread.channel, ts=thread.ts, limit=PAGE, cursor=cursor or None
            )
            found += page["messages"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found
