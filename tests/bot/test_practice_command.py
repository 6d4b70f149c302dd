"""`unitbot practice`: the workspace, the bot in a process of its own, the sample unit."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from bot.practice.seat import Practice, Seat, SeatError
from tests.worlds.until import patience, until

PIPPA, CHANNEL = "U0KEST04", "C0KESTREL"


@asynccontextmanager
async def practising(folder: Path) -> AsyncIterator[tuple[Practice, asyncio.subprocess.Process]]:
    """The command, from its first line to Ctrl-C."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "practice", "--port", "0", "--no-browser", "--folder", str(folder)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    try:
        line = ""
        while not (found := re.search(r"http://127\.0\.0\.1:\d+", line)):
            raw = await asyncio.wait_for(process.stdout.readline(), patience())
            assert raw, line
            line = raw.decode()
        async with Practice(found.group()) as practice:
            yield practice, process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.communicate(), patience())
    assert process.returncode == 0


async def typed(seat: Seat, command: str) -> None:
    """Types the command, and again as people do where a busy machine was too slow for Slack's three seconds."""

    async def answered() -> bool:
        with suppress(SeatError):
            await seat.command(CHANNEL, command, "help")
            return True
        return False

    await until(answered, every=0.5)


async def whispered(seat: Seat, count: int) -> list[str]:
    async def notes() -> list[str]:
        found = [message["text"] for message in await seat.messages(CHANNEL) if message.get("is_ephemeral")]
        return found if len(found) >= count else []

    return await seat.practice.until(notes, patience())


def children(process: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


async def connected(practice: Practice, wanted: bool) -> None:
    async def is_so() -> bool:
        return (await practice.seat(PIPPA).state())["bot_connected"] is wanted

    await until(is_so, every=0.05)


async def test_practice_survives_a_killed_bot_and_a_second_start(tmp_path: Path) -> None:
    async with practising(tmp_path) as (practice, process):
        pippa = practice.seat(PIPPA)
        await typed(pippa, "/unit")
        assert await whispered(pippa, 1) == ["How /unit works"]
        os.kill(children(process.pid)[0], signal.SIGKILL)
        await connected(practice, False)
        await connected(practice, True)
        await typed(pippa, "/meeting")
        assert len(await whispered(pippa, 2)) == 2
    async with practising(tmp_path) as (practice, _process):
        pippa = practice.seat(PIPPA)
        assert len(await whispered(pippa, 2)) == 2
        await typed(pippa, "/family")
        assert len(await whispered(pippa, 3)) == 3
