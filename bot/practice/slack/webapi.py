"""The Web API over HTTP: arguments gathered, refusals in Slack's order, answers as Slack gives them."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiohttp import web

from bot.practice.slack.api import conversations, messages, people, views
from bot.practice.slack.api.call import Call
from bot.practice.slack.api.files import Files
from bot.practice.slack.faults import Faults
from bot.practice.slack.ledger import Ledger
from bot.practice.slack.limits import Json, limits
from bot.practice.slack.modals import Modals
from bot.practice.slack.rates import Rates
from bot.practice.slack.refusal import Refusal
from bot.practice.slack.sockets import Sockets
from bot.practice.slack.workspace import Workspace

OPEN_SOCKET = "apps.connections.open"


class WebApi:
    """Every method of the stand-in, behind one handler."""

    def __init__(
        self, workspace: Workspace, modals: Modals, files: Files, sockets: Sockets, ledger: Ledger, faults: Faults
    ) -> None:
        self.workspace = workspace
        self.sockets = sockets
        self.ledger = ledger
        self.faults = faults
        self.rates = Rates()
        self.in_flight = 0
        self.methods: dict[str, Callable[[Call], Json]] = {
            **messages.METHODS,
            **conversations.METHODS,
            **people.METHODS,
            **views.methods(modals),
            **files.methods,
        }

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answers one call; a fault on order comes before, instead of or after the work."""
        method = request.match_info["method"].rstrip("/")
        self.in_flight += 1
        try:
            return await self._answer(request, method)
        finally:
            self.in_flight -= 1

    async def _answer(self, request: web.Request, method: str) -> web.StreamResponse:
        if self.faults.down:
            return hang_up(request)
        arguments, warnings = await _arguments(request, method)
        base_url = f"{request.scheme}://{request.host}"
        call = Call(method, arguments, self.workspace, base_url, warnings)
        try:
            self._check_token(request, call)
            limited = self.faults.retry_after(method) or self._over_the_rate(call)
            if limited is not None:
                return self._rate_limited(call, limited)
            ordered = self.faults.error(method, "*")
            if ordered and ordered.startswith("http_"):
                self.ledger.call(method, arguments, {"ok": False, "error": ordered})
                return web.Response(status=int(ordered.removeprefix("http_")), text="something went wrong")
            ordered = ordered or self.faults.error_of_blocks(_blocks(call))
            if ordered:
                raise Refusal(ordered)
            body = self._work(call)
            if code := self.faults.error_after(method):
                raise Refusal(code)
        except Refusal as refusal:
            body = refusal.body
        if delay := self.faults.delay(method):
            await asyncio.sleep(delay)
        if self.faults.drops_reply(method):
            self.ledger.call(method, call.arguments, body, "reply dropped")
            return hang_up(request)
        self.ledger.call(method, call.arguments, body)
        return self._reply(call, body)

    def _over_the_rate(self, call: Call) -> int | None:
        if not self.workspace.config.enforce_rates:
            return None
        while self.faults.used_up:
            self.rates.use_up(self.faults.used_up.pop(), self.workspace.now())
        self.rates.at_least = self.faults.wait_at_least
        return self.rates.wait(call.method, str(call.arguments.get("channel", "")), self.workspace.now())

    def _rate_limited(self, call: Call, seconds: int) -> web.Response:
        body: Json = {"ok": False, "error": "ratelimited"}
        self.ledger.call(call.method, call.arguments, body)
        return web.json_response(body, status=429, headers={"Retry-After": str(seconds)})

    def _reply(self, call: Call, body: Json) -> web.Response:
        if call.warnings:
            body["warning"] = ",".join(call.warnings)
            body.setdefault("response_metadata", {})["warnings"] = call.warnings
        headers = {"x-oauth-scopes": ",".join(self.workspace.config.scopes), "x-slack-req-id": "practice"}
        return web.json_response(body, headers=headers)

    def _check_token(self, request: web.Request, call: Call) -> None:
        """Unknown method, no token, wrong token, wrong kind of token, missing scope: in this order."""
        method, config = call.method, self.workspace.config
        if method not in self.methods and method != OPEN_SOCKET:
            raise Refusal("unknown_method", req_method=method)
        header = request.headers.get("Authorization", "")
        in_header = header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else ""
        token = in_header if method == OPEN_SOCKET else in_header or str(call.arguments.get("token", ""))
        call.arguments.pop("token", None)
        if not token:
            raise Refusal("not_authed")
        if token not in (config.bot_token, config.app_token):
            raise Refusal("invalid_auth")
        if token == config.bot_token and self.faults.shut_out:
            raise Refusal(self.faults.shut_out)
        if (token == config.app_token) != (method == OPEN_SOCKET):
            raise Refusal("not_allowed_token_type")
        if method == OPEN_SOCKET and request.method != "POST":
            raise Refusal("insecure_request")
        call.require_scope(*limits()["methods"][method]["scopes"])

    def _work(self, call: Call) -> Json:
        call.require_arguments()
        if call.method == OPEN_SOCKET:
            place = call.base_url.replace("http", "ws", 1)
            query = f"ticket={self.sockets.new_ticket()}&app_id={self.workspace.config.app_id}"
            return {"ok": True, "url": f"{place}/link/?{query}"}
        return {"ok": True, **self.methods[call.method](call)}


async def _arguments(request: web.Request, method: str) -> tuple[Json, list[str]]:
    """Query, form and JSON, merged; and what Slack would warn about."""
    arguments: Json = dict(request.query)
    warnings: list[str] = []
    if request.method != "POST":
        return arguments, warnings
    if request.content_type == "application/json":
        if request.charset is None:
            warnings.append("missing_charset")
        if limits()["methods"].get(method, {}).get("json_ok"):
            arguments |= _json_object(await request.text())
    elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        if request.charset is not None:
            warnings.append("superfluous_charset")
        form: dict[str, Any] = dict(await request.post())
        arguments |= {k: v for k, v in form.items() if isinstance(v, str)}
    return arguments, warnings


def _blocks(call: Call) -> Any:
    """The blocks of a message or of a view, as they were sent."""
    for name in ("blocks", "view"):
        found = call.arguments.get(name)
        if isinstance(found, str):
            with suppress(ValueError):
                found = json.loads(found)
        if name == "blocks" and found:
            return found
        if isinstance(found, dict):
            return found.get("blocks")
    return None


def _json_object(text: str) -> Json:
    try:
        body = json.loads(text or "{}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def hang_up(request: web.Request) -> web.Response:
    """Closes the line without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=503)
