"""The practice workspace itself: people, channels, messages. It knows no HTTP; Web API and page act on it."""

import copy
import secrets
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.practice.config import WorkspaceConfig
from bot.practice.slack.echo import as_returned, text_of
from bot.practice.slack.limits import Json
from bot.practice.slack.records import (
    Channel,
    Whisper,
    channel_to_app,
    config_people,
    direct_channel,
    forwarded,
    kept_channel,
    room_channel,
)
from bot.practice.slack.refusal import SeatRefusal
from bot.practice.slack.store import Store
from bot.practice.slack.typed import as_kept, rich_text

Clock = Callable[[], float]
Watcher = Callable[[str, Iterable[str] | None, Json], None]
EventSink = Callable[[Json], None]


class Workspace:
    """State and what changes it. Watchers hear what the page must redraw, event sinks what the app must be told."""

    def __init__(self, config: WorkspaceConfig, store: Store | None = None, now: Clock = time.time) -> None:
        self.config = config
        self.store = store or Store()
        self.now = now
        self.people: dict[str, Json] = {}
        self.channels: dict[str, Channel] = {}
        self.watchers: list[Watcher] = []
        self.event_sinks: list[EventSink] = []
        self.last_read: dict[str, dict[str, str]] = {}
        self._last_ts = 0
        self._load()

    # what is kept

    def _load(self) -> None:
        self.people = config_people(self.config) | dict(self.store.all("person"))
        for room in self.config.rooms:
            self.channels[room.id] = room_channel(room)
        for user in self.human_ids():
            direct = direct_channel(user, self.config.bot_user_id)
            self.channels[direct.id] = direct
        for key, body in self.store.all("channel"):
            self.channels[key] = kept_channel(body)
        for key, body in self.store.all("message"):
            channel, ts = key.split(":")
            self._seen_ts(ts)
            if channel in self.channels:
                self.channels[channel].add(body)
        for key, body in self.store.all("whisper"):
            channel, ts = key.split(":")
            self._seen_ts(ts)
            if channel in self.channels:
                self.channels[channel].whispers[ts] = Whisper(**body)
        self.last_read = dict(self.store.all("read"))

    def _seen_ts(self, ts: str) -> None:
        self._last_ts = max(self._last_ts, int(ts.replace(".", "")))

    def keep_channel(self, channel: Channel) -> None:
        """Saves a channel and says that it changed."""
        self.store.save("channel", channel.id, channel.to_keep())
        self.announce("channel", None, channel=channel.id)

    def _keep_message(self, channel: Channel, message: Json) -> None:
        self.store.save("message", f"{channel.id}:{message['ts']}", message)

    # telling others

    def announce(self, kind: str, users: Iterable[str] | None = None, **detail: Any) -> None:
        """Tells the page, for these users (None: everyone), that something of this kind changed."""
        for watcher in self.watchers:
            watcher(kind, users, detail)

    def emit(self, event: Json, channel: Channel | None = None) -> None:
        """Tells the app, when it is subscribed to this event and is in the channel it comes from."""
        name = event["type"]
        if name == "message" and channel is not None:
            places = {"im": "message.im", "mpim": "message.mpim", "group": "message.groups"}
            name = places.get(channel.kind, "message.channels")
        bot_is_there = channel is None or self.config.bot_user_id in channel.members
        if name in self.config.events and bot_is_there:
            for sink in self.event_sinks:
                sink(copy.deepcopy(event))

    def next_ts(self) -> str:
        """A message timestamp: the real time, and later than every one before it."""
        self._last_ts = max(int(self.now() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    # people and channels

    def human_ids(self) -> list[str]:
        """Everybody who is no bot."""
        return [user for user, record in self.people.items() if not record["is_bot"] and user != "USLACKBOT"]

    def seated(self, user: str) -> Json:
        """The person sitting in this seat; refuses bots, strangers and people who have left."""
        record = self.people.get(user)
        if record is None or user not in self.human_ids():
            raise SeatRefusal("user_not_found", "There is no one with this seat in the practice workspace.", 404)
        if record["deleted"]:
            raise SeatRefusal("user_disabled", f"{record['real_name']} has left the workspace.")
        return record

    def visible_channel(self, user: str, channel_id: str) -> Channel:
        """The channel, when this person can open it."""
        channel = self.channels.get(channel_id)
        if channel is None or not self.can_see(user, channel):
            raise SeatRefusal("channel_not_found", "You cannot see this channel.", 404)
        return channel

    def can_see(self, user: str, channel: Channel) -> bool:
        """Whether somebody can see a channel: members, and all but guests where it is open."""
        guest = self.people[user].get("is_restricted", False)
        return user in channel.members or (not channel.is_private and not channel.is_im and not guest)

    def direct_with(self, user: str) -> Channel:
        """The app's direct message with this person, opened when there is none yet."""
        channel_id = "D" + user[1:]
        if channel_id not in self.channels:
            self.channels[channel_id] = direct_channel(user, self.config.bot_user_id)
            self.keep_channel(self.channels[channel_id])
        return self.channels[channel_id]

    def channel_as_seen_by_app(self, channel: Channel) -> Json:
        """A channel as Slack's Web API shows it to the app."""
        return channel_to_app(channel, self.config.bot_user_id, self.config.team_id)

    # messages

    def message_by_bot(self, fields: Json) -> Json:
        """A message of the app from the arguments it was sent with: text, blocks, attachments, metadata, thread_ts."""
        config = self.config
        message: Json = {
            "type": "message",
            "user": config.bot_user_id,
            "bot_id": config.bot_id,
            "app_id": config.app_id,
            "team": config.team_id,
            "text": fields.get("text") or "",
            "bot_profile": {
                "id": config.bot_id,
                "app_id": config.app_id,
                "name": config.bot_display_name,
                "icons": {},
                "deleted": False,
                "updated": 0,
                "team_id": config.team_id,
            },
        }
        if fields.get("username") or fields.get("icon_emoji") or fields.get("icon_url"):
            message |= {"subtype": "bot_message", "username": fields.get("username") or config.bot_display_name}
        return message | self.content(fields)

    def content(self, fields: Json) -> Json:
        """Blocks, attachments, metadata and the text built from blocks, as Slack returns them."""
        parts: Json = {}
        if fields.get("blocks"):
            parts["blocks"] = as_returned(fields["blocks"])
            parts["text"] = fields.get("text") or text_of(parts["blocks"])
        if fields.get("attachments"):
            parts["attachments"] = copy.deepcopy(fields["attachments"])
        if fields.get("metadata"):
            parts["metadata"] = copy.deepcopy(fields["metadata"])
        if fields.get("markdown_text"):
            parts["text"] = fields["markdown_text"]
        return parts

    def message_by_person(
        self, user: str, text: str, mentions: Mapping[str, str] | None = None, files: list[Json] | None = None
    ) -> Json:
        """A message as Slack makes it of what somebody typed."""
        kept = as_kept(text, mentions)
        message: Json = {
            "type": "message",
            "user": user,
            "team": self.config.team_id,
            "client_msg_id": str(uuid.uuid4()),
            "text": kept,
        }
        if kept:
            message["blocks"] = [rich_text(kept, secrets.token_hex(3))]
        if files:
            message |= {"subtype": "file_share", "files": files, "upload": False}
        return message

    def as_forwarded(self, channel: Channel, message: Json) -> Json:
        """A message as an attachment of the one that forwards it."""
        author = self.people[message["user"]]["real_name"]
        return forwarded(self.shown(channel, message), channel, author, self.config)

    def post(self, channel: Channel, message: Json, thread_ts: str | None = None, broadcast: bool = False) -> Json:
        """Adds a message, tells page and app, and answers it as kept. `thread_ts` must be a message that is there."""
        ts = self.next_ts()
        kept = {**message, "ts": ts}
        if thread_ts:
            parent = channel.messages[thread_ts]
            kept |= {"thread_ts": thread_ts, "parent_user_id": parent.get("user", "")}
            if broadcast:
                kept |= {"subtype": "thread_broadcast", "root": self.shown(channel, parent)}
        channel.add(kept)
        self._keep_message(channel, kept)
        self._message_changed_on_page(channel, kept)
        self._tell_app_of_message(channel, kept)
        return kept

    def _message_changed_on_page(self, channel: Channel, message: Json) -> None:
        detail: Json = {"channel": channel.id, "ts": message["ts"]}
        if message.get("thread_ts"):
            detail["thread_ts"] = message["thread_ts"]
        seeing = [user for user in self.human_ids() if self.can_see(user, channel)]
        self.announce("message", seeing, **detail)

    def _tell_app_of_message(self, channel: Channel, message: Json) -> None:
        event = self.shown(channel, message)
        event |= {"channel": channel.id, "channel_type": channel.kind, "event_ts": message["ts"]}
        self.emit(event, channel)
        bot = self.config.bot_user_id
        if f"<@{bot}>" in message["text"] and not channel.is_im and message.get("user") != bot:
            parts = ("user", "text", "ts", "team", "blocks", "thread_ts", "parent_user_id", "client_msg_id")
            mention = {part: message[part] for part in parts if part in message}
            self.emit({"type": "app_mention", **mention, "channel": channel.id, "event_ts": message["ts"]}, channel)

    def change(self, channel: Channel, ts: str, by: str, fields: Json, drop: Iterable[str] = ()) -> Json:
        """Edits a message: `fields` replace, `drop` go. Tells page and app, and answers the message as kept."""
        before = self.shown(channel, channel.messages[ts])
        message = channel.messages[ts]
        for field in drop:
            message.pop(field, None)
        message.update(fields)
        message["edited"] = {"user": by, "ts": self.next_ts()}
        self._message_was_changed(channel, message, before)
        return message

    def _message_was_changed(self, channel: Channel, message: Json, before: Json) -> None:
        self._keep_message(channel, message)
        self._message_changed_on_page(channel, message)
        self._hidden(channel, "message_changed", message=self.shown(channel, message), previous_message=before)

    def _hidden(self, channel: Channel, subtype: str, **detail: Any) -> None:
        ts = self.next_ts()
        event = {"type": "message", "subtype": subtype, "hidden": True, "channel": channel.id}
        self.emit(event | {"channel_type": channel.kind, "ts": ts, "event_ts": ts} | detail, channel)

    def remove(self, channel: Channel, ts: str) -> None:
        """Deletes a message. A thread's first message with replies leaves a tombstone."""
        before = self.shown(channel, channel.messages[ts])
        channel.pins = [pin for pin in channel.pins if pin["ts"] != ts]
        if channel.replies.get(ts):
            grave = {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "hidden": True, "ts": ts}
            grave["text"] = "This message was deleted."
            channel.messages[ts] = grave
            self._message_was_changed(channel, grave, before)
            return
        message = channel.drop(ts)
        self.store.remove("message", f"{channel.id}:{ts}")
        self._message_changed_on_page(channel, message)
        self._hidden(channel, "message_deleted", deleted_ts=ts, previous_message=before)

    def whisper(self, channel: Channel, user: str, message: Json, thread_ts: str | None = None) -> str:
        """Shows a message to one person only; answers its ts."""
        ts = self.next_ts()
        kept = {**message, "ts": ts} | ({"thread_ts": thread_ts} if thread_ts else {})
        channel.whispers[ts] = Whisper(user, kept)
        self.keep_whisper(channel, ts)
        return ts

    def keep_whisper(self, channel: Channel, ts: str) -> None:
        """Saves a message that one person sees, and says that it changed."""
        whisper = channel.whispers[ts]
        self.store.save("whisper", f"{channel.id}:{ts}", {"user": whisper.user, "message": whisper.message})
        self._whisper_changed(channel, whisper)

    def remove_whisper(self, channel: Channel, ts: str) -> None:
        """Takes away a message that one person sees."""
        whisper = channel.whispers.pop(ts)
        self.store.remove("whisper", f"{channel.id}:{ts}")
        self._whisper_changed(channel, whisper)

    def _whisper_changed(self, channel: Channel, whisper: Whisper) -> None:
        detail = {k: whisper.message[k] for k in ("ts", "thread_ts") if k in whisper.message}
        self.announce("message", [whisper.user], channel=channel.id, **detail)

    def shown(self, channel: Channel, message: Json, with_metadata: bool = False) -> Json:
        """A message as Slack shows it: thread counts on a parent, metadata only when asked for."""
        shown = copy.deepcopy(message)
        if not with_metadata:
            shown.pop("metadata", None)
        replies = channel.replies.get(message["ts"])
        if replies:
            users = list(dict.fromkeys(channel.messages[ts].get("user", "") for ts in replies))
            shown |= {
                "thread_ts": message["ts"],
                "reply_count": len(replies),
                "reply_users_count": len(users),
                "reply_users": users[:5],
                "latest_reply": replies[-1],
                "subscribed": False,
                "is_locked": False,
            }
        return shown

    def react(self, channel: Channel, ts: str, user: str, name: str) -> bool:
        """Adds a reaction; False when this person had already given it."""
        message = channel.messages[ts]
        given = message.setdefault("reactions", [])
        entry = next((reaction for reaction in given if reaction["name"] == name), None)
        if entry is None:
            entry = {"name": name, "users": [], "count": 0}
            given.append(entry)
        if user in entry["users"]:
            return False
        entry["users"].append(user)
        entry["count"] += 1
        self._reacted(channel, message, user, "reaction_added", name)
        return True

    def unreact(self, channel: Channel, ts: str, user: str, name: str) -> bool:
        """Takes a reaction back; False when this person had not given it."""
        message = channel.messages[ts]
        entry = next((r for r in message.get("reactions", ()) if r["name"] == name and user in r["users"]), None)
        if entry is None:
            return False
        entry["users"].remove(user)
        entry["count"] -= 1
        message["reactions"] = [reaction for reaction in message["reactions"] if reaction["count"]]
        self._reacted(channel, message, user, "reaction_removed", name)
        return True

    def _reacted(self, channel: Channel, message: Json, user: str, kind: str, name: str) -> None:
        self._keep_message(channel, message)
        self._message_changed_on_page(channel, message)
        item = {"type": "message", "channel": channel.id, "ts": message["ts"]}
        event = {"type": kind, "user": user, "reaction": name, "item_user": message.get("user", ""), "item": item}
        self.emit(event | {"event_ts": self.next_ts()}, channel)

    # people come and go

    def join(self, channel: Channel, user: str, inviter: str | None = None) -> None:
        """Somebody is in a channel from now on; the app is told."""
        channel.members.append(user)
        self._membership_changed(channel, user, "member_joined_channel", {"inviter": inviter} if inviter else {})

    def leave(self, channel: Channel, user: str) -> None:
        """Somebody leaves a channel; the app is told."""
        self._membership_changed(channel, user, "member_left_channel", {})

    def _membership_changed(self, channel: Channel, user: str, kind: str, more: Json) -> None:
        event = {"type": kind, "user": user, "channel": channel.id, "team": self.config.team_id}
        event |= {"channel_type": "G" if channel.is_private else "C", "event_ts": self.next_ts()}
        self.emit(event | more, channel)
        if kind == "member_left_channel":
            channel.members.remove(user)
        self.keep_channel(channel)

    def put_person(self, record: Json) -> None:
        """A new person, or one who changed or left."""
        new = record["id"] not in self.people
        now = int(self.now())
        self.people[record["id"]] = {**record, "updated": now}
        self.store.save("person", record["id"], self.people[record["id"]])
        if new:
            self.direct_with(record["id"])
        event = {"type": "team_join" if new else "user_change", "user": self.people[record["id"]]}
        self.emit(event | {"cache_ts": now, "event_ts": self.next_ts()})
        self.announce("channel", None, user=record["id"])

    def mark_read(self, user: str, channel: Channel, ts: str) -> None:
        """Somebody has read a channel up to this message."""
        read = self.last_read.setdefault(user, {})
        if read.get(channel.id, "") < ts:
            read[channel.id] = ts
            self.store.save("read", user, read)
