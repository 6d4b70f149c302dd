"""Bot processes that live and die, and a workspace that stops them at the very moment a test asks for."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.practice.bot_process import PROXIES, environment, settings_for
from bot.practice.server import PracticeServer
from bot.practice.slack.api.call import Call
from bot.practice.slack.webapi import WebApi, hang_up
from tests.faults.numbered import CONFIG
from tests.worlds.until import patience, until

ROOT = Path(__file__).parents[2]
WHOLE = os.environ.get("FAULTS") == "whole"
LEASE = 2.0 if WHOLE else 1.0
"""Seconds; thirty in the product."""
KEY = bytes(range(32))
KEY_SENT = re.compile(rb"fault(?::|%3A)\d+")


class Nursery:
    """Where bot processes are born: of the program in `root`."""

    def __init__(self, root: Path = ROOT) -> None:
        surroundings = {name: value for name, value in os.environ.items() if name not in PROXIES}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.bot"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=surroundings | {"PYTHONPATH": str(root)},
            cwd=root,
        )

    def birth(self, **asked: Any) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate(timeout=patience(20))


@dataclass(frozen=True)
class Life:
    """One running process and the file with what it said."""

    pid: int
    lines: Path

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def halt(self) -> None:
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    @property
    def lives(self) -> bool:
        return Path(f"/proc/{self.pid}").exists()

    async def ended(self) -> None:
        await until(lambda: not self.lives)

    def _signal(self, which: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, which)


@dataclass
class Lives:
    """Every process of a test."""

    nursery: Nursery
    server: PracticeServer
    url: str
    folder: Path
    all: list[Life] = field(default_factory=list)

    async def next(self, wrong_by: float = 0) -> Life:
        """A new process, begun."""
        settings = settings_for(
            CONFIG, self.server.base_url, database_url=self.url, key=KEY, clock=self.folder / "clock.json"
        )
        lines = self.folder / f"bot-{len(self.all)}.log"
        pid = await asyncio.to_thread(
            self.nursery.birth,
            role="run" if self.url.startswith("sqlite") else "worker",
            settings={name: value for name, value in environment(settings).items() if value},
            lease=LEASE,
            wrong_by=wrong_by,
            lines=str(lines),
        )
        self.all.append(Life(pid, lines))
        return self.all[-1]

    async def close(self) -> None:
        for life in self.all:
            life.kill()
        for life in self.all:
            await life.ended()


Trap = Callable[[], Awaitable[None] | None]


class WatchedApi(WebApi):
    """The practice workspace's Web API with traps: something happens at one moment of one coming call.

    Of `late` messages the first try is held, and done when the same message has been posted again.

    `refused`: the call arrived and nothing was done. `done`: it was done and is about to be answered.
    """

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._traps: list[tuple[str, str, int, Trap]] = []
        self.drops: Callable[[str], bool] = lambda _method: False
        self.accepted = asyncio.Condition()
        self.posted = 0
        self.late = 0
        self._held: dict[str, web.Request | None] = {}
        self._accepting: set[str] = set()

    async def accept_late(self) -> None:
        """Now the first tries of `late` messages are done, whose callers have long given up."""
        for number in self._held:
            await self._accept(number)

    async def _accept(self, number: str) -> None:
        """Slack had let this first try in when it came: it is not counted again. Each is done once."""
        request, self._held[number] = self._held[number], None
        if request is None:
            return
        self._accepting.add(number)
        await super()._answer(request, "chat.postMessage")
        self._accepting.discard(number)

    def _over_the_rate(self, call: Call) -> int | None:
        found = KEY_SENT.search(str(call.arguments.get("metadata", "")).encode())
        return None if found and _number(found) in self._accepting else super()._over_the_rate(call)

    def trap(self, method: str, moment: str, action: Trap, after: int = 0) -> None:
        """`after` so many calls of this method, the next one meets the action."""
        self._traps.append((method, moment, after, action))

    async def _answer(self, request: web.Request, method: str) -> web.StreamResponse:
        if await self._meets(method, "refused"):
            return hang_up(request)
        number = ""
        if method == "chat.postMessage" and self.late:
            key = KEY_SENT.search(await request.read())
            number = _number(key) if key else ""
            if number and number not in self._held and len(self._held) < self.late:
                self._held[number] = request
                return hang_up(request)
        answer = await super()._answer(request, method)
        if method == "chat.postMessage" and answer.status == 200:
            if self._held.get(number):
                await self._accept(number)
            async with self.accepted:
                self.posted += 1
                self.accepted.notify_all()
        await self._meets(method, "done")
        return hang_up(request) if self.drops(method) else answer

    async def _meets(self, method: str, moment: str) -> bool:
        for number, (wanted, when, after, action) in enumerate(self._traps):
            if (wanted, when) != (method, moment):
                continue
            if after:
                self._traps[number] = (wanted, when, after - 1, action)
                return False
            del self._traps[number]
            happening = action()
            if happening is not None:
                await happening
            return True
        return False

    async def until_posted(self, count: int) -> None:
        """Waits until so many messages were accepted in all."""
        await until(lambda: self.posted >= count, lambda: self.posted, every=0.002)


def _number(found: re.Match[bytes]) -> str:
    return found.group().decode().replace("%3A", ":").partition(":")[2]


def watched(server: PracticeServer) -> WatchedApi:
    """Puts the traps into a server that has not started."""
    api = WatchedApi(server.workspace, server.modals, server.files, server.sockets, server.ledger, server.faults)
    server.api = api
    return api
