"""Teams' activities as events: one function a kind, answering None for what is none of the bot's business.

Ids are chosen so that the same thing delivered twice is the same event: a message is its address and its last edit, a
press its activity, a form the one drawing of it that came back and what stood in it.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot import offers
from bot.clock import UnitClock
from bot.teams.reading import said
from bot.teams.wire import Filled
from handlers.turn import BROUGHT_BACK, UNREADABLE, ChannelFacts, Event, EventKind
from prompts_and_forms.platform_words import BOT_NAME
from storage.database.columns import new_id

Json = dict[str, Any]

COMMANDS = tuple(name for name, _words, _hint in offers.COMMANDS)
HOME = "home"
ROOT = ";messageid="
CHANNEL_START = "19:"


@dataclass(frozen=True)
class Place:
    """Where an activity happened. `thread`: the post a reply hangs on; "" in a post itself and in a chat."""

    channel: str
    thread: str = ""
    kind: str = "channel"

    @property
    def direct(self) -> bool:
        """Whether it is the conversation with one person."""
        return self.kind == "personal"


def is_direct(channel: str) -> bool:
    """A conversation with one person, or the person; channels and group chats begin otherwise."""
    return not channel.startswith(CHANNEL_START)


def deleted_at(channel: str, ts: str) -> str:
    """How the id of a message's deletion begins; the moment follows, as Teams writes it."""
    return f"gone:{channel}:{ts}:"


def place_of(activity: Json) -> Place:
    """Where an activity happened."""
    conversation = _dict(activity.get("conversation"))
    channel, _, root = str(conversation.get("id") or "").partition(ROOT)
    kind = str(conversation.get("conversationType") or ("personal" if is_direct(channel) else "channel"))
    return Place(channel, root if kind == "channel" else "", kind)


_BY_NAME = re.compile(rf"@{BOT_NAME}(?=\s|$)[\s:,]*", re.I)
"""The bot's name typed out, as sentences show it, where it was not chosen from the list of names."""


def person_of(account: Any) -> str:
    """The id of somebody in the directory of the tenant; "" for a bot and for who has none."""
    return str(_dict(account).get("aadObjectId") or "").lower()


