"""`unitbot practice`: the workspace in this process, the real bot in one of its own, a fictional unit to work with.

The first start makes the database and loads the sample unit. Later ones bring in little, so that they are quick.
"""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import sys
import webbrowser
from contextlib import suppress
from pathlib import Path

from bot.practice.bot_process import keep_running, settings_for
from bot.practice.config import WorkspaceConfig, from_manifest
from bot.practice.server import PracticeServer, serve
from bot.process import NO_PYJWT
from bot.settings import new_key
from bot.signals import HUNG_UP, on_signals
from bot.slack.manifest import manifest

CONNECT_SECONDS = 15.0
IN_USE = "Port {port} is in use. Try another: make practice PORT={next}{more}"


class CannotPractise(Exception):
    """Why not, in a sentence."""


def launch(*, port: int, fresh: bool, folder: Path, browser: bool) -> None:
    """Runs until Ctrl-C. What was kept is there next time. Raises CannotPractise."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if fresh:
            _forget(folder)
        key = _key(folder / "key")
    except OSError as trouble:
        sentence = f"Practice needs a folder it can write in. {folder} is not one ({trouble.strerror})."
        raise CannotPractise(sentence) from trouble
    asyncio.run(_practise(folder.resolve(), key, port, browser))


def launch_teams(*, port: int, browser: bool) -> None:
    """The same for Teams, begun anew each time. Raises CannotPractise."""
    try:
        from bot.practice.teams.launch import launch as on_teams
    except ModuleNotFoundError as missing:
        raise CannotPractise(NO_PYJWT) from missing
    try:
        on_teams(port=port, browser=browser)
    except OSError as taken:
        raise CannotPractise(IN_USE.format(port=port, next=port + 1, more=" PLATFORM=teams")) from taken


def _say(line: str) -> None:
    """One line on the screen, at once."""
    print(line, flush=True)


def _forget(folder: Path) -> None:
    for name in ("practice.db", "workspace.db"):
        for end in ("", "-wal", "-shm", ".lock"):
            (folder / f"{name}{end}").unlink(missing_ok=True)
    for name in ("clock.json", "people.json", "key", "bot.log"):
        (folder / name).unlink(missing_ok=True)


def _key(file: Path) -> bytes:
    """Practice has a key of its own, made on the first start."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(new_key(), "ascii")
    return base64.b64decode(file.read_text("ascii"))


async def _practise(folder: Path, key: bytes, port: int, browser: bool) -> None:
    stopped = asyncio.Event()
    on_signals(stopped.set, signal.SIGINT, signal.SIGTERM, HUNG_UP)
    database_url = f"sqlite:///{folder / 'practice.db'}"
    config = await asyncio.to_thread(_workspace, folder, database_url, key)
    config = config.model_copy(update={"enforce_rates": True})
    _say("Opening the practice workspace ...")
    try:
        server = await serve(config, port=port, database=folder / "workspace.db", clock_file=folder / "clock.json")
    except OSError as taken:
        raise CannotPractise(IN_USE.format(port=port, next=port + 1, more="")) from taken
    _say("Starting the bot and connecting it ...")
    settings = settings_for(config, server.base_url, database_url=database_url, key=key, clock=folder / "clock.json")
    bot = asyncio.create_task(keep_running(settings, folder / "bot.log"))
    opened = asyncio.create_task(_welcome(server, folder, browser))
    try:
        await stopped.wait()
        _say("\nStopping.")
    finally:
        for task in (opened, bot):
            task.cancel()
        await asyncio.gather(opened, bot, return_exceptions=True)
        await server.close()


def _workspace(folder: Path, database_url: str, key: bytes) -> WorkspaceConfig:
    """Who is in the workspace: as noted on the first start, which also loads the sample unit."""
    noted = folder / "people.json"
    if noted.exists() and (folder / "practice.db").exists():
        _say(f"Opening what you practised before, in {folder} ...")
        kept = WorkspaceConfig.model_validate_json(noted.read_text("utf-8"))
        return from_manifest(manifest(), people=kept.people, rooms=kept.rooms)
    _say("Making a new practice unit, the Kestrel Unit: 15 made-up families and their history ...")
    from bot.practice.unit_workspace import first_day
    from storage.database.db import DatabaseTrouble

    try:
        config = first_day(database_url, key, folder / "clock.json")
    except DatabaseTrouble as trouble:
        raise CannotPractise(trouble.sentence) from trouble
    noted.write_text(config.model_dump_json(include={"people", "rooms"}), "utf-8")
    return config


async def _welcome(server: PracticeServer, folder: Path, browser: bool) -> None:
    """Says where the page is as soon as the bot is there."""
    with suppress(TimeoutError):
        async with asyncio.timeout(CONNECT_SECONDS):
            while not server.sockets.connected:
                await asyncio.sleep(0.02)
    _say(f"\nReady. Open {server.base_url} in your browser. Nobody in it exists.")
    _say(f"What you do is saved in {folder}; the bot's log is bot.log there. Ctrl-C stops everything.")
    if browser and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform == "darwin"):
        with suppress(Exception):
            await asyncio.to_thread(webbrowser.open, server.base_url)
