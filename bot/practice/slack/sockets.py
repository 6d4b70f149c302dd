"""Socket Mode: the app's open connections, what is sent over them, and what has not been acknowledged yet."""

import asyncio
import json
import secrets
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from bot.practice.slack.faults import Faults
from bot.practice.slack.ledger import Ledger
from bot.practice.slack.limits import Json, limits
from bot.practice.slack.workspace import Workspace

TICKET_SECONDS = 30
GOODBYE_SECONDS = 1.0


class NotConnected(Exception):
    """No socket of the app is open."""


class NotAcknowledged(Exception):
    """The app did not acknowledge in time."""


@dataclass
class _Sent:
    """An envelope on its way."""

    answer: "asyncio.Future[Any]"
    sent_at: float = field(default_factory=perf_counter)


class Sockets:
    """All connections of the app. A payload goes to any one of them; an acknowledgement may come back on another."""

    def __init__(self, workspace: Workspace, ledger: Ledger, faults: Faults) -> None:
        self.workspace = workspace
        self.ledger = ledger
        self.faults = faults
        self.connections: list[web.WebSocketResponse] = []
        self.unacknowledged = 0
        self.full = False
        self._tickets: dict[str, float] = {}
        self._sent: dict[str, _Sent] = {}
        self._deliveries: set[asyncio.Task[None]] = set()
        self._arrived = asyncio.Event()
        self._leaving: set[web.WebSocketResponse] = set()
        self._lines: dict[web.WebSocketResponse, asyncio.Transport | None] = {}

    @property
    def connected(self) -> bool:
        """Whether the app has a connection."""
        return bool(self.connections)

    def new_ticket(self) -> str:
        """A ticket with which the app may open one connection."""
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = perf_counter()
        return ticket

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection, from the ticket to the close."""
        issued_at = self._tickets.pop(request.query.get("ticket", ""), None)
        if issued_at is None or perf_counter() - issued_at > TICKET_SECONDS:
            return web.Response(status=401, text="the ticket is unknown, used or too old")
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        if self.full or len(self.connections) >= limits()["socket_mode"]["max_connections"]["value"]:
            await self._say_goodbye(socket, "too_many_websockets")
            return socket
        self.connections.append(socket)
        self._lines[socket] = request.transport
        try:
            await socket.send_str(json.dumps(self._hello()))
            self._connection_changed()
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._receive(message.data)
        finally:
            self._leave(socket)
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self.workspace.config.app_id},
            "debug_info": {"host": "applink-practice", "build_number": 1, "approximate_connection_time": 18060},
        }

    def _leave(self, socket: web.WebSocketResponse) -> None:
        if socket in self.connections:
            self.connections.remove(socket)
            self._leaving.discard(socket)
            self._lines.pop(socket, None)
            self._connection_changed()

    def _connection_changed(self) -> None:
        if self._staying():
            self._arrived.set()
        else:
            self._arrived.clear()
        self.workspace.announce("connection", None, connected=self.connected)

    def _receive(self, text: str) -> None:
        try:
            frame = json.loads(text)
        except ValueError:
            return
        sent = self._sent.get(frame.get("envelope_id", "")) if isinstance(frame, dict) else None
        if sent is not None and not sent.answer.done():
            sent.answer.set_result((frame.get("payload"), (perf_counter() - sent.sent_at) * 1000))

    # sending

    async def _ask(self, kind: str, payload: Json, accepts: bool, extra: Json) -> tuple[Any, float]:
        """Sends one envelope and waits for its acknowledgement: what came back, and after how many milliseconds."""
        if not self.connections:
            raise NotConnected
        envelope_id = str(uuid.uuid4())
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "accepts_response_payload": accepts,
            "payload": payload,
            **extra,
        }
        sent = _Sent(asyncio.get_running_loop().create_future())
        self._sent[envelope_id] = sent
        try:
            socket = await self._any_socket()
            sent.sent_at = perf_counter()
            await socket.send_str(json.dumps(envelope))
            async with asyncio.timeout(self.workspace.config.ack_seconds):
                answer: tuple[Any, float] = await sent.answer
                return answer
        except (TimeoutError, ConnectionError) as error:
            raise NotAcknowledged from error
        finally:
            del self._sent[envelope_id]

    def _staying(self) -> list[web.WebSocketResponse]:
        """Sockets that have not been told goodbye."""
        return [socket for socket in self.connections if socket not in self._leaving]

    async def _any_socket(self) -> web.WebSocketResponse:
        """A socket to send on. Between a goodbye and the app's next socket it waits a moment for that one."""
        if not self._staying():
            with suppress(TimeoutError):
                async with asyncio.timeout(GOODBYE_SECONDS):
                    await self._arrived.wait()
        sockets = self._staying() or self.connections
        if not sockets:
            raise NotConnected
        return secrets.choice(sockets)

    async def request(self, kind: str, payload: Json, accepts: bool, what: str) -> Any:
        """A command, action, submission or options request: the payload of its acknowledgement, None when empty."""
        self.unacknowledged += 1
        try:
            answer, milliseconds = await self._ask(kind, payload, accepts, {})
        except (NotConnected, NotAcknowledged) as error:
            self.ledger.lose(kind, what, type(error).__name__)
            raise
        finally:
            self.unacknowledged -= 1
        self.ledger.ack(kind, what, milliseconds)
        return answer

    async def tell_of_dropped_events(self) -> None:
        """The app gets too many events, and some are dropped: Slack says so, and sends nothing of them."""
        config = self.workspace.config
        minute = int(self.workspace.now()) // 60 * 60
        body: Json = {"token": "practice", "type": "app_rate_limited", "team_id": config.team_id}
        body |= {"minute_rate_limited": minute, "api_app_id": config.app_id}
        _, milliseconds = await self._ask("events_api", body, False, {"retry_attempt": 0, "retry_reason": ""})
        self.ledger.ack("events_api", "app_rate_limited", milliseconds)

    def deliver(self, event: Json) -> None:
        """Sends an event, again and again as Slack does, until it is acknowledged or given up."""
        config = self.workspace.config
        channel = self.workspace.channels.get(str(event.get("channel")))
        wrapped = {
            "token": "practice",
            "team_id": config.team_id,
            "context_team_id": config.team_id,
            "context_enterprise_id": None,
            "api_app_id": config.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": "Ev" + secrets.token_hex(6).upper(),
            "event_time": int(float(event["event_ts"])),
            "event_context": secrets.token_hex(8),
            "is_ext_shared_channel": channel is not None and channel.is_ext_shared,
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": config.team_id,
                    "user_id": config.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
        }
        self.unacknowledged += 1
        task = asyncio.get_running_loop().create_task(self._deliver(wrapped))
        self._deliveries.add(task)
        task.add_done_callback(self._delivered)

    def _delivered(self, task: "asyncio.Task[None]") -> None:
        self._deliveries.discard(task)
        self.unacknowledged -= 1

    async def _deliver(self, wrapped: Json) -> None:
        what = wrapped["event"]["type"]
        attempts = 0
        for wait in (0.0, *self.workspace.config.retry_seconds):
            if wait:
                await asyncio.sleep(wait)
            if await self._attempt(wrapped, attempts, what):
                break
            attempts += 1
        else:
            self.ledger.lose("events_api", what, "given up")
            return
        for again in range(self.faults.redeliver_events):
            await self._attempt(wrapped, attempts + again + 1, what)

    async def _attempt(self, wrapped: Json, number: int, what: str) -> bool:
        """One delivery. An app that is just reconnecting has as long to come back as it has to acknowledge."""
        extra = {"retry_attempt": number, "retry_reason": "timeout" if number else ""}
        try:
            async with asyncio.timeout(self.workspace.config.ack_seconds):
                await self._arrived.wait()
        except TimeoutError:
            return False
        try:
            _, milliseconds = await self._ask("events_api", wrapped, False, extra)
        except (NotConnected, NotAcknowledged):
            return False
        self.ledger.ack("events_api", what, milliseconds)
        return True

    # going away

    async def disconnect(self, reason: str) -> None:
        """Slack's goodbye on every socket; `abrupt` cuts the line without one."""
        for socket in list(self.connections):
            if reason == "abrupt":
                self._cut(socket)
            else:
                self._leaving.add(socket)
                self._connection_changed()
                await self._say_goodbye(socket, reason)

    def _cut(self, socket: web.WebSocketResponse) -> None:
        line = self._lines.get(socket)
        self._leave(socket)
        if line is not None:
            line.abort()

    async def _say_goodbye(self, socket: web.WebSocketResponse, reason: str) -> None:
        frame = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-practice"}}
        try:
            await socket.send_str(json.dumps(frame))
        except ConnectionError:
            return
        task = asyncio.get_running_loop().create_task(self._close_soon(socket))
        self._deliveries.add(task)
        task.add_done_callback(self._deliveries.discard)

    async def _close_soon(self, socket: web.WebSocketResponse) -> None:
        """Slack leaves the app a moment to open its next socket."""
        await asyncio.sleep(GOODBYE_SECONDS)
        await socket.close(code=WSCloseCode.GOING_AWAY)

    async def close(self) -> None:
        """Ends every connection and what was on its way."""
        for task in list(self._deliveries):
            task.cancel()
        for socket in list(self.connections):
            await socket.close(code=WSCloseCode.GOING_AWAY)
