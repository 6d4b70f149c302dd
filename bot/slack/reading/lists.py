"""A list somebody sends the bot in a direct message: fetched from Slack before the message is handled."""

from __future__ import annotations

from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import log
from bot.sending import sent_lists
from bot.slack.client import TROUBLE
from handlers.turn import Attached

Json = dict[str, Any]

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
            if name.casefold().endswith(sent_lists.ENDINGS):
                if int(file.get("size") or 0) >= sent_lists.MOST:
                    return Attached(name, None, too_large=True)
                return Attached(name, await self._fetched(str(file.get("url_private_download") or "")))
        return None

    async def _fetched(self, address: str) -> bytes | None:
        if not sent_lists.may_go(address, self._client.base_url, SLACK):
            return None
        headers = {"Authorization": f"Bearer {self._client.token}"}
        try:
            return await sent_lists.fetched(self._session, address, PATIENCE, headers=headers, proxy=self._client.proxy)
        except TROUBLE as error:
            self._log.warning("list_not_fetched", reason=type(error).__name__)
            return None
