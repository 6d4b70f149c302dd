"""`unitbot serve`: Slack's signed requests over HTTP, and /healthz. What is to be posted is left to the workers.

The door speaks no server's language: aiohttp serves it here, and asgi.py for whoever has a server of their own.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.health import Health, look
from bot.logs import where
from bot.runtime import Handle
from bot.service import CannotStart, Service
from bot.settings import Settings
from bot.slack.manifest import PATH
from handlers import routes
from storage.database.db import Database

HEALTH = "/healthz"
MOST_BYTES = 4 * 1024 * 1024
GOODBYE_SECONDS = 5.0


@dataclass(frozen=True)
class Asked:
    """A request, whoever took it in. Header names are in small letters."""

    method: str
    path: str
    headers: Mapping[str, Sequence[str]]
    body: bytes


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Door:
    """Answers requests: Slack's to the app, the caretaker's about health, nothing else."""

    def __init__(self, app: AsyncApp, health: Callable[[], Awaitable[Health]]) -> None:
        self._app, self._health = app, health

    async def answer(self, asked: Asked) -> Reply:
        if asked.path == HEALTH:
            return await self._how_things_are(asked)
        if asked.path != PATH:
            return _words(404, "There is nothing here. Slack's requests go to " + PATH)
        if asked.method != "POST":
            return Reply(405, headers={"Allow": "POST"})
        if len(asked.body) > MOST_BYTES:
            return _words(413, "too large")
        return await self._slack(asked)

    async def _how_things_are(self, asked: Asked) -> Reply:
        if asked.method not in ("GET", "HEAD"):
            return Reply(405, headers={"Allow": "GET, HEAD"})
        health = await self._health()
        body = json.dumps(health.as_json()).encode()
        return Reply(200 if health.ok else 503, body, {"Content-Type": "application/json", "Cache-Control": "no-store"})

    async def _slack(self, asked: Asked) -> Reply:
        try:
            text = asked.body.decode("utf-8")
        except UnicodeDecodeError:
            return _words(400, "not text")
        request = AsyncBoltRequest(body=text, headers={name: list(values) for name, values in asked.headers.items()})
        response = await self._app.async_dispatch(request)
        headers = {name.title(): values[0] for name, values in response.headers.items()}
        return Reply(response.status, (response.body or "").encode(), headers)


class Web(Service):
    """A bot that takes requests. Without an `address` somebody else serves its door."""

    door: Door

    def __init__(
        self,
        settings: Settings,
        db: Database,
        handle: Handle = routes.handle,
        *,
        address: tuple[str, int] | None = None,
    ) -> None:
        super().__init__(settings, db, handle)
        self._address = address
        self._runner: web.AppRunner | None = None

    @property
    def port(self) -> int:
        """Where it listens, also where any free port was asked for."""
        assert self._runner is not None
        return int(self._runner.addresses[0][1])

    async def _connect(self) -> None:
        self.door = Door(self.adapter.app(self._settings.signing_secret), lambda: look(self.runtime))
        if self._address is None:
            return
        app = web.Application(client_max_size=MOST_BYTES + 1)
        app.router.add_route("*", "/{path:.*}", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=GOODBYE_SECONDS)
        await self._runner.setup()
        host, port = self._address
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as taken:
            await self._runner.cleanup()
            raise CannotStart(f"Cannot listen on {host} port {port}. Set PORT to a free one.") from taken
        self._log.info("listening", port=self.port)

    def _work(self) -> None:
        """Catches up once; posting and the clock are the workers' part."""
        self._keep_going(self.heartbeat.run())
        self._soon(self._catch_up())

    async def _disconnect(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        headers = {name.lower(): request.headers.getall(name) for name in set(request.headers)}
        try:
            asked = Asked(request.method, request.path, headers, await request.read())
            reply = await self.door.answer(asked)
        except web.HTTPException:
            raise
        except Exception as error:
            self._log.error("request_failed", where=where(error))
            reply = Reply(500)
        return web.Response(status=reply.status, body=reply.body, headers=dict(reply.headers))


def _words(status: int, text: str) -> Reply:
    return Reply(status, text.encode(), {"Content-Type": "text/plain; charset=utf-8"})
