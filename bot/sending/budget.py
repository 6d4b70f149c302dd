"""How many calls of each kind the platform takes: one budget for every process of a workspace, kept in the database.

What is claimed from the outbox takes its calls in the claim's own transaction. For the calls made by itself a process
leases some at a time, so that no call costs a commit. Whoever is in front of a person goes ahead in any case, and what
was not taken before is owed. A call that was refused lets its method rest, here and in every other process.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from bot.runtime import Runtime
from bot.sending.answers_left import AnswersLeft
from storage.database.db import DatabaseTrouble
from storage.messages import call_budget
from storage.messages.call_budget import Left

LEASED_FOR = 5.0
"""Seconds after which what was leased and not used is given back."""
LEASES_A_MINUTE = 10
RESERVED = (0, 0, 4, 8)
"""By priority: how many calls a message leaves for what matters more. What comes later than these leaves the last."""
FOR_OTHERS = 12


@dataclass
class _Lease:
    calls: float = 0.0
    until: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Budget:
    """`tiers`: calls a minute by method; a method without one is free. `claimed`: the method of a kind of message."""

    def __init__(self, runtime: Runtime, tiers: Mapping[str, int], claimed: Mapping[str, str]) -> None:
        self._runtime, self._tiers, self._claimed = runtime, tiers, claimed
        self._leases: dict[str, _Lease] = defaultdict(_Lease)
        self._empty_until: dict[str, float] = {}
        self._back: dict[str, float] = defaultdict(float)
        self._tasks: set[asyncio.Task[None]] = set()
        self.answers = AnswersLeft()
        """What costs no call of these."""

    # ---- what is claimed

    def kinds(self, moment: float) -> list[str]:
        """The kinds of message that are counted and may be claimed for now, as far as this process knows."""
        return [kind for kind in self._claimed if moment >= self._empty_until.get(kind, 0.0)]

    @property
    def counted(self) -> Sequence[str]:
        """The kinds of message that are counted at all."""
        return tuple(self._claimed)

    def wait(self, moment: float) -> float:
        """Seconds until one of the kinds that had none left may be asked for again; 0 where none waits."""
        waits = [until - moment for until in self._empty_until.values() if until > moment]
        return min(waits, default=0.0)

    def allowed(self, session: Session, kind: str, priorities: Sequence[int], moment: float) -> int:
        """Takes calls for messages of these priorities, in their order, and answers for how many there were some."""
        method = self._claimed[kind]
        reserved = [RESERVED[one] if one < len(RESERVED) else FOR_OTHERS for one in priorities]
        machine, back = datetime.now(UTC), self._back.pop(kind, 0.0)
        left = call_budget.take(session, method, self._tiers[method], reserved, machine=machine, back=back)
        if left.wait:
            self._empty_until[kind] = moment + min(left.wait, 1.0)
        return int(left.calls)

    def not_made(self, kind: str) -> None:
        """A call that was taken for a message of this kind was not needed."""
        if kind in self._claimed:
            self._back[kind] += 1

    # ---- calls of one's own

    async def spend(self, method: str, patience: float) -> None:
        """Before a call: waits for one to be left, at most so many seconds, and then goes ahead all the same."""
        if method not in self._tiers or method in self._claimed.values():
            return
        lease, end = self._leases[method], time.monotonic() + patience
        while not self._use(lease):
            if patience <= 0:
                break
            async with lease.lock:
                left = Left(1) if self._has(lease) else await self._take(method, lease)
            now = time.monotonic()
            if not left.calls:
                if now + left.wait > end:
                    break
                await asyncio.sleep(left.wait)
        else:
            return
        lease.calls -= 1
        if lease.calls <= -self._size(method):
            self._later(self._settle(method, lease))

    async def may(self, kind: str) -> bool:
        """Takes a call for a message of this kind that nobody waits for; False where none is left now."""
        method = self._claimed.get(kind)
        if method is None:
            return True
        lease = self._leases[method]
        if not self._has(lease):
            async with lease.lock:
                if not self._has(lease):
                    await self._take(method, lease)
        return self._use(lease)

    def refused(self, method: str, seconds: float) -> None:
        """The platform asked for no such call for so long: nobody makes one until then."""
        if method not in self._tiers:
            return
        self._leases[method].calls = min(self._leases[method].calls, 0.0)
        until = time.monotonic() + min(seconds, 1.0)
        self._empty_until |= {kind: until for kind, one in self._claimed.items() if one == method}
        self._later(self._note_refusal(method, seconds))

    async def close(self) -> None:
        """Gives back what was leased and not used."""
        for method, lease in self._leases.items():
            if lease.calls:
                with suppress(DatabaseTrouble):
                    await self._owe(method, -lease.calls)
            lease.calls = 0.0

    def _has(self, lease: _Lease) -> bool:
        return lease.calls >= 1 and time.monotonic() < lease.until

    def _use(self, lease: _Lease) -> bool:
        if not self._has(lease):
            return False
        lease.calls -= 1
        return True

    def _size(self, method: str) -> int:
        return max(self._tiers[method] // LEASES_A_MINUTE, 1)

    async def _take(self, method: str, lease: _Lease) -> Left:
        """Leases some calls; what is owed, or was leased too long ago, is settled in the same turn."""
        owed, size = -lease.calls, self._size(method)
        lease.calls = 0.0

        def turn(session: Session) -> Left:
            machine = datetime.now(UTC)
            if owed:
                call_budget.owe(session, method, self._tiers[method], owed, machine=machine)
            return call_budget.take(session, method, self._tiers[method], [0] * size, machine=machine)

        try:
            left = await self._runtime.write(turn)
        except DatabaseTrouble:
            lease.calls -= owed
            return Left(0, 1.0)
        lease.calls += left.calls
        lease.until = time.monotonic() + LEASED_FOR
        return left

    async def _settle(self, method: str, lease: _Lease) -> None:
        owed, lease.calls = -lease.calls, 0.0
        with suppress(DatabaseTrouble):
            await self._owe(method, owed)

    async def _owe(self, method: str, calls: float) -> None:
        tier = self._tiers[method]
        await self._runtime.write(
            lambda session: call_budget.owe(session, method, tier, calls, machine=datetime.now(UTC))
        )

    async def _note_refusal(self, method: str, seconds: float) -> None:
        tier = self._tiers[method]
        with suppress(DatabaseTrouble):
            await self._runtime.write(
                lambda session: call_budget.refused(session, method, tier, wait=seconds, machine=datetime.now(UTC))
            )

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
