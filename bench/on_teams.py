"""How long Teams waits for the answer to a typed note: the bot beside a bare server that only checks the token.

python -m bench.on_teams: both on this machine in one run, one request after the other, taking turns.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from aiohttp import web

from bot import logs
from bot.http import Web
from bot.practice.sample.unit_file import load_unit, read_unit_file
from bot.practice.teams.connector import Connector
from bot.practice.teams.hands import Hands
from bot.practice.teams.records import Message, guid
from bot.practice.teams.unit_tenant import channel_on_teams, on_teams, settings_for, tenant_of
from bot.practice.unit_workspace import SAMPLE
from bot.teams.platform import TeamsPlatform
from bot.teams.setting_up.config import TeamsSettings
from bot.teams.tokens import Keys, TokenCheck
from storage.database.vault import Vault
from storage.migrate import upgrade
from storage.opening import open_database

MANY = 300
KEY = bytes(range(32))


async def measure(folder: Path, many: int) -> dict[str, list[float]]:
    """Seconds each answer took, by who gave it."""
    file = on_teams(read_unit_file(SAMPLE))
    channel = channel_on_teams(file)
    connector = Connector(tenant_of(file))
    await connector.start()
    url = f"sqlite:///{folder / 'bench.db'}"
    upgrade(url)
    db = open_database(url, Vault(KEY))
    now = datetime.now(UTC)
    with db.write() as session:
        load_unit(session, file, day=now.date(), channel=channel, now=now)
    settings = settings_for(connector, url, key=KEY)
    assert settings.teams is not None
    bot = Web(settings, db, TeamsPlatform, address=("127.0.0.1", 0), whole=True)
    await bot.start()
    async with aiohttp.ClientSession() as session:
        bare, port = await _bare(settings.teams, session)
        hands = {
            "bare": Hands(connector, f"http://127.0.0.1:{port}/api/messages", session),
            "bot": Hands(connector, f"http://127.0.0.1:{bot.port}/api/messages", session),
        }
        who = guid("orla")
        await hands["bot"].say(who, channel, "meeting", to_bot=True)
        await bot.settled()
        root = next(one.id for one in connector.tenant.of(channel, "") if not one.sender)
        took: dict[str, list[float]] = {"bare": [], "bot": []}
        for number in range(many + 20):
            for name, one in hands.items():
                message = one.type_unheard(who, channel, f"Note {number} of many", root=root)
                seconds = await _ask(one, message)
                if number >= 20:
                    took[name].append(seconds)
        await bare.cleanup()
    await bot.stop()
    db.close()
    await connector.close()
    return took


async def _ask(hands: Hands, message: Message) -> float:
    activity, began = hands.said(message, "message"), time.perf_counter()
    answer = await hands.send(activity)
    assert answer.status == 200
    return time.perf_counter() - began


async def _bare(teams: TeamsSettings, session: aiohttp.ClientSession) -> tuple[web.AppRunner, int]:
    check = TokenCheck(teams, Keys(session, teams.keys_url))

    async def take(request: web.Request) -> web.Response:
        claims = await check.signed(request.headers.get("Authorization", ""))
        check.belongs(claims, await request.json())
        return web.Response()

    app = web.Application()
    app.router.add_post("/api/messages", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, runner.addresses[0][1]


def main() -> None:
    logs.set_up("ERROR")
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    with tempfile.TemporaryDirectory() as folder:
        took = asyncio.run(measure(Path(folder), many))
    for name, seconds in took.items():
        hundred = statistics.quantiles(seconds, n=100)
        print(f"{name:5} {many} answers  p50 {hundred[49] * 1000:6.1f} ms  p99 {hundred[98] * 1000:6.1f} ms")


if __name__ == "__main__":
    main()
