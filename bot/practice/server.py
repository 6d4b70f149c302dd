"""One server on the loopback address: Web API, Socket Mode, response URLs, files, seats and the page."""

import asyncio
import json
from itertools import cycle
from pathlib import Path
from time import perf_counter

from aiohttp import web

from bot.practice.config import WorkspaceConfig
from bot.practice.guide.guided import Guided, unit_moment
from bot.practice.live import Live
from bot.practice.our_own_page import PAGE, asked_from_here, guard
from bot.practice.seat_requests import asked, posted
from bot.practice.seats import Seats
from bot.practice.slack.api.files import Files
from bot.practice.slack.faults import Faults
from bot.practice.slack.interactions import Interactions
from bot.practice.slack.ledger import Ledger
from bot.practice.slack.limits import limits
from bot.practice.slack.links import Links
from bot.practice.slack.modals import Modals
from bot.practice.slack.refusal import Refusal
from bot.practice.slack.sockets import Sockets
from bot.practice.slack.store import Store
from bot.practice.slack.webapi import WebApi, hang_up
from bot.practice.slack.workspace import Workspace

PNG = b"\x89PNG\r\n\x1a\n"
"""How a picture begins that the page shows. Everything else is only handed over."""
TAKEN = (("ok", "text/html"), ("", "text/html"), ('{"ok":true}', "application/json"))
"""What Slack says when it has taken an answer to a response_url: each of these has been seen, and none is promised."""
REFUSED = {"expired_url": 200, "used_url": 404}
"""How a refusal comes back: a late answer has been seen with 200 and `ok` false, a spent address with 404."""


class PracticeServer:
    """Everything together. `start` answers the address; `close` leaves nothing running."""

    def __init__(self, workspace: Workspace, clock_file: Path | None = None) -> None:
        self.workspace = workspace
        self.ledger = Ledger()
        self.faults = Faults()
        self.live = Live(workspace)
        self.modals = Modals(workspace)
        self.links = Links(workspace)
        self.files = Files(workspace)
        self.sockets = Sockets(workspace, self.ledger, self.faults)
        self.interactions = Interactions(workspace, self.modals, self.links, self.sockets, self.ledger)
        self.api = WebApi(workspace, self.modals, self.files, self.sockets, self.ledger, self.faults)
        self.seats = Seats(
            workspace,
            self.modals,
            self.files,
            self.interactions,
            self.sockets,
            self.ledger,
            self.faults,
            self.live,
            clock_file,
        )
        self.guided = Guided(
            workspace,
            self.modals,
            interactions=self.interactions,
            now=lambda: unit_moment(workspace, self.seats.offset_seconds),
            address=lambda: self.base_url,
        )
        self.base_url = ""
        self._taken = cycle(TAKEN)
        self._runner: web.AppRunner | None = None
        workspace.event_sinks.append(self.sockets.deliver)
        limits()

    def app(self) -> web.Application:
        """Every address of the workspace: Slack's, the seats' and the page's."""
        app = web.Application(middlewares=[asked_from_here], client_max_size=64 * 1024 * 1024)
        app.add_routes(self.seats.routes())
        app.add_routes(
            [web.get("/seat/guide", asked(self.guided.show)), web.post("/seat/guide", posted(self.guided.act))]
        )
        app.add_routes(
            [
                web.route("*", "/api/{method:.+}", self.api.handle),
                web.get("/link/", self._socket),
                web.post("/response/{path:.+}", self._response_url),
                web.post("/upload/v1/{ticket}", self._upload),
                web.get("/files/{file}/{name}", self._file),
                web.get("/seat/settled", self._settled),
                web.get("/seat/changed", self._changed),
                web.get("/", self._page),
            ]
        )
        if PAGE.is_dir():
            app.router.add_static("/page/static", PAGE, append_version=False)
        guard(app)
        app.on_shutdown.append(self._shutting_down)
        return app

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Serves until `close`; answers the address, with the port that was free when 0 was asked for."""
        self._runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        try:
            await site.start()
        except OSError:
            await self._runner.cleanup()
            raise
        taken = self._runner.addresses[0][1]
        self.base_url = f"http://{host}:{taken}"
        self.interactions.base_url = self.base_url
        return self.base_url

    async def close(self) -> None:
        """Ends the server, its connections and its store."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        self.workspace.store.close()

    async def settled(self, patience: float = 20.0, quiet: float = 0.0) -> bool:
        """True as soon as nothing is unacknowledged and no call has been in progress for `quiet` seconds.

        False when nothing has moved for `patience` seconds: no call, no acknowledgement, nothing new to see.
        """
        calm_since: float | None = None
        moved, moved_at = self.moves(), perf_counter()
        while perf_counter() - moved_at < patience:
            if self.sockets.unacknowledged or self.api.in_flight:
                calm_since = None
            else:
                calm_since = calm_since or perf_counter()
                if perf_counter() - calm_since >= quiet:
                    return True
            if moved != (moved := self.moves()):
                moved_at = perf_counter()
            await asyncio.sleep(0.002)
        return False

    def moves(self) -> tuple[int, ...]:
        """Numbers that change whenever something goes on."""
        return self.ledger.counted_calls, self.ledger.counted_acks, self.live.seq, self.api.in_flight

    async def _shutting_down(self, app: web.Application) -> None:
        self.live.close()
        await self.sockets.close()

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if self.faults.down:
            return hang_up(request)
        return await self.sockets.handle(request)

    async def _response_url(self, request: web.Request) -> web.StreamResponse:
        try:
            body = json.loads(await request.text())
            if not isinstance(body, dict):
                raise Refusal("invalid_payload")
            ordered = self.faults.error("response_url") or self.faults.error_of_blocks(body.get("blocks"))
            if ordered:
                raise Refusal(ordered)
            self.links.answer(request.match_info["path"], body)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
        except Refusal as refusal:
            self.ledger.call("response_url", {}, refusal.body)
            return web.json_response(refusal.body, status=REFUSED.get(refusal.code, 400))
        self.ledger.call("response_url", body, {"ok": True})
        words, kind = next(self._taken)
        return web.Response(text=words, content_type=kind)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        content = await request.read()
        if not self.files.receive(request.match_info["ticket"], content):
            return web.Response(status=404, text="unknown upload")
        return web.Response(text=f"OK - {len(content)}")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        content = self.workspace.store.upload(request.match_info["file"])
        file = self.files.files.get(request.match_info["file"])
        if content is None or file is None:
            return web.Response(status=404, text="no such file")
        headers = {
            "Content-Disposition": "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Type": "image/png" if content.startswith(PNG) else "application/octet-stream",
        }
        return web.Response(body=content, headers=headers)

    async def _changed(self, request: web.Request) -> web.StreamResponse:
        after = int(_seconds(request, "after", 0, most=1e15))
        return web.json_response({"seq": await self.live.changed(after, _seconds(request, "timeout", 5))})

    async def _settled(self, request: web.Request) -> web.StreamResponse:
        settled = await self.settled(_seconds(request, "patience", 20), _seconds(request, "quiet", 0))
        state = {"settled": settled, "unacked": self.sockets.unacknowledged, "in_flight": self.api.in_flight}
        return web.json_response(state)

    async def _page(self, request: web.Request) -> web.StreamResponse:
        page = PAGE / "index.html"
        if not page.is_file():
            return web.Response(text="The practice workspace is running; its page is not installed.")
        return web.FileResponse(page, headers={"Cache-Control": "no-store"})


def _seconds(request: web.Request, name: str, otherwise: float, most: float = 60.0) -> float:
    try:
        return min(float(request.query.get(name, otherwise)), most)
    except ValueError as error:
        raise web.HTTPBadRequest(text=f"{name} is not a number") from error


async def serve(
    config: WorkspaceConfig,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    database: Path | None = None,
    clock_file: Path | None = None,
) -> PracticeServer:
    """Starts the practice workspace and answers the running server; `await server.close()` ends it."""
    server = PracticeServer(Workspace(config, Store(database)), clock_file)
    await server.start(host, port)
    return server
