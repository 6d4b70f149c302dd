"""Documents on their way to Slack: drawn, uploaded, shared with one person, and never shared twice.

An upload carries no mark of ours, so its file id is kept as soon as the bytes are there. Whoever tries again asks Slack
first whether that file was shared already.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.documents.asked import Wish, wish
from bot.documents.make import File
from bot.platform import NotWanted
from bot.runtime import Runtime
from bot.sending.lease import TakenOver, renewed
from bot.slack.client import code_of
from bot.slack.poster import SlackPoster
from bot.slack.text import escape
from prompts_and_forms.card import Card, card, say
from prompts_and_forms.documents import wording as documents_wording
from storage.messages.delivery import Claimed
from storage.messages.posts import find_post, keep_post, lose_post

MARK = "upload:"
"""Before the key of a file: the post that keeps where its bytes lie (`ts` is Slack's file id)."""
NOT_THERE = ("file_not_found", "file_deleted")
NO_FILES = ("file_uploads_disabled", "file_uploads_except_images_disabled", "missing_scope", "not_allowed_token_type")
PLACES = ("ims", "groups", "channels")
UPLOAD_SECONDS = 60.0


class SlackFiles:
    """Documents for one person."""

    def __init__(self, client: AsyncWebClient, runtime: Runtime, poster: SlackPoster) -> None:
        self._client, self._runtime, self._poster = client, runtime, poster

    async def send(self, claimed: Claimed) -> Card | None:
        """Brings one document to the person who asked; answers the words to say where Slack takes no files.

        Raises NotWanted, and DocumentTrouble where it cannot be made.
        """
        try:
            await self._send(claimed)
        except SlackApiError as error:
            if code_of(error) not in NO_FILES:
                raise
            return card(documents_wording.NOTICE, say(documents_wording.NO_FILES))
        return None

    async def _send(self, claimed: Claimed) -> None:
        channel = await self._poster.direct_channel(claimed.chat_user)
        file_id = await self._uploaded(claimed.key)
        if file_id and await self._is_shared(file_id, channel):
            return
        asked = await self._wish(claimed)
        if asked is None:
            raise NotWanted
        if file_id and await self._share(file_id, channel, asked):
            return
        await self._send_anew(claimed, channel, asked)

    async def _send_anew(self, claimed: Claimed, channel: str, asked: Wish) -> None:
        made = await asyncio.to_thread(asked.draw)
        file_id = await self._upload(made)
        await self._runtime.write(partial(_keep, key=claimed.key, channel=channel, file_id=file_id))
        if not await renewed(self._runtime, claimed):
            raise TakenOver
        if not await self._share(file_id, channel, asked):
            raise aiohttp.ClientError("the upload was not there")

    async def _wish(self, claimed: Claimed) -> Wish | None:
        now = self._runtime.clock.now()
        return await self._runtime.read(lambda session: wish(session, claimed.key, now))

    async def _uploaded(self, key: str) -> str:
        """The file id of an earlier try's bytes; empty where there is none."""
        post = await self._runtime.read(lambda session: find_post(session, MARK + key))
        return post.ts if post else ""

    async def _upload(self, made: File) -> str:
        ticket: Any = await self._client.files_getUploadURLExternal(
            filename=made.name, length=len(made.content), alt_txt=made.alt or None
        )
        form = {"Content-Type": "application/octet-stream"}
        limit = aiohttp.ClientTimeout(total=UPLOAD_SECONDS)
        line = {"proxy": self._client.proxy, "ssl": self._client.ssl if self._client.ssl is not None else True}
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.post(ticket["upload_url"], data=made.content, headers=form, **line) as answer,  # type: ignore[arg-type]
        ):
            answer.raise_for_status()
        return str(ticket["file_id"])

    async def _is_shared(self, file_id: str, channel: str) -> bool:
        try:
            found: Any = await self._client.files_info(file=file_id)
        except SlackApiError as error:
            if code_of(error) in NOT_THERE:
                return False
            raise
        file = found["file"]
        shares = file.get("shares") or {}
        return any(channel in (file.get(place) or ()) for place in PLACES) or any(
            channel in kind for kind in shares.values()
        )

    async def _share(self, file_id: str, channel: str, asked: Wish) -> bool:
        """Shows the file to the person; False where Slack has its bytes no more."""
        files: list[dict[str, str | None]] = [{"id": file_id, "title": asked.title}]
        words = escape(documents_wording.comment(asked.title, asked.subject, asked.marking))
        try:
            await self._client.files_completeUploadExternal(files=files, channel_id=channel, initial_comment=words)
        except SlackApiError as error:
            if code_of(error) not in NOT_THERE:
                raise
            return False
        return True


def _keep(session: Session, *, key: str, channel: str, file_id: str) -> None:
    lose_post(session, MARK + key)
    keep_post(session, MARK + key, channel, file_id)
