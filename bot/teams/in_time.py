"""A press is answered before Teams gives up, whether its turn is over or not; what comes later is told in the chat."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

from bot.teams.answers import Answers
from handlers.turn import Answer, Event

Json = dict[str, Any]
Outcome = tuple[Answer, Json]
"""What a press came to, and the response that says so."""
Work = Callable[[], Coroutine[Any, Any, Outcome]]
Later = Callable[[Coroutine[Any, Any, None]], None]
"""Lets something go on after the response."""

PATIENCE = 4.0
"""Seconds from a request to its response: an action of a message waits five, and then sends it again."""
MOST = 500
"""Outcomes that are remembered, for a client that sends the same form again because it heard none."""


class InTime:
    """The same press that comes again while its turn goes on is not handled again."""

    def __init__(self, answers: Answers, later: Later) -> None:
        self._answers, self._later = answers, later
        self._known: OrderedDict[str, asyncio.Task[Outcome]] = OrderedDict()
        self._late: set[asyncio.Task[Outcome]] = set()

    async def respond(
        self, key: str, event: Event, work: Work, late: Json, end: float, *, remember: bool = False
    ) -> Json:
        """The response; `late` where there is none at the moment `end`, and then the outcome is told in the chat.

        `remember`: what comes under this key later too gets the same response, and is not handled again.
        """
        task = self._known.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._known[key] = asyncio.create_task(work())
            self._later(self._over(key, event, task, remember))
        done, _ = await asyncio.wait([task], timeout=max(end - asyncio.get_running_loop().time(), 0))
        if done:
            return task.result()[1]
        self._late.add(task)
        return late

    async def _over(self, key: str, event: Event, task: asyncio.Task[Outcome], remember: bool) -> None:
        """Waits for the outcome, and tells it where somebody was not answered."""
        await asyncio.wait([task])
        if not remember:
            self._known.pop(key, None)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        if task in self._late:
            self._late.discard(task)
            await self._answers.tell_late(event, None if task.cancelled() or task.exception() else task.result()[0])
