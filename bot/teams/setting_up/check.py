"""`unitbot check` on Teams: what is still wrong with the app, its keys, channels and settings, one line each."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.clock import Clock
from bot.commands.finding import Finding, database, own_files, safe
from bot.runtime import Runtime
from bot.settings import Settings
from bot.teams.api import TO_BOTS, TO_GRAPH, TROUBLE, Api, new_session, part, verdict
from bot.teams.directory import TeamsGate
from bot.teams.places import Places
from bot.teams.tokens import Keys
from prompts_and_forms.meeting.wording import trouble_words
from storage.database.db import Database
from storage.unit import units

HTTPS = (
    "Teams reaches the bot over public HTTPS only. Give the bot's registration the address "
    "https://your-address/api/messages, and let it lead to this machine's port {port}."
)
NO_UNIT = "there is none yet. Add the app to a private team and write “@Unit Meeting Bot unit” in its channel."
SECRET = {
    "invalid_client": "Microsoft does not know the secret. Make a new client secret and copy its value into "
    "TEAMS_APP_SECRET.",
    "unauthorized_client": "Microsoft does not know the app in this tenant. Look at TEAMS_APP_ID and TEAMS_TENANT_ID.",
    "invalid_request": "Microsoft does not know this tenant. Look at TEAMS_TENANT_ID.",
    "unreachable": "Microsoft does not answer. Check the network and the proxy.",
}


async def check(settings: Settings) -> AsyncIterator[Finding]:
    """Looks at everything in turn; goes on after a fault where it can."""
    assert settings.teams is not None
    async with new_session() as session:
        api = Api(settings.teams, session)
        for what, scope in (("App secret", TO_BOTS), ("Token for Graph", TO_GRAPH)):
            yield await _token(api, what, scope)
        yield await _keys(Keys(session, settings.teams.keys_url))
        yield Finding("Public address", None, HTTPS.format(port=settings.port))
        for finding in own_files(settings):
            yield finding
        db = database(settings)
        if isinstance(db, Finding):
            yield db
            return
        yield Finding("Database", True, "it opens, and its version is right")
        try:
            async for finding in _channels(api, db, settings):
                yield finding
        finally:
            db.close()


async def _token(api: Api, what: str, scope: str) -> Finding:
    try:
        await api.token(scope)
    except TROUBLE as error:
        code = verdict(error).code
        return Finding(what, False, SECRET.get(code, f"Microsoft refused it ({code})."))
    return Finding(what, True, "Microsoft gives the bot a token")


async def _keys(keys: Keys) -> Finding:
    what = "Microsoft's keys"
    try:
        await keys.of("")
    except TROUBLE as error:
        return Finding(what, False, f"they cannot be fetched ({verdict(error).code}), so no request can be trusted.")
    return Finding(what, True, "they can be fetched")


async def _channels(api: Api, db: Database, settings: Settings) -> AsyncIterator[Finding]:
    runtime = Runtime(db, Clock(settings.clock_file))
    places = Places(runtime, api)
    gate = TeamsGate(api, runtime, places)
    try:
        found = await runtime.read(lambda session: [(unit.name, unit.channel) for unit in units.every_unit(session)])
        if not found:
            words = (
                'there is none yet. Add the app to a private team and write "@Unit Meeting Bot unit" in its channel.'
            )
            yield Finding("Units", None, words)
        for name, channel in found:
            yield await _safe(gate, name, channel)
            yield await _readable(api, places, name, channel)
    finally:
        runtime.close()


async def _safe(gate: TeamsGate, name: str, channel: str) -> Finding:
    what = f"Channel of {name}"
    try:
        return await safe(gate, what, channel, "in a private team, and everybody in it is of the unit")
    except TROUBLE as error:
        return Finding(what, False, f"Graph answered {verdict(error).code}.")


async def _readable(api: Api, places: Places, name: str, channel: str) -> Finding:
    """The call by which a message is found again after a break."""
    what = f"Reading back in {name}"
    where = await places.of(channel)
    if where is None or not where.team:
        return Finding(what, False, "nothing ever came from this channel. Write to the bot there once.")
    try:
        await api.graph(f"teams/{part(where.team)}/channels/{part(channel)}/messages", **{"$top": "1"})
    except TROUBLE as error:
        words = trouble_words("no_consent") if verdict(error).code in ("Forbidden", "http_403") else ""
        return Finding(what, False, words or f"Graph answered {verdict(error).code}.")
    return Finding(what, True, "posts and replies can be read")
