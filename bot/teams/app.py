"""The adapter: activities in, events to the runtime, answers back: one function for each name of an invoke.

Typed words are answered with 200 after the commit, so that Teams sends again what was not saved. A press is answered in
the response, as soon as it is committed. Whatever the bot does not know is answered with 200, and nothing is done.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.logs import log
from bot.runtime import Runtime, TurnFailed
from bot.sending.aside import Aside
from bot.teams import in_time, wire
from bot.teams.answers import ONE_MOMENT, Answers, toast
from bot.teams.api import TROUBLE
from bot.teams.directory import TeamsGate
from bot.teams.forms import Forms
from bot.teams.in_time import InTime, Outcome
from bot.teams.places import Places
from bot.teams.reading.events import Place, Reader, person_of, place_of
from bot.teams.reconcile import TeamsReconciler
from bot.teams.uploads import TeamsFiles
from handlers import routes
from handlers.turn import Answer, ChannelTrouble, Event, EventKind, Note, Nothing
from prompts_and_forms.card import card, say
from prompts_and_forms.home import wording as home_wording
from storage.forms import drafts

Json = dict[str, Any]
Response = tuple[int, Json | None]
Invoke = Callable[[Json, float], Awaitable[Json]]
"""Answers an invoke, before the moment that is given."""
Respond = Callable[[Event, Answer], Awaitable[Json]]

FACTS_PATIENCE, PLACE_PATIENCE = 1.0, 1.5
PEOPLE_PATIENCE, HAND_IN_PATIENCE = 8.0, 2.0
READ_BACK = "discussion.finish"
NOBODY_CAN_TELL = "unknown"
COME, GONE = "membersAdded", "membersRemoved"


@dataclass(frozen=True)
class Parts:
    """What the adapter works with."""

    runtime: Runtime
    reader: Reader
    gate: TeamsGate
    places: Places
    answers: Answers
    reconciler: TeamsReconciler
    files: TeamsFiles


class TeamsAdapter:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._aside = Aside("teams", TROUBLE)
        self._in_time = InTime(parts.answers, self._aside.later)
        self._forms = Forms(parts.runtime, parts.reader, parts.answers, self._with_facts)
        self._log = log("teams")
        self._invokes: dict[str, Invoke] = {
            "task/fetch": self._fetched,
            "task/submit": self._submitted,
            "composeExtension/fetchTask": self._used_on_message,
            "composeExtension/submitAction": self._submitted,
            "adaptiveCard/action": self._acted,
            "fileConsent/invoke": self._consented,
        }
        self._kinds: dict[str, Callable[[Json], Awaitable[None]]] = {
            "message": self._typed,
            "messageUpdate": self._edited,
            "messageDelete": self._deleted,
            "conversationUpdate": self._happened,
            "installationUpdate": self._installed,
        }

    @property
    def busy(self) -> bool:
        """Whether answers are still on their way."""
        return self._aside.busy

    async def close(self) -> None:
        """Waits a little for answers on their way."""
        await self._aside.close()

    async def take(self, activity: Json) -> Response:
        """The status and body an activity is answered with."""
        end = asyncio.get_running_loop().time() + in_time.PATIENCE
        try:
            async with asyncio.timeout(PLACE_PATIENCE):
                await self._parts.places.note(activity)
        except TROUBLE as error:
            self._log.warning("place_not_noted", reason=type(error).__name__)
        kind, name = str(activity.get("type")), str(activity.get("name"))
        try:
            if kind == "invoke" and (answer := self._invokes.get(name)) is not None:
                return 200, await answer(activity, end)
            if (happened := self._kinds.get(kind)) is not None:
                await happened(activity)
        except TurnFailed:
            return 503, None
        return 200, ({} if kind == "invoke" else None)

    # ---- typed

    async def _typed(self, activity: Json) -> None:
        event = self._parts.reader.message(activity)
        if event is None:
            return
        if event.kind is EventKind.COMMAND:
            self._aside.later(self._answer_command(event, activity))
            return
        if event.in_direct_message:
            event = await self._parts.files.with_list(event, activity)
        answer = await self._parts.runtime.handle(event)
        if isinstance(answer, Nothing) and event.in_direct_message and event.text.strip() and not event.files:
            answer = Note(card(home_wording.NO_COMMAND, say(home_wording.NO_COMMAND)))
        if isinstance(answer, Note):
            self._aside.later(self._parts.answers.tell(event, answer))

    async def _answer_command(self, event: Event, activity: Json) -> None:
        if event.name == "home":
            event = replace(event, kind=EventKind.HOME, name="")
        else:
            named = self._parts.reader.mentioned(activity)
            people = await self._aside.within(self._parts.gate.people_of(event.channel, named), PEOPLE_PATIENCE)
            event = replace(event, facts=replace(event.facts, mentions=tuple(people or ())))
            event = await self._with_facts(event, PEOPLE_PATIENCE)
        await self._parts.answers.tell(event, await self._parts.runtime.handle(event))

    async def _edited(self, activity: Json) -> None:
        event = self._parts.reader.changed(activity)
        if event is not None:
            answer = await self._parts.runtime.handle(event)
            if isinstance(answer, Note):
                self._aside.later(self._parts.answers.tell(event, answer))

    async def _deleted(self, activity: Json) -> None:
        event = self._parts.reader.gone(activity)
        if event is not None:
            await self._parts.runtime.handle(event)

    # ---- what happens to a team and its channels

    async def _happened(self, activity: Json) -> None:
        place, reader = place_of(activity), self._parts.reader
        if place.direct:
            return
        channels = await self._channels_of(activity, place)
        for channel in channels:
            await self._parts.gate.forget(channel)
        for name, kind in ((COME, EventKind.JOINED), (GONE, EventKind.LEFT)):
            for one in activity.get(name) or ():
                person = person_of(one)
                for channel in channels if person else ():
                    await self._parts.runtime.handle(reader.happened(kind, activity, channel, person))
        if _event_type(activity) == "channelShared":
            for channel in channels:
                await self._parts.runtime.handle(reader.happened(EventKind.SHARED, activity, channel))

    async def _channels_of(self, activity: Json, place: Place) -> list[str]:
        """The channels a change may be about: the one that changed, or for a change of the team all that are known."""
        named = _part(_part(activity, "channelData"), "channel").get("id")
        if named and _event_type(activity).startswith("channel"):
            return [str(named)]
        where_it_is = await self._parts.places.of(place.channel)
        known = await self._parts.places.channels_of(where_it_is.team if where_it_is else "")
        return sorted({place.channel, *known})

    async def _installed(self, activity: Json) -> None:
        """The app came to a person or a team, or went: a person sees their page, a team is looked at anew."""
        if place_of(activity).direct:
            if activity.get("action") == "add" and person_of(activity.get("from")):
                self._aside.later(self._show_home(self._parts.reader.home(activity)))
            return
        await self._happened(activity)

    async def _show_home(self, event: Event) -> None:
        await self._parts.answers.tell(event, await self._parts.runtime.handle(event))

    # ---- pressed

    async def _fetched(self, activity: Json, end: float) -> Json:
        """A button that opens a dialog."""
        event = self._pressed(activity, _part(activity, "value").get("data"))
        if event is None:
            return self._parts.answers.one_moment()
        return await self._answered(event, self._opened, self._parts.answers.one_moment(), end)

    async def _opened(self, event: Event, answer: Answer) -> Json:
        return self._parts.answers.opened(answer, _where(event))

    async def _used_on_message(self, activity: Json, end: float) -> Json:
        """An action on somebody's message."""
        value = _part(activity, "value")
        event = self._parts.reader.shortcut(activity, str(value.get("commandId")), _part(value, "messagePayload"))
        return await self._answered(event, self._opened, self._parts.answers.one_moment(), end)

    async def _submitted(self, activity: Json, end: float) -> Json:
        """A form that came back, or a button in a dialog."""
        data, late = _part(activity, "value").get("data"), self._parts.answers.one_moment()
        form = wire.filled(data)
        if form is not None:
            event = self._parts.reader.filled(activity, form, EventKind.SUBMIT)
            take = partial(self._forms.take, activity, form, event)
            return await self._in_time.respond(event.id, event, take, late, end, remember=True)
        pressed = self._pressed(activity, data)
        return {} if pressed is None else await self._answered(pressed, self._in_dialog, late, end)

    async def _in_dialog(self, event: Event, answer: Answer) -> Json:
        return self._parts.answers.dialog(answer, _where(event))

    async def _acted(self, activity: Json, end: float) -> Json:
        """A button that opens nothing."""
        event = self._pressed(activity, _part(_part(activity, "value"), "action").get("data"))
        if event is None:
            return toast("")
        return await self._answered(event, self._parts.answers.on_the_card, toast(ONE_MOMENT), end)

    async def _consented(self, activity: Json, _end: float) -> Json:
        """Somebody wants a document, or does not want it any more."""
        self._aside.later(self._parts.files.answered(activity))
        return {}

    def _pressed(self, activity: Json, data: Any) -> Event | None:
        found = wire.pressed(data)
        return self._parts.reader.pressed(activity, *found) if found is not None else None

    async def _answered(self, event: Event, respond: Respond, late: Json, end: float) -> Json:
        """The response, once the turn is over; `late` where that is not so at the moment `end`."""

        async def turn() -> Outcome:
            answer = await self._turn(event)
            return answer, await respond(event, answer)

        key = json.dumps([event.chat_user, event.channel, event.ts, event.name, event.args], sort_keys=True)
        return await self._in_time.respond(key, event, turn, late, end)

    async def _turn(self, event: Event) -> Answer:
        if event.name == READ_BACK:
            await self._aside.within(self._parts.reconciler.reconcile(event.args.get("discussion", "")), FACTS_PATIENCE)
        return await self._parts.runtime.handle(await self._with_facts(event))

    # ---- what a handler must know first

    async def _with_facts(self, event: Event, patience: float = HAND_IN_PATIENCE) -> Event:
        """With who reads the channel, and while a unit is set up with who is in it."""
        if event.name in routes.SET_UP and not event.text and (channel := await self._set_up_in(event)):
            people = await self._aside.within(self._parts.gate.newcomers(channel), patience)
            event = replace(event, facts=replace(event.facts, people=people))
        if not event.channel or event.in_direct_message or not routes.asks_who_reads(event):
            return event
        trouble = await self._aside.within(self._parts.gate.trouble(event.channel), FACTS_PATIENCE)
        found = ChannelTrouble.read(NOBODY_CAN_TELL if trouble is None else trouble)
        return replace(event, facts=replace(event.facts, trouble=found))

    async def _set_up_in(self, event: Event) -> str:
        """The channel a unit is set up in; "" for none. Its form is asked for there, and filled in in the chat."""
        if event.kind is not EventKind.SUBMIT:
            return "" if event.in_direct_message else event.channel
        asked = await self._parts.runtime.read(lambda session: drafts.args_of(session, event.args.get("draft", "")))
        return asked.get("channel", "")


def _where(event: Event) -> dict[str, str]:
    return {"channel": event.channel, "thread": event.thread}


def _part(found: Any, name: str) -> Json:
    inner = found.get(name) if isinstance(found, dict) else None
    return inner if isinstance(inner, dict) else {}


def _event_type(activity: Json) -> str:
    return str(_part(activity, "channelData").get("eventType") or "")
