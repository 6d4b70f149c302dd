"""`unitbot serve`: the platform's requests over HTTP, and /healthz. What is to be posted is left to the workers.

The door speaks no server's language: aiohttp serves it here, and asgi.py for whoever has a server of their own.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web
from sqlmodel import Session

from bot.health import Health, look
from bot.logs import where
from bot.platform import Line, MakePlatform, Reply, Request
from bot.runtime import Handle
from bot.service import Service
from bot.settings import Settings
from bot.trouble import CannotStart
from handlers import routes
from prompts_and_forms.days import ics
from prompts_and_forms.unit import calendar_wording, feed_address
from storage.database.db import Database
from storage.unit import calendar

HEALTH = "/healthz"
Feed = Callable[[str], Awaitable[str | None]]
"""The calendar a token opens, None for none."""
MOST_BYTES = 4 * 1024 * 1024
GOODBYE_SECONDS = 5.0
PATIENCE_SECONDS = 10.0
"""A request that has not arrived as a whole by then is not waited for; nor is the next one on an open line."""
MOST_CONNECTIONS = 500
"""Open at once. A line more is closed as it comes; Slack tries again, and a proxy in front keeps its own count."""
LINGER_SECONDS = 1.0
"""How long the rest of a refused request is still read, so that its sender hears the refusal."""


class Door:
    """Answers requests: the platform's to its line, the caretaker's about health, nothing else."""

    def __init__(self, line: Line, health: Callable[[], Awaitable[Health]], feed: Feed | None = None) -> None:
        self._line, self._health, self._feed = line, health, feed

    async def answer(self, asked: Request) -> Reply:
        """The reply to one request."""
        if asked.path == HEALTH:
            return await self._how_things_are(asked)
        if self._feed is not None and (token := feed_address.token_in(asked.path)):
            return await self._calendar(asked, token, self._feed)
        if asked.path != self._line.path:
            return _words(404, "There is nothing here. Requests go to " + self._line.path)
        if asked.method != "POST":
            return Reply(405, headers={"Allow": "POST"})
        if len(asked.body) > MOST_BYTES:
            return _words(413, "too large")
        return await self._line.take(asked)

    async def _calendar(self, asked: Request, token: str, feed: Feed) -> Reply:
        """Somebody's calendar by its private address; one that is withdrawn is answered like one that never was."""
        if asked.method not in ("GET", "HEAD"):
            return Reply(405, headers={"Allow": "GET, HEAD"})
        text = await feed(token)
        if text is None:
            return _words(404, "There is no calendar here.")
        headers = {"Content-Type": "text/calendar; charset=utf-8", "Cache-Control": "private, no-store"}
        return Reply(200, text.encode(), headers | {"X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"})

    async def _how_things_are(self, asked: Request) -> Reply:
        if asked.method not in ("GET", "HEAD"):
            return Reply(405, headers={"Allow": "GET, HEAD"})
        health = await self._health()
        body = json.dumps(health.as_json()).encode()
        return Reply(200 if health.ok else 503, body, {"Content-Type": "application/json", "Cache-Control": "no-store"})


def _calendar_of(session: Session, token: str, now: datetime) -> str | None:
    person_id = calendar.whose(session, token)
    if person_id is None:
        return None
    return ics.calendar(calendar_wording.NAME, calendar.entries(session, person_id, now), now)


class Web(Service):
    """A bot that takes requests. Without an `address` somebody else serves its door.

    `whole`: it also posts and keeps the clock, so that it needs no workers beside it.
    """

    door: Door

    def __init__(
        self,
        settings: Settings,
        db: Database,
        platform: MakePlatform,
        handle: Handle = routes.handle,
        *,
        address: tuple[str, int] | None = None,
        whole: bool = False,
        patience: float = PATIENCE_SECONDS,
        most_connections: int = MOST_CONNECTIONS,
    ) -> None:
        super().__init__(settings, db, platform, handle)
        self._address, self._whole = address, whole
        self._patience, self._most_connections = patience, most_connections
        self._runner: web.AppRunner | None = None
        self._listener: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """Where it listens, also where any free port was asked for."""
        assert self._listener is not None
        return int(self._listener.sockets[0].getsockname()[1])

    async def _connect(self) -> None:
        self.door = Door(self.platform.line, lambda: look(self.runtime, self.platform.line), self._calendar)
        if self._address is None:
            return
        app = web.Application(client_max_size=MOST_BYTES + 1)
        app.router.add_route("*", "/{path:.*}", self._take)
        self._runner = web.AppRunner(
            app,
            access_log=None,
            shutdown_timeout=GOODBYE_SECONDS,
            keepalive_timeout=self._patience,
            lingering_time=LINGER_SECONDS,
        )
        await self._runner.setup()
        host, port = self._address
        try:
            self._listener = await asyncio.get_running_loop().create_server(self._admit, host, port)
        except OSError as taken:
            await self._runner.cleanup()
            raise CannotStart(f"Cannot listen on {host} port {port}. Set PORT to a free one.") from taken
        self._log.info("listening", port=self.port)

    async def _calendar(self, token: str) -> str | None:
        """What a private calendar address is answered with."""
        now = self.clock.now()
        return await self.runtime.read(lambda session: _calendar_of(session, token, now))

    def _work(self) -> None:
        """Catches up once; posting and the clock are the workers' part, where there are any."""
        if self._whole:
            super()._work()
        else:
            self._keep_going(self.heartbeat.run())
        self._soon(self._catch_up())

    def _admit(self) -> asyncio.Protocol:
        """Whoever talks on a new line: nobody, where too many are open."""
        assert self._runner is not None
        server = self._runner.server
        assert server is not None
        return server() if len(server.connections) < self._most_connections else _Full()

    async def _disconnect(self) -> None:
        if self._listener is not None:
            self._listener.close()
        if self._runner is not None:
            await self._runner.cleanup()
        await super()._disconnect()

    async def _take(self, request: web.Request) -> web.Response:
        headers = {name.lower(): request.headers.getall(name) for name in set(request.headers)}
        try:
            body = await asyncio.wait_for(request.read(), self._patience)
            reply = await self.door.answer(Request(request.method, request.path, headers, body))
        except web.HTTPException:
            raise
        except TimeoutError:
            late = web.Response(status=408)
            late.force_close()
            return late
        except Exception as error:
            self._log.error("request_failed", where=where(error))
            reply = Reply(500)
        return web.Response(status=reply.status, body=reply.body, headers=dict(reply.headers))


class _Full(asyncio.Protocol):
    """Hangs up at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


def _words(status: int, text: str) -> Reply:
    return Reply(status, text.encode(), {"Content-Type": "text/plain; charset=utf-8"})
