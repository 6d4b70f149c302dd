"""Slack's payloads as events: one function a payload type, answering None for what is none of the bot's business.

Ids are chosen so that the same thing delivered twice is the same event: a message is its address and its last edit, a
press or a submission its trigger, a closed form its view.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from bot import offers
from bot.clock import UnitClock
from bot.slack.client import is_direct
from bot.slack.reading.said import files_in, words_of
from bot.slack.text import NameOf, decode
from bot.slack.views import MORE, STEP, is_field, metadata, values
from handlers.turn import ChannelFacts, Event, EventKind

Json = dict[str, Any]

COMMANDS = tuple(name for name, _words, _hint in offers.COMMANDS)
_COMMAND = re.compile(rf"/(?:.*?)({'|'.join(COMMANDS)})")
_MENTIONED = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
_QUIET_SUBTYPES = (None, "file_share", "thread_broadcast", "me_message")
_OF_PEOPLE = (*_QUIET_SUBTYPES, "message_changed", "message_deleted", "message_replied", "bot_message", "tombstone")
CHANNEL, THREAD, TS = "_channel", "_thread", "_ts"


@dataclass(frozen=True)
class Reader:
    """Turns payloads into events. `name_of` knows the names of people the bot knows, for mentions."""

    clock: UnitClock
    name_of: NameOf

    def _words(self, text: str | None) -> str:
        return decode(text or "", self.name_of)

    def _moment(self, ts: str) -> datetime:
        return self.clock.at(datetime.fromtimestamp(float(ts), UTC))

    def command(self, body: Json) -> Event:
        """A slash command; a prefix chosen for a busy workspace ("/swu-meeting") is left out of its name."""
        found = _COMMAND.fullmatch(body["command"])
        return Event(
            id=f"act:{body['trigger_id']}",
            kind=EventKind.COMMAND,
            at=self.clock.now(),
            chat_user=body["user_id"],
            channel=body["channel_id"],
            name=f"/{found.group(1)}" if found else body["command"],
            text=self._words(body.get("text")).strip(),
            facts=ChannelFacts(mentions=tuple(_MENTIONED.findall(body.get("text") or ""))),
            in_direct_message=is_direct(body["channel_id"]),
        )

    def action(self, body: Json) -> Event | None:
        """A button, a menu, or a change in an open form."""
        action = body["actions"][0]
        view = body.get("view") or {}
        channel, thread, ts = _where(body, view)
        kind, name, args = EventKind.BUTTON, *_named(action)
        if view.get("type") == "modal" and (
            is_field(action["action_id"]) or action["action_id"].startswith((MORE, STEP))
        ):
            kind, name = EventKind.CHANGE, view.get("callback_id", "")
            args = metadata(view)[0] | _changed(action)
        return Event(
            id=f"act:{body['trigger_id']}:{action.get('action_ts', '')}",
            kind=kind,
            at=self.clock.now(),
            chat_user=body["user"]["id"],
            channel=channel,
            name=name,
            args=args,
            values=values(view),
            ts=ts,
            thread=thread,
            in_direct_message=is_direct(channel),
        )

    def submission(self, body: Json) -> Event:
        """A form that was sent."""
        view = body["view"]
        args, where = metadata(view)
        channel = where.get(CHANNEL, "")
        return Event(
            id=f"act:{body['trigger_id']}",
            kind=EventKind.SUBMIT,
            at=self.clock.now(),
            chat_user=body["user"]["id"],
            channel=channel,
            name=view.get("callback_id", ""),
            args=args,
            values=values(view),
            thread=where.get(THREAD, ""),
            in_direct_message=is_direct(channel),
        )

    def closed(self, body: Json) -> Event:
        """A form that was closed."""
        view = body["view"]
        args, where = metadata(view)
        channel = where.get(CHANNEL, "")
        return Event(
            id=f"closed:{view['id']}",
            kind=EventKind.CLOSED,
            at=self.clock.now(),
            chat_user=body["user"]["id"],
            channel=channel,
            name=view.get("callback_id", ""),
            args=args,
            thread=where.get(THREAD, ""),
            in_direct_message=is_direct(channel),
        )

    def shortcut(self, body: Json) -> Event:
        """A message shortcut carries the message it was used on; a global one carries nothing."""
        message = body.get("message") or {}
        ts = body.get("message_ts") or message.get("ts", "")
        channel = (body.get("channel") or {}).get("id", "")
        return Event(
            id=f"act:{body['trigger_id']}",
            kind=EventKind.SHORTCUT,
            at=self.clock.now(),
            chat_user=body["user"]["id"],
            channel=channel,
            name=body["callback_id"],
            text=words_of(message, self.name_of),
            ts=ts,
            thread=_thread(message, ts),
            author=message.get("user", ""),
            files=files_in(message),
            in_direct_message=is_direct(channel),
        )

    def happening(self, body: Json) -> Event | None:
        """Something of the Events API."""
        event = body["event"]
        match event["type"]:
            case "message":
                return self._of_message(event)
            case "app_home_opened" if event.get("tab", "home") == "home":
                return self._plain(EventKind.HOME, body, event.get("user", ""), "")
            case "member_joined_channel":
                return self._plain(EventKind.JOINED, body, event["user"], event["channel"])
            case "member_left_channel":
                return self._plain(EventKind.LEFT, body, event["user"], event["channel"])
            case "channel_id_changed":
                args = {"old_channel": str(event["old_channel_id"])}
                return replace(self._plain(EventKind.MOVED, body, "", str(event["new_channel_id"])), args=args)
            case "channel_shared":
                return self._plain(EventKind.SHARED, body, "", event["channel"])
        return None

    def _plain(self, kind: EventKind, body: Json, user: str, channel: str) -> Event:
        return Event(
            id=f"ev:{body.get('event_id') or body['event'].get('event_ts')}",
            kind=kind,
            at=self.clock.now(),
            chat_user=user,
            channel=channel,
        )

    def _of_message(self, event: Json) -> Event | None:
        direct = event.get("channel_type") == "im" or is_direct(event["channel"])
        match event.get("subtype"):
            case "message_changed":
                return self._edited(event, direct)
            case "message_deleted":
                return self.gone(event["channel"], event["deleted_ts"], event.get("previous_message") or {}, direct)
        return self.message(event["channel"], event, direct)

    def message(self, channel: str, message: Json, direct: bool = False) -> Event | None:
        """A message somebody typed, live or found again in the thread. The bot's and other apps' are left out."""
        if not _by_person(message) or message.get("subtype") not in _QUIET_SUBTYPES:
            return None
        return self._said(EventKind.MESSAGE, channel, message, direct)

    def edit(self, channel: str, message: Json, direct: bool = False) -> Event | None:
        """What an edited message says now; None when it was never edited."""
        edited = (message.get("edited") or {}).get("ts")
        if not edited or not _by_person(message):
            return None
        return self._said(EventKind.EDITED, channel, message, direct, edited)

    def _said(self, kind: EventKind, channel: str, message: Json, direct: bool, edited: str = "") -> Event:
        return Event(
            id=f"msg:{channel}:{message['ts']}:{edited}",
            kind=kind,
            at=self._moment(edited or message["ts"]),
            chat_user=message["user"],
            channel=channel,
            text=words_of(message, self.name_of),
            ts=message["ts"],
            thread=_thread(message, message["ts"]),
            author=message["user"],
            files=files_in(message),
            in_direct_message=direct,
        )

    def gone(self, channel: str, ts: str, before: Json, direct: bool = False) -> Event | None:
        """A message that was deleted; `before` is what is known of it."""
        if before and not _by_person(before):
            return None
        return Event(
            id=f"gone:{channel}:{ts}",
            kind=EventKind.DELETED,
            at=self.clock.now(),
            chat_user=before.get("user", ""),
            channel=channel,
            ts=ts,
            thread=_thread(before, ts),
            author=before.get("user", ""),
            in_direct_message=direct,
        )

    def missing(self, channel: str, thread: str, ts: str) -> Event:
        """A message that was kept and is no longer in its thread."""
        return Event(
            id=f"gone:{channel}:{ts}",
            kind=EventKind.DELETED,
            at=self.clock.now(),
            channel=channel,
            ts=ts,
            thread=thread,
        )

    def _edited(self, event: Json, direct: bool) -> Event | None:
        message, before = event["message"], event.get("previous_message") or {}
        if message.get("subtype") == "tombstone":
            return self.gone(event["channel"], message["ts"], before, direct)
        if "text" in before and words_of(message, self.name_of) == words_of(before, self.name_of):
            return None
        return self.edit(event["channel"], {"edited": {"ts": event["event_ts"]}, **message}, direct)


def channels_changed(event: Json) -> set[str]:
    """The channels that may be another now to what they were: somebody came or went, or it was opened or shared.

    A channel says so with an event of its own or with a message it writes by itself, whose kind is no person's.
    """
    kind, subtype = str(event["type"]), event.get("subtype")
    about_itself = kind.startswith(("channel_", "group_", "member_", "shared_channel_"))
    if not about_itself and (kind != "message" or subtype in _OF_PEOPLE):
        return set()
    channel = event.get("channel")
    named = channel.get("id") if isinstance(channel, dict) else channel
    return {str(one) for one in (named, event.get("old_channel_id"), event.get("new_channel_id")) if one}


def is_group(body: Json) -> bool:
    """Whether a command was typed, or a button pressed, in a conversation of several people that is no channel."""
    channel = body.get("channel")
    name = body.get("channel_name") or (channel.get("name") if isinstance(channel, dict) else "")
    return str(name or "").startswith("mpdm-")


def _by_person(message: Json) -> bool:
    return bool(message.get("user")) and not message.get("bot_id") and message.get("subtype") != "bot_message"


def _thread(message: Json, ts: str) -> str:
    thread = str(message.get("thread_ts") or "")
    return "" if thread == ts else thread


def _named(action: Json) -> tuple[str, dict[str, str]]:
    """The name of an action and its arguments: a button's travel in its value, a menu's in its action id."""
    plain = str(action["action_id"]).partition("#")[0]
    name, _, query = plain.partition("?")
    args = dict(parse_qsl(query, keep_blank_values=True))
    if "value" in action:
        args |= _json_object(action["value"])
    chosen = action.get("selected_option")
    if chosen:
        args["chosen"] = chosen["value"]
    return name, args


def _json_object(text: str | None) -> dict[str, str]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _changed(action: Json) -> dict[str, str]:
    action_id = str(action["action_id"])
    if action_id.startswith(MORE):
        return {"more": action_id.removeprefix(MORE)}
    if action_id.startswith(STEP):
        return {"step": action_id.removeprefix(STEP)}
    return {"changed": str(action.get("block_id", ""))}


def _where(body: Json, view: Json) -> tuple[str, str, str]:
    """Channel, thread and message an action was pressed in; a form remembers where it was opened."""
    if view:
        where = metadata(view)[1]
        return where.get(CHANNEL, ""), where.get(THREAD, ""), ""
    container, message = body.get("container") or {}, body.get("message") or {}
    ts = str(container.get("message_ts") or message.get("ts") or "")
    thread = str(container.get("thread_ts") or message.get("thread_ts") or "")
    channel = container.get("channel_id") or (body.get("channel") or {}).get("id", "")
    return channel, "" if thread == ts else thread, ts
