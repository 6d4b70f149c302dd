"""The line to Slack: signs in, takes events over a socket of the bot's own or over HTTP, and hangs up cleanly."""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.logs import log
from bot.platform import Reply, Request
from bot.settings import Settings
from bot.slack.app import SlackAdapter
from bot.slack.client import NOT_THE_MESSAGE, SHUT_OUT, TROUBLE, SlackClient, is_this_machine, new_client, verdict
from bot.slack.directory import SlackGate
from bot.slack.manifest import PATH
from bot.trouble import CannotStart

PING_SECONDS = 5
"""How often the socket is tried; a line that broke without a word is noticed after this long."""
QUIET_SECONDS = 60.0
"""After so long without a word from Slack, whether it still lets the bot in is not taken for granted."""
KNOCK_SECONDS = 10.0
"""How often the bot asks to be let in again."""
KNOCK_WAITS = 3.0
LASTED_SECONDS, SHORT_ONES, MOST_SECONDS_APART = 5.0, 3, 30.0
"""A connection that is over sooner did not last; after so many of them the next one is not asked for at once."""
STAMP = re.compile(r"[0-9]{1,12}\Z")
SIGNATURE = re.compile(r"v0=[0-9a-f]{64}\Z")


class SlackLine:
    """Socket Mode, or signed requests; both lead to the same adapter."""

    path = PATH

    def __init__(
        self,
        settings: Settings,
        client: SlackClient,
        session: aiohttp.ClientSession,
        adapter: SlackAdapter,
        gate: SlackGate,
    ) -> None:
        self._settings, self._client, self._session = settings, client, session
        self.adapter, self._gate = adapter, gate
        self._socket: Any = None
        self._log = log("line")

    @property
    def busy(self) -> bool:
        """Whether answers are still on their way."""
        return self.adapter.busy

    async def sign_in(self) -> None:
        """Waits until Slack says who the bot is. Raises CannotStart when it refuses the token."""
        while True:
            try:
                self._gate.bot_user = str((await self._client.auth_test())["user_id"])
                await self._gate.forget_all()
                return
            except TROUBLE as error:
                found = verdict(error)
                if found.code in SHUT_OUT | NOT_THE_MESSAGE:
                    raise CannotStart(f"Slack refused the bot token ({found.code}). Try: unitbot check") from error
                self._log.warning("slack_not_reached", reason=found.code)
                await asyncio.sleep(max(found.wait, 2))

    async def shut_out(self) -> str:
        """Slack's word for not letting the bot in any more, "" while it does; asked where nothing was heard lately."""
        patience = KNOCK_SECONDS if self._client.shut_out else QUIET_SECONDS
        if time.monotonic() - self._client.heard_at >= patience:
            with suppress(*TROUBLE):
                async with asyncio.timeout(KNOCK_WAITS):
                    await self._client.auth_test()
        return self._client.shut_out

    async def listen(self, opened: Callable[[], None]) -> None:
        """Opens the socket. Every new connection of it begins with a hello."""

        first = True

        async def greeted(_client: Any, message: dict[str, Any], _raw: Any = None) -> None:
            nonlocal first
            if message.get("type") == "hello":
                if not first:
                    await self._gate.forget_all()
                first = False
                opened()

        self._socket = AsyncSocketModeHandler(
            self.adapter.app(),
            self._settings.app_token,
            web_client=new_client(self._settings, self._session),
            ping_interval=PING_SECONDS,
        )
        if is_this_machine(self._settings.api_url):
            self._socket.client.proxy = None
        self._socket.client.message_listeners.append(greeted)
        self._socket.client.issue_new_wss_url = _paced(self._socket.client.issue_new_wss_url)
        await self._socket.connect_async()
        await self._gate.forget_all()

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
        return self.adapter.app(self._settings.signing_secret)

    async def hang_up(self) -> None:
        """No more comes in; waits a little for answers on their way."""
        if self._socket is not None:
            with suppress(Exception):
                await self._socket.close_async()
        await self.adapter.close()


def _paced(issue: Callable[[], Awaitable[str]]) -> Callable[[], Awaitable[str]]:
    """Asks for the next connection at once, and further and further apart where none of them lasts.

    Slack turns a new one away as soon as it is there while too many are open, and the library comes back without rest.
    """
    issued_at, short = -math.inf, 0

    async def issue_in_time() -> str:
        nonlocal issued_at, short
        short = short + 1 if time.monotonic() - issued_at < LASTED_SECONDS else 0
        if short > SHORT_ONES:
            await asyncio.sleep(min(2.0 ** (short - SHORT_ONES - 1), MOST_SECONDS_APART))
        issued_at = time.monotonic()
        return await issue()

    return issue_in_time


def _is_forged(headers: Mapping[str, Sequence[str]]) -> bool:
    """A time or a signature Slack never sends. What is missing is left to the check of the signature itself."""
    stamp, signature = headers.get("x-slack-request-timestamp"), headers.get("x-slack-signature")
    return bool(stamp and not STAMP.match(stamp[0])) or bool(signature and not SIGNATURE.match(signature[0]))
