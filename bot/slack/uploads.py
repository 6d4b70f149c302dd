"""Documents on their way to Slack: drawn, uploaded, shared with one person, and never shared twice.

An upload carries no mark of ours, so its file id is kept as soon as the bytes are there. Whoever tries again asks Slack
first whether that file was shared already.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.documents.asked import Wish, wish
from bot.documents.make import File
from bot.documents.trouble import DocumentTrouble
from bot.runtime import Runtime
from bot.slack.client import code_of
from bot.slack.poster import Poster, TakenOver
from bot.slack.text import escape
from prompts_and_forms.card import card, say
from prompts_and_forms.documents import wording as documents_wording
from storage.database.db import DatabaseTrouble
from storage.messages import delivery
from storage.messages.delivery import Claimed
from storage.messages.posts import find_post, keep_post, lose_post

MARK = "upload:"
"""Before the key of a file: the post that keeps where its bytes lie (`ts` is Slack's file id)."""
NOT_THERE = ("file_not_found", "file_deleted")
NO_FILES = ("file_uploads_disabled", "file_uploads_except_images_disabled", "missing_scope", "not_allowed_token_type")
PLACES = ("ims", "groups", "channels")
UPLOAD_SECONDS = 60.0


class Uploader:
    def __init__(self, client: AsyncWebClient, runtime: Runtime, poster: Poster) -> None:
        self._client, self._runtime, self._poster = client, runtime, poster

    async def send(self, claimed: Claimed) -> None:
        """Brings one document to the person who asked. What cannot be made or sent is said in words instead."""
        try:
            async with lease_kept(self._runtime, claimed):
                await self._send(claimed)
        except DocumentTrouble as trouble:
            await self._say(claimed, trouble.sentence)
        except SlackApiError as error:
            if code_of(error) not in NO_FILES:
                raise
            await self._say(claimed, documents_wording.NO_FILES)

    async def _send(self, claimed: Claimed) -> None:
        channel = await self._poster.direct_channel(claimed.chat_user)
        file_id = await self._uploaded(claimed.key)
        if file_id and await self._is_shared(file_id, channel):
            await self._poster.noted(claimed)
            return
        asked = await self._wish(claimed)
        if asked is None:
            await self._runtime.write(lambda session: delivery.not_wanted(session, claimed))
        elif file_id and await self._share(file_id, channel, asked):
            await self._poster.noted(claimed)
        else:
            await self._send_anew(claimed, channel, asked)

    async def _send_anew(self, claimed: Claimed, channel: str, asked: Wish) -> None:
        made = await asyncio.to_thread(asked.draw)
        file_id = await self._upload(made)
        await self._runtime.write(partial(_keep, key=claimed.key, channel=channel, file_id=file_id))
        if not await _renewed(self._runtime, claimed):
            raise TakenOver
        if not await self._share(file_id, channel, asked):
            raise aiohttp.ClientError("the upload was not there")
        await self._poster.noted(claimed)

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

    async def _say(self, claimed: Claimed, sentence: str) -> None:
        await self._poster.send(claimed, card(documents_wording.NOTICE, say(sentence)))


@asynccontextmanager
async def lease_kept(runtime: Runtime, claimed: Claimed) -> AsyncIterator[None]:
    """Keeps a message with this sender for as long as the work on it takes: a long list outlasts one lease.

    A sender that dies renews nothing, so that another one takes over as soon as for any other message.
    """
    beat = asyncio.create_task(_beat(runtime, claimed))
    try:
        yield
    finally:
        beat.cancel()


async def _beat(runtime: Runtime, claimed: Claimed) -> None:
    ours = True
    while ours:
        await asyncio.sleep(claimed.lease.total_seconds() / 3)
        try:
            ours = await _renewed(runtime, claimed)
        except DatabaseTrouble:
            continue


async def _renewed(runtime: Runtime, claimed: Claimed) -> bool:
    """Takes the lease anew; False where another sender has the message now."""
    return await runtime.write(lambda session: delivery.still_ours(session, claimed, machine=datetime.now(UTC)))


def _keep(session: Session, *, key: str, channel: str, file_id: str) -> None:
    lose_post(session, MARK + key)
    keep_post(session, MARK + key, channel, file_id)
