"""The page of a practice workspace: what guards it, whichever platform is practised."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

PAGE = Path(__file__).parent / "page"
OUR_HOSTS = ("127.0.0.1", "localhost", "[::1]", "::1")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guard(app: web.Application) -> None:
    """Nothing of the page grows stale in a browser, and no other page shows it inside itself."""
    app.on_response_prepare.append(_never_stale)
    app.on_response_prepare.append(_never_framed)


async def _never_stale(request: web.Request, response: web.StreamResponse) -> None:
    """The browser asks each time whether a part of the page has changed, so an upgrade shows at once."""
    if request.path.startswith("/page/"):
        response.headers["Cache-Control"] = "no-cache"


async def _never_framed(request: web.Request, response: web.StreamResponse) -> None:
    """No other page may show this one inside itself and lead somebody's clicks."""
    response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
    response.headers["X-Frame-Options"] = "DENY"


@web.middleware
async def asked_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Another web page in the same browser must not be able to act in the practice workspace."""
    origin = request.headers.get("Origin")
    foreign_page = origin is not None and urlsplit(origin).netloc != request.host
    if foreign_page or _host_of(request) not in OUR_HOSTS:
        return web.json_response(
            {"error": "foreign_origin", "message": "The practice workspace answers its own page only."}, status=403
        )
    return await handler(request)


def _host_of(request: web.Request) -> str | None:
    try:
        return urlsplit(f"//{request.host}").hostname
    except ValueError:
        return None
