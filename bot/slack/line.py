"""The line to Slack: signs in, takes events over a socket of the bot's own or over HTTP, and hangs up cleanly."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import log
from bot.platform import Reply, Request
from bot.settings import Settings
from bot.slack.app import SlackAdapter
from bot.slack.client import NOT_THE_MESSAGE, TROUBLE, is_this_machine, new_client, verdict
from bot.slack.directory import SlackGate
from bot.slack.manifest import PATH
from bot.trouble import CannotStart

PING_SECONDS = 5
"""How often the socket is tried; a line that broke without a word is noticed after this long."""
STAMP = re.compile(r"[0-9]{1,12}\Z")
SIGNATURE = re.compile(r"v0=[0-9a-f]{64}\Z")


class SlackLine:
    """Socket Mode, or signed requests; both lead to the same adapter."""

    path = PATH

    def __init__(
        self,
        settings: Settings,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        adapter: SlackAdapter,
        gate: SlackGate,
    ) -> None:
        self._settings, self._client, self._session = settings, client, session
        self._adapter, self._gate = adapter, gate
        self._socket: Any = None
        self._log = log("line")

    @property
    def busy(self) -> bool:
        """Whether answers are still on their way."""
        return self._adapter.busy

    async def sign_in(self) -> None:
        """Waits until Slack says who the bot is. Raises CannotStart when it refuses the token."""
        while True:
            try:
                self._gate.bot_user = str((await self._client.auth_test())["user_id"])
                return
            except TROUBLE as error:
                found = verdict(error)
                if found.code in NOT_THE_MESSAGE:
                    raise CannotStart(f"Slack refused the bot token ({found.code}). Try: unitbot check") from error
                self._log.warning("slack_not_reached", reason=found.code)
                await asyncio.sleep(max(found.wait, 2))

    async def listen(self, opened: Callable[[], None]) -> None:
        """Opens the socket. Every new connection of it begins with a hello."""

        async def greeted(_client: Any, message: dict[str, Any], _raw: Any = None) -> None:
            if message.get("type") == "hello":
                opened()

        self._socket = AsyncSocketModeHandler(
            self._adapter.app(),
            self._settings.app_token,
            web_client=new_client(self._settings, self._session),
            ping_interval=PING_SECONDS,
        )
        if is_this_machine(self._settings.api_url):
            self._socket.client.proxy = None
        self._socket.client.message_listeners.append(greeted)
        await self._socket.connect_async()

    async def take(self, request: Request) -> Reply:
        """Answers one signed request."""
        if _is_forged(request.headers):
            return Reply(401, b'{"error": "invalid request"}', {"Content-Type": "application/json"})
        try:
            text = request.body.decode("utf-8")
        except UnicodeDecodeError:
            return Reply(400, b"not text", {"Content-Type": "text/plain; charset=utf-8"})
        headers: dict[str, str | Sequence[str]] = {name: list(values) for name, values in request.headers.items()}
        answer = await self._app.async_dispatch(AsyncBoltRequest(body=text, headers=headers))
        return Reply(
            answer.status,
            (answer.body or "").encode(),
            {name.title(): values[0] for name, values in answer.headers.items()},
        )

    @cached_property
    def _app(self) -> AsyncApp:
        return self._adapter.app(self._settings.signing_secret)

    async def hang_up(self) -> None:
        """No more comes in; waits a little for answers on their way."""
        if self._socket is not None:
            with suppress(Exception):
                await self._socket.close_async()
        await self._adapter.close()


def _is_forged(headers: Mapping[str, Sequence[str]]) -> bool:
    """A time or a signature Slack never sends. What is missing is left to the check of the signature itself."""
    stamp, signature = headers.get("x-slack-request-timestamp"), headers.get("x-slack-signature")
    return bool(stamp and not STAMP.match(stamp[0])) or bool(signature and not SIGNATURE.match(signature[0]))
