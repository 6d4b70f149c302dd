"""A form that came back: handed in, turned over, or drawn again. The same drawing handed in twice is handed in once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from bot.runtime import TYPED_PATIENCE, Runtime
from bot.teams import dialogs
from bot.teams.answers import Answers
from bot.teams.cards import words_of
from bot.teams.in_time import Outcome
from bot.teams.reading.events import Reader, place_of
from bot.teams.wire import Filled
from handlers.turn import Answer, Ask, Done, Event, EventKind, Note, Wrong
from prompts_and_forms.card import Card, Quote, say
from storage.messages.threads import handled

Json = dict[str, Any]
Ready = Callable[[Event], Awaitable[Event]]

RESUME = "form.resume"
BROUGHT = "Your answers brought this question. Please answer it if you can, then save."
CHANGED = "Your answers changed what is asked. Please look through it, then save."
NOT_LOST = "This is what you wrote. Only you see it, and you can copy it from here:"


@dataclass(frozen=True)
class Given:
    """What a form is answered."""

    answer: Answer
    errors: dict[str, str] = field(default_factory=dict)
    at: str = ""


class Forms:
    """`ready` adds to an event what has to be known before it is handled."""

    def __init__(self, runtime: Runtime, reader: Reader, answers: Answers, ready: Ready) -> None:
        self._runtime, self._reader, self._answers, self._ready = runtime, reader, answers, ready

    async def take(self, activity: Json, form: Filled, event: Event) -> Outcome:
        """Takes a form that came back. `event`: that it is handed in."""
        given, place = await self._give(activity, form, event.id), place_of(activity)
        where = {"channel": place.channel, "thread": place.thread}
        return given.answer, self._answers.dialog(given.answer, where, given.errors, given.at)

    async def _give(self, activity: Json, form: Filled, key: str) -> Given:
        if form.part is not None:
            whole = await self._reopened(activity, form)
            if not isinstance(whole, Ask):
                return Given(whole)
            form = replace(form, values=dialogs.answers(form, whole.view), args=dict(whole.view.args))
        if form.turn or form.step or form.more:
            return Given(await self._redrawn(activity, form), {}, form.turn or form.more)
        if form.redraws:
            shown = await self._redrawn(activity, form)
            if isinstance(shown, Ask) and not _is_urgent(shown) and (new := _new_fields(shown, form)) is not None:
                return Given(shown, {new: BROUGHT if new else CHANGED}, new)
        if await self._was_handled(key):
            return Given(await self._reopened(activity, form))
        event = self._reader.filled(activity, form, EventKind.SUBMIT)
        answer = await self._runtime.handle(await self._ready(replace(event, id=key)), patience=TYPED_PATIENCE)
        if not isinstance(answer, Wrong | Note):
            return Given(answer)
        errors = answer.errors if isinstance(answer, Wrong) else {"": words_of(answer.card)}
        shown = await self._redrawn(activity, form)
        if isinstance(shown, Ask):
            return Given(shown, errors)
        return Given(answer if isinstance(answer, Wrong) else _with_typed(answer, form))

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


def _is_urgent(shown: Ask) -> bool:
    """Whether the form holds an answer that waits for nothing else."""
    return any(field.urgent for field in shown.view.fields)


def _new_fields(shown: Ask, form: Filled) -> str | None:
    """The first question that was not asked before, "" where some are gone; None where the same ones are asked."""
    if {field.key for field in shown.view.fields} == form.keys:
        return None
    new = (one.key for one in shown.view.fields if one.key not in form.keys and one.kind not in dialogs.ASKED)
    return next(new, "")


def _with_typed(answer: Note, form: Filled) -> Note:
    """Words that take a form's place, with what was typed in it: what is chosen comes back as codes without a blank."""
    typed = [text for text in form.values.values() if isinstance(text, str) and " " in text.strip()]
    if not typed:
        return answer
    blocks = (*answer.card.blocks, say(NOT_LOST), *(Quote(text=text) for text in typed))
    return Note(Card(notice=answer.card.notice, blocks=blocks))
