"""The line to Teams: signs in, takes signed requests over HTTP, and hangs up cleanly."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from bot.logs import log
from bot.platform import Reply, Request
from bot.teams.api import TO_BOTS, TROUBLE, Api, NoToken, verdict
from bot.teams.app import TeamsAdapter
from bot.teams.directory import TeamsGate
from bot.teams.tokens import NotTrusted, TokenCheck
from bot.trouble import CannotStart

PATH = "/api/messages"
"""Where Teams' requests arrive."""
KNOCK_SECONDS, KNOCK_WAITS = 10.0, 3.0
"""How often the bot asks to be let in again, and how long it waits for the answer."""
JSON = {"Content-Type": "application/json; charset=utf-8"}


class TeamsLine:
    """Requests come in; there is no connection of the bot's own."""

    path = PATH

    def __init__(self, api: Api, check: TokenCheck, adapter: TeamsAdapter, gate: TeamsGate) -> None:
        self._api, self._check, self.adapter, self._gate = api, check, adapter, gate
        self._knocked_at = 0.0
        self._log = log("line")

    @property
    def busy(self) -> bool:
        """Whether answers are still on their way."""
        return self.adapter.busy

    async def sign_in(self) -> None:
        """Waits until Microsoft gives the bot a token. Raises CannotStart when it refuses the app."""
        while True:
            try:
                await self._api.token(TO_BOTS)
                await self._gate.forget_all()
                return
            except NoToken as error:
                words = f"Microsoft refused the app's secret ({error.code}). Try: unitbot check"
                raise CannotStart(words) from error
            except TROUBLE as error:
                found = verdict(error)
                self._log.warning("teams_not_reached", reason=found.code)
                await asyncio.sleep(max(found.wait, 2))

    async def shut_out(self) -> str:
        """Microsoft's word for not letting the bot in any more, "" while it does."""
        if self._api.shut_out and time.monotonic() - self._knocked_at >= KNOCK_SECONDS:
            self._knocked_at = time.monotonic()
            with suppress(*TROUBLE):
                async with asyncio.timeout(KNOCK_WAITS):
                    await self._api.token(TO_BOTS, anew=True)
        return self._api.shut_out

    async def listen(self, opened: Callable[[], None]) -> None:
        """Teams reaches the bot by requests alone."""

    async def take(self, request: Request) -> Reply:
        """Answers one signed request. What cannot be trusted hears no more than that."""
        try:
            claims = await self._check.signed(next(iter(request.headers.get("authorization", ())), ""))
            activity = _read(request.body)
            if activity is None:
                return Reply(400)
            self._check.belongs(claims, activity)
        except NotTrusted as refused:
            self._log.warning("not_trusted", reason=refused.reason)
            return Reply(401)
        except TROUBLE as error:
            self._log.warning("keys_not_reached", reason=type(error).__name__)
            return Reply(503)
        status, body = await self.adapter.take(activity)
        return Reply(status) if body is None else Reply(status, json.dumps(body).encode(), JSON)

    async def hang_up(self) -> None:
        """No more comes in; waits a little for answers on their way."""
        await self.adapter.close()


def _read(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
