"""An answer on its way to the person who acted: a dialog, a short word, the same card with a note on it, a message.

A press is answered in the response to it, so that no call has to be made. What was typed is answered in the chat with
the person, which nobody else reads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from bot.logs import log
from bot.platform import Address, Outcome, Page
from bot.runtime import Runtime
from bot.sending.drawing import lying_at
from bot.teams import cards, dialogs
from bot.teams.api import TROUBLE, verdict
from bot.teams.poster import TeamsPoster
from bot.teams.reading.events import Reader, is_direct
from handlers.turn import Answer, Ask, Done, Event, HomeView, Note, Window, Wrong
from prompts_and_forms.card import GONE, Block, Button, Buttons, Card, Divider, card, say
from prompts_and_forms.forms.form import FormView
from storage.messages.posts import find_post, keep_post, lose_post, part_key

Json = dict[str, Any]

CARD = "application/vnd.microsoft.card.adaptive"
WORDS = "application/vnd.microsoft.activity.message"
DONE = "Done."
NOT_NOW = "I cannot do that any more. Nothing was changed."
ONE_MOMENT = "One moment: that takes me longer than usual. I will tell you in our chat how it went."
LATE_DONE = "What you pressed or handed in just now is done. It took me longer than usual."
LATE_FAILED = "I cannot tell whether what you pressed or handed in just now was done. Please look at the record."
OPEN_THE_FORM = "Open the form"
FORM_READY = "Your form “{title}” is ready."
HOME = "home:"
MOST_PARTS = 10
TRIES, LONGEST_WAIT = 3, 60.0
"""How often an answer is tried that Teams takes no more of just now, and the longest wait for it in seconds."""


class Answers:
    """Gives answers. What cannot be given is logged and lost: the record is saved already."""

    def __init__(self, poster: TeamsPoster, runtime: Runtime, reader: Reader) -> None:
        self._poster, self._runtime, self._reader = poster, runtime, reader
        self._log = log("answers")

    # ---- in the response to a press

    def dialog(
        self, answer: Answer, where: Mapping[str, str], errors: Mapping[str, str] | None = None, at: str = ""
    ) -> Json:
        """The response to a press that opens a dialog, or to one in a dialog. Nothing closes it."""
        match answer:
            case Ask(view=form):
                return _go_on(dialogs.task(form, where, errors, at))
            case Window(title=title, card=words):
                return _go_on(dialogs.words(words, title))
            case Wrong(errors=sentences):
                return _go_on(dialogs.words(card("Not done", *map(say, sentences.values()))))
            case Note(card=words) | HomeView(card=words):
                return _go_on(dialogs.words(words))
            case Done(note=words) if words is not None:
                return _go_on(dialogs.words(words))
        return {}

    def opened(self, answer: Answer, where: Mapping[str, str]) -> Json:
        """The same where a dialog must come: Teams calls an empty response a fault of the app's."""
        return self.dialog(answer, where) or _said(DONE)

    def one_moment(self) -> Json:
        """The response where the answer is not there yet."""
        return _said(ONE_MOMENT)

    async def on_the_card(self, event: Event, answer: Answer) -> Json:
        """The response to a press that opens nothing: a short word, or for this person alone the card with a note."""
        if isinstance(answer, HomeView):
            return _card(answer.card)
        above = _blocks_of(answer)
        if not above:
            return toast(DONE)
        below = await self._lies_there(event)
        if below is None:
            return _card(card(DONE, *above))
        return _card(Card(notice=below.notice, blocks=(*above, Divider(), *below.blocks)))

    async def _lies_there(self, event: Event) -> Card | None:
        """The card that was pressed in, as it is now; None where it is none of the record's."""
        now, whose = self._runtime.clock.now(), event.chat_user if event.in_direct_message else ""
        key, found = await self._runtime.read(lambda session: lying_at(session, event.channel, event.ts, whose, now))
        if key.startswith(HOME):
            shown = await self._runtime.handle(self._reader.home_of(event))
            return shown.card if isinstance(shown, HomeView) else None
        return None if found == GONE else found

    # ---- by message

    async def tell(self, event: Event, answer: Answer) -> None:
        """The answer to something typed, in the chat with the person."""
        if isinstance(answer, HomeView):
            await self.home(event, answer.card)
            return
        blocks = _blocks_of(answer)
        if blocks:
            notice = answer.card.notice if isinstance(answer, Note | Window) else DONE
            await self._send(event, Card(notice=notice, blocks=blocks))

    async def tell_late(self, event: Event, answer: Answer | None) -> None:
        """The answer to a press that went on when Teams had to be answered; None where nobody can tell what it is."""
        if answer is not None and (isinstance(answer, HomeView) or _blocks_of(answer)):
            await self.tell(event, answer)
        else:
            await self._send(event, card(DONE, say(LATE_FAILED if answer is None else LATE_DONE)))

    async def _send(self, event: Event, words: Card) -> None:
        where = event.channel if is_direct(event.channel) and event.channel else event.chat_user
        try:
            for page in cards.pages(words):
                await patiently(partial(self._poster.post, Address(where), page, ""))
        except TROUBLE as error:
            self._log.warning("note_not_shown", kind=event.kind.value, reason=verdict(error).code)

    async def home(self, event: Event, shown: Card) -> None:
        """Somebody's own page: one message in the chat with them, changed in its place."""
        key = HOME + event.chat_user
        try:
            channel = await self._poster.direct_channel(event.chat_user)
            pages = cards.pages(shown)[:MOST_PARTS]
            for number, page in enumerate(pages, 1):
                await patiently(partial(self._lay, channel, part_key(key, number), page))
            for number in range(len(pages) + 1, MOST_PARTS + 1):
                await patiently(partial(self._take_away, part_key(key, number)))
        except TROUBLE as error:
            self._log.warning("home_not_shown", reason=verdict(error).code)

    async def _lay(self, channel: str, key: str, page: Page) -> None:
        post = await self._runtime.read(lambda session: find_post(session, key))
        if post is not None and await self._poster.edit(post.channel, post.ts, page):
            return
        posted = await self._poster.post(Address(channel), page, key)
        await self._runtime.write(lambda session: keep_post(session, key, posted.channel, posted.ts))

    async def _take_away(self, key: str) -> None:
        post = await self._runtime.read(lambda session: find_post(session, key))
        if post is not None:
            await self._poster.remove(post.channel, post.ts)
            await self._runtime.write(lambda session: lose_post(session, key))


