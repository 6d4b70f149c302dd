"""`unitbot practice --platform teams`: a made-up tenant, the bot beside it in this process, and the page.

It begins anew each time: what was practised on Teams is not saved.
"""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import sys
import tempfile
import webbrowser
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.clock import move_clock
from bot.http import Web
from bot.practice.sample.unit_file import UnitFile, load_unit, read_unit_file
from bot.practice.teams.connector import Connector
from bot.practice.teams.desk import Desk
from bot.practice.teams.hands import Hands
from bot.practice.teams.records import APP_ID, SECRET, TENANT, Channel, Person, Tenant, guid
from bot.practice.unit_workspace import SAMPLE, first_moment
from bot.settings import Settings, new_key
from bot.signals import HUNG_UP, on_signals
from bot.teams.platform import TeamsPlatform
from bot.teams.setting_up.config import TeamsSettings
from handlers import routes
from prompts_and_forms import own_names, platform_words
from prompts_and_forms.states import MemberStatus
from prompts_and_forms.unit.wording import roles_words
from storage.database.db import Database
from storage.database.vault import Vault
from storage.migrate import upgrade
from storage.opening import open_database

CHANNEL, GENERAL = "19:kestrel@thread.tacv2", "19:general@thread.tacv2"
STRANGER, GUEST = guid("stranger"), guid("guest")
NOT_IN_THE_UNIT, A_GUEST = "Not in the unit", "Guest"


def launch(*, port: int, browser: bool) -> None:
    """Runs until Ctrl-C."""
    own_names.use(None, "", platform_words.TEAMS)
    with tempfile.TemporaryDirectory(prefix="unitbot-teams-") as folder:
        asyncio.run(_practise(Path(folder), port, browser))


def in_directory(file: UnitFile) -> UnitFile:
    """The unit with its people known by the ids of a directory."""
    members = [one.model_copy(update={"chat_user": guid(one.id)}) for one in file.members]
    return file.model_copy(update={"members": members})


def tenant_of(file: UnitFile) -> Tenant:
    """Everybody of the unit in one private team, and two people beside it."""
    here = [one for one in file.members if one.status != MemberStatus.LEFT]
    people = [Person(one.chat_user, one.name) for one in file.members]
    people += [Person(STRANGER, "Sam (another team)"), Person(GUEST, "Gwen (a guest)", guest=True)]
    members = {one.chat_user for one in here}
    channels = (Channel(CHANNEL, file.unit.name, set(members)), Channel(GENERAL, "General", set(members)))
    return Tenant({one.id: one for one in people}, {one.id: one for one in channels}, team_name="Practice team")


def titles_of(file: UnitFile) -> dict[str, str]:
    """Who has a seat, and what each does."""
    here = [one for one in file.members if one.status != MemberStatus.LEFT]
    titles = {one.chat_user: roles_words(list(one.roles)) for one in here}
    return titles | {STRANGER: NOT_IN_THE_UNIT, GUEST: A_GUEST}


def settings_for(base_url: str, database_url: str, key: bytes, clock: Path) -> Settings:
    """What the bot is told, for this tenant in place of Microsoft's."""
    teams = TeamsSettings(
        app_id=APP_ID,
        secret=SECRET,
        tenant=TENANT,
        login_url=f"{base_url}/login/",
        graph_url=f"{base_url}/graph/",
        service_url=f"{base_url}/",
        keys_url=f"{base_url}/keys/openid",
    )
    return Settings(key=key, database_url=database_url, clock_file=clock, platform="teams", teams=teams)


def first_day(file: UnitFile, database_url: str, key: bytes, clock: Path) -> Database:
    """The database with the unit in it, five minutes before its meeting."""
    upgrade(database_url)
    db = open_database(database_url, Vault(key))
    machine = datetime.now(UTC)
    moment = first_moment(machine, file)
    day = moment.astimezone(ZoneInfo(file.unit.timezone)).date()
    with db.write() as session:
        load_unit(session, file, day=day, channel=CHANNEL, now=moment)
    move_clock(clock, moment - machine)
    return db


class TeamsPractice:
    """The tenant, the bot and the page together. `start` answers the page's address."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder, self._key = folder, key
        self.file = in_directory(read_unit_file(SAMPLE))
        self.connector = Connector(tenant_of(self.file))
        self._runner: web.AppRunner | None = None

    async def start(self, port: int) -> str:
        """Starts everything, on this machine only."""
        await self.connector.start()
        clock, database_url = self._folder / "clock.json", f"sqlite:///{self._folder / 'practice.db'}"
        self.db = await asyncio.to_thread(first_day, self.file, database_url, self._key, clock)
        settings = settings_for(self.connector.base_url, database_url, self._key, clock)
        self.bot = Web(settings, self.db, TeamsPlatform, routes.handle, address=("127.0.0.1", 0), whole=True)
        await self.bot.start()
        self.hands = Hands(self.connector, f"http://127.0.0.1:{self.bot.port}/api/messages")
        desk = Desk(self.hands, clock, self.file.unit.timezone, titles_of(self.file))
        self._runner = web.AppRunner(desk.app(), access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        await self.hands.changed(next(iter(titles_of(self.file))), CHANNEL, "teamMemberAdded")
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        """Leaves nothing running."""
        if self._runner is not None:
            await self._runner.cleanup()
        await self.hands.close()
        await self.bot.stop()
        await self.connector.close()
        self.db.close()


async def _practise(folder: Path, port: int, browser: bool) -> None:
    stopped = asyncio.Event()
    on_signals(stopped.set, signal.SIGINT, signal.SIGTERM, HUNG_UP)
    practice = TeamsPractice(folder, base64.b64decode(new_key()))
    address = await practice.start(port)
    print(f"\nReady. Open {address} in your browser. Nobody in it exists.", flush=True)
    print("What you practise on Teams is forgotten when this ends. Ctrl-C stops everything.", flush=True)
    if browser and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform == "darwin"):
        with suppress(Exception):
            await asyncio.to_thread(webbrowser.open, address)
    try:
        await stopped.wait()
        print("\nStopping.", flush=True)
    finally:
        await practice.close()
