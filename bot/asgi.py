"""The same door for an ASGI server of the council's own: `uvicorn bot.asgi:app`. Settings as for `unitbot serve`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from bot import logs
from bot.http import MOST_BYTES, Web
from bot.platform import Reply, Request
from bot.process import belongs_here, platform_of
from bot.settings import Role, read_settings
from prompts_and_forms.unit import feed_address
from storage.database.vault import Vault
from storage.opening import open_database

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def made_from_settings() -> Web:
    """A web process as the environment describes it. Raises SettingsTrouble, CannotStart or DatabaseTrouble."""
    settings = read_settings(role=Role.SERVE)
    logs.set_up(settings.log_level)
    feed_address.use(settings.address)
    db = open_database(settings.database_url, Vault(settings.key))
    belongs_here(settings, db)
    return Web(settings, db, platform_of(settings))


class AsgiApp:
    """Starts the bot with the server and stops it with it."""

    def __init__(self, make: Callable[[], Web] = made_from_settings) -> None:
        self._make = make
        self._web: Web | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await _give(send, await self._answer(scope, receive))

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            self._web = self._make()
            await self._web.start()
        except Exception as trouble:
            await send({"type": "lifespan.startup.failed", "message": str(trouble)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._web.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive) -> Reply:
        if self._web is None:
            return Reply(503)
        headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        body = await _whole(receive)
        return await self._web.door.answer(Request(scope["method"], scope["path"], headers, body))


async def _whole(receive: Receive) -> bytes:
    """The body; one byte more than is allowed is enough to refuse it."""
    parts, size = [], 0
    while size <= MOST_BYTES:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if not message.get("more_body"):
            break
    return b"".join(parts)


async def _give(send: Send, reply: Reply) -> None:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers.items()]
    headers.append((b"content-length", str(len(reply.body)).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


app = AsgiApp()
