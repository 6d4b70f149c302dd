"""Who is who and where: names of people the bot knows, and whether only the unit reads a channel."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, select

from bot.logs import log
from bot.runtime import Runtime
from bot.slack.client import TROUBLE, code_of, is_direct
from handlers.turn import ChannelMember, ChannelPeople
from storage.database.tables import Person
from storage.unit import people, units

CHANNEL_SECONDS = 60.0
PERSON_SECONDS = 3600.0
NAMES_SECONDS = 5.0
STRANGERS_WAIT, STRANGERS_AT_ONCE = 1.0, 5
CLOSED_SECONDS = 900.0
"""How long the list of closed accounts is kept: it is one call for the whole workspace."""
CLOSED_WAITS = 3.0
CLOSED_AGAIN = 60.0
PEOPLE_A_PAGE = 1000


class Names:
    """Chat user -> name, for everybody the bot was told about; a stranger who is mentioned is asked for at Slack."""

    def __init__(self, runtime: Runtime, client: AsyncWebClient) -> None:
        self._runtime, self._client = runtime, client
        self._names: dict[str, str] = {}
        self._strangers: dict[str, str] = {}
        self._asked_at = -NAMES_SECONDS

    def of(self, chat_user: str) -> str | None:
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
        self._strangers[user] = _shown_name(found)


def _names(session: Session) -> dict[str, str]:
    return {person.chat_user: person.name for person in session.exec(select(Person)) if person.name}


def _shown_name(user: dict[str, Any]) -> str:
    return str(user.get("real_name") or (user.get("profile") or {}).get("real_name") or user.get("name", ""))


@dataclass(frozen=True)
class Account:
    """What matters of a Slack user."""

    name: str
    guest: bool
    bot: bool
    title: str = ""
    closed: bool = False


class SlackGate:
    """Whether records may be posted in a channel: private, not shared, and everybody in it known and of the unit.

    `trouble` answers "" or one of: public, shared, group, not_in_channel, archived, unknown_member:U1, guest:U1. An
    answer is kept for a minute, and forgotten at once when somebody joins or leaves or the channel is shared.
    """

    def __init__(self, client: AsyncWebClient, runtime: Runtime, bot_user: str = "") -> None:
        self._client, self._runtime, self.bot_user = client, runtime, bot_user
        self._closed = ClosedAccounts(client)
        self._channels: dict[str, tuple[float, str]] = {}
        self._accounts: dict[str, tuple[float, Account]] = {}
        self._log = log("gate")

    def is_direct(self, channel: str) -> bool:
        """Whether a channel is the conversation with one person."""
        return is_direct(channel)

    def forget(self, channel: str) -> None:
        """The channel is looked at anew the next time."""
        self._channels.pop(channel, None)

    async def trouble(self, channel: str) -> str:
        """Why no record may be posted there. Raises what a Slack call raises when nobody can tell just now."""
        if is_direct(channel):
            return ""
        kept = self._channels.get(channel)
        if kept and time.monotonic() - kept[0] < CHANNEL_SECONDS:
            return kept[1]
        found = await self._look(channel)
        self._channels[channel] = (time.monotonic(), found)
        return found

    async def _look(self, channel: str) -> str:
        try:
            info = (await self._client.conversations_info(channel=channel))["channel"]
        except TROUBLE as error:
            if code_of(error) in ("channel_not_found", "not_in_channel"):
                return "not_in_channel"
            raise
        if info.get("is_im"):
            return ""
        if info.get("is_ext_shared") or info.get("is_shared") or info.get("is_org_shared"):
            return "shared"
        if info.get("is_mpim"):
            return "group"
        if not info.get("is_private"):
            return "public"
        if info.get("is_archived"):
            return "archived"
        if not info.get("is_member", True):
            return "not_in_channel"
        return await self._strangers(channel)

    async def _strangers(self, channel: str) -> str:
        here = [user for user in await self._members(channel) if user != self.bot_user]
        accounts = await asyncio.gather(*(self.account(user) for user in here))
        guests = [user for user, account in zip(here, accounts, strict=True) if account.guest]
        if guests:
            return f"guest:{guests[0]}"
        allowed = await self._runtime.read(lambda session: _allowed(session, channel))
        if allowed is None:
            return ""
        strangers = [user for user in here if user not in allowed]
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
        return (await self.account(chat_user)).name

    async def has_left(self, chat_user: str) -> bool:
        """Whether the account is closed, as far as Slack has said."""
        return await self._closed.holds(chat_user)

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
        accounts = zip(here, await asyncio.gather(*(self.account(user) for user in here)), strict=True)
        members = [ChannelMember(user, it.name or user, it.title, it.bot) for user, it in accounts if not it.closed]
        return ChannelPeople(info["channel"].get("name", ""), tuple(members))

    async def account(self, user: str) -> Account:
        """What Slack says of a user, kept for an hour."""
        kept = self._accounts.get(user)
        if kept and time.monotonic() - kept[0] < PERSON_SECONDS:
            return kept[1]
        found: dict[str, Any] = (await self._client.users_info(user=user))["user"]
        account = Account(
            name=_shown_name(found),
            guest=bool(found.get("is_restricted") or found.get("is_ultra_restricted") or found.get("is_stranger")),
            bot=bool(found.get("is_bot")),
            title=str((found.get("profile") or {}).get("title") or ""),
            closed=bool(found.get("deleted")),
        )
        self._accounts[user] = (time.monotonic(), account)
        return account


class ClosedAccounts:
    """Who left the workspace. Slack takes a message to a closed account without a word, and nobody ever reads it.

    Where Slack does not say in time, what it said last counts: a message is never kept back for want of an answer.
    """

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._closed: frozenset[str] = frozenset()
        self._ask_at = 0.0
        self._asking = asyncio.Lock()

    async def holds(self, user: str) -> bool:
        async with self._asking:
            if time.monotonic() >= self._ask_at:
                self._ask_at = time.monotonic() + CLOSED_AGAIN
                with suppress(*TROUBLE):
                    self._closed = await asyncio.wait_for(self._look(), CLOSED_WAITS)
                    self._ask_at = time.monotonic() + CLOSED_SECONDS
        return user in self._closed

    async def _look(self) -> frozenset[str]:
        found: set[str] = set()
        cursor = ""
        while True:
            page: Any = await self._client.users_list(limit=PEOPLE_A_PAGE, cursor=cursor or None)
            found |= {one["id"] for one in page["members"] if one.get("deleted")}
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return frozenset(found)


def _allowed(session: Session, channel: str) -> set[str] | None:
    """The chat users who may read this channel's unit; None where no unit meets."""
    unit = units.by_channel(session, channel)
    if unit is None:
        return None
    return {person.chat_user for _place, person in people.members(session, unit.id)}
