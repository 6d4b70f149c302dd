"""Calls to Teams and to Microsoft Graph: one try each, and what became of it. The caller knows whether to go on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import aiohttp

from bot.platform import Outcome, Verdict
from bot.teams.setting_up.config import TeamsSettings

Json = dict[str, Any]

TIMEOUT = 10.0
TO_BOTS = "https://api.botframework.com/.default"
TO_GRAPH = "https://graph.microsoft.com/.default"
EARLY = 300.0
"""Seconds before its end a token is no longer used."""
MOST_PAGES = 40


class TeamsTrouble(Exception):
    """An answer that is no yes. `code` is Microsoft's word for it; nothing of the request is in it.

    `posting`: it was a call to a conversation.
    """

    def __init__(self, status: int, code: str, wait: float = 0.0, *, posting: bool = False) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.wait, self.posting = status, code, wait, posting


class NoToken(TeamsTrouble):
    """Microsoft gives the bot no token."""


TROUBLE = (TeamsTrouble, aiohttp.ClientError, asyncio.TimeoutError, OSError)
"""Everything a call can raise that is not our own mistake."""
GONE = ("ActivityNotFoundInConversation", "MessageNotFound", "ActivityNotFound")
SHUT = {
    "BotNotInConversationRoster": "not_in_channel",
    "ConversationNotFound": "not_in_channel",
    "ConversationArchived": "archived",
    "ForbiddenOperationException": "restricted",
    "MessageWritesBlocked": "restricted",
    "InsufficientPrivilegesForGroupApplication": "restricted",
}
"""Microsoft's code: what is wrong with the channel, as the gate says it. For one person's messages these are final."""


@dataclass
class _Token:
    text: str = ""
    until: float = 0.0


class Api:
    """One app in one tenant. Remembers whether Microsoft lets it in."""

    def __init__(self, settings: TeamsSettings, session: aiohttp.ClientSession) -> None:
        self.settings, self._session = settings, session
        self._tokens: dict[str, _Token] = {}
        self._asking = asyncio.Lock()
        self.shut_out = ""

    async def token(self, scope: str, *, anew: bool = False) -> str:
        """A token for bots or for Graph; raises NoToken where Microsoft gives none."""
        known = self._tokens.setdefault(scope, _Token())
        if anew or time.monotonic() >= known.until:
            async with self._asking:
                if anew or time.monotonic() >= known.until:
                    await self._ask(scope, known)
        return known.text

    async def _ask(self, scope: str, known: _Token) -> None:
        url = f"{self.settings.login_url}{self.settings.tenant}/oauth2/v2.0/token"
        form = {"grant_type": "client_credentials", "scope": scope}
        form |= {"client_id": self.settings.app_id, "client_secret": self.settings.secret}
        async with self._session.post(url, data=form) as answer:
            found = _json(await _content(answer))
            if answer.status == 200 and found.get("access_token"):
                known.text = str(found["access_token"])
                known.until = time.monotonic() + max(float(found.get("expires_in") or 0) - EARLY, 30.0)
                self.shut_out = ""
                return
            if answer.status in (400, 401, 403):
                self.shut_out = str(found.get("error") or f"http_{answer.status}")
                raise NoToken(answer.status, self.shut_out)
            raise TeamsTrouble(answer.status, str(found.get("error") or ""), _wait(answer))

    async def bots(self, method: str, service_url: str, path: str, body: Json | None = None, **query: str) -> Json:
        """A call to the connector that serves a conversation."""
        url = f"{service_url.rstrip('/')}/v3/{path}"
        return await self._call(method, url, TO_BOTS, body, query, posting=True)

    async def graph(self, path: str, **query: str) -> Json:
        """A question to Graph."""
        return await self._call("GET", urljoin(self.settings.graph_url, path), TO_GRAPH, None, query)

    async def listed(self, path: str, **query: str) -> AsyncIterator[Json]:
        """A list of Graph's, however many pages it has. The next page is asked for at Graph itself alone."""
        page = await self.graph(path, **query)
        for _ in range(MOST_PAGES):
            for one in page.get("value") or ():
                yield one
            following = str(page.get("@odata.nextLink") or "")
            if urlsplit(following).netloc != urlsplit(self.settings.graph_url).netloc:
                return
            page = await self._call("GET", following, TO_GRAPH, None, {})

    async def _call(
        self, method: str, url: str, scope: str, body: Json | None, query: dict[str, str], *, posting: bool = False
    ) -> Json:
        try:
            return await self._once(method, url, await self.token(scope), body, query, posting)
        except TeamsTrouble as error:
            if error.status != 401 or isinstance(error, NoToken):
                raise
        try:
            return await self._once(method, url, await self.token(scope, anew=True), body, query, posting)
        except TeamsTrouble as error:
            if error.status == 401:
                self.shut_out = error.code or "http_401"
            raise

    async def _once(
        self, method: str, url: str, token: str, body: Json | None, query: dict[str, str], posting: bool
    ) -> Json:
        headers = {"Authorization": f"Bearer {token}"}
        async with self._session.request(method, url, json=body, params=query or None, headers=headers) as answer:
            content = await _content(answer)
            if answer.status < 300:
                return _json(content)
            raise TeamsTrouble(answer.status, _code(content), _wait(answer), posting=posting)


async def _content(answer: aiohttp.ClientResponse) -> Any:
    try:
        return await answer.json(content_type=None)
    except ValueError:
        return {}


def _json(content: Any) -> Json:
    return content if isinstance(content, dict) else {}


def _code(content: Any) -> str:
    error = _json(content).get("error")
    code = error.get("code") if isinstance(error, dict) else error
    return str(code or "")[:60]


def _wait(answer: aiohttp.ClientResponse) -> float:
    try:
        return max(float(answer.headers.get("Retry-After") or 1), 1.0)
    except ValueError:
        return 30.0


def part(name: str) -> str:
    """A name as one part of an address."""
    return quote(name, safe="")


def new_session() -> aiohttp.ClientSession:
    """A connection pool whose calls give up after TIMEOUT seconds."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))


def verdict(error: BaseException) -> Verdict:
    """What became of a call that raised this."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return Verdict("unreachable", Outcome.NOT_DONE, wait=2)
    if not isinstance(error, TeamsTrouble):
        return Verdict(type(error).__name__, Outcome.UNKNOWN, wait=3)
    code = error.code or f"http_{error.status}"
    if isinstance(error, NoToken) or error.status == 401:
        return Verdict(code, Outcome.SHUT_OUT, wait=5)
    if error.status == 429:
        return Verdict(code, Outcome.TOO_MANY, wait=error.wait, posting=error.posting, edits=error.posting)
    if error.status == 412:
        return Verdict(code, Outcome.NOT_DONE, wait=error.wait)
    if error.status >= 500:
        return Verdict(code, Outcome.UNKNOWN, wait=max(error.wait, 3))
    if code in GONE:
        return Verdict(code, Outcome.PARENT_GONE)
    if code in SHUT:
        return Verdict(code, Outcome.CHANNEL_SHUT, trouble=SHUT[code])
    return Verdict(code, Outcome.REFUSED)
