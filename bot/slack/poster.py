"""One message of the outbox on its way to Slack: found again where it was tried before, posted, edited, pinned.

A card longer than a message becomes several posts, "key", "key#2", ... in its lane, each with its own address. A try
that ended in silence is looked for after seconds, and the message posted again where it is not there (a reminder not
before a minute is over). Slack may still accept the silent try: a minute later the copy is taken away.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.logs import log
from bot.runtime import Runtime
from bot.sending.noting import Noting
from bot.slack import blocks, charts
from bot.slack.client import code_of
from prompts_and_forms.card import Card
from storage.database.tables_machinery import Post
from storage.messages import delivery
from storage.messages.delivery import Claimed, Shown
from storage.messages.outbox import NUDGE, post_again
from storage.messages.posts import find_post, lose_post, part_key

Json = dict[str, Any]
Call = Callable[..., Awaitable[Any]]

EVENT_TYPE = "unitbot"
LOOK_BACK = timedelta(hours=2)
"""How far before the first try to look: the machine's clock may have been wrong by an hour then."""
COPIES_BACK = timedelta(minutes=10)
"""How far before the kept post a copy of it may lie, by Slack's own clock."""
PAGE = 200
GONE = ("message_not_found", "cant_update_message", "edit_window_closed")
MOST_PARTS = 20


class ParentGone(Exception):
    """The thread's first message is no longer there; it is posted again, and this one after it."""


class TakenOver(Exception):
    """This sender was stopped for longer than its lease, and another one has the message now."""


