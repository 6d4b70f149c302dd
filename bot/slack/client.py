"""The line to Slack: one client that never tries again by itself, and what its errors mean."""

from __future__ import annotations

import asyncio
import logging
import math
import ssl
import time
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.platform import Outcome, Verdict
from bot.sending.budget import Budget
from bot.settings import Settings

TIMEOUT = 10
TROUBLE = (SlackClientError, aiohttp.ClientError, asyncio.TimeoutError, OSError)
"""Everything a call can raise that is not our own mistake."""

SHUT_OUT = frozenset({"not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired"})
"""The token is good for nothing any more; whatever is asked with it is answered like this."""
NOT_THE_MESSAGE = frozenset(
    {
        "missing_scope",
        "not_allowed_token_type",
        "no_permission",
        "org_login_required",
        "ekm_access_denied",
    }
)
"""The app's own trouble, mended by whoever runs it; the message waits for that."""
ABOUT_THE_CHANNEL = {
    "is_archived": "archived",
    "is_inactive": "archived",
    "channel_not_found": "not_in_channel",
    "not_in_channel": "not_in_channel",
    "channel_is_limited_access": "restricted",
    "posting_to_channel_denied": "restricted",
    "access_denied": "restricted",
    "restricted_action": "restricted",
    "restricted_action_read_only_channel": "restricted",
    "restricted_action_thread_only_channel": "restricted",
    "restricted_action_non_threadable_channel": "restricted",
}
"""Slack's code: what is wrong with the channel, as the gate says it. Somebody can mend the channel, and the message
waits for that. For one person's messages these are final."""
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


POST = "chat.postMessage"
TIERS = {
    **dict.fromkeys(("users.list", "pins.add", "pins.remove"), 20),
    **dict.fromkeys(("chat.update", "chat.delete", "conversations.info", "conversations.open"), 50),
    **dict.fromkeys(("conversations.history", "conversations.replies", "users.conversations", "files.delete"), 50),
    **dict.fromkeys(("conversations.members", "users.info", "chat.postEphemeral", "files.info"), 100),
    **dict.fromkeys(("views.open", "views.push", "views.update", "views.publish"), 100),
    **dict.fromkeys(("files.getUploadURLExternal", "files.completeUploadExternal"), 100),
}
"""Calls a minute in one workspace: Slack's tiers 2, 3 and 4. Posts have a limit of their own, by channel."""
CLAIMED = {"edit": "chat.update", "pin": "pins.add", "unpin": "pins.remove", "gone": "chat.delete"}
"""The method of each kind of message that is taken from the outbox only as often as Slack takes it."""
AT_ONCE = frozenset({"views.open", "views.push", "views.update", "chat.postEphemeral"})
"""Somebody looks at the screen: these never wait here."""
HOME_WAITS, WAITS = 3.0, 10.0


class SlackClient(AsyncWebClient):
    """Remembers what its calls show: whether Slack lets the bot in, and when it last said so.

    With a budget it makes no more calls than Slack takes, except for somebody who looks at the screen.
    """

    shut_out = ""
    heard_at = -math.inf
    budget: Budget | None = None

    async def api_call(self, api_method: str, **more: Any) -> Any:
        """The library's own, listened to. A call with another token than the bot's says nothing of it."""
        if self.budget is not None and api_method in TIERS:
            await self.budget.spend(api_method, _patience(api_method))
        try:
            answer = await super().api_call(api_method, **more)
        except SlackApiError as error:
            found = _refused(error)
            if self.budget is not None and found.outcome is Outcome.TOO_MANY:
                self.budget.refused(api_method, found.wait)
            self._heard(api_method, code_of(error))
            raise
        self._heard(api_method, "")
        return answer

    def _heard(self, api_method: str, code: str) -> None:
        if api_method != "apps.connections.open":
            self.shut_out = code if code in SHUT_OUT else ""
            self.heard_at = time.monotonic()


def _patience(api_method: str) -> float:
    if api_method in AT_ONCE:
        return 0.0
    return HOME_WAITS if api_method == "views.publish" else WAITS


def new_client(settings: Settings, session: aiohttp.ClientSession | None = None) -> SlackClient:
    """A client that answers every trouble to its caller: the library's own second try would post twice."""
    plain = settings.api_url.startswith("http://")
    client = SlackClient(
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


async def workspace_address(settings: Settings) -> str:
    """Where the workspace's messages are opened, such as https://council.slack.com/; empty without an answer."""
    async with new_session() as session:
        try:
            me: Any = await new_client(settings, session).auth_test()
        except TROUBLE:
            return ""
        return str(me.get("url") or "")


def is_this_machine(url: str) -> bool:
    """A practice workspace is reached directly, whatever proxy the surroundings name."""
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


def is_direct(channel: str) -> bool:
    """A conversation with one person. Slack's ids of those begin with D."""
    return channel.startswith("D")


def new_session() -> aiohttp.ClientSession:
    """A connection pool whose calls give up after TIMEOUT seconds."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))


def verdict(error: BaseException) -> Verdict:
    """What became of a call that raised this."""
    if isinstance(error, SlackApiError):
        return _refused(error)
    if isinstance(error, aiohttp.ClientConnectorError):
        return Verdict("unreachable", Outcome.NOT_DONE, wait=2)
    return Verdict(type(error).__name__, Outcome.UNKNOWN, wait=3)


def _refused(error: SlackApiError) -> Verdict:
    status = _status(error.response)
    code = code_of(error)
    if status == 429 or code == "ratelimited":
        return Verdict("ratelimited", Outcome.TOO_MANY, wait=_retry_after(error.response), posting=_is_post(error))
    if status >= 500 or code in PASSING:
        return Verdict(code or f"http_{status}", Outcome.UNKNOWN, wait=3)
    if code in SHUT_OUT:
        return Verdict(code, Outcome.SHUT_OUT, wait=5)
    if code in NOT_THE_MESSAGE:
        return Verdict(code, Outcome.NOT_DONE, wait=60)
    if code == "thread_not_found":
        return Verdict(code, Outcome.PARENT_GONE)
    if code in ABOUT_THE_CHANNEL:
        return Verdict(code, Outcome.CHANNEL_SHUT, trouble=ABOUT_THE_CHANNEL[code])
    return Verdict(code or f"http_{status}", Outcome.REFUSED)


def _is_post(error: SlackApiError) -> bool:
    return str(getattr(error.response, "api_url", "")).endswith(POST)


def code_of(error: BaseException) -> str:
    """Slack's code for a refusal, "" where there is none."""
    data = getattr(getattr(error, "response", None), "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def needed_by(error: BaseException) -> str:
    """The scope Slack says a call lacked."""
    data = getattr(getattr(error, "response", None), "data", None)
    return str(data.get("needed") or "") if isinstance(data, dict) else ""


def _status(response: Any) -> int:
    return int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)


def _retry_after(response: Any) -> float:
    headers = getattr(response, "headers", None) or {}
    try:
        return max(float(headers.get("Retry-After") or headers.get("retry-after") or 1), 1.0)
    except ValueError:
        return 30.0
