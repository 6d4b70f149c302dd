"""The real bot in a process of its own, connected to a practice workspace; started again when it dies."""

from __future__ import annotations

import asyncio
import base64
import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from bot.practice.config import WorkspaceConfig
from bot.settings import Settings

FIRST_WAIT, LONGEST_WAIT = 0.25, 10.0
GOODBYE_SECONDS = 6.0
STEADY_SECONDS = 20.0
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy")


def settings_for(config: WorkspaceConfig, base_url: str, *, database_url: str, key: bytes, clock: Path) -> Settings:
    """What a bot must be told to work in this workspace."""
    return Settings(
        bot_token=config.bot_token,
        app_token=config.app_token,
        api_url=f"{base_url}/api/",
        database_url=database_url,
        key=key,
        clock_file=clock,
        tiers=config.enforce_rates,
    )


def environment(settings: Settings) -> dict[str, str]:
    """The settings as a bot process reads them; it reaches the workspace directly, whatever proxy is set."""
    surroundings = {name: value for name, value in os.environ.items() if name not in PROXIES}
    return surroundings | {
        "SLACK_BOT_TOKEN": settings.bot_token,
        "SLACK_APP_TOKEN": settings.app_token,
        "SLACK_API_URL": settings.api_url,
        "DATABASE_URL": settings.database_url,
        "UNITBOT_KEY": base64.b64encode(settings.key).decode("ascii"),
        "UNITBOT_CLOCK": str(settings.clock_file or ""),
        "LOG_LEVEL": settings.log_level,
        "UNITBOT_TIERS": "" if settings.tiers else "off",
    }


async def keep_running(settings: Settings, log_file: Path) -> None:
    """Until cancelled: starts the bot, and again whenever it died. It also goes when this process goes."""
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
        "--upgrade",
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