class NotYet(Exception):
    """An earlier try may still arrive, and there is time to wait for it."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


@dataclass(frozen=True)
class Address:
    """Where a message goes: a channel, or a person nobody has written to yet. `thread`: ts of the first message."""

    channel: str
    thread: str = ""


class Poster:
    def __init__(self, client: AsyncWebClient, runtime: Runtime) -> None:
        self._client, self._runtime = client, runtime
        self._noting = Noting(runtime)
        self._direct: dict[str, str] = {}
        self._charts = True

    async def send(self, claimed: Claimed, card: Card) -> None:
        """Shows the card where it belongs and notes where it lies. Raises what the call raised."""
        address = await self._address(claimed)
        pages = blocks.messages(card)
        if claimed.how == "note":
            for page in pages:
                await self.whisper(address, claimed.chat_user, page)
            await self.noted(claimed)
            return
        stamps, anew = [], False
        for number, page in enumerate(pages, start=1):
            ts, new = await self._put(claimed, address, number, page)
            stamps.append(ts)
            anew = anew or new
            if address.channel == claimed.chat_user:
                address = Address(self._direct[claimed.chat_user])
        await self._drop_later_parts(claimed, address, len(pages) + 1)
        again = claimed.post is None and claimed.tried_before and (anew or claimed.attempts > 2)
        await self._finish(Shown(claimed, address.channel, stamps[0], address.thread, tuple(stamps[1:]), again))

    async def pin(self, claimed: Claimed) -> None:
        assert claimed.parent is not None
        try:
            await self._client.pins_add(channel=claimed.parent.channel, timestamp=claimed.parent.ts)
        except SlackApiError as error:
            if code_of(error) != "already_pinned":
                raise
        await self.noted(claimed)

    async def noted(self, claimed: Claimed) -> None:
        """Notes what has no address to keep."""
        await self._noting.shown(Shown(claimed, claimed.channel))

    async def whisper(self, address: Address, user: str, page: Json) -> None:
        """Words only this person sees."""
        thread = address.thread or None
        await self.show(self._client.chat_postEphemeral, page, channel=address.channel, user=user, thread_ts=thread)

    async def tell(self, user: str, card: Card) -> None:
        """A direct message that is not of the record: best effort, once."""
        channel = await self.direct_channel(user)
        for page in blocks.messages(card):
            post = self._client.chat_postMessage
            await self.show(post, page, channel=channel, unfurl_links=False, unfurl_media=False)

    async def show(self, call: Call, page: Json, **where: Any) -> Any:
        """The call with this page; where Slack refuses it with a chart in it, once more in words and tables alone.

        A workspace that does not take charts is not asked again.
        """
        if not self._charts and charts.has_chart(page):
            page = charts.without_charts(page)
        try:
            return await call(**where, **page)
        except SlackApiError as error:
            if code_of(error) not in charts.REFUSED or not charts.has_chart(page):
                raise
            log("poster").warning("chart_refused", reason=code_of(error))
            self._charts = False
            return await call(**where, **charts.without_charts(page))

    # ---- one part of a message

    async def _put(self, claimed: Claimed, address: Address, number: int, page: Json) -> tuple[str, bool]:
        """Shows one part; answers where, and whether it is a new post.

        An existing post is edited, one that is gone is posted anew.
        """
        key = part_key(claimed.key, number)
        post = claimed.post if number == 1 else await self._runtime.read(lambda session: find_post(session, key))
        ts = post.ts if post and post.channel == address.channel else ""
        if not ts and claimed.tried_before:
            ts = await self._find(claimed, address, key)
        if not ts:
            if number == 1:
                _not_too_soon(claimed)
            return await self._post(claimed, address, key, page), True
        if claimed.how == "say" and post is None:
            return ts, False
        try:
            await self.show(self._client.chat_update, page, channel=address.channel, ts=ts)
        except SlackApiError as error:
            if code_of(error) not in GONE:
                raise
            return await self._post(claimed, address, key, page), True
        return ts, False

    async def _post(self, claimed: Claimed, address: Address, key: str, page: Json) -> str:
        await self._still_ours(claimed)
        posted = await self.show(
            self._client.chat_postMessage,
            page,
            channel=address.channel,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
            unfurl_links=False,
            unfurl_media=False,
            thread_ts=address.thread or None,
        )
        ts = str(posted["ts"])
        if address.channel == claimed.chat_user:
            self._direct[claimed.chat_user] = str(posted["channel"])
        if address.thread and not (posted.get("message") or {}).get("thread_ts"):
            await self._client.chat_delete(channel=address.channel, ts=ts)
            raise ParentGone
        return ts

    async def _still_ours(self, claimed: Claimed) -> None:
        """Posting needs a lease that outlasts the call; after a long halt somebody else may have the message."""
        machine = datetime.now(UTC)
        if machine < claimed.lease_until - claimed.lease / 2:
            return
        if not await self._runtime.write(lambda session: delivery.still_ours(session, claimed, machine=machine)):
            raise TakenOver

    async def _find(self, claimed: Claimed, address: Address, key: str) -> str:
        """Where an earlier try has put this message; "" when it never arrived."""
        async for message in self._messages(address, (claimed.first_try_at - LOOK_BACK).timestamp()):
            if _key_in(message) == key:
                return str(message["ts"])
        return ""

    async def _messages(self, address: Address, oldest: float) -> AsyncIterator[Json]:
        """What lies in a channel or thread since then, page by page."""
        cursor = ""
        while True:
            page = await self._page(address, f"{oldest:.6f}", cursor)
            for message in page["messages"]:
                yield message
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

    # ---- copies

    async def drop_copies(self, claimed: Claimed) -> None:
        """Takes away what lies there beside the kept post: a try that Slack accepted after it was posted again."""
        kept = claimed.parent
        assert kept is not None
        oldest = float(kept.ts) - COPIES_BACK.total_seconds()
        own = await self._runtime.read(
            lambda session: {kept.ts, *(post.ts for post in _parts_from(session, kept.key, 2))}
        )
        async for message in self._messages(Address(kept.channel, kept.thread), oldest):
            found = _key_in(message).partition("#")[0]
            if found == kept.key and message["ts"] not in own:
                await self._drop(kept.channel, message)
        await self.noted(claimed)

    async def _drop(self, channel: str, message: Json) -> None:
        """One that people have answered already stays."""
        if message.get("reply_count"):
            return
        try:
            await self._client.chat_delete(channel=channel, ts=str(message["ts"]))
        except SlackApiError as error:
            if code_of(error) not in GONE:
                raise

    # ---- addresses and endings

    async def _address(self, claimed: Claimed) -> Address:
        """A first message to somebody goes to the person: Slack opens the conversation by itself, in the same call."""
        if claimed.thread_key and claimed.parent is not None:
            return Address(claimed.parent.channel, claimed.parent.ts)
        if claimed.channel:
            return Address(claimed.channel)
        if claimed.post is not None:
            return Address(claimed.post.channel)
        if claimed.tried_before or claimed.how not in ("say", "show"):
            return Address(await self.direct_channel(claimed.chat_user))
        return Address(self._direct.get(claimed.chat_user, claimed.chat_user))

    async def direct_channel(self, user: str) -> str:
        if user not in self._direct:
            opened: Any = await self._client.conversations_open(users=user)
            self._direct[user] = opened["channel"]["id"]
        return self._direct[user]

    async def _finish(self, shown: Shown) -> None:
        """Notes that it is shown. Where another sender was quicker, this copy is one too many and is taken away."""
        claimed = shown.claimed
        if await self._noting.shown(shown):
            return
        kept = await self._runtime.read(lambda session: find_post(session, claimed.key))
        if kept is not None and kept.ts != shown.ts and claimed.post is None:
            for stamp in (shown.ts, *shown.parts):
                await self._client.chat_delete(channel=shown.channel, ts=stamp)

    async def _drop_later_parts(self, claimed: Claimed, address: Address, first: int) -> None:
        """A card that became shorter: the posts it no longer needs are taken away."""
        if claimed.post is None:
            return
        for post in await self._runtime.read(lambda session: _parts_from(session, claimed.key, first)):
            try:
                await self._client.chat_delete(channel=post.channel, ts=post.ts)
            except SlackApiError as error:
                if code_of(error) not in GONE:
                    raise
            await self._runtime.write(partial(lose_post, key=post.key))

    async def parent_gone(self, claimed: Claimed, now: datetime) -> None:
        """Asks for the thread's first message anew; this one is tried again once it is there."""

        def again(session: Session) -> None:
            post_again(session, claimed.thread_key, now=now)
            delivery.not_sent_until(session, claimed, datetime.now(UTC) + timedelta(seconds=1))

        await self._runtime.write(again)


def _key_in(message: Json) -> str:
    """The key in the metadata of a message; "" where it has none."""
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return str(payload.get("key") or "")


def _not_too_soon(claimed: Claimed) -> None:
    """A reminder whose first try has not been found has time: that try may still arrive."""
    long = delivery.settled(claimed.lease)
    left = claimed.first_try_at + long - datetime.now(UTC)
    if claimed.tried_before and claimed.priority >= NUDGE and timedelta() < left <= long:
        raise NotYet(left.total_seconds())


def _parts_from(session: Session, key: str, first: int) -> list[Post]:
    found = []
    for number in range(first, MOST_PARTS):
        post = find_post(session, part_key(key, number))
        if post is None:
            break
        found.append(post)
    return found
