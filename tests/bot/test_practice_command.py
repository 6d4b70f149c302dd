"""`unitbot practice`: the workspace, the bot in a process of its own, the sample unit."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.practice.seat import Practice, Seat

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
        async with asyncio.timeout(30):
            line = ""
            while not (found := re.search(r"http://127\.0\.0\.1:\d+", line)):
                raw = await process.stdout.readline()
                assert raw, line
                line = raw.decode()
        async with Practice(found.group()) as practice:
            yield practice, process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        async with asyncio.timeout(15):
            await process.communicate()
    assert process.returncode == 0


async def whispered(seat: Seat, count: int) -> list[str]:
    async with asyncio.timeout(20):
        while True:
            found = [message["text"] for message in await seat.messages(CHANNEL) if message.get("is_ephemeral")]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.05)


def children(process: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


async def connected(practice: Practice, wanted: bool) -> None:
    async with asyncio.timeout(20):
        while (await practice.seat(PIPPA).state())["bot_connected"] is not wanted:
            await asyncio.sleep(0.05)


async def test_practice_survives_a_killed_bot_and_a_second_start(tmp_path: Path) -> None:
    async with practising(tmp_path) as (practice, process):
        pippa = practice.seat(PIPPA)
        await pippa.command(CHANNEL, "/unit", "help")
        assert await whispered(pippa, 1) == ["How /unit works"]
        os.kill(children(process.pid)[0], signal.SIGKILL)
        await connected(practice, False)
        await connected(practice, True)
        await pippa.command(CHANNEL, "/meeting", "help")
        assert len(await whispered(pippa, 2)) == 2
    async with practising(tmp_path) as (practice, _process):
        pippa = practice.seat(PIPPA)
        assert len(await whispered(pippa, 2)) == 2
        await pippa.command(CHANNEL, "/family", "help")
        assert len(await whispered(pippa, 3)) == 3
