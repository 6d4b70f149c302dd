"""Catching up with Slack: what was typed, edited or deleted in open discussions while nobody was listening.

Slack gives up sending an event after some minutes. What is found in a thread becomes the same events it would have
sent, under the same ids, so that nothing is kept twice.
"""

from __future__ import annotations

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import log
from bot.runtime import Runtime, TurnFailed
from bot.slack.client import TROUBLE, verdict
from bot.slack.directory import Names
from bot.slack.events import Reader
from bot.slack.reading.said import people_in
from handlers.turn import Event
from storage.messages.threads import OpenThread, handled, open_threads

PAGE = 200


class SlackReconciler:
    """Compares open threads with what is kept, and hands in what was missed."""

    def __init__(self, client: AsyncWebClient, runtime: Runtime, reader: Reader, names: Names) -> None:
        self._client, self._runtime, self._reader, self._names = client, runtime, reader, names
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
        found = await self._replies(thread)
        for message in found:
            await self._names.ready_for(people_in(message))
        here = {message["ts"] for message in found}
        gone = [ts for ts in thread.kept if ts not in here]
        events = self._events(thread, found)
        events += [self._reader.missing(thread.channel, thread.ts, ts) for ts in gone]
        known = await self._runtime.read(lambda session: handled(session, [event.id for event in events]))
        missed = 0
        for event in events:
            if event.id not in known:
                missed += await self._hand_in(event)
        return missed

    def _events(self, thread: OpenThread, found: list[dict[str, Any]]) -> list[Event]:
        events = []
        for message in found:
            if message["ts"] == thread.ts:
                continue
            typed = self._reader.message(thread.channel, {"thread_ts": thread.ts, **message})
            edited = self._reader.edit(thread.channel, {"thread_ts": thread.ts, **message})
            events += [event for event in (typed, edited) if event]
        return events

    async def _hand_in(self, event: Event) -> int:
        try:
            await self._runtime.handle(event)
        except TurnFailed:
            return 0
        return 1

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
