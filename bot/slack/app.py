"""The adapter: Slack's payloads in, events to the runtime, answers back.

What carries typed words is acknowledged after the commit, so that Slack sends again what was not kept. Buttons,
commands and shortcuts are acknowledged at once and answered when their turn is over.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import log, where
from bot.runtime import Runtime
from bot.sending.aside import Aside
from bot.sending.pressed import Pressed
from bot.slack import views
from bot.slack.answers import Answers, where_of
from bot.slack.blocks import words_of
from bot.slack.client import TROUBLE
from bot.slack.directory import Names, SlackGate
from bot.slack.events import Reader, channels_changed, is_group
from bot.slack.half_written import HalfWritten
from bot.slack.reading.lists import SentLists
from bot.slack.reading.said import people_in
from bot.slack.reconcile import SlackReconciler
from bot.slack.text import mentions
from handlers import routes
from handlers.turn import Answer, Ask, ChannelFacts, ChannelTrouble, Done, Event, EventKind, Note, Window, Wrong
from prompts_and_forms.card import Block, say
from prompts_and_forms.forms.form import FormView

Json = dict[str, Any]
Ack = Callable[..., Awaitable[Any]]

ANYTHING = re.compile(".*", re.DOTALL)
FORM_PATIENCE = 1.2
"""Seconds before a command or shortcut shows "one moment"; its trigger lives 3."""
PRESS_PATIENCE = 2.2
"""Most buttons open nothing, so their window comes as late as the trigger allows."""
FACTS_PATIENCE, READERS_PATIENCE = 1.0, 6.0
"""Who reads a channel is worth a wait while many units open their meeting: "one moment" is shown meanwhile."""
CATCH_UP_PATIENCE = 60.0
PEOPLE_PATIENCE = 8.0
"""Seconds for asking who is in a channel while a unit is set up: an account is one call. "One moment" is shown then."""
HAND_IN_PATIENCE = 2.0
"""The same when that form is handed in: Slack waits 3 seconds for its answer."""
READ_BACK = "discussion.finish"
NOBODY_CAN_TELL = "unknown"
"""What a handler hears of a channel Slack says nothing of just now: nothing is shown or kept there."""


@dataclass(frozen=True)
class Parts:
    """What the adapter works with."""

    client: AsyncWebClient
    runtime: Runtime
    reader: Reader
    names: Names
    gate: SlackGate
    answers: Answers
    reconciler: SlackReconciler
    lists: SentLists
    pressed: Pressed


class SlackAdapter:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.slowed_seconds = 70.0
        self._aside = Aside("slack", TROUBLE)
        self._windows: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._half = HalfWritten(self._save_typed)
        self._log = log("slack")

    def app(self, signing_secret: str = "") -> AsyncApp:
        """A Bolt app with one listener a payload type. With a signing secret it takes signed requests over HTTP."""
        http = bool(signing_secret)
        app = AsyncApp(
            name="unitbot",
            logger=logging.getLogger("slack_bolt"),
            client=self._parts.client,
            process_before_response=True,
            signing_secret=signing_secret or None,
            request_verification_enabled=http,
            ssl_check_enabled=http,
            url_verification_enabled=http,
            attaching_conversation_kwargs_enabled=False,
        )
        app.use(self._slowed)
        app.event(ANYTHING)(self._happened)
        app.command(ANYTHING)(self._commanded)
        app.action(ANYTHING)(self._acted)
        app.shortcut(ANYTHING)(self._shortcut)
        app.view(ANYTHING)(self._submitted)
        app.view_closed(ANYTHING)(self._closed)
        app.error(self._failed)
        return app

    @property
    def busy(self) -> bool:
        """Whether answers are still on their way."""
        return self._aside.busy

    async def close(self) -> None:
        """Waits a little for answers on their way, and saves what stands half-written in windows."""
        await self._half.close()
        await self._aside.close()

    # ---- where Slack holds back

    async def _slowed(self, body: Json, next_: Callable[[], Awaitable[Any]]) -> BoltResponse | None:
        """Slack drops events of an app that gets too many, for a minute: what was missed is then read again."""
        if body.get("type") != "app_rate_limited":
            await next_()
            return None
        self._log.warning("events_dropped", minute=str(body.get("minute_rate_limited")))
        asyncio.get_running_loop().call_later(self.slowed_seconds, self._catch_up)
        return BoltResponse(status=200)

    def _catch_up(self) -> None:
        self._aside.later(self._aside.within(self._missed(), CATCH_UP_PATIENCE))

    async def _missed(self) -> None:
        await self._parts.gate.forget_all()
        await self._parts.reconciler.reconcile()

    # ---- kept before it is acknowledged

    async def _happened(self, body: Json) -> None:
        event_body = body["event"]
        await self._parts.names.ready_for(_people_in(event_body))
        event = self._parts.reader.happening(body)
        for channel in channels_changed(event_body):
            await self._parts.gate.forget(channel)
        if event is None:
            return
        if event.kind is EventKind.MESSAGE and event.in_direct_message:
            event = await self._with_list(event, event_body)
        answer = await self._parts.runtime.handle(event)
        if event.kind is EventKind.HOME:
            self._aside.later(self._parts.answers.home(event, answer))
        elif isinstance(answer, Note):
            self._aside.later(self._parts.answers.note(event, answer.card))

    async def _submitted(self, ack: Ack, body: Json) -> None:
        event = await self._with_people(self._parts.reader.submission(body), HAND_IN_PATIENCE)
        async with self._lock(body["view"]["id"]):
            self._half.forget(body["view"]["id"])
            answer = await self._parts.runtime.handle(event)
        match answer:
            case Ask(view=form):
                await ack(response_action="update", view=views.modal(form, where_of(event)))
            case Window(title=title, card=words):
                await ack(response_action="update", view=views.words_modal(title, words, where_of(event)))
            case Wrong(errors=errors):
                await self._wrong(ack, body["view"], event, errors)
            case Note(card=words):
                await self._wrong(ack, body["view"], event, {"": words_of(words)})
            case _:
                await ack()
        if isinstance(answer, Done) and answer.note is not None:
            self._aside.later(self._parts.answers.note(event, answer.note))

    async def _wrong(self, ack: Ack, view: Json, event: Event, errors: dict[str, str]) -> None:
        """The form stays, with a sentence beside each fault; without any field, the sentence is all there is."""
        beside = views.errors_beside(view, errors)
        if beside:
            await ack(response_action="errors", errors=beside)
            return
        form = FormView(form=event.name, title="Not saved", intro=_sentences(errors), args=event.args)
        await ack(response_action="update", view=views.modal(form, where_of(event)))

    async def _closed(self, ack: Ack, body: Json) -> None:
        if body["view"].get("callback_id") != views.WORDS:
            event = self._parts.reader.closed(body)
            await self._half.flush(body["view"]["id"])
            answer = await self._parts.runtime.handle(event)
            if isinstance(answer, Note):
                self._aside.later(self._parts.answers.note(event, answer.card))
        await ack()

    # ---- acknowledged at once

    async def _commanded(self, ack: Ack, body: Json) -> None:
        await ack()
        self._aside.later(self._answer_command(body))

    async def _answer_command(self, body: Json) -> None:
        text = body.get("text") or ""
        await self._parts.names.ready_for(mentions(text))
        event = self._parts.reader.command(body)
        facts = ChannelFacts(user_name=body.get("user_name", ""), mentions=tuple(mentions(text)))
        await self._answer(replace(event, facts=facts), body, FORM_PATIENCE)

    async def _shortcut(self, ack: Ack, body: Json) -> None:
        await ack()
        self._aside.later(self._answer_shortcut(body))

    async def _answer_shortcut(self, body: Json) -> None:
        await self._parts.names.ready_for(people_in(body.get("message") or {}))
        await self._answer(self._parts.reader.shortcut(body), body, FORM_PATIENCE)

    async def _acted(self, ack: Ack, body: Json) -> None:
        await ack()
        event = self._parts.reader.action(body)
        if event is not None:
            self._aside.later(self._answer_press(event, body))

    async def _answer_press(self, event: Event, body: Json) -> None:
        view = body.get("view") or {}
        if view.get("type") != "modal":
            event = replace(event, redrawn=_may_be_redrawn(event, body))
            await self._answer(event, body, PRESS_PATIENCE)
            return
        if event.kind is EventKind.CHANGE and views.only_typed(view, event.args.get("changed", "")):
            self._half.note(view["id"], replace(event, kind=EventKind.TYPING))
            return
        async with self._lock(view["id"]):
            self._half.forget(view["id"])
            answer = await self._parts.runtime.handle(event)
            await self._parts.answers.give(event, answer, body)

    async def _save_typed(self, view_id: str, event: Event) -> None:
        async with self._lock(view_id):
            await self._parts.runtime.handle(event)

    async def _answer(self, event: Event, body: Json, patience: float) -> None:
        """Handles the event; when that takes long, "one moment" opens first and becomes the answer."""
        turn = asyncio.create_task(self._turn(event, is_group(body)))
        done, _ = await asyncio.wait([turn], timeout=patience)
        waiting_view = "" if done else await self._parts.answers.one_moment(body)
        answer = await turn
        if event.redrawn:
            replaced = partial(self._parts.answers.replaced, body["response_url"])
            self._aside.later(self._parts.pressed.redraw(event.channel, event.ts, replaced))
        await self._parts.answers.give(event, answer, body, waiting_view)

    async def _turn(self, event: Event, in_group: bool) -> Answer:
        if event.name == READ_BACK:
            await self._aside.within(self._parts.reconciler.reconcile(event.args.get("discussion", "")), FACTS_PATIENCE)
        event = await self._with_people(event, PEOPLE_PATIENCE)
        if routes.asks_who_reads(event) and event.channel and not event.in_direct_message:
            event = replace(event, facts=await self._facts(event, in_group))
        return await self._parts.runtime.handle(event)

    async def _with_list(self, event: Event, message: Json) -> Event:
        """With the list that came with a direct message, where there is one."""
        sent = await self._parts.lists.sent(message)
        return replace(event, name="list", attached=sent) if sent is not None else event

    async def _with_people(self, event: Event, patience: float) -> Event:
        """With who is in the channel, while a unit is set up there or comes to meet there."""
        if not routes.asks_who_is_there(event) or not event.channel or event.in_direct_message:
            return event
        people = await self._aside.within(self._parts.gate.newcomers(event.channel), patience)
        return replace(event, facts=replace(event.facts, people=people))

    async def _facts(self, event: Event, in_group: bool) -> ChannelFacts:
        """What a handler must know of the channel and the person before anything is shown or kept there."""
        trouble, name = await asyncio.gather(
            self._aside.within(self._parts.gate.trouble(event.channel), READERS_PATIENCE), self._name_of(event)
        )
        if in_group:
            trouble = "group"
        found = ChannelTrouble.read(NOBODY_CAN_TELL if trouble is None else trouble)
        return replace(event.facts, trouble=found, user_name=name)

    async def _name_of(self, event: Event) -> str:
        """Slack's own name of somebody while a unit is set up; otherwise the one that is known already will do."""
        if event.name in routes.SET_UP:
            account = await self._aside.within(self._parts.gate.accounts.of_one(event.chat_user), FACTS_PATIENCE)
            return account.name if account and account.name else event.facts.user_name
        await self._parts.names.ready_for([event.chat_user])
        return self._parts.names.of(event.chat_user) or event.facts.user_name

    # ---- machinery

    def _lock(self, view_id: str) -> asyncio.Lock:
        """Changes of one window are answered one after the other."""
        lock = self._windows.get(view_id)
        if lock is None:
            lock = self._windows[view_id] = asyncio.Lock()
        return lock

    async def _failed(self, error: Exception) -> None:
        """A listener that raised is not acknowledged; the words of the error stay out of the log."""
        self._log.warning("not_acknowledged", where=where(error))


def _may_be_redrawn(event: Event, body: Json) -> bool:
    """Whether a message everybody sees was pressed in, and Slack takes another in its place."""
    own = (body.get("container") or {}).get("is_ephemeral")
    in_channel = event.channel and not event.in_direct_message
    return bool(event.ts and in_channel and body.get("response_url") and not own)


def _people_in(event: Json) -> list[str]:
    inner = event.get("message")
    return [*people_in(event), *(people_in(inner) if isinstance(inner, dict) else ())]


def _sentences(errors: dict[str, str]) -> tuple[Block, ...]:
    return tuple(say(sentence) for sentence in errors.values())