async def patiently(call: Callable[[], Awaitable[Any]]) -> Any:
    """Makes a call; where Teams takes no more for now, again after the time it asks for."""
    for _ in range(TRIES - 1):
        try:
            return await call()
        except TROUBLE as error:
            found = verdict(error)
            if found.outcome not in (Outcome.TOO_MANY, Outcome.NOT_DONE) or found.wait > LONGEST_WAIT:
                raise
            await asyncio.sleep(found.wait)
    return await call()


def _blocks_of(answer: Answer) -> tuple[Block, ...]:
    """What an answer says, where no dialog can say it."""
    match answer:
        case Note(card=words) | Window(card=words):
            return words.blocks
        case Done(note=words) if words is not None:
            return words.blocks
        case Wrong(errors=sentences):
            return tuple(map(say, sentences.values()))
        case Ask(view=form):
            return _door_to(form)
    return ()


def _door_to(form: FormView) -> tuple[Block, ...]:
    """A form cannot open by itself: a button opens it."""
    args = {"draft": form.args["draft"]} if "draft" in form.args else {}
    button = Button(action="form.resume", label=OPEN_THE_FORM, args=args, style="primary", about=form.title)
    return say(FORM_READY.format(title=form.title)), Buttons(items=(button,))


def toast(words: str) -> Json:
    """A short word over the card."""
    return {"statusCode": 200, "type": WORDS, "value": words}


def _card(shown: Card) -> Json:
    """The first page of a card takes the place of the one that was pressed, for one person."""
    return {"statusCode": 200, "type": CARD, "value": cards.pages(shown)[0]["attachments"][0]["content"]}


def _go_on(value: Json) -> Json:
    return {"task": {"type": "continue", "value": value}}


def _said(words: str) -> Json:
    return {"task": {"type": "message", "value": words}}
