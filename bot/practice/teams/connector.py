"""A connector for practice: Microsoft's login, its keys, the connector of Teams and Graph, on one port of this machine.

Strict where Microsoft is: tokens, sizes, unknown fields, messages of others. Trouble comes to order.
"""

from __future__ import annotations

import re
import secrets
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.practice.teams import graph, strict
from bot.practice.teams.records import APP_ID, SECRET, TENANT, Message, Tenant
from bot.practice.teams.strict import NotTaken

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

SCOPES = ("https://api.botframework.com/.default", "https://graph.microsoft.com/.default")
MOST_POSTS = ((7, 1), (8, 2), (60, 30), (1800, 3600))
"""In one conversation, within so many seconds."""
KEY_NAME = "practice-key"
ROOT = ";messageid="


@dataclass
class Fault:
    """What is to go wrong: the next `times` calls whose method and path match are answered so.

    `delivered`: what was asked for is done all the same, and nobody says so.
    """

    what: str
    status: int
    code: str = ""
    delivered: bool = False
    retry_after: int = 0
    times: int = 1


@dataclass
class Call:
    """One call that was made, for whoever judges afterwards."""

    method: str
    path: str
    status: int = 0
    at: float = field(default_factory=time.monotonic)


@dataclass
class Connector:
    """Serves one tenant."""

    tenant: Tenant
    secret: str = SECRET
    faults: list[Fault] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    """Tokens that were given, with their scope."""
    base_url: str = ""
    counts_posts: bool = False
    """Whether a conversation takes no more posts than Microsoft says."""
    posted_at: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.private_key = _key()
        self.issued = KEY_NAME
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Listens on this machine."""
        app = web.Application(client_max_size=8 * 1024 * 1024, middlewares=[self._judge])
        app.router.add_get("/keys/openid", self._openid)
        app.router.add_get("/keys/jwks", self._jwks)
        app.router.add_post("/login/{tenant}/oauth2/v2.0/token", self._login)
        app.router.add_post("/v3/conversations", self._new_chat)
        app.router.add_post("/v3/conversations/{conversation}/activities", self._post)
        app.router.add_put("/v3/conversations/{conversation}/activities/{id}", self._edit)
        app.router.add_delete("/v3/conversations/{conversation}/activities/{id}", self._delete)
        app.router.add_get("/v3/conversations/{conversation}/members/{id}", self._member)
        app.router.add_get("/v3/teams/{team}", self._team)
        app.router.add_put("/drive/{name}", self._upload)
        app.router.add_get("/drive/{name}", self._download)
        graph.add_to(app, self.tenant)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        server: Any = site._server
        self.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Stops listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    # ---- every call

    @web.middleware
    async def _judge(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        path = request.path
        call = Call(request.method, path)
        self.calls.append(call)
        try:
            self._let_in(request, path)
            fault = self._fault(request.method, path)
            if fault is None:
                answer = await handler(request)
            else:
                if fault.delivered:
                    await handler(request)
                answer = refusal(NotTaken(fault.status, fault.code), request, fault.retry_after)
        except NotTaken as error:
            answer = refusal(error, request)
        call.status = answer.status
        return answer

    def _let_in(self, request: web.Request, path: str) -> None:
        scope = SCOPES[0] if path.startswith("/v3/") else SCOPES[1] if path.startswith("/graph/") else ""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if scope and self.given.get(token) != scope:
            raise NotTaken(401, "AuthorizationRequired")

    def _fault(self, method: str, path: str) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and re.search(fault.what, f"{method} {path}"):
                fault.times -= 1
                return fault
        return None

    # ---- who is who

    async def _openid(self, _request: web.Request) -> web.Response:
        return web.json_response({"issuer": "https://api.botframework.com", "jwks_uri": f"{self.base_url}/keys/jwks"})

    async def _jwks(self, _request: web.Request) -> web.Response:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.private_key.public_key(), as_dict=True)
        key = public | {"kid": self.issued, "use": "sig", "endorsements": ["msteams"]}
        return web.json_response({"keys": [key]})

    async def _login(self, request: web.Request) -> web.Response:
        form = await request.post()
        known = (form.get("client_id"), form.get("client_secret"), form.get("grant_type"))
        if request.match_info["tenant"] != TENANT:
            return web.json_response({"error": "invalid_request"}, status=400)
        if known != (APP_ID, self.secret, "client_credentials") or form.get("scope") not in SCOPES:
            return web.json_response({"error": "invalid_client"}, status=401)
        token = secrets.token_urlsafe(24)
        self.given[token] = str(form["scope"])
        return web.json_response({"token_type": "Bearer", "expires_in": 3599, "access_token": token})

    def token(self, **more: Any) -> str:
        """A token as Teams signs its requests with; `more` says what is to be otherwise."""
        now = int(datetime.now(UTC).timestamp())
        claims = {"iss": "https://api.botframework.com", "aud": APP_ID, "iat": now, "nbf": now, "exp": now + 3600}
        claims |= {"serviceurl": self.service_url}
        key = more.pop("key", self.private_key)
        headers = {"kid": more.pop("kid", self.issued)}
        return jwt.encode({**claims, **more}, key, algorithm=more.pop("alg", "RS256"), headers=headers)

    @property
    def service_url(self) -> str:
        """Where the bot answers to."""
        return f"{self.base_url}/"

    # ---- conversations

    def _conversation(self, request: web.Request) -> tuple[str, str]:
        """The channel or chat, and the post a reply hangs on. Raises NotTaken where the bot may not speak."""
        channel, _, root = request.match_info["conversation"].partition(ROOT)
        if channel in self.tenant.channels:
            if not self.tenant.bot_is_in:
                raise NotTaken(403, "BotNotInConversationRoster")
        elif not self.tenant.whose_chat(channel):
            raise NotTaken(404, "ConversationNotFound")
        return channel, root

    async def _new_chat(self, request: web.Request) -> web.Response:
        body = await request.json()
        members = body.get("members") or []
        if len(members) != 1 or body.get("tenantId") != TENANT or body.get("isGroup"):
            raise NotTaken(400, "BadSyntax", "one member of this tenant")
        if members[0].get("id") not in self.tenant.people:
            raise NotTaken(404, "UserNotFound")
        return web.json_response({"id": self.tenant.chat_of(members[0]["id"])}, status=201)

    async def _post(self, request: web.Request) -> web.Response:
        channel, root = self._conversation(request)
        body = await request.json()
        strict.message(body)
        self._count(channel)
        if root and self.tenant.find(channel, root) is None:
            raise NotTaken(404, "ActivityNotFoundInConversation")
        made = Message(self.tenant.new_message_id(), channel, "", root)
        self._fill(made, body)
        self.tenant.keep(made)
        return web.json_response({"id": made.id}, status=201)

    def _count(self, channel: str) -> None:
        now, posted = time.monotonic(), self.posted_at[channel]
        if self.counts_posts and any(sum(now - at < seconds for at in posted) >= most for most, seconds in MOST_POSTS):
            raise NotTaken(429, "TooManyRequests")
        posted.append(now)

    def _fill(self, message: Message, body: Json) -> None:
        message.html, message.summary = str(body.get("text") or ""), str(body.get("summary") or "")
        message.attachments = list(body.get("attachments") or ())
        of_cards = [
            one["content"].get("msteams") or {} for one in message.attachments if one["contentType"] == strict.CARD
        ]
        entities = [*(body.get("entities") or ()), *(one for card in of_cards for one in card.get("entities") or ())]
        message.mentions = [one["mentioned"] for one in entities if one.get("type") == "mention"]

    def _own(self, request: web.Request) -> Message:
        channel, _root = self._conversation(request)
        found = self.tenant.find(channel, request.match_info["id"])
        if found is None:
            raise NotTaken(404, "ActivityNotFoundInConversation")
        if found.sender:
            raise NotTaken(403, "MessageNotOwned")
        return found

    async def _edit(self, request: web.Request) -> web.Response:
        message, body = self._own(request), await request.json()
        strict.message(body)
        self._fill(message, body)
        message.edited = datetime.now(UTC)
        return web.json_response({"id": message.id})

    async def _delete(self, request: web.Request) -> web.Response:
        self._own(request).deleted = datetime.now(UTC)
        return web.Response(status=200)

    async def _member(self, request: web.Request) -> web.Response:
        wanted = request.match_info["id"]
        for person in self.tenant.people.values():
            if wanted in (person.id, person.account):
                role = {"userRole": "guest"} if person.guest else {"userRole": "user"}
                return web.json_response(person.as_sender | role | {"tenantId": person.tenant})
        raise NotTaken(404, "MemberNotFoundInConversation")

    async def _team(self, request: web.Request) -> web.Response:
        if request.match_info["team"] != self.tenant.team_thread:
            raise NotTaken(404, "TeamNotFound")
        found = {"id": self.tenant.team_thread, "name": self.tenant.team_name, "aadGroupId": self.tenant.team}
        return web.json_response(found)

    # ---- files

    async def _upload(self, request: web.Request) -> web.Response:
        content = await request.read()
        if request.headers.get("Content-Range") != f"bytes 0-{len(content) - 1}/{len(content)}":
            return web.Response(status=416)
        self.tenant.files[request.match_info["name"]] = content
        return web.json_response({}, status=201)

    async def _download(self, request: web.Request) -> web.Response:
        content = self.tenant.files.get(request.match_info["name"])
        if content is None:
            return web.Response(status=404)
        return web.Response(body=content, content_type="application/octet-stream")


@cache
def _key() -> rsa.RSAPrivateKey:
    """Made once: that takes a moment."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def refusal(error: NotTaken, request: web.Request, retry_after: int = 0) -> web.Response:
    """An answer that is no yes, in Microsoft's words."""
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    said = {"error": {"code": error.code, "message": error.words or f"{request.method} was not taken"}}
    return web.json_response(said, status=error.status, headers=headers)
