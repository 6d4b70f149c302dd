"""Single calls to Slack: a post, an edit, a removal, a pin, a note. What is sent, and when, is bot/sending's part."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import log
from bot.platform import Address, FoundPost, Page, ParentGone, Posted, Put
from bot.slack import blocks, plainer
from bot.slack.client import code_of, verdict
from prompts_and_forms.card import Card
from prompts_and_forms.meeting.wording import OUT_OF_DATE

Call = Callable[..., Awaitable[Any]]

EVENT_TYPE = "unitbot"
PAGE = 200
GONE = ("message_not_found", "cant_update_message", "edit_window_closed")
NOT_PINNED = ("no_pin", "not_pinned", "message_not_found")
CHARTS_REST = 3600.0
"""Seconds without charts after Slack took a message only without its chart: it may have been that chart alone."""


class SlackPoster:
    """A key travels in the metadata of its message, where people do not see it."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._charts_from = 0.0
        self.moment = time.monotonic

    def pages(self, card: Card) -> list[Page]:
        """A card as Slack messages."""
        return blocks.messages(card)

    def moment_of(self, ts: str) -> datetime:
        """A ts is the moment of its message, in seconds."""
        return datetime.fromtimestamp(float(ts), UTC)

    def finds_again(self, address: Address) -> bool:
        """Whether `history` can tell what was posted there: everywhere."""
        return True

    async def post(self, address: Address, page: Page, key: str) -> Posted:
        """Posts a message; one without a key is not looked for again. Raises ParentGone."""
        mark: Page = {"metadata": {"event_type": EVENT_TYPE, "event_payload": {"key": key}}} if key else {}
        posted: Any = await self._client.chat_postMessage(
            **page,
            channel=address.channel,
            unfurl_links=False,
            unfurl_media=False,
            thread_ts=address.thread or None,
            **mark,
        )
        found = Posted(str(posted["channel"]), str(posted["ts"]))
        if address.thread and not (posted.get("message") or {}).get("thread_ts"):
            await self.remove(found.channel, found.ts)
            raise ParentGone
        return found

    async def edit(self, channel: str, ts: str, page: Page) -> bool:
        """False where the message is gone or can no longer be edited."""
        try:
            await self._client.chat_update(channel=channel, ts=ts, **page)
        except SlackApiError as error:
            if code_of(error) not in GONE:
                raise
            return False
        return True

    async def remove(self, channel: str, ts: str) -> None:
        """Takes a message away, or its words where it has to stay; one that is gone already is no trouble."""
        try:
            await self._client.chat_delete(channel=channel, ts=ts)
        except SlackApiError as error:
            if code_of(error) in GONE:
                return
            if verdict(error).outcome.passes:
                raise
            await self._empty(channel, ts)

    async def _empty(self, channel: str, ts: str) -> None:
        """What is out of date and cannot be taken away says so, without its buttons."""
        try:
            await self._client.chat_update(channel=channel, ts=ts, text=OUT_OF_DATE, blocks=[])
        except SlackApiError as error:
            if verdict(error).outcome.passes:
                raise
            log("poster").warning("old_copy_stays", reason=code_of(error))

    async def pin(self, channel: str, ts: str) -> None:
        """Pins a message, where it is not pinned already."""
        try:
            await self._client.pins_add(channel=channel, timestamp=ts)
        except SlackApiError as error:
            if code_of(error) != "already_pinned":
                raise

    async def unpin(self, channel: str, ts: str) -> None:
        """Pins a message no longer, where it is pinned."""
        try:
            await self._client.pins_remove(channel=channel, timestamp=ts)
        except SlackApiError as error:
            if code_of(error) not in NOT_PINNED:
                raise

    async def whisper(self, address: Address, chat_user: str, page: Page) -> None:
        """Words only this person sees."""
        thread = address.thread or None
        await self.show(
            self._client.chat_postEphemeral, page, channel=address.channel, user=chat_user, thread_ts=thread
        )

    async def direct_channel(self, chat_user: str) -> str:
        """The channel of the conversation with one person."""
        opened: Any = await self._client.conversations_open(users=chat_user)
        return str(opened["channel"]["id"])

    async def history(self, address: Address, since: datetime) -> AsyncIterator[FoundPost]:
        """What lies in a channel or thread since then, page by page; only what carries a key."""
        oldest, cursor = f"{since.timestamp():.6f}", ""
        while True:
            page = await self._page(address, oldest, cursor)
            for message in page["messages"]:
                if key := _key_in(message):
                    yield FoundPost(str(message["ts"]), key, bool(message.get("reply_count")))
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    async def _page(self, address: Address, oldest: str, cursor: str) -> Any:
        asked = {"channel": address.channel, "oldest": oldest, "limit": PAGE, "include_all_metadata": True}
        if cursor:
            asked["cursor"] = cursor
        if address.thread:
            return await self._client.conversations_replies(ts=address.thread, **asked)  # type: ignore[arg-type]
        return await self._client.conversations_history(**asked)  # type: ignore[arg-type]

    async def show(self, call: Call, page: Page, **where: Any) -> None:
        """The call with this page; where Slack refuses it for its size, chart or table, plainer or in parts."""

        async def put(part: Page, _unsure: bool) -> None:
            await call(**where, **part)

        await self.fit(page, put)

    async def fit(self, page: Page, put: Put) -> None:
        """Puts a page, or what is to go in its place. Raises what the call raised when nothing plainer is left."""
        left, unsure = [page], False
        if plainer.has_chart(page) and self.moment() < self._charts_from:
            left = [plainer.without_charts(page)]
        chart_refused = False
        while left:
            try:
                await put(left[0], unsure)
            except SlackApiError as error:
                code = code_of(error)
                instead = plainer.plainer(left[0], code)
                if instead is None:
                    raise
                log("poster").warning("once_more_plainer", reason=code, parts=len(instead))
                chart_refused = plainer.has_chart(left[0]) and not plainer.has_chart(instead[0])
                left[:1] = instead
                unsure = code in plainer.UNSURE
                continue
            if chart_refused:
                self._charts_from = self.moment() + CHARTS_REST
            left, unsure, chart_refused = left[1:], False, False


def _key_in(message: Page) -> str:
    """The key in the metadata of a message; "" where it has none."""
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return str(payload.get("key") or "")
