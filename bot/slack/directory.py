"""Who is who and where: names of people the bot knows, and whether only the unit reads a channel."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, select

from bot.runtime import Runtime
from bot.slack.accounts import Accounts, shown_name
from bot.slack.client import TROUBLE, code_of, is_direct, needed_by
from handlers.turn import ChannelMember, ChannelPeople
from storage.database.tables import Person
from storage.unit import people, units

CHANNEL_SECONDS = 60.0
NAMES_SECONDS = 5.0
STRANGERS_WAIT, STRANGERS_AT_ONCE = 1.0, 5
SHARED = ("is_ext_shared", "is_pending_ext_shared", "is_shared", "is_org_shared", "is_global_shared")
"""Any of these: others than this workspace read along, or will as soon as they say yes."""
GROUP_SCOPE = "mpim:read"
"""Without it Slack says nothing of a group conversation but that this is missing, which is all there is to know."""


class Names:
    """Chat user -> name, for everybody the bot was told about; a stranger who is mentioned is asked for at Slack."""

    def __init__(self, runtime: Runtime, client: AsyncWebClient) -> None:
        self._runtime, self._client = runtime, client
        self._names: dict[str, str] = {}
        self._strangers: dict[str, str] = {}
        self._asked_at = -NAMES_SECONDS

    def of(self, chat_user: str) -> str | None:
        """The name of a chat account, if it is known."""
        return self._names.get(chat_user) or self._strangers.get(chat_user) or None

    async def ready_for(self, users: Iterable[str]) -> None:
        """Makes sure that these people are looked up. Words do not wait long for a name."""
        strangers = [user for user in dict.fromkeys(users) if user not in self._names]
        if strangers and time.monotonic() - self._asked_at >= NAMES_SECONDS:
            self._asked_at = time.monotonic()
            self._names = await self._runtime.read(_names)
        unknown = [user for user in strangers if user not in self._names | self._strangers]
        with suppress(TimeoutError):
            async with asyncio.timeout(STRANGERS_WAIT):
                await asyncio.gather(*(self._ask(user) for user in unknown[:STRANGERS_AT_ONCE]))

    async def _ask(self, user: str) -> None:
        try:
            found: dict[str, Any] = (await self._client.users_info(user=user))["user"]
        except TROUBLE as error:
            if code_of(error) in ("user_not_found", "user_not_visible"):
                self._strangers[user] = ""
            return
        self._strangers[user] = shown_name(found)


def _names(session: Session) -> dict[str, str]:
    return {person.chat_user: person.name for person in session.exec(select(Person)) if person.name}


class SlackGate:
    """Whether records may be posted in a channel: private, not shared, and everybody in it known and of the unit.

    `trouble` answers "" or one of: public, shared, group, not_in_channel, archived, unknown_member:U1, guest:U1. An
    answer is kept for a minute, and forgotten at once when anything about the channel changes.
    """

    def __init__(self, client: AsyncWebClient, runtime: Runtime, bot_user: str = "") -> None:
        self._client, self._runtime, self.bot_user = client, runtime, bot_user
        self.accounts = Accounts(client)
        self._channels: dict[str, tuple[float, str]] = {}
        self._looks: dict[str, asyncio.Task[str]] = {}

    def is_direct(self, channel: str) -> bool:
        """Whether a channel is the conversation with one person."""
        return is_direct(channel)

    def forget(self, channel: str) -> None:
        """The channel is looked at anew the next time."""
        self._channels.pop(channel, None)
        self._looks.pop(channel, None)

    async def trouble(self, channel: str) -> str:
        """Why no record may be posted there. Raises what a Slack call raises when nobody can tell just now.

        Whoever asks while somebody looks waits for that look; it goes on when they give up, for the next one to know.
        """
        if is_direct(channel):
            return ""
        kept = self._channels.get(channel)
        if kept and time.monotonic() - kept[0] < CHANNEL_SECONDS and not await self._now_known(channel, kept[1]):
            return kept[1]
        look = self._looks.get(channel)
        if look is None:
            look = self._looks[channel] = asyncio.create_task(self._look(channel))
            look.add_done_callback(partial(self._looked, channel))
        return await asyncio.shield(look)

    def _looked(self, channel: str, look: asyncio.Task[str]) -> None:
        """Keeps what was seen, unless the channel has changed meanwhile."""
        failed = look.cancelled() or look.exception() is not None
        if self._looks.get(channel) is look:
            del self._looks[channel]
            if not failed:
                self._channels[channel] = (time.monotonic(), look.result())

    async def _now_known(self, channel: str, trouble: str) -> bool:
        """Whether the stranger of a moment ago has been added to the unit since."""
        code, _, user = trouble.partition(":")
        if code != "unknown_member":
            return False
        allowed = await self._runtime.read(lambda session: _allowed(session, channel))
        return allowed is not None and user in allowed

    async def _look(self, channel: str) -> str:
        try:
            info = (await self._client.conversations_info(channel=channel))["channel"]
        except TROUBLE as error:
            if code_of(error) in ("channel_not_found", "not_in_channel"):
                return "not_in_channel"
            if code_of(error) == "missing_scope" and needed_by(error) == GROUP_SCOPE:
                return "group"
            raise
        if info.get("is_im"):
            return ""
        if info.get("is_mpim"):
            return "group"
        if any(info.get(flag) for flag in SHARED):
            return "shared"
        if not info.get("is_private"):
            return "public"
        if info.get("is_archived"):
            return "archived"
        if not info.get("is_member", True):
            return "not_in_channel"
        return await self._strangers(channel)

    async def _strangers(self, channel: str) -> str:
        here = [user for user in await self._members(channel) if user != self.bot_user]
        allowed = await self._runtime.read(lambda session: _allowed(session, channel))
        strangers = [] if allowed is None else [user for user in here if user not in allowed]
        asked = here if allowed is None else [*strangers[:1], *(user for user in here if user in allowed)]
        for user, account in zip(asked, await self.accounts.of(asked), strict=True):
            if account.guest:
                return f"guest:{user}"
        return f"unknown_member:{strangers[0]}" if strangers else ""

    async def _members(self, channel: str) -> list[str]:
        found: list[str] = []
        cursor = ""
        while True:
            page: Any = await self._client.conversations_members(channel=channel, limit=200, cursor=cursor or None)
            found += page["members"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found

    async def name_of(self, chat_user: str) -> str:
        """What Slack calls somebody."""
        return (await self.accounts.of_one(chat_user)).name

    async def has_left(self, chat_user: str) -> bool:
        """Whether the account is closed, as far as Slack has said."""
        return await self.accounts.has_left(chat_user)

    async def newcomers(self, channel: str) -> ChannelPeople | None:
        """Who is in a private channel that no unit meets in yet, asked anew; None for every other channel."""
        met = await self._runtime.read(lambda session: units.by_channel(session, channel) is not None)
        if met:
            return None
        self.forget(channel)
        if await self.trouble(channel):
            return None
        info: Any = await self._client.conversations_info(channel=channel)
        here = [user for user in await self._members(channel) if user != self.bot_user]
        accounts = zip(here, await self.accounts.of(here), strict=True)
        members = [ChannelMember(user, it.name or user, it.title, it.bot) for user, it in accounts if not it.closed]
        return ChannelPeople(info["channel"].get("name", ""), tuple(members))


def _allowed(session: Session, channel: str) -> set[str] | None:
    """The chat users who may read this channel's unit; None where no unit meets."""
    unit = units.by_channel(session, channel)
    if unit is None:
        return None
    return {person.chat_user for _place, person in people.members(session, unit.id)}
