"""Who is who and where: names of people the bot knows, and whether only the unit reads a channel."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, select

from bot.runtime import PERSON, Runtime
from bot.sending.looks import Looks
from bot.slack.accounts import Accounts, shown_name
from bot.slack.client import TROUBLE, code_of, is_direct, needed_by
from handlers.turn import ChannelMember, ChannelPeople, ChannelTrouble
from storage.database.db import DatabaseTrouble
from storage.database.tables import Person
from storage.messages import channels_seen
from storage.messages.channels_seen import Look, Readers
from storage.unit import people, units

Json = dict[str, Any]

CHANNEL_SECONDS, LOOK_AHEAD_SECONDS = 600.0, 420.0
"""How long a look counts, and after how long it is asked anew while the old answer still counts."""
TROUBLE_SECONDS = 60.0
LOOKS = 3
"""A channel that changes while somebody looks is looked at again, so often."""
MANY_LOOKS, MANY_WITHIN = 8, 10.0
GATHERING = 0.05
CHANNELS_A_PAGE = 200
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

    `trouble` answers "" or one of: public, shared, group, not_in_channel, archived, unknown_member:U1, guest:U1. What
    Slack said is kept in the database for every process: until something about the channel changes, ten minutes at
    most, and one where there is trouble that somebody may be mending. Who is of the unit is looked up each time.
    """

    def __init__(self, client: AsyncWebClient, runtime: Runtime, bot_user: str = "") -> None:
        self._client, self._runtime, self.bot_user = client, runtime, bot_user
        self.accounts = Accounts(client)
        self._looks = Looks()
        self._lately: deque[float] = deque(maxlen=MANY_LOOKS)
        self._asked = 0
        self._listing: asyncio.Task[dict[str, Json]] | None = None
        self._listened_from = datetime.min.replace(tzinfo=UTC)

    def is_direct(self, channel: str) -> bool:
        """Whether a channel is the conversation with one person."""
        return is_direct(channel)

    async def forget(self, channel: str) -> None:
        """The channel is looked at anew the next time, by every process."""
        self._looks.forget(channel)
        await self._runtime.write(lambda session: channels_seen.has_changed(session, channel), priority=PERSON)

    async def forget_all(self) -> None:
        """Nobody listened for a while, so that what happened to a channel may have been missed."""
        self._looks.forget_all()
        self._listened_from = datetime.now(UTC)
        with suppress(DatabaseTrouble):
            await self._runtime.write(channels_seen.all_may_have_changed)

    async def ask(self, channel: str) -> str:
        """The same as `trouble`, asked now and not kept."""
        readers = await self._readers(channel)
        allowed = await self._runtime.read(lambda session: _allowed(session, channel))
        return _trouble(readers, allowed) or readers.trouble

    async def trouble(self, channel: str) -> str:
        """Why no record may be posted there. Raises what a Slack call raises when nobody can tell just now.

        Whoever asks while somebody looks waits for that look; it goes on when they give up, for the next one to know.
        """
        if is_direct(channel):
            return ""
        for _ in range(LOOKS):
            ended = self._looks.ended(channel)
            known, allowed = await self._runtime.read(lambda session: _known(session, channel))
            age = _age(known, self._listened_from)
            if known.readers is not None and age is not None:
                found = _trouble(known.readers, allowed)
                if found is not None and age < (CHANNEL_SECONDS if not found else TROUBLE_SECONDS):
                    if age > LOOK_AHEAD_SECONDS:
                        self._look(channel, known.changes)
                    return found
            if ended == self._looks.ended(channel):
                await asyncio.shield(self._look(channel, known.changes))
        raise TimeoutError

    def _look(self, channel: str, changes: int) -> asyncio.Task[None]:
        return self._looks.begin(channel, lambda: self._look_now(channel, changes))

    async def _look_now(self, channel: str, changes: int) -> None:
        """Asks Slack and keeps the answer, unless the channel has changed meanwhile."""
        at = datetime.now(UTC)
        readers = await self._readers(channel)
        await self._runtime.write(
            lambda session: channels_seen.keep_look(session, channel, changes, readers, at), priority=PERSON
        )

    async def _readers(self, channel: str) -> Readers:
        try:
            info = await self._info(channel)
        except TROUBLE as error:
            if code_of(error) in ("channel_not_found", "not_in_channel"):
                return Readers("not_in_channel")
            if code_of(error) == "missing_scope" and needed_by(error) == GROUP_SCOPE:
                return Readers("group")
            raise
        if info.get("is_im"):
            return Readers()
        trouble = _of_channel(info)
        if trouble:
            return Readers(trouble)
        here = [user for user in await self._members(channel) if user != self.bot_user]
        allowed = await self._runtime.read(lambda session: _allowed(session, channel))
        strangers = [] if allowed is None else [user for user in here if user not in allowed]
        asked = here if allowed is None else [*strangers[:1], *(user for user in here if user in allowed)]
        for user, account in zip(asked, await self.accounts.of(asked), strict=True):
            if account.guest:
                return Readers(f"guest:{user}")
        return Readers(f"unknown_member:{strangers[0]}" if strangers else "", here)

    async def _info(self, channel: str) -> Json:
        """What Slack says of one channel. Where many are asked about, one question is asked for all, every other time:
        each of the two questions has its own number a minute."""
        moment = time.monotonic()
        many = len(self._lately) == MANY_LOOKS and moment - self._lately[0] < MANY_WITHIN
        self._lately.append(moment)
        self._asked += 1
        if many and (self._asked % 2 or self._listing is not None):
            if self._listing is None:
                self._listing = asyncio.create_task(self._list())
            with suppress(*TROUBLE):
                found = (await asyncio.shield(self._listing)).get(channel)
                if found is not None and "is_private" in found:
                    return found
        answer: Any = await self._client.conversations_info(channel=channel)
        return dict(answer["channel"])

    async def _list(self) -> dict[str, Json]:
        """Every channel the bot is in. Whoever asks after this has begun waits for the next one."""
        await asyncio.sleep(GATHERING)
        self._listing = None
        found: dict[str, Json] = {}
        cursor = ""
        while True:
            page: Any = await self._client.users_conversations(
                types="private_channel,public_channel", limit=CHANNELS_A_PAGE, cursor=cursor or None
            )
            found |= {str(one["id"]): one for one in page["channels"]}
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found

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
        await self.forget(channel)
        if await self.trouble(channel):
            return None
        info: Any = await self._client.conversations_info(channel=channel)
        here = [user for user in await self._members(channel) if user != self.bot_user]
        accounts = zip(here, await self.accounts.of(here), strict=True)
        members = [ChannelMember(user, it.name or user, it.title, it.bot) for user, it in accounts if not it.closed]
        return ChannelPeople(info["channel"].get("name", ""), tuple(members))


