"""A bot process: one lock, one database, forms in the council's words, and a service until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from bot.lock import only_one
from bot.logs import log
from bot.platform import MakePlatform
from bot.runtime import Handle
from bot.service import Service
from bot.settings import TEAMS, Settings
from bot.signals import on_signals
from bot.slack.platform import SlackPlatform
from bot.trouble import CannotStart
from handlers import routes
from prompts_and_forms import own_names, platform_words
from prompts_and_forms.days import timescale_file
from prompts_and_forms.forms import catalogue as form_catalogue
from prompts_and_forms.forms import file_wording
from prompts_and_forms.forms.form_file import Fault
from prompts_and_forms.retention import rules
from prompts_and_forms.unit import feed_address
from storage.database.db import Database, DatabaseTrouble, DatabaseVersion
from storage.database.vault import Vault
from storage.forms import published
from storage.messages import installation
from storage.opening import open_database

SWITCH_SECONDS = 0.0005
OTHER_PLATFORM = (
    "This database belongs to {theirs}, and the bot is set up for {ours}. One database serves one platform. Set "
    "PLATFORM as it was, or give the bot a database of its own in DATABASE_URL."
)
OTHER_TENANT = (
    "This database belongs to another tenant ({theirs}). Set TEAMS_TENANT_ID as it was, or give the bot a database of "
    "its own in DATABASE_URL."
)
NO_PYJWT = "Microsoft Teams needs one package more: .venv/bin/pip install --require-hashes -r requirements/teams.txt"
CALLED = {"slack": "Slack", "teams": "Microsoft Teams"}
FORMS_WAIT = 2.0
"""Seconds for keeping the forms at the start; where that does not do, each is kept when it is first asked."""

Make = Callable[[Settings, Database, MakePlatform], Service]


@asynccontextmanager
async def running(
    settings: Settings, db: Database, handle: Handle = routes.handle, platform: MakePlatform = SlackPlatform
) -> AsyncIterator[Service]:
    """The bot, for as long as the block lasts."""
    service = Service(settings, db, platform, handle)
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


def run(
    settings: Settings, *, until_stdin_closes: bool = False, may_upgrade: bool = False, make: Make = Service
) -> None:
    """Runs until it is stopped. Raises CannotStart or DatabaseTrouble with a sentence."""
    name_faults = own_names.use(
        settings.wording, settings.command_prefix, platform_words.BY_PLATFORM[settings.platform]
    )
    lock = only_one(settings.database_url)
    db = _open(settings, may_upgrade)
    try:
        belongs_here(settings, db)
        use_forms(settings, db, name_faults)
        asyncio.run(_until_stopped(make, settings, db, until_stdin_closes))
    finally:
        db.close()
        if lock is not None:
            lock.release()


def platform_of(settings: Settings) -> MakePlatform:
    """The chat platform the settings name. Raises CannotStart where its packages are not there."""
    if settings.platform != TEAMS:
        return SlackPlatform
    try:
        from bot.teams.platform import TeamsPlatform
    except ModuleNotFoundError as missing:
        raise CannotStart(NO_PYJWT) from missing
    return TeamsPlatform


def belongs_here(settings: Settings, db: Database) -> None:
    """Makes sure that the database serves this platform and tenant, and no other. Raises CannotStart."""
    tenant = settings.teams.tenant if settings.teams else ""
    with db.write(wait=FORMS_WAIT) as session:
        theirs, their_tenant = installation.belongs_to(session, settings.platform, tenant)
    if theirs != settings.platform:
        raise CannotStart(OTHER_PLATFORM.format(theirs=CALLED.get(theirs, theirs), ours=CALLED[settings.platform]))
    if their_tenant != tenant:
        raise CannotStart(OTHER_TENANT.format(theirs=their_tenant))


def _open(settings: Settings, may_upgrade: bool) -> Database:
    """The database. Bringing it up to date is left to whoever runs the bot, except in practice."""
    if settings.timescales is not None:
        timescale_file.use(settings.timescales)
    if settings.retention is not None:
        rules.use(settings.retention)
    feed_address.use(settings.address)
    try:
        return open_database(settings.database_url, Vault(settings.key))
    except DatabaseVersion:
        if not may_upgrade:
            raise
    from storage.migrate import upgrade

    upgrade(settings.database_url)
    return open_database(settings.database_url, Vault(settings.key))


def use_forms(settings: Settings, db: Database, name_faults: tuple[Fault, ...] = ()) -> None:
    """Forms in the council's own words, each kept as it will be asked.

    No fault in a file keeps a meeting from starting: that form is asked in the words that come with the bot.
    """
    lines = log("forms")
    for fault in (*name_faults, *form_catalogue.use(settings.wording)):
        said = f"{fault.problem} {file_wording.STANDS}"
        lines.warning("own_words_refused", file=fault.path.name, line=fault.line, problem=said)
    try:
        with db.write(wait=FORMS_WAIT) as session:
            published.keep_all(session, datetime.now(UTC))
    except DatabaseTrouble as trouble:
        lines.warning("kept_when_asked", reason=type(trouble).__name__)


def answer_promptly() -> None:
    """What is loaded now stays: looking through it for rubbish again and again would make people wait.

    The thread that answers people gets its turn soon, also while another one is drawing.
    """
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH_SECONDS)


async def _until_stopped(make: Make, settings: Settings, db: Database, until_stdin_closes: bool) -> None:
    stopped = asyncio.Event()
    on_signals(stopped.set, signal.SIGINT, signal.SIGTERM)
    if until_stdin_closes:
        _watch_stdin(stopped.set)
    await _serve(make(settings, db, platform_of(settings)), stopped)


async def _serve(service: Service, stopped: asyncio.Event) -> None:
    starting = asyncio.create_task(stopped.wait())
    start = asyncio.create_task(service.start())
    await asyncio.wait([starting, start], return_when=asyncio.FIRST_COMPLETED)
    if not start.done():
        start.cancel()
        await asyncio.gather(start, return_exceptions=True)
        return
    await start
    answer_promptly()
    broken = asyncio.create_task(service.broken.wait())
    try:
        await asyncio.wait([starting, broken], return_when=asyncio.FIRST_COMPLETED)
    finally:
        broken.cancel()
        await service.stop()
    if service.broken.is_set() and not stopped.is_set():
        raise CannotStart("A part of the bot stopped working; see the lines above. Please start it again.")


def _watch_stdin(stop: Callable[[], None]) -> None:
    """Stops when the process that started this one is gone."""
    loop = asyncio.get_running_loop()

    def watch() -> None:
        with suppress(OSError):
            while os.read(sys.stdin.fileno(), 1024):
                pass
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(stop)

    threading.Thread(target=watch, name="stdin", daemon=True).start()
