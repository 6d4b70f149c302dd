"""A form that came back: handed in, turned over, or drawn again. The same drawing handed in twice is handed in once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.runtime import Runtime
from bot.teams import dialogs
from bot.teams.answers import Answers
from bot.teams.events import Reader
from bot.teams.wire import Filled
from handlers.turn import Answer, Ask, Done, Event, EventKind, Wrong
from storage.messages.threads import handled

Json = dict[str, Any]
Ready = Callable[[Event], Awaitable[Event]]

RESUME = "form.resume"
MOST = 500
"""Answers that are remembered, for a client that sends the same form again because it heard none."""


@dataclass(frozen=True)
class Given:
    """What a form is answered, and where it was opened."""

    answer: Answer
    errors: dict[str, str]
    at: str = ""


class Forms:
    """`ready` adds to an event what has to be known before it is handled."""

    def __init__(self, runtime: Runtime, reader: Reader, answers: Answers, ready: Ready) -> None:
        self._runtime, self._reader, self._answers, self._ready = runtime, reader, answers, ready
        self._given: OrderedDict[str, asyncio.Task[Json]] = OrderedDict()

    async def take(self, activity: Json, form: Filled, where: dict[str, str]) -> Json:
        """The response to a form that came back."""
        key = self._reader.filled(activity, form, EventKind.SUBMIT).id
        task = self._given.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._given[key] = asyncio.create_task(self._answer(activity, form, where, key))
            while len(self._given) > MOST:
                self._given.popitem(last=False)
        return await asyncio.shield(task)

    async def _answer(self, activity: Json, form: Filled, where: dict[str, str], key: str) -> Json:
        given = await self._give(activity, form, key)
        return self._answers.dialog(given.answer, where, given.errors, given.at)

    async def _give(self, activity: Json, form: Filled, key: str) -> Given:
        if form.part is not None:
            whole = await self._reopened(activity, form)
            if not isinstance(whole, Ask):
                return Given(whole, {})
            form = replace(form, values=dialogs.answers(form, whole.view), args=dict(whole.view.args))
        if form.turn or form.step or form.more:
            return Given(await self._redrawn(activity, form), {}, form.turn or form.more)
        if form.redraws:
            shown = await self._redrawn(activity, form)
            if isinstance(shown, Ask) and (new := _new_fields(shown, form)) is not None:
                return Given(shown, {}, new)
        if await self._was_handled(key):
            return Given(await self._reopened(activity, form), {})
        event = self._reader.filled(activity, form, EventKind.SUBMIT)
        answer = await self._runtime.handle(await self._ready(replace(event, id=key)))
        if not isinstance(answer, Wrong):
            return Given(answer, {})
        shown = await self._redrawn(activity, form)
        return Given(shown, answer.errors) if isinstance(shown, Ask) else Given(answer, {})

    async def _redrawn(self, activity: Json, form: Filled) -> Answer:
        """The form with what was typed in it; that is saved too."""
        event = self._reader.filled(activity, form, EventKind.CHANGE)
        return await self._runtime.handle(event)

    async def _reopened(self, activity: Json, form: Filled) -> Answer:
        """The form as it is saved; words where it was handed in before."""
        args = {"draft": form.args["draft"]} if "draft" in form.args else {}
        if not args:
            return Done()
        return await self._runtime.handle(self._reader.pressed(activity | {"id": None}, RESUME, args))

    async def _was_handled(self, key: str) -> bool:
        """Whether another process has taken this very form."""
        return key in await self._runtime.read(lambda session: handled(session, [key]))


def _new_fields(shown: Ask, form: Filled) -> str | None:
    """The first field that was not asked before, "" where some are gone; None where the same ones are asked."""
    keys = [field.key for field in shown.view.fields]
    if set(keys) == form.keys:
        return None
    return next((key for key in keys if key not in form.keys), "")
