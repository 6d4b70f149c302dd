"""Documents on their way to one person: Teams asks them first, then the file goes to their own drive.

The question names the document by its key alone. The file is drawn when they say yes, from the record as it is then,
and only for the person it was made for. Lists that somebody sends the bot are fetched here too.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import aiohttp

from bot.documents.asked import Wish, wish
from bot.documents.make import File
from bot.documents.trouble import DocumentTrouble
from bot.logs import log
from bot.platform import Address, NotWanted, Page
from bot.runtime import Runtime
from bot.sending import sent_lists
from bot.teams.api import TROUBLE, verdict
from bot.teams.poster import TeamsPoster
from bot.teams.reading.events import person_of, place_of
from bot.teams.setting_up.config import TeamsSettings
from handlers.documents import read_key
from handlers.turn import Attached, Event
from prompts_and_forms.card import Card, card, say
from prompts_and_forms.documents import wording as documents_wording
from storage.messages.delivery import Claimed
from storage.unit import people

Json = dict[str, Any]

CONSENT, INFO = "application/vnd.microsoft.teams.card.file.consent", "application/vnd.microsoft.teams.card.file.info"
DOWNLOAD = "application/vnd.microsoft.teams.file.download.info"
FETCH_SECONDS, UPLOAD_SECONDS = 5.0, 60.0
REDIRECTS = 300
"""From here on the answer says that the file should go somewhere else: it does not."""
DRIVES = (".sharepoint.com", ".sharepoint-df.com", ".1drv.com")
NOT_BROUGHT = "“{title}” could not be brought to your files. Nothing is lost: please ask for it again."


class TeamsFiles:
    """Documents for one person."""

    def __init__(
        self, settings: TeamsSettings, session: aiohttp.ClientSession, runtime: Runtime, poster: TeamsPoster
    ) -> None:
        self._settings, self._session = settings, session
        self._runtime, self._poster = runtime, poster
        self._log = log("files")

    async def send(self, claimed: Claimed) -> Card | None:
        """Asks the person whether the document may come. Raises NotWanted, DocumentTrouble, and what a call raises."""
        asked = await self._wish(claimed.key)
        if asked is None:
            raise NotWanted
        made = await asyncio.to_thread(asked.draw)
        channel = await self._poster.direct_channel(claimed.chat_user)
        await self._poster.post(Address(channel), _question(claimed.key, asked, made), "")
        return None

    async def _wish(self, key: str) -> Wish | None:
        now = self._runtime.clock.now()
        return await self._runtime.read(lambda session: wish(session, key, now))

    async def answered(self, activity: Json) -> None:
        """What somebody said to the question: yes, and the file is brought; otherwise the question goes."""
        value, place, person = _dict(activity.get("value")), place_of(activity), person_of(activity.get("from"))
        key, upload = str(_dict(value.get("context")).get("document") or ""), _dict(value.get("uploadInfo"))
        if not place.direct or not await self._is_theirs(key, person):
            return
        if value.get("action") == "accept":
            try:
                page = await self._brought(key, upload)
            except DocumentTrouble as trouble:
                page = self._words(trouble.sentence)
            except TROUBLE as error:
                self._log.warning("not_brought", reason=verdict(error).code)
                page = self._words(NOT_BROUGHT.format(title=str(upload.get("name") or documents_wording.NOTICE)))
            await self._poster.post(Address(place.channel), page, "")
        if activity.get("replyToId"):
            await self._poster.remove(place.channel, str(activity["replyToId"]))

    async def _is_theirs(self, key: str, person: str) -> bool:
        """Whether that document was made for this person."""
        asked = read_key(key) if key else None
        known = await self._runtime.read(lambda session: people.by_chat_user(session, person)) if person else None
        return asked is not None and known is not None and asked.person_id == known.id

    async def _brought(self, key: str, upload: Json) -> Page:
        asked = await self._wish(key)
        if asked is None:
            return self._words(documents_wording.GONE)
        made = await asyncio.to_thread(asked.draw)
        await self._upload(str(upload.get("uploadUrl") or ""), made)
        content = {"uniqueId": upload.get("uniqueId"), "fileType": upload.get("fileType")}
        return {
            "type": "message",
            "summary": documents_wording.NOTICE,
            "attachments": [
                {"contentType": INFO, "contentUrl": upload.get("contentUrl"), "name": made.name, "content": content}
            ],
        }

    async def _upload(self, address: str, made: File) -> None:
        if not self._is_a_drive(address):
            raise aiohttp.ClientError("not a drive of Microsoft's")
        size = len(made.content)
        headers = {"Content-Range": f"bytes 0-{size - 1}/{size}", "Content-Type": "application/octet-stream"}
        limit = aiohttp.ClientTimeout(total=UPLOAD_SECONDS)
        put = self._session.put(address, data=made.content, headers=headers, timeout=limit, allow_redirects=False)
        async with put as answer:
            answer.raise_for_status()
            if answer.status >= REDIRECTS:
                raise aiohttp.ClientError("sent elsewhere")

    def _words(self, sentence: str) -> Page:
        return self._poster.pages(card(documents_wording.NOTICE, say(sentence)))[0]

    # ---- what somebody sends

    async def with_list(self, event: Event, activity: Json) -> Event:
        """With the list that came with a message in somebody's own chat, where there is one."""
        for one in activity.get("attachments") or ():
            name = str(_dict(one).get("name") or "")
            if _dict(one).get("contentType") == DOWNLOAD and name.casefold().endswith(sent_lists.ENDINGS):
                found = await self._fetched(str(_dict(one.get("content")).get("downloadUrl") or ""))
                too_large = found is not None and len(found) >= sent_lists.MOST
                return replace(event, name="list", attached=Attached(name, None if too_large else found, too_large))
        return event

    async def _fetched(self, address: str) -> bytes | None:
        if not self._is_a_drive(address):
            return None
        try:
            return await sent_lists.fetched(self._session, address, FETCH_SECONDS)
        except TROUBLE as error:
            self._log.warning("list_not_fetched", reason=type(error).__name__)
            return None

    def _is_a_drive(self, address: str) -> bool:
        """A drive of Microsoft's, or where the connector itself is."""
        return sent_lists.may_go(address, self._settings.service_url, DRIVES)


def _question(key: str, asked: Wish, made: File) -> Page:
    """Teams' own card that asks whether a file may come."""
    content = {
        "description": documents_wording.comment(asked.title, asked.subject, asked.marking),
        "sizeInBytes": len(made.content),
        "acceptContext": {"document": key},
        "declineContext": {"document": key},
    }
    consent = {"contentType": CONSENT, "name": made.name, "content": content}
    return {"type": "message", "summary": documents_wording.NOTICE, "attachments": [consent]}


def _dict(found: Any) -> Json:
    return found if isinstance(found, dict) else {}