def _known(session: Session, channel: str) -> tuple[Look, set[str] | None]:
    return channels_seen.last_look(session, channel), _allowed(session, channel)


def _age(look: Look, listened_from: datetime) -> float | None:
    """Seconds since the look; None where it does not count, as one from the future or before nobody listened."""
    if look.at is None or look.at < listened_from:
        return None
    age = (datetime.now(UTC) - look.at).total_seconds()
    return age if age > -TROUBLE_SECONDS else None


def _of_channel(info: Json) -> str:
    """What is wrong with a channel itself."""
    if info.get("is_mpim"):
        return "group"
    if any(info.get(flag) for flag in SHARED):
        return "shared"
    if not info.get("is_private"):
        return "public"
    if info.get("is_archived"):
        return "archived"
    return "" if info.get("is_member", True) else "not_in_channel"


def _trouble(readers: Readers, allowed: set[str] | None) -> str | None:
    """What is wrong with a channel and with who is in it; None where the stranger of that look is of the unit now."""
    known = ChannelTrouble.read(readers.trouble)
    if known is not None and known.code == "unknown_member" and allowed is not None and known.user in allowed:
        return None
    if readers.trouble or allowed is None:
        return readers.trouble
    stranger = next((user for user in readers.members if user not in allowed), "")
    return f"unknown_member:{stranger}" if stranger else ""


def _allowed(session: Session, channel: str) -> set[str] | None:
    """The chat users who may read this channel's unit; None where no unit meets."""
    unit = units.by_channel(session, channel)
    if unit is None:
        return None
    return {person.chat_user for _place, person in people.members(session, unit.id)}
