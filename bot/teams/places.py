"""Where people and channels are reached: noted as it comes in, and found again after a start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from bot.runtime import PERSON, Runtime
from bot.teams.api import Api, part
from bot.teams.reading.events import is_direct, person_of, place_of
from storage.messages import addresses

Json = dict[str, Any]


@dataclass(frozen=True)
class Where:
    """A conversation, the connector that serves it, and for a channel the group its team is."""

    conversation: str
    service_url: str
    team: str = ""


class Places:
    """By chat user and by channel; what is known is kept in memory too."""

    def __init__(self, runtime: Runtime, api: Api) -> None:
        self._runtime, self._api = runtime, api
        self._known: dict[str, Where] = {}
        self._groups: dict[str, str] = {}
        self._service_url = ""

    async def note(self, activity: Json) -> None:
        """Notes where an activity came from, where that is new."""
        place, service_url = place_of(activity), str(activity.get("serviceUrl") or "")
        if not place.channel or not service_url:
            return
        self._service_url = service_url
        if place.direct:
            person = person_of(activity.get("from"))
            if person:
                await self._keep(person, Where(place.channel, service_url))
        elif place.kind == "channel":
            await self._keep(place.channel, Where(place.channel, service_url, await self._group(activity)))

    async def note_channel(self, channel: str, like: Json) -> None:
        """Notes a channel that an activity of its team names."""
        group = await self._group(like)
        await self._keep(channel, Where(channel, str(like.get("serviceUrl") or ""), group))

    async def _group(self, activity: Json) -> str:
        """The directory's id of the team an activity comes from; it is asked for where it is not said."""
        more = activity.get("channelData")
        team = more.get("team") if isinstance(more, dict) else None
        team = team if isinstance(team, dict) else {}
        if team.get("aadGroupId"):
            return str(team["aadGroupId"])
        thread = str(team.get("id") or "")
        if not thread:
            known = self._known.get(place_of(activity).channel)
            return known.team if known else ""
        if thread not in self._groups:
            found = await self._api.bots("GET", str(activity["serviceUrl"]), f"teams/{part(thread)}")
            self._groups[thread] = str(found.get("aadGroupId") or "")
        return self._groups[thread]

    async def _keep(self, who: str, where: Where) -> None:
        if self._known.get(who) == where:
            return
        known = await self.of(who)
        if known is not None and not where.team and known.team:
            where = Where(where.conversation, where.service_url, known.team)
        if known != where:
            await self._runtime.write(
                lambda session: addresses.keep_address(session, who, where.conversation, where.service_url, where.team),
                priority=PERSON,
            )
        self._known[who] = where

    async def of(self, who: str) -> Where | None:
        """Where a chat user or a channel is reached; None where nothing ever came from there."""
        if who not in self._known:
            row = await self._runtime.read(lambda session: _where(session, who))
            if row is None:
                return None
            self._known[who] = row
        return self._known[who]

    async def service_url(self, conversation: str = "") -> str:
        """The connector of a conversation; for a chat it is that of the tenant, as it was told last."""
        if conversation and not is_direct(conversation):
            where = await self.of(conversation)
            if where is not None:
                return where.service_url
        if not self._service_url:
            self._service_url = await self._runtime.read(addresses.a_service_url) or self._api.settings.service_url
        return self._service_url

    async def conversation_with(self, chat_user: str) -> str:
        """The chat with one person, opened where there is none."""
        where = await self.of(chat_user)
        if where is not None:
            return where.conversation
        service_url = await self.service_url()
        settings = self._api.settings
        body = {"members": [{"id": chat_user}], "tenantId": settings.tenant, "bot": {"id": f"28:{settings.app_id}"}}
        found = await self._api.bots("POST", service_url, "conversations", body | {"isGroup": False})
        await self._keep(chat_user, Where(str(found["id"]), service_url))
        return str(found["id"])

    async def channels_of(self, team: str) -> list[str]:
        """The channels of a team that something ever came from."""
        return await self._runtime.read(lambda session: addresses.channels_of(session, team)) if team else []


def _where(session: Session, who: str) -> Where | None:
    row = addresses.address_of(session, who)
    return Where(row.conversation_id, row.service_url, row.team_id) if row is not None else None