@dataclass(frozen=True)
class Reader:
    """Turns activities into events."""

    clock: UnitClock
    app_id: str

    def _moment(self, said_at: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(str(said_at))
        except ValueError:
            return self.clock.now()
        return self.clock.at(moment if moment.tzinfo else moment.replace(tzinfo=UTC))

    # ---- what is typed

    def message(self, activity: Json) -> Event | None:
        """A message somebody typed: a command where it begins with one, said to the bot."""
        place, sender = place_of(activity), person_of(activity.get("from"))
        if not sender or not activity.get("id"):
            return None
        asked = self._asked(activity, place)
        if asked is not None:
            name, text = asked
            return self._done(EventKind.COMMAND, activity, place, name=name, text=text, ts=str(activity["id"]))
        return self._said(EventKind.MESSAGE, place, _typed(activity), sender)

    def _asked(self, activity: Json, place: Place) -> tuple[str, str] | None:
        """The command and what was said after it. In a channel only what is said to the bot by name can be one."""
        text, called = self._without_own_name(activity)
        if not called and not place.direct:
            return None
        first, _, rest = text.partition(" ")
        name = first.removeprefix("/").casefold()
        if name == HOME and not rest.strip():
            return HOME, ""
        return (f"/{name}", rest.strip()) if name in COMMANDS else None

    def _without_own_name(self, activity: Json) -> tuple[str, bool]:
        """The words of a message without the mention of the bot, and whether there was one."""
        text, called = str(activity.get("text") or ""), False
        for mention in _mentions(activity):
            if _is_bot(_dict(mention.get("mentioned")), self.app_id) and mention.get("text"):
                text, called = text.replace(str(mention["text"]), " "), True
        words = " ".join(said.plain_text(text).split())
        if _BY_NAME.match(words):
            return _BY_NAME.sub("", words), True
        return words, called

    def mentioned(self, activity: Json) -> list[str]:
        """The people a message mentions, in order, by the ids Teams gives them."""
        found = [_dict(mention.get("mentioned")) for mention in _mentions(activity)]
        return [str(one.get("id") or "") for one in found if not _is_bot(one, self.app_id)]

    def changed(self, activity: Json) -> Event | None:
        """A message that was edited, or brought back after it was deleted."""
        place, sender = place_of(activity), person_of(activity.get("from"))
        if not sender or not activity.get("id"):
            return None
        message, again = _typed(activity), _event_type(activity) == "undeletemessage"
        mark = _edit_mark(message.words, activity.get("timestamp"), again)
        event = self._said(EventKind.EDITED, place, message, sender, mark)
        return replace(event, name=BROUGHT_BACK) if again else event

    def gone(self, activity: Json) -> Event | None:
        """A message that was deleted."""
        if not activity.get("id"):
            return None
        place, author = place_of(activity), person_of(activity.get("from"))
        return self.missing(place, str(activity["id"]), author, str(activity.get("timestamp") or ""))

    def missing(self, place: Place, ts: str, author: str = "", mark: str = "") -> Event:
        """A message that is no longer there. It may have been taken away before, and brought back."""
        return Event(
            id=f"{deleted_at(place.channel, ts)}{mark}",
            kind=EventKind.DELETED,
            at=self.clock.now(),
            chat_user=author,
            channel=place.channel,
            ts=ts,
            thread="" if place.thread == ts else place.thread,
            author=author,
            in_direct_message=place.direct,
        )

    def found(self, place: Place, message: Json, *, again: bool = False) -> list[Event]:
        """What is to be known of a message found again in Graph: that it was typed, edited, deleted, brought back."""
        sender = str(_dict(_dict(message.get("from")).get("user")).get("id") or "").lower()
        ts = str(message.get("id") or "")
        if not sender or not ts or message.get("messageType", "message") != "message":
            return []
        if message.get("deletedDateTime"):
            return [self.missing(place, ts, sender, str(message["deletedDateTime"]))]
        typed = _in_graph(message)
        edited = message.get("lastEditedDateTime")
        events = [self._said(EventKind.MESSAGE, place, typed, sender)]
        if again:
            mark = _edit_mark(typed.words, message.get("lastModifiedDateTime"), again)
            events.append(replace(self._said(EventKind.EDITED, place, typed, sender, mark), name=BROUGHT_BACK))
        if edited:
            events.append(self._said(EventKind.EDITED, place, typed, sender, _edit_mark(typed.words, edited)))
        return events

    def _said(self, kind: EventKind, place: Place, message: _Message, sender: str, mark: str = "") -> Event:
        return Event(
            id=f"msg:{place.channel}:{message.ts}:{mark}",
            kind=kind,
            at=self._moment(message.at),
            chat_user=sender,
            channel=place.channel,
            text=message.words,
            ts=message.ts,
            thread="" if place.thread == message.ts else place.thread,
            author=sender,
            files=message.files,
            in_direct_message=place.direct,
        )

    # ---- what is pressed

    def pressed(self, activity: Json, name: str, args: dict[str, str]) -> Event:
        """A button, or something chosen in a menu."""
        place, ts = place_of(activity), str(activity.get("replyToId") or "")
        return self._done(EventKind.BUTTON, activity, place, name=name, args=args, ts=ts)

    def filled(self, activity: Json, form: Filled, kind: EventKind) -> Event:
        """A form that came back: handed in, or another page of it asked for."""
        args = dict(form.args)
        if kind is EventKind.CHANGE:
            args |= {"step": form.step} if form.step else {"more": form.more} if form.more else {"changed": ""}
        return self._done(
            kind, activity, place_of(activity), name=form.form, args=args, values=form.values, id=_of_form(form, kind)
        )

    def shortcut(self, activity: Json, name: str, message: Json) -> Event:
        """A message extension action, with the message it was used on."""
        place, ts = place_of(activity), str(message.get("id") or "")
        typed = _in_graph(message)
        author = str(_dict(_dict(message.get("from")).get("user")).get("id") or "").lower()
        return self._done(
            EventKind.SHORTCUT,
            activity,
            place,
            name=name,
            text=typed.words,
            ts=ts,
            author=author,
            files=typed.files,
        )

    def _done(self, kind: EventKind, activity: Json, place: Place, *, id: str = "", ts: str = "", **more: Any) -> Event:
        """Something a person did just now."""
        ours = id or f"act:{activity.get('id') or new_id()}"
        return Event(
            id=ours,
            kind=kind,
            at=self.clock.now(),
            chat_user=person_of(activity.get("from")),
            channel=place.channel,
            ts=ts,
            thread="" if place.thread == ts else place.thread,
            facts=ChannelFacts(user_name=str(_dict(activity.get("from")).get("name") or "")),
            in_direct_message=place.direct,
            **more,
        )

    # ---- what happens to a channel

    def happened(self, kind: EventKind, activity: Json, channel: str, chat_user: str = "") -> Event:
        """Somebody came or went, or a channel was shared."""
        return Event(
            id=f"ev:{activity.get('id') or new_id()}:{channel}:{chat_user}",
            kind=kind,
            at=self.clock.now(),
            chat_user=chat_user,
            channel=channel,
        )

    def home(self, activity: Json) -> Event:
        """Somebody wants to see their own page."""
        return self._done(EventKind.HOME, activity, place_of(activity))

    def home_of(self, event: Event) -> Event:
        """The page of whoever did something, as it is now."""
        return Event(
            id=f"home:{new_id()}",
            kind=EventKind.HOME,
            at=self.clock.now(),
            chat_user=event.chat_user,
            channel=event.channel,
            in_direct_message=True,
        )


@dataclass(frozen=True)
class _Message:
    """A message somebody typed, live or found again."""

    ts: str
    at: Any
    words: str
    files: tuple[str, ...]


def _typed(activity: Json) -> _Message:
    attachments = [one for one in _list(activity.get("attachments")) if isinstance(one, dict)]
    html = next((str(one.get("content") or "") for one in attachments if one.get("contentType") == "text/html"), "")
    words = said.words_of(html) if html else said.plain_text(str(activity.get("text") or ""))
    return _with_files(str(activity["id"]), activity.get("timestamp"), words, html, attachments)


def _in_graph(message: Json) -> _Message:
    body = _dict(message.get("body"))
    content = str(body.get("content") or "")
    html = content if body.get("contentType") == "html" else ""
    words = said.words_of(html) if html else said.tidy(content)
    at = message.get("lastEditedDateTime") or message.get("createdDateTime")
    return _with_files(str(message.get("id") or ""), at, words, html, message.get("attachments"))


def _with_files(ts: str, at: Any, words: str, html: str, attachments: Any) -> _Message:
    files = (*said.files_of(attachments), *("image",) * said.pictures_in(html))
    if not files and not words.strip() and _list(attachments):
        files = (UNREADABLE,)
    return _Message(ts, at, words, files)


def _edit_mark(words: str, at: Any, again: bool = False) -> str:
    """An edit by its words and the second it was made in: the live message and the one found again say the same."""
    return (
        f"{'again:' if again else ''}{_second(at)}:{hashlib.sha256(words.encode('utf-8', 'replace')).hexdigest()[:16]}"
    )


def _second(at: Any) -> str:
    return str(at or "").partition(".")[0].removesuffix("Z")


def _of_form(form: Filled, kind: EventKind) -> str:
    """The same drawing of a form, with the same in it, is the same event however often it comes."""
    inside = json.dumps([form.once, form.step, form.more, form.values], sort_keys=True)
    return f"form:{kind.value}:{hashlib.sha256(inside.encode()).hexdigest()[:32]}"


def _event_type(activity: Json) -> str:
    return str(_dict(activity.get("channelData")).get("eventType") or "").lower()


def _mentions(activity: Json) -> list[Json]:
    entities = [one for one in _list(activity.get("entities")) if isinstance(one, dict)]
    return [one for one in entities if one.get("type") == "mention"]


def _is_bot(account: Json, app_id: str) -> bool:
    return str(account.get("id") or "").lower() == f"28:{app_id}"


def _dict(found: Any) -> Json:
    return found if isinstance(found, dict) else {}


def _list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []
