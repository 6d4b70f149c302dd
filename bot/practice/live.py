"""Server-sent events: tells every open page, seat by seat, what it should fetch again; and says when all is quiet."""

import asyncio
import json
from collections.abc import Iterable

from aiohttp import web

from bot.practice.slack.limits import Json
from bot.practice.slack.refusal import SeatRefusal
from bot.practice.slack.workspace import Workspace

KEEP_ALIVE_SECONDS = 15


class Live:
    """The open pages. One queue a page; a page that stopped reading is let go."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.seq = 0
        self._change = asyncio.Event()
        self._pages: dict[asyncio.Queue[Json | None], str] = {}
        workspace.watchers.append(self.tell)

    def tell(self, kind: str, users: Iterable[str] | None, detail: Json) -> None:
        """Says to the open pages of these people, or of all, what has changed."""
        self.seq += 1
        self._change.set()
        event = {"seq": self.seq, "kind": kind, **detail}
        wanted = None if users is None else set(users)
        for page, user in list(self._pages.items()):
            if wanted is None or user in wanted:
                page.put_nowait(event)

    async def changed(self, after: int, timeout: float) -> int:
        """The newest number, as soon as it is above `after`; the same number when nothing changed in time."""
        try:
            async with asyncio.timeout(timeout):
                while self.seq <= after:
                    self._change.clear()
                    await self._change.wait()
        except TimeoutError:
            pass
        return self.seq

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """One page's stream of changes, until it is closed."""
        user = request.query.get("user", "")
        try:
            self.workspace.seated(user)
        except SeatRefusal as refusal:
            return web.json_response({"error": refusal.code, "message": refusal.sentence}, status=refusal.status)
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        page: asyncio.Queue[Json | None] = asyncio.Queue()
        self._pages[page] = user
        page.put_nowait({"seq": self.seq, "kind": "hello"})
        try:
            while await self._send_next(response, page):
                pass
        except ConnectionError:
            pass
        finally:
            del self._pages[page]
        return response

    async def _send_next(self, response: web.StreamResponse, page: "asyncio.Queue[Json | None]") -> bool:
        try:
            async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                event = await page.get()
        except TimeoutError:
            await response.write(b": still here\n\n")
            return True
        if event is None:
            return False
        text = f"id: {event['seq']}\ndata: {json.dumps(event)}\n\n"
        await response.write(text.encode())
        return True

    def close(self) -> None:
        """Ends every stream."""
        for page in self._pages:
            page.put_nowait(None)
