"""The two apps under measure, each in its own process and connected to a practice workspace of its own."""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from bot.practice.bot_process import environment
from bot.practice.server import PracticeServer
from bot.settings import Settings

OURS = ("-m", "bot.cli", "run", "--until-stdin-closes")
BARE = ("-m", "bench.bare")
START_SECONDS = 60.0
KINDS = {"slash_commands": "command", "block_actions": "button", "view_submission": "form"}


@dataclass
class Side:
    """One workspace with one app: who it is, and how long each acknowledgement took, in ms."""

    name: str
    server: PracticeServer
    command: tuple[str, ...]
    settings: Settings
    log: Path
    process: asyncio.subprocess.Process | None = None
    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        """Each acknowledgement is noted with what it was for; the app's own posts come back as events and are not."""
        asked = self.server.sockets._ask

        async def timed(kind: str, payload: Any, accepts: bool, extra: Any) -> tuple[Any, float]:
            answer, milliseconds = await asked(kind, payload, accepts, extra)
            what = KINDS.get(kind) or KINDS.get(str(payload.get("type")), "")
            happened = payload.get("event") or {}
            if kind == "events_api" and happened.get("type") == "message" and not happened.get("bot_id"):
                what = "thread message"
            if what:
                self.taken[what].append(milliseconds)
            return answer, milliseconds

        self.server.sockets._ask = timed  # type: ignore[method-assign]

    async def start(self) -> float:
        """Starts the app; answers after how many seconds it was connected."""
        began = perf_counter()
        with self.log.open("a", encoding="utf-8") as lines:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                *self.command,
                stdin=asyncio.subprocess.PIPE,
                stdout=lines,
                stderr=lines,
                env=environment(self.settings),
            )
        while not self.server.sockets.connected:
            if self.process.returncode is not None or perf_counter() - began > START_SECONDS:
                raise RuntimeError(f"{self.name} did not start; see {self.log}:\n{self.log.read_text('utf-8')[-2000:]}")
            await asyncio.sleep(0.005)
        return perf_counter() - began

    async def stop(self) -> None:
        if self.process is None or self.process.returncode is not None:
            return
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            await asyncio.wait_for(self.process.wait(), 10)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
        while self.server.sockets.connected:
            await asyncio.sleep(0.01)

    def memory(self) -> tuple[float, float]:
        """Memory in use now and at most, in MB."""
        assert self.process is not None
        lines = Path(f"/proc/{self.process.pid}/status").read_text("ascii").splitlines()
        found = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith(("VmRSS", "VmHWM"))}
        return int(found["VmRSS"]) / 1024, int(found["VmHWM"]) / 1024
