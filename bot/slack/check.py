"""`unitbot check`: what is still wrong with tokens, scopes, channels and settings, in words, one line each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.commands.finding import Finding as Finding
from bot.commands.finding import database, own_files, safe
from bot.runtime import Runtime
from bot.settings import Settings
from bot.slack.client import TROUBLE, code_of, needed_by, new_client, new_session, verdict
from bot.slack.directory import SlackGate
from bot.slack.manifest import SCOPES
from storage.database.db import Database
from storage.unit import units

INTERNAL = (
    "Install the app as an internal app of your own workspace (not from a public listing): Slack lets only internal "
    "apps read a thread as often as this bot must to catch up after a break."
)
BOT_TOKEN = {
    "invalid_auth": "Slack does not know the bot token. Copy it again from OAuth & Permissions into SLACK_BOT_TOKEN.",
    "not_authed": "No bot token was sent. Set SLACK_BOT_TOKEN.",
    "account_inactive": "The app was removed from the workspace, or its bot was switched off. Install it again.",
    "token_revoked": "The bot token was withdrawn. Install the app again and copy the new token into SLACK_BOT_TOKEN.",
    "token_expired": "The bot token has run out. Switch token rotation off in the app's settings and install it again.",
    "unreachable": "Slack does not answer at this address. Check the network and SLACK_API_URL.",
}
APP_TOKEN = {
    "invalid_auth": "Slack does not know the app-level token. Copy it again from Basic Information into "
    "SLACK_APP_TOKEN.",
    "not_allowed_token_type": "SLACK_APP_TOKEN holds another kind of token. It must be an app-level token (xapp-).",
    "missing_scope": "The app-level token lacks the scope connections:write. Make a new one with it.",
    "forbidden_team": "This workspace does not allow the app. Ask its administrator to approve it.",
    "unreachable": BOT_TOKEN["unreachable"],
}
CALLS = {
    "missing_scope": "the app lacks the scope {needed}. Add it under OAuth & Permissions and install the app again.",
    "not_in_channel": "the bot is not in the channel. Invite it there.",
    "channel_not_found": "the bot cannot see the channel. Invite it there.",
    "ratelimited": "Slack answers this app too seldom. " + INTERNAL,
}


async def check(settings: Settings) -> AsyncIterator[Finding]:
    """Looks at everything in turn; goes on after a fault where it can."""
    async with new_session() as session:
        client = new_client(settings, session)
        bot_user = ""
        async for finding, user in _bot_token(client):
            bot_user = bot_user or user
            yield finding
        yield await _app_token(client, settings.app_token)
        yield Finding("Kind of app", None, INTERNAL)
        for finding in own_files(settings):
            yield finding
        db = database(settings)
        if isinstance(db, Finding):
            yield db
            return
        yield Finding("Database", True, "it opens, and its version is right")
        try:
            async for finding in _channels(client, db, settings, bot_user):
                yield finding
        finally:
            db.close()


async def _bot_token(client: AsyncWebClient) -> AsyncIterator[tuple[Finding, str]]:
    try:
        me: Any = await client.auth_test()
    except TROUBLE as error:
        code = verdict(error).code
        yield Finding("Bot token", False, BOT_TOKEN.get(code, f"Slack refused it ({code}).")), ""
        return
    yield Finding("Bot token", True, f"{me['user']} in the workspace {me['team']}"), str(me["user_id"])
    granted = {scope.strip() for scope in (me.headers.get("x-oauth-scopes") or "").split(",")}
    missing = [scope for scope in SCOPES if scope not in granted]
    if missing:
        words = f"missing: {', '.join(missing)}. Add them under OAuth & Permissions, then install the app again."
        yield Finding("Scopes", False, words), ""
    else:
        yield Finding("Scopes", True, "all there"), ""


async def _app_token(client: AsyncWebClient, token: str) -> Finding:
    try:
        await client.apps_connections_open(app_token=token)
    except TROUBLE as error:
        code = verdict(error).code
        other = f"Slack refused it ({code}). Is Socket Mode switched on in the app's settings?"
        return Finding("App-level token and Socket Mode", False, APP_TOKEN.get(code, other))
    return Finding("App-level token and Socket Mode", True, "a connection can be opened")


async def _channels(client: AsyncWebClient, db: Database, settings: Settings, bot_user: str) -> AsyncIterator[Finding]:
    runtime = Runtime(db, Clock(settings.clock_file))
    gate = SlackGate(client, runtime, bot_user)
    try:
        found = await runtime.read(lambda session: [(unit.name, unit.channel) for unit in units.every_unit(session)])
        if not found:
            yield Finding("Units", None, "there is none yet. Invite the bot to a private channel and type /unit there.")
        for name, channel in found:
            yield await _safe(gate, name, channel)
            yield await _readable(client, name, channel)
    finally:
        runtime.close()


async def _safe(gate: SlackGate, name: str, channel: str) -> Finding:
    what = f"Channel of {name}"
    try:
        return await safe(gate, what, channel, "private, and everybody in it is of the unit")
    except TROUBLE as error:
        return Finding(what, False, _call_words("conversations.info", error))


async def _readable(client: AsyncWebClient, name: str, channel: str) -> Finding:
    """The two calls by which a message is found again after a break."""
    what = f"Reading back in {name}"
    try:
        page: Any = await client.conversations_history(channel=channel, limit=1, include_all_metadata=True)
    except TROUBLE as error:
        return Finding(what, False, _call_words("conversations.history", error))
    if not page["messages"]:
        return Finding(what, True, "history can be read; there is no message yet to try a thread with")
    try:
        await client.conversations_replies(channel=channel, ts=page["messages"][0]["ts"], limit=1)
    except TROUBLE as error:
        return Finding(what, False, _call_words("conversations.replies", error))
    return Finding(what, True, "history and threads can be read")


def _call_words(method: str, error: BaseException) -> str:
    code = code_of(error) or verdict(error).code
    words = CALLS.get(code, f"Slack answered {code}.").format(needed=needed_by(error))
    return f"{method}: {words}"
