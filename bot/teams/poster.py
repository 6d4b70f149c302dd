"""Single calls to Teams: a post, an edit, a removal, a note. What is sent, and when, is bot/sending's part.

A key travels in a part of the card that is never shown, and is found again through Graph: in channels. What a chat with
one person holds nobody can look up, so there a try without an answer stays unknown.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from bot.platform import Address, FoundPost, Page, ParentGone, Posted, Put
from bot.runtime import Runtime
from bot.teams import cards
from bot.teams.api import GONE, Api, TeamsTrouble, part
from bot.teams.board_link import board_of, with_link
from bot.teams.places import Places
from bot.teams.reading.events import ROOT, is_direct
from prompts_and_forms.card import Card
from storage.messages.posts import key_at

KEY = "unitbot:"
PAGE = 50
TOO_LARGE = 413
NOT_THERE = (404, 410)


class TeamsPoster:
    """One post, edit or removal at a time."""

    def __init__(self, api: Api, runtime: Runtime, places: Places) -> None:
        self._api, self._runtime, self._places = api, runtime, places

    def pages(self, card: Card) -> list[Page]:
        """A card as messages."""
        return cards.pages(card)

    def moment_of(self, ts: str) -> datetime:
        """The id of a message in a channel is its moment, in thousandths of a second."""
        try:
            return datetime.fromtimestamp(int(ts) / 1000, UTC)
        except (ValueError, OverflowError, OSError):
            return datetime.now(UTC)

    def finds_again(self, address: Address) -> bool:
        """Whether it can be looked up what was posted there."""
        return not is_direct(address.channel)

    async def post(self, address: Address, page: Page, key: str) -> Posted:
        """Posts a message. Where the address is a person, a conversation is opened. Raises ParentGone."""
        channel = await self._conversation(address.channel)
        thread = f"{ROOT}{address.thread}" if address.thread else ""
        path = f"conversations/{part(channel + thread)}/activities"
        page = await self._with_board(page, channel, key)
        try:
            found = await self._api.bots("POST", await self._places.service_url(channel), path, with_key(page, key))
        except TeamsTrouble as error:
            if thread and error.code in GONE:
                raise ParentGone from error
            raise
        return Posted(channel, str(found["id"]))

    async def _conversation(self, channel: str) -> str:
        """A person's id leads to the chat with them."""
        known = is_direct(channel) and ":" not in channel
        return await self._places.conversation_with(channel) if known else channel

    async def edit(self, channel: str, ts: str, page: Page) -> bool:
        """False where the message is gone."""
        key = await self._runtime.read(lambda session: key_at(session, channel, ts)) or ""
        body = with_key(await self._with_board(page, channel, key), key) | {"id": ts}
        try:
            await self._at("PUT", channel, ts, body)
        except TeamsTrouble as error:
            if error.status in NOT_THERE or error.code in GONE:
                return False
            raise
        return True

    async def _with_board(self, page: Page, channel: str, key: str) -> Page:
        """A family's post leads to the board, which nothing pins."""
        board = await self._runtime.read(lambda session: board_of(session, key)) if key else ""
        where = await self._places.of(channel) if board else None
        return with_link(page, channel, board, self._api.settings.tenant, where.team if where else "")

    async def remove(self, channel: str, ts: str) -> None:
        """Takes a message away; one that is gone already is no trouble."""
        try:
            await self._at("DELETE", channel, ts)
        except TeamsTrouble as error:
            if error.status not in NOT_THERE and error.code not in GONE:
                raise

    async def _at(self, method: str, channel: str, ts: str, body: Page | None = None) -> None:
        path = f"conversations/{part(channel)}/activities/{part(ts)}"
        await self._api.bots(method, await self._places.service_url(channel), path, body)

    async def pin(self, channel: str, ts: str) -> None:
        """Teams has no pin that a bot could set."""

    async def unpin(self, channel: str, ts: str) -> None:
        """Teams has no pin that a bot could take away."""

    async def whisper(self, address: Address, chat_user: str, page: Page) -> None:
        """Words for one person alone are said in the chat with them."""
        await self.post(Address(chat_user), page, "")

    async def direct_channel(self, chat_user: str) -> str:
        """The chat with one person."""
        return await self._places.conversation_with(chat_user)

    async def history(self, address: Address, since: datetime) -> AsyncIterator[FoundPost]:
        """What the bot has posted in a channel or under a post since then. Nobody can tell that of a chat."""
        where = await self._places.of(address.channel)
        if is_direct(address.channel) or where is None or not where.team:
            return
        path = f"teams/{part(where.team)}/channels/{part(address.channel)}/messages"
        if address.thread:
            listed = self._api.listed(f"{path}/{part(address.thread)}/replies", **{"$top": str(PAGE)})
        else:
            listed = self._api.listed(path, **{"$top": str(PAGE), "$expand": "replies"})
        async for message in listed:
            if _lately(message) < since and not address.thread:
                return
            key = key_in(message)
            if key and not message.get("deletedDateTime") and _made(message) >= since:
                yield FoundPost(str(message["id"]), key, bool(message.get("replies")))

    async def fit(self, page: Page, put: Put) -> None:
        """Puts a page; where Teams finds it too large, in two halves."""
        try:
            await put(page, False)
        except TeamsTrouble as error:
            halves = _halves(page) if error.status == TOO_LARGE else None
            if halves is None:
                raise
            for half in halves:
                await self.fit(half, put)


def with_key(page: Page, key: str) -> Page:
    """The page with its key in it, where nobody sees it."""
    if not key or not page.get("attachments"):
        return page
    first, *others = page["attachments"]
    mark = {"type": "TextBlock", "id": KEY + key, "text": " ", "isVisible": False}
    card = first["content"] | {"body": [*first["content"].get("body", ()), mark]}
    return page | {"attachments": [first | {"content": card}, *others]}


def key_in(message: Any) -> str:
    """The key in a message found through Graph; "" where it has none."""
    for one in message.get("attachments") or ():
        if one.get("contentType") != cards.CARD:
            continue
        try:
            body = json.loads(one.get("content") or "{}").get("body") or ()
        except (ValueError, AttributeError):
            continue
        for element in body:
            if str(element.get("id") or "").startswith(KEY):
                return str(element["id"]).removeprefix(KEY)
    return ""


def _made(message: Any) -> datetime:
    return datetime.fromisoformat(str(message["createdDateTime"]))


def _lately(message: Any) -> datetime:
    """When anything happened to a post; they are listed by that, the newest first."""
    return datetime.fromisoformat(str(message.get("lastModifiedDateTime") or message["createdDateTime"]))


def _halves(page: Page) -> tuple[Page, Page] | None:
    first, *others = page.get("attachments") or [{}]
    body = (first.get("content") or {}).get("body") or []
    if len(body) < 2:
        return None
    middle = len(body) // 2
    upper, lower = (
        page | {"attachments": [first | {"content": first["content"] | {"body": half}}, *others]}
        for half in (body[:middle], body[middle:])
    )
    return upper, lower
