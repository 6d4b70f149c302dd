"""A list somebody sends the bot in a direct message: fetched from Slack before the message is handled."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import log
from bot.slack.client import TROUBLE
from handlers.turn import Attached

Json = dict[str, Any]

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods")
MOST = 2_000_001
"""Bytes that are fetched: one more than is read, so that a larger file is seen to be too large."""
PATIENCE = 2.0
"""Seconds; Slack waits 3 for the message to be taken."""
SLACK = (".slack.com", ".slack-files.com", ".slack-edge.com", ".slack-gov.com")


class SentLists:
    """Fetches what is sent, with the bot's own token, from Slack's own hosts alone."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self._client, self._session = client, session
        self._log = log("lists")

    async def sent(self, message: Json) -> Attached | None:
        """The first list in a message; its content is None where it could not be fetched. None without a list."""
        for file in message.get("files") or ():
            name = str(file.get("name") or "")
            if name.casefold().endswith(ENDINGS):
                if int(file.get("size") or 0) >= MOST:
                    return Attached(name, None, too_large=True)
                return Attached(name, await self._fetched(str(file.get("url_private_download") or "")))
        return None

    async def _fetched(self, address: str) -> bytes | None:
        if not self._is_slacks(address):
            return None
        headers = {"Authorization": f"Bearer {self._client.token}"}
        try:
            async with (
                asyncio.timeout(PATIENCE),
                self._session.get(address, headers=headers, allow_redirects=False, proxy=self._client.proxy) as found,
            ):
                if found.status != 200 or found.content_type == "text/html":
                    return None
                content = bytearray()
                while len(content) < MOST and (piece := await found.content.read(MOST - len(content))):
                    content += piece
                return bytes(content)
        except TROUBLE as error:
            self._log.warning("list_not_fetched", reason=type(error).__name__)
            return None

    def _is_slacks(self, address: str) -> bool:
        """Whether the token may go there: over TLS to Slack, or wherever the Web API itself is."""
        there, api = urlsplit(address), urlsplit(self._client.base_url)
        if there.netloc and (there.scheme, there.netloc) == (api.scheme, api.netloc):
            return True
        return there.scheme == "https" and f".{there.hostname}".endswith(SLACK)
