"""`unitbot practice`: the workspace in this process, the real bot in one of its own, a fictional unit to work with.

The bot is connected the way it would be to Slack. When it dies it is started again, as a server would do.
"""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import sys
import webbrowser
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from bot.clock import Clock
from bot.practice.server import PracticeServer, serve
from bot.practice.unit_workspace import SAMPLE, load_today, settings_for, workspace_of
from bot.settings import Settings, new_key
from storage.db import Database, DatabaseTrouble
from storage.migrate import upgrade
from storage.unit_file import UnitFile, read_unit_file
from storage.units import every_unit
from storage.vault import Vault

FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0
GOODBYE_SECONDS = 6.0
STEADY_SECONDS = 20.0


class CannotPractise(Exception):
    """Why not, in a sentence."""


def launch(*, port: int, fresh: bool, folder: Path, browser: bool) -> None:
    """Runs until Ctrl-C. What was kept is there next time."""
    folder.mkdir(parents=True, exist_ok=True)
    if fresh:
        _forget(folder)
    try:
        asyncio.run(_practise(folder.resolve(), port, browser))
    except DatabaseTrouble as trouble:
        raise CannotPractise(trouble.sentence) from trouble


def _forget(folder: Path) -> None:
    for name in ("practice.db", "workspace.db"):
        for end in ("", "-wal", "-shm", ".lock"):
            (folder / f"{name}{end}").unlink(missing_ok=True)
    for name in ("clock.json", "key", "bot.log"):
        (folder / name).unlink(missing_ok=True)


async def _practise(folder: Path, port: int, browser: bool) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(name, stopped.set)
    unit_file = read_unit_file(SAMPLE)
    config = workspace_of(unit_file)
    try:
        server = await serve(config, port=port, database=folder / "workspace.db", clock_file=folder / "clock.json")
    except OSError as taken:
        raise CannotPractise(f"Port {port} is in use. Try another: make practice PORT={port + 1}") from taken
    try:
        settings = settings_for(
            config,
            server.base_url,
            database_url=f"sqlite:///{folder / 'practice.db'}",
            key=_key(folder / "key"),
            clock=folder / "clock.json",
        )
        _prepare(settings, unit_file)
        await _with_bot(settings, server, folder / "bot.log", stopped, browser)
    finally:
        await server.close()


def _key(file: Path) -> bytes:
    """Practice has a key of its own, made on the first start."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(new_key(), "ascii")
    return base64.b64decode(file.read_text("ascii"))


def _prepare(settings: Settings, unit_file: UnitFile) -> None:
    """The database, with the sample unit in it the first time."""
    upgrade(settings.database_url)
    db = Database.open(settings.database_url, Vault(settings.key))
    try:
        with db.read() as session:
            is_new = not every_unit(session)
        if is_new:
            with db.write() as session:
                load_today(session, unit_file, Clock(settings.clock_file).now())
    finally:
        db.close()


async def _with_bot(
    settings: Settings, server: PracticeServer, log_file: Path, stopped: asyncio.Event, browser: bool
) -> None:
    bot = asyncio.create_task(_keep_running(settings, log_file))
    opened = asyncio.create_task(_welcome(server, log_file, browser))
    try:
        await stopped.wait()
        print("\nStopping.", flush=True)
    finally:
        for task in (opened, bot):
            task.cancel()
        await asyncio.gather(opened, bot, return_exceptions=True)


async def _welcome(server: PracticeServer, log_file: Path, browser: bool) -> None:
    """Says where the page is as soon as the bot is there."""
    for _ in range(200):
        if server.sockets.connected:
            break
        await asyncio.sleep(0.05)
    print(f"\nPractice workspace (nobody in it exists): {server.base_url}", flush=True)
    print(f"The bot's own lines: {log_file}. Ctrl-C stops everything; what was kept stays.", flush=True)
    if browser and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform == "darwin"):
        with suppress(Exception):
            await asyncio.to_thread(webbrowser.open, server.base_url)


async def _keep_running(settings: Settings, log_file: Path) -> None:
    """Starts the bot, and again whenever it died; it goes when this process goes."""
    wait = FIRST_WAIT
    with log_file.open("a", encoding="utf-8") as lines:
        while True:
            started = datetime.now(UTC)
            code = await _one_life(settings, lines)
            lived = (datetime.now(UTC) - started).total_seconds()
            wait = FIRST_WAIT if lived > STEADY_SECONDS else min(wait * 2, LONGEST_WAIT)
            print(f"The bot stopped (code {code}); starting it again. See {log_file}.", flush=True)
            await asyncio.sleep(wait)


async def _one_life(settings: Settings, lines: IO[str]) -> int:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.cli",
        "run",
        "--until-stdin-closes",
        stdin=asyncio.subprocess.PIPE,
        stdout=lines,
        stderr=lines,
        env=environment(settings),
        start_new_session=True,
    )
    try:
        return await process.wait()
    finally:
        if process.returncode is None:
            await _say_goodbye(process)


async def _say_goodbye(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), GOODBYE_SECONDS)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def environment(settings: Settings) -> dict[str, str]:
    """The settings as a bot process reads them."""
    return {
        **os.environ,
        "SLACK_BOT_TOKEN": settings.bot_token,
        "SLACK_APP_TOKEN": settings.app_token,
        "SLACK_API_URL": settings.api_url,
        "DATABASE_URL": settings.database_url,
        "UNITBOT_KEY": base64.b64encode(settings.key).decode("ascii"),
        "UNITBOT_CLOCK": str(settings.clock_file or ""),
        "LOG_LEVEL": settings.log_level,
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }
