"""An answer on its way to the person who acted: a form opened or redrawn, a note only they see, their Home tab."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import log
from bot.platform import Address, Outcome
from bot.slack import blocks, plainer, views
from bot.slack.client import TROUBLE, code_of, verdict
from bot.slack.events import CHANNEL, THREAD
from bot.slack.poster import SlackPoster
from handlers.turn import Answer, Ask, Done, Event, HomeView, Note, Window, Wrong
from prompts_and_forms.card import Card, card, say

Json = dict[str, Any]

TOO_LATE = "That took me too long, so the form could not open. Nothing was lost: please press it again."
NOT_SHOWN = (
    "That could not be shown just now. Nothing was lost: please try again. If it stays like this, tell whoever runs "
    "the bot, and give them this: {code}."
)
TOO_MANY = "Slack is taking no more from me for a moment. Nothing was lost: please press it again in a minute."
HOME_TRIES, HOME_WAITS = 3, 10.0
"""How often a Home tab is tried, and the longest wait between two tries in seconds."""
IS_DONE = card("Done", say("That is done. You can close this."))
NOTE_TITLE = "A note"
LATE = ("expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged", "invalid_trigger_id")


class Answers:
    """Gives answers. What cannot be given is logged and lost: the record is kept already."""

    def __init__(self, client: AsyncWebClient, poster: SlackPoster, session: aiohttp.ClientSession) -> None:
        self._client, self._poster, self._session = client, poster, session
        self._newest: dict[str, Json] = {}
        self._log = log("answers")

    async def give(self, event: Event, answer: Answer, body: Json, waiting_view: str = "") -> None:
        """To somebody who pressed, chose or typed a command. `waiting_view` is the "one moment" window, when open."""
        try:
            await self._give(event, answer, body, waiting_view)
        except TROUBLE as error:
            code = verdict(error).code
            self._log.warning("not_answered", kind=event.kind.value, reason=code)
            sentence = TOO_LATE if code_of(error) in LATE else NOT_SHOWN.format(code=code)
            if verdict(error).outcome is Outcome.TOO_MANY:
                sentence = TOO_MANY
            await self.note(event, card("Please try again", say(sentence)), body)

    async def _give(self, event: Event, answer: Answer, body: Json, waiting_view: str) -> None:
        match answer:
            case Ask(view=form):
                await self._window(views.modal(form, where_of(event)), body, waiting_view)
            case HomeView(card=shown):
                await self._home(event.chat_user, views.home(shown))
            case Note(card=words):
                await self._words(event, words, body, waiting_view)
            case Window():
                await self._at_once(event, answer, body, waiting_view)
            case Done(note=words) if words is not None:
                await self._words(event, words, body, waiting_view)
            case Wrong(errors=errors):
                words = card("Not done", *(say(sentence) for sentence in errors.values()))
                await self._words(event, words, body, waiting_view)
            case _ if waiting_view:
                await self._replaced(waiting_view, views.words_modal("Done", IS_DONE))
            case _ if _from_note(body):
                await self._post(body["response_url"], {"delete_original": True})

    async def _window(self, window: Json, body: Json, waiting_view: str) -> None:
        """Opens a form; inside an open one, or over "one moment", it takes that one's place."""
        open_view = waiting_view or _modal_id(body)
        if open_view:
            await self._replaced(open_view, window)
        else:
            await self._client.views_open(trigger_id=body["trigger_id"], view=window)

    async def _at_once(self, event: Event, answer: Window, body: Json, waiting_view: str) -> None:
        """What must be seen: in a window, or as a note where Slack opens none."""
        try:
            await self._window(views.words_modal(answer.title, answer.card, where_of(event)), body, waiting_view)
        except TROUBLE as error:
            self._log.warning("window_as_note", reason=verdict(error).code)
            await self.note(event, answer.card, body)

    async def _words(self, event: Event, words: Card, body: Json, waiting_view: str) -> None:
        if waiting_view and await self._replaced(waiting_view, views.words_modal(NOTE_TITLE, words)):
            return
        if _modal_id(body):
            await self._client.views_push(trigger_id=body["trigger_id"], view=views.words_modal(NOTE_TITLE, words))
        else:
            await self.note(event, words, body)

    async def _replaced(self, view_id: str, window: Json) -> bool:
        """False when the person closed the window meanwhile."""
        try:
            await self._client.views_update(view_id=view_id, view=window)
        except TROUBLE as error:
            if code_of(error) != "not_found":
                raise
            return False
        return True

    async def one_moment(self, body: Json) -> str:
        """Opens a window that is replaced once the answer is there; answers its id, "" when it did not open."""
        try:
            opened: Any = await self._client.views_open(trigger_id=body["trigger_id"], view=views.one_moment())
        except TROUBLE as error:
            self._log.warning("not_opened", reason=verdict(error).code)
            return ""
        return str(opened["view"]["id"])

    async def note(self, event: Event, words: Card, body: Json | None = None) -> None:
        """Shown only to the person, where they acted; by direct message where that cannot be."""
        pages = blocks.messages(words)
        try:
            if pages and body and _from_note(body) and await self._took_its_place(body["response_url"], pages[0]):
                pages = pages[1:]
        except TROUBLE as error:
            self._log.info("note_not_replaced", reason=verdict(error).code)
        for page in pages:
            try:
                await self._whisper(event, page, (body or {}).get("response_url", ""))
            except TROUBLE as error:
                self._log.warning("note_not_shown", kind=event.kind.value, reason=verdict(error).code)
                return

    async def _whisper(self, event: Event, page: Json, response_url: str) -> None:
        if event.channel and not event.in_direct_message:
            if response_url and not event.thread and await self._respond(response_url, page):
                return
            try:
                await self._poster.whisper(Address(event.channel, event.thread), event.chat_user, page)
                return
            except TROUBLE as error:
                self._log.info("note_by_message", reason=verdict(error).code)
        try:
            await self._poster.show(self._client.chat_postMessage, page, channel=event.chat_user)
        except TROUBLE:
            if not response_url or not await self._respond(response_url, page):
                raise

    async def _respond(self, response_url: str, page: Json) -> bool:
        """Answers where a command was typed or a button pressed, also in channels the bot is not in."""
        return await self._post(response_url, {**page, "response_type": "ephemeral", "replace_original": False})

    async def _took_its_place(self, response_url: str, page: Json) -> bool:
        """A note that was answered by pressing in it makes room for the next, so that no stale buttons stay behind."""
        return await self._post(response_url, {**page, "replace_original": True})

    async def replaced(self, response_url: str, page: Json) -> bool:
        """Puts a page in the place of the message that was pressed; False where Slack refused it."""
        code = await self._refusal(response_url, {**page, "replace_original": True})
        if code:
            self._log.info("not_replaced", reason=code)
        return not code

    async def _post(self, response_url: str, message: Json) -> bool:
        """Whether Slack took it, if need be plainer or in parts. Only the first part takes the place of a note."""
        left = [message]
        while left:
            code = await self._refusal(response_url, left[0])
            if not code:
                left = [{**part, "replace_original": False} for part in left[1:]]
                continue
            instead = plainer.plainer(left[0], code)
            if instead is None:
                return False
            left[:1] = instead
        return True

    async def _refusal(self, response_url: str, message: Json) -> str:
        """Slack's code for not taking it; "" when it did."""
        async with self._session.post(response_url, json=message, proxy=self._client.proxy) as sent:
            return _refusal_in(sent.status, await sent.text())

    async def _home(self, chat_user: str, view: Json) -> None:
        """Somebody's Home tab, again where Slack asks for patience, unless a newer one is on its way by then."""
        self._newest[chat_user] = view
        for left in reversed(range(HOME_TRIES)):
            try:
                await self._publish(chat_user, view)
                break
            except TROUBLE as error:
                found = verdict(error)
                if not left or not found.outcome.passes:
                    raise
                self._log.info("home_once_more", reason=found.code)
            await asyncio.sleep(min(found.wait, HOME_WAITS))
            if self._newest.get(chat_user) is not view:
                return
        if self._newest.get(chat_user) is view:
            del self._newest[chat_user]

    async def _publish(self, chat_user: str, view: Json) -> None:
        try:
            await self._client.views_publish(user_id=chat_user, view=view)
        except TROUBLE as error:
            instead = plainer.in_words(view, code_of(error))
            if instead is None:
                raise
            await self._client.views_publish(user_id=chat_user, view=instead)

    async def home(self, event: Event, answer: Answer) -> None:
        """Draws somebody's own page of the app."""
        if isinstance(answer, HomeView):
            await self.give(event, answer, {})


def where_of(event: Event) -> dict[str, str]:
    """Where a form is opened, kept with it so that its answer knows."""
    where = {CHANNEL: event.channel, THREAD: event.thread}
    return {name: value for name, value in where.items() if value}


def _refusal_in(status: int, said: str) -> str:
    """Slack's word for "taken" is not promised: `ok`, nothing, or an object. Only `ok` false is a refusal."""
    try:
        found = json.loads(said)
    except ValueError:
        found = said
    answer = found if isinstance(found, dict) else {"ok": status == 200, "error": str(found)[:60]}
    if status == 200 and answer.get("ok") is not False:
        return ""
    return str(answer.get("error") or f"http_{status}")


def _from_note(body: Json) -> bool:
    """Whether what was pressed stood in a note only this person sees."""
    return bool((body.get("container") or {}).get("is_ephemeral") and body.get("response_url"))


def _modal_id(body: Json) -> str:
    view = body.get("view") or {}
    return str(view["id"]) if view.get("type") == "modal" else ""
