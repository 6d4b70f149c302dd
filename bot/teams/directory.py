"""Whether only the unit reads a channel, as Microsoft Graph says, and who is in it. What cannot be told is no yes."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from bot.runtime import PERSON, Runtime
from bot.sending.looks import Looks
from bot.teams.api import Api, TeamsTrouble, part
from bot.teams.places import Places
from bot.teams.reading.events import is_direct, person_of
from handlers.turn import ChannelMember, ChannelPeople
from storage.database.db import DatabaseTrouble
from storage.messages import channels_seen
from storage.messages.channels_seen import Look, Readers
from storage.unit import people, units

Json = dict[str, Any]

SECONDS = 60.0
"""How long a look counts: not every change of a team is told to the bot."""
LOOKS = 3
GROUP_CHAT = ("@thread.v2", "@thread.skype")


class TeamsGate:
    """A standard channel of a private team, not shared, and everybody in it of the tenant, known and of the unit."""

    def __init__(self, api: Api, runtime: Runtime, places: Places) -> None:
        self._api, self._runtime, self._places = api, runtime, places
        self._looks = Looks()
        self._names: dict[str, str] = {}

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
        with suppress(DatabaseTrouble):
            await self._runtime.write(channels_seen.all_may_have_changed)

    async def trouble(self, channel: str) -> str:
        """Why no record may be posted there. Raises what a call raises when nobody can tell just now."""
        if is_direct(channel):
            return ""
        for _ in range(LOOKS):
            ended = self._looks.ended(channel)
            known, allowed = await self._runtime.read(lambda session: _known(session, channel))
            if known.readers is not None and known.at is not None:
                age = (datetime.now(UTC) - known.at).total_seconds()
                found = _with(known.readers, allowed)
                if found is not None and -SECONDS < age < SECONDS:
                    return found
            if ended == self._looks.ended(channel):
                await asyncio.shield(self._look(channel, known.changes))
        raise TimeoutError

    async def ask(self, channel: str) -> str:
        """The same as `trouble`, asked now and not kept."""
        readers = await self._readers(channel)
        allowed = await self._runtime.read(lambda session: _allowed(session, channel))
        found = _with(readers, allowed)
        return readers.trouble if found is None else found

    def _look(self, channel: str, changes: int) -> asyncio.Task[None]:
        return self._looks.begin(channel, lambda: self._look_now(channel, changes))

    async def _look_now(self, channel: str, changes: int) -> None:
        at = datetime.now(UTC)
        readers = await self._readers(channel)
        await self._runtime.write(
            lambda session: channels_seen.keep_look(session, channel, changes, readers, at), priority=PERSON
        )

    async def _readers(self, channel: str) -> Readers:
        """What Graph says of a channel now."""
        if channel.endswith(GROUP_CHAT):
            return Readers("group")
        where = await self._places.of(channel)
        if where is None or not where.team:
            return Readers("not_in_channel")
        try:
            trouble = await self._of_channel(where.team, channel)
            members = [] if trouble else await self._members(where.team, channel)
        except TeamsTrouble as error:
            if error.status == 404:
                return Readers("not_in_channel")
            if error.status == 403:
                return Readers("no_consent")
            raise
        if trouble:
            return Readers(trouble)
        for one in members:
            if self._is_stranger(one):
                return Readers(f"guest:{user_of(one)}")
        return Readers("", [user_of(one) for one in members])

    async def _of_channel(self, team: str, channel: str) -> str:
        """What is wrong with the channel itself, or with its team."""
        about, over = await asyncio.gather(
            self._api.graph(f"teams/{part(team)}/channels/{part(channel)}"), self._api.graph(f"teams/{part(team)}")
        )
        kind = str(about.get("membershipType") or "").lower()
        if kind == "private":
            return "" if self._api.settings.private_channels else "private_channel"
        if kind != "standard":
            return "shared"
        if str(over.get("visibility") or "").lower() != "private":
            return "public_team"
        return "archived" if over.get("isArchived") or about.get("isArchived") else ""

    async def _members(self, team: str, channel: str) -> list[Json]:
        path = f"teams/{part(team)}/channels/{part(channel)}/members"
        found = [one async for one in self._api.listed(path)]
        self._names |= {user_of(one): str(one.get("displayName") or "") for one in found}
        return found

    def _is_stranger(self, member: Json) -> bool:
        """A guest, or somebody of another tenant; also who has no account that could be told."""
        tenant = str(member.get("tenantId") or self._api.settings.tenant).lower()
        return "guest" in (member.get("roles") or ()) or tenant != self._api.settings.tenant or not user_of(member)

    async def people_of(self, channel: str, ids: list[str]) -> list[str]:
        """Who is meant by the ids a mention carries, which are Teams' own."""
        service_url = await self._places.service_url(channel)
        found = []
        for one in ids:
            member = await self._api.bots("GET", service_url, f"conversations/{part(channel)}/members/{part(one)}")
            found.append(person_of(member))
        return [person for person in found if person]

    async def name_of(self, chat_user: str) -> str:
        """What Teams calls somebody who is, or was, in a channel that was looked at."""
        return self._names.get(chat_user, "")

    async def has_left(self, chat_user: str) -> bool:
        """Nobody asks the directory of the tenant: a message to a closed account is refused by Teams itself."""
        return False

    async def newcomers(self, channel: str) -> ChannelPeople | None:
        """Who is in a channel that no unit meets in yet, asked anew; None for every other channel."""
        met = await self._runtime.read(lambda session: units.by_channel(session, channel) is not None)
        if met:
            return None
        await self.forget(channel)
        where = await self._places.of(channel)
        if await self.trouble(channel) or where is None:
            return None
        about = await self._api.graph(f"teams/{part(where.team)}/channels/{part(channel)}")
        found = await self._members(where.team, channel)
        members = [ChannelMember(user_of(one), str(one.get("displayName") or user_of(one))) for one in found]
        return ChannelPeople(str(about.get("displayName") or ""), tuple(members))


def user_of(member: Json) -> str:
    """A member's id in the directory of the tenant."""
    return str(member.get("userId") or "").lower()


def _known(session: Session, channel: str) -> tuple[Look, set[str] | None]:
    return channels_seen.last_look(session, channel), _allowed(session, channel)


def _with(readers: Readers, allowed: set[str] | None) -> str | None:
    """What is wrong with a channel and with who is in it, as the unit is now."""
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
