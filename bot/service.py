"""`unitbot run`: everything put together, started, and stopped cleanly."""

from __future__ import annotations

import asyncio
import fcntl
import gc
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.health import Heartbeat
from bot.logs import log, where
from bot.runtime import Handle, Runtime
from bot.scheduler import Ticker
from bot.sending.delivery import Delivery
from bot.settings import Settings
from bot.slack.answers import Answers
from bot.slack.app import Parts, SlackAdapter
from bot.slack.client import NOT_THE_MESSAGE, TROUBLE, is_this_machine, new_client, new_session, verdict
from bot.slack.directory import ChannelGate, ClosedAccounts, Names
from bot.slack.events import Reader
from bot.slack.poster import Poster
from bot.slack.reconcile import Reconciler
from bot.slack.uploads import Uploader
from handlers import routes
from prompts_and_forms.days import timescale_file
from prompts_and_forms.forms import catalogue as form_catalogue
from prompts_and_forms.forms import file_wording
from prompts_and_forms.measures import catalogue
from prompts_and_forms.nudges import nudge_kinds
from storage.database.db import Database, DatabaseTrouble, DatabaseVersion, parse
from storage.database.vault import Vault
from storage.forms import published
from storage.messages.delivery import LEASE
from storage.messages.outbox import nothing_due

SWITCH_SECONDS = 0.0005
FORMS_WAIT = 2.0
"""Seconds for keeping the forms at the start; where that does not do, each is kept when it is first asked."""
PING_SECONDS = 5
"""How often the socket is tried; a line that broke without a word is noticed after this long."""


def _read_in() -> None:
    """Handlers and rule files, read before anybody can press, for nobody's turn should wait for them."""
    routes.load()
    timescale_file.rules()
    nudge_kinds.load()
    catalogue.measures()


class CannotStart(Exception):
    """What is wrong, in a sentence for whoever runs the bot."""


