"""The line to Slack: one client that never tries again by itself, and what its errors mean."""

from __future__ import annotations

import asyncio
import logging
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import Settings

TIMEOUT = 10
TROUBLE = (SlackClientError, aiohttp.ClientError, asyncio.TimeoutError, OSError)
"""Everything a call can raise that is not our own mistake."""

NOT_THE_MESSAGE = frozenset(
    {
        "not_authed",
        "invalid_auth",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "missing_scope",
        "not_allowed_token_type",
        "no_permission",
        "org_login_required",
        "ekm_access_denied",
    }
)
"""The app's own trouble, put right by whoever runs it; the message waits for that."""
PASSING = frozenset(
    {
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "http_error",
        "team_added_to_org",
    }
)


@dataclass(frozen=True)
class Verdict:
    """How a failed call ended. `sent`: False = surely not done, None = nobody knows.

    `code` is Slack's, or the kind of the network's trouble. `wait`: seconds before another try. `final`: another try
    would end the same way.
    """

    code: str
    sent: bool | None
    wait: float = 0.0
    final: bool = False


def new_client(settings: Settings, session: aiohttp.ClientSession | None = None) -> AsyncWebClient:
    """A client that answers every trouble to its caller: the library's own second try would post twice."""
    plain = settings.api_url.startswith("http://")
    client = AsyncWebClient(
        token=settings.bot_token,
        base_url=settings.api_url,
        timeout=TIMEOUT,
        ssl=None if plain else ssl.create_default_context(),
        session=session,
        retry_handlers=[],
        logger=logging.getLogger("slack_sdk"),
    )
    if is_this_machine(settings.api_url):
        client.proxy = None
    return client


def is_this_machine(url: str) -> bool:
    """A practice workspace is reached directly, whatever proxy the surroundings name."""
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


def new_session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))


def verdict(error: BaseException) -> Verdict:
    """What became of a call that raised this."""
    if isinstance(error, SlackApiError):
        return _refused(error)
    if isinstance(error, aiohttp.ClientConnectorError):
        return Verdict("unreachable", sent=False, wait=2)
    return Verdict(type(error).__name__, sent=None, wait=3)


def _refused(error: SlackApiError) -> Verdict:
    status = _status(error.response)
    code = code_of(error)
    if status == 429 or code == "ratelimited":
        return Verdict("ratelimited", sent=False, wait=_retry_after(error.response))
    if status >= 500 or code in PASSING:
        return Verdict(code or f"http_{status}", sent=None, wait=3)
    if code in NOT_THE_MESSAGE:
        return Verdict(code, sent=False, wait=60)
    return Verdict(code or f"http_{status}", sent=False, final=True)


def code_of(error: BaseException) -> str:
    """Slack's code for a refusal, "" where there is none."""
    data = getattr(getattr(error, "response", None), "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def _status(response: Any) -> int:
    return int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)


def _retry_after(response: Any) -> float:
    headers = getattr(response, "headers", None) or {}
    try:
        return max(float(headers.get("Retry-After") or headers.get("retry-after") or 1), 1.0)
    except ValueError:
        return 30.0