class Service:
    """The running bot."""

    def __init__(self, settings: Settings, db: Database, handle: Handle = routes.handle) -> None:
        self._settings, self._db = settings, db
        self._handle = handle
        self._log = log("service")
        self._tasks: list[asyncio.Task[Any]] = []
        self.broken = asyncio.Event()

    async def start(self) -> None:
        """Connects and begins to work. Raises CannotStart when Slack refuses the token."""
        await self._prepare()
        await self._connect()
        self._work()
        self._log.info("connected")

    async def _prepare(self) -> None:
        settings = self._settings
        await asyncio.to_thread(_read_in)
        self.clock = Clock(settings.clock_file)
        self.runtime = Runtime(self._db, self.clock, self._handle)
        self._session = new_session()
        client = new_client(settings, self._session)
        self.gate = ChannelGate(client, self.runtime)
        names = Names(self.runtime)
        poster = Poster(client, self.runtime)
        reader = Reader(self.clock, names.of)
        self.reconciler = Reconciler(client, self.runtime, reader, names)
        answers = Answers(client, poster, self._session)
        self.adapter = SlackAdapter(Parts(client, self.runtime, reader, names, self.gate, answers, self.reconciler))
        uploader = Uploader(client, self.runtime, poster)
        closed = ClosedAccounts(client)
        self.delivery = Delivery(self.runtime, poster, self.gate, uploader, closed, settings.lease or LEASE)
        self.ticker = Ticker(self.runtime, self.clock)
        self.heartbeat = Heartbeat(self.runtime)
        self.gate.bot_user = await self._who_am_i(client)

    def _work(self) -> None:
        """What goes on by itself, until `stop`. When one of it ends, `broken` is set."""
        self._keep_going(self.delivery.run())
        self._keep_going(self.heartbeat.run())
        self.ticker.start()

    def _keep_going(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.append(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            self._log.error("stopped_working", where=where(error) if (error := task.exception()) else "")
            self.broken.set()

    async def _connect(self) -> None:
        settings = self._settings
        self._socket: Any = AsyncSocketModeHandler(
            self.adapter.app(),
            settings.app_token,
            web_client=new_client(settings, self._session),
            ping_interval=PING_SECONDS,
        )
        if is_this_machine(settings.api_url):
            self._socket.client.proxy = None
        self._socket.client.message_listeners.append(self._greeted)
        await self._socket.connect_async()  # type: ignore[no-untyped-call]

    async def _who_am_i(self, client: AsyncWebClient) -> str:
        while True:
            try:
                return str((await client.auth_test())["user_id"])
            except TROUBLE as error:
                found = verdict(error)
                if found.code in NOT_THE_MESSAGE:
                    raise CannotStart(f"Slack refused the bot token ({found.code}). Try: unitbot check") from error
                self._log.warning("slack_not_reached", reason=found.code)
                await asyncio.sleep(max(found.wait, 2))

    async def _greeted(self, _client: Any, message: dict[str, Any], _raw: Any = None) -> None:
        """Every new connection begins with a hello: what was missed before it is caught up with."""
        if message.get("type") == "hello":
            self._soon(self._catch_up())

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.append(task)
        task.add_done_callback(self._tasks.remove)

    async def _catch_up(self) -> None:
        try:
            await self.reconciler.reconcile()
        except Exception as error:
            self._log.warning("not_caught_up", reason=type(error).__name__)

    async def settled(self, timeout: float = 10.0) -> bool:
        """Waits until everybody has their answer and all that is due is posted; False when that took too long.

        What Slack has not delivered yet, only Slack knows.
        """
        end = asyncio.get_running_loop().time() + timeout
        while asyncio.get_running_loop().time() < end:
            if not (self.adapter.busy or self.runtime.busy or self.delivery.busy) and await self._nothing_due():
                return True
            await asyncio.sleep(0.005)
        return False

    async def _nothing_due(self) -> bool:
        now = self.clock.now()
        return await self.runtime.read(lambda session: nothing_due(session, now))

    async def _disconnect(self) -> None:
        """No more events come in."""
        with suppress(Exception):
            await self._socket.close_async()

    async def stop(self) -> None:
        await self._disconnect()
        await self.ticker.stop()
        await self.adapter.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()
        self.runtime.close()


Make = Callable[[Settings, Database], Service]


@asynccontextmanager
async def running(settings: Settings, db: Database, handle: Handle = routes.handle) -> AsyncIterator[Service]:
    """The bot, for as long as the block lasts."""
    service = Service(settings, db, handle)
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


def only_one(url: str) -> IO[str] | None:
    """The lock that keeps a second bot away from a database file. Raises CannotStart when one runs already."""
    address = parse(url)
    if address.get_backend_name() != "sqlite":
        return None
    path = Path(f"{address.database}.lock")
    if not path.parent.is_dir():
        return None
    held = path.open("w", encoding="utf-8")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as taken:
        held.close()
        raise CannotStart(f"Another unitbot is already running on {address.database}. Stop it first.") from taken
    return held


def run(
    settings: Settings, *, until_stdin_closes: bool = False, may_upgrade: bool = False, make: Make = Service
) -> None:
    """Runs until it is stopped. Raises CannotStart or DatabaseTrouble with a sentence."""
    lock = only_one(settings.database_url)
    db = _open(settings, may_upgrade)
    use_forms(settings, db)
    try:
        asyncio.run(_until_stopped(make, settings, db, until_stdin_closes))
    finally:
        db.close()
        if lock is not None:
            lock.close()


def _open(settings: Settings, may_upgrade: bool) -> Database:
    """The database. Bringing it up to date is left to whoever runs the bot, except in practice."""
    if settings.timescales is not None:
        timescale_file.use(settings.timescales)
    try:
        return Database.open(settings.database_url, Vault(settings.key))
    except DatabaseVersion:
        if not may_upgrade:
            raise
    from storage.migrate import upgrade

    upgrade(settings.database_url)
    return Database.open(settings.database_url, Vault(settings.key))


def use_forms(settings: Settings, db: Database) -> None:
    """Forms in the council's own words, each kept as it will be asked.

    No fault in a file keeps a meeting from starting: that form is asked in the words that come with the bot.
    """
    lines = log("forms")
    for fault in form_catalogue.use(settings.wording):
        said = f"{fault.problem} {file_wording.STANDS}"
        lines.warning("own_words_refused", file=fault.path.name, line=fault.line, problem=said)
    try:
        with db.write(wait=FORMS_WAIT) as session:
            published.keep_all(session, datetime.now(UTC))
    except DatabaseTrouble as trouble:
        lines.warning("kept_when_asked", reason=type(trouble).__name__)


def answer_promptly() -> None:
    """What is loaded now stays: looking through it for rubbish again and again would make people wait.

    The thread that answers Slack gets its turn soon, also while another one is drawing.
    """
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH_SECONDS)


async def _until_stopped(make: Make, settings: Settings, db: Database, until_stdin_closes: bool) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    if until_stdin_closes:
        await _watch_stdin(stopped)
    await _serve(make(settings, db), stopped)


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


async def _watch_stdin(stopped: asyncio.Event) -> None:
    """Stops when the process that started this one is gone."""

    class Watch(asyncio.Protocol):
        def connection_lost(self, exc: Exception | None) -> None:
            stopped.set()

        def eof_received(self) -> None:
            stopped.set()

    await asyncio.get_running_loop().connect_read_pipe(Watch, sys.stdin)
