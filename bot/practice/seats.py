"""What the practice page and the rehearsal do: one JSON address for each thing a person in a seat can do."""

import base64
import binascii
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiohttp import web
from pydantic import ValidationError

from bot.clock import Clock
from bot.practice.config import Person
from bot.practice.live import Live
from bot.practice.seat_requests import Answer, asked, number_of, part_of, posted, values_of
from bot.practice.slack.api.files import Files
from bot.practice.slack.channel_changes import change_channel
from bot.practice.slack.faults import Faults
from bot.practice.slack.interactions import Interactions
from bot.practice.slack.ledger import Ledger
from bot.practice.slack.limits import Json
from bot.practice.slack.modals import Modals
from bot.practice.slack.records import Channel, person_record, without_roles
from bot.practice.slack.refusal import SeatRefusal
from bot.practice.slack.sockets import Sockets
from bot.practice.slack.workspace import Workspace
from bot.practice.view_of_seat import messages_seen, state_seen

LONGEST_TEXT = 40_000


class Seats:
    """The /seat/* addresses."""

    def __init__(
        self,
        workspace: Workspace,
        modals: Modals,
        files: Files,
        interactions: Interactions,
        sockets: Sockets,
        ledger: Ledger,
        faults: Faults,
        live: Live,
        clock_file: Path | None,
    ) -> None:
        self.workspace = workspace
        self.modals = modals
        self.files = files
        self.interactions = interactions
        self.sockets = sockets
        self.ledger = ledger
        self.faults = faults
        self.live = live
        self.clock_file = clock_file
        kept = dict(workspace.store.all("clock")).get("offset")
        self.offset_seconds = float(kept["seconds"]) if kept else Clock(clock_file).offset().total_seconds()
        self._write_clock()

    def routes(self) -> list[web.RouteDef]:
        """The addresses and what answers each."""
        posts: dict[str, Answer] = {
            "message": self.message,
            "edit": self.edit,
            "delete": self.delete,
            "command": self.command,
            "action": self.action,
            "suggest": self.suggest,
            "submit": self.submit,
            "close": self.close,
            "shortcut": self.shortcut,
            "home": self.home,
            "reaction": self.reaction,
            "clock": self.clock,
            "faults": self.order_faults,
            "disconnect": self.disconnect,
            "member": self.member,
            "channel": self.channel,
            "new_channel": self.new_channel,
            "person": self.person,
            "ledger": self.reset_ledger,
        }
        gets: dict[str, Answer] = {"state": self.state, "messages": self.messages, "ledger": self.read_ledger}
        return [
            *(web.post(f"/seat/{name}", posted(answer)) for name, answer in posts.items()),
            *(web.get(f"/seat/{name}", asked(answer)) for name, answer in gets.items()),
            web.get("/seat/events", self.live.stream),
        ]

    # what a seat sees

    async def state(self, asked: Json) -> Json:
        """Around the messages, for this person; for the first of them when the page does not know anyone yet."""
        user = self._user(asked if asked.get("user") else {"user": self._somebody()})
        return state_seen(self.workspace, self.modals, user) | {
            "workspace": {
                "name": self.workspace.config.team_name,
                "practice": True,
                "clock": self._clock(),
                "faults": self.faults.as_json(),
            },
            "seq": self.live.seq,
            "bot_connected": self.sockets.connected,
        }

    async def messages(self, asked: Json) -> Json:
        """The messages of a channel or thread that somebody sees."""
        user, channel = self._user(asked), self._channel(asked)
        return {"messages": messages_seen(self.workspace, user, channel, asked.get("thread_ts"))}

    async def read_ledger(self, asked: Json) -> Json:
        """The calls and acknowledgements so far, and how many are not acknowledged."""
        report = self.ledger.report(number_of(asked, "calls_after"), number_of(asked, "acks_after"))
        return report | {"unacked": self.sockets.unacknowledged}

    async def reset_ledger(self, posted: Json) -> Json:
        """Forgets the calls and acknowledgements so far."""
        self.ledger.reset()
        return {"ok": True}

    # messages

    async def message(self, posted: Json) -> Json:
        """Somebody writes a message; refused where Slack would not send it."""
        user, channel = self._user(posted), self._channel(posted)
        if channel.is_archived:
            raise SeatRefusal("is_archived", "This channel is archived; nobody can write in it.")
        if user not in channel.members:
            raise SeatRefusal("not_in_channel", "Join this channel before you write in it.")
        files = [self._attached(user, file) for file in posted.get("files") or ()]
        text = str(posted.get("text") or "")
        forwarded = self._forwarded(user, posted.get("forward"))
        if not text.strip() and not files and not forwarded:
            raise SeatRefusal("no_text", "There is nothing to send.")
        if len(text) > LONGEST_TEXT:
            raise SeatRefusal("msg_too_long", f"A message holds at most {LONGEST_TEXT:,} characters.")
        thread_ts = posted.get("thread_ts") or None
        if thread_ts and thread_ts not in channel.messages:
            raise SeatRefusal("thread_not_found", "This thread is not there any more.", 404)
        message = self.workspace.message_by_person(user, text, self._mentions(posted), files) | forwarded
        if posted.get("in_blocks"):
            message["text"] = ""
        kept = self.workspace.post(channel, message, thread_ts)
        for file in files:
            self.files.share(file, channel, kept["ts"])
        self._read(user, channel, kept["ts"])
        return {"ts": kept["ts"]}

    def _forwarded(self, user: str, what: Any) -> Json:
        """What a forwarded message carries: the first one, whole, as an attachment."""
        if not isinstance(what, dict):
            return {}
        channel = self._channel({"user": user, "channel": what.get("channel")})
        message = channel.messages.get(str(what.get("ts")))
        if message is None:
            raise SeatRefusal("message_not_found", "This message is not there any more.", 404)
        return {"attachments": [self.workspace.as_forwarded(channel, message)]}

    def _mentions(self, posted: Json) -> dict[str, str]:
        """Whom the text mentions and by which typed name; a list of ids means their names as shown."""
        given = posted.get("mentions") or {}
        if isinstance(given, dict):
            return {str(user): str(name) for user, name in given.items()}
        people = self.workspace.people
        return {user: people[user]["real_name"] for user in given if user in people}

    def _attached(self, user: str, file: Json) -> Json:
        name, mimetype = str(file.get("name") or "file"), str(file.get("mimetype") or "application/octet-stream")
        try:
            content = base64.b64decode(str(file.get("content_base64") or ""), validate=True)
        except binascii.Error as error:
            raise SeatRefusal("invalid_file", "The file could not be read.") from error
        kept = self.files.new(user, name, mimetype, self.interactions.base_url, len(content))
        self.workspace.store.save_upload(kept["id"], content)
        return kept

    async def edit(self, posted: Json) -> Json:
        """Somebody changes their own message."""
        user, channel, ts = self._own_message(posted)
        text = str(posted.get("text") or "")
        if not text.strip():
            raise SeatRefusal("no_text", "A message cannot be empty. Delete it instead.")
        new = self.workspace.message_by_person(user, text, self._mentions(posted))
        if new["text"] != channel.messages[ts]["text"]:
            self.workspace.change(channel, ts, user, {"text": new["text"], "blocks": new["blocks"]})
        return {"ok": True, "ts": ts}

    async def delete(self, posted: Json) -> Json:
        """Somebody takes back their own message."""
        _, channel, ts = self._own_message(posted)
        self.workspace.remove(channel, ts)
        return {"ok": True}

    async def reaction(self, posted: Json) -> Json:
        """Somebody puts an emoji on a message, or takes it away."""
        user, channel, ts = self._user(posted), self._channel(posted), str(posted.get("ts"))
        if ts not in channel.messages:
            raise SeatRefusal("message_not_found", "This message is not there any more.", 404)
        act = self.workspace.unreact if posted.get("remove") else self.workspace.react
        return {"ok": act(channel, ts, user, str(posted.get("name")))}

    def _own_message(self, posted: Json) -> tuple[str, Channel, str]:
        user, channel, ts = self._user(posted), self._channel(posted), str(posted.get("ts"))
        message = channel.messages.get(ts)
        if message is None or message.get("subtype") == "tombstone":
            raise SeatRefusal("message_not_found", "This message is not there any more.", 404)
        if message.get("user") != user:
            raise SeatRefusal("not_the_author", "Only the person who wrote a message can change it.", 403)
        return user, channel, ts

    # the app

    async def command(self, posted: Json) -> Json:
        """Somebody types a command; refused in a thread, as in Slack."""
        user, channel = self._user(posted), self._channel(posted)
        if posted.get("thread_ts"):
            sentence = f"{posted.get('command')} is not supported in threads. Use it in the channel instead."
            raise SeatRefusal("not_in_threads", sentence)
        text = str(posted.get("text") or "")
        return await self.interactions.command(user, channel, str(posted.get("command")), text)

    async def action(self, posted: Json) -> Json:
        """Somebody presses a button or chooses from a menu, in a message or a view."""
        user, where = self._user(posted), part_of(posted, "container")
        action, values = part_of(posted, "action"), values_of(posted.get("state"))
        if where.get("type") == "message":
            channel = self._channel({"user": user, "channel": where.get("channel")})
            return await self.interactions.message_action(user, channel, str(where.get("ts")), action, values)
        view_id = str(where.get("view_id") or (self.modals.homes.get(user, "") if where.get("type") == "home" else ""))
        return await self.interactions.view_action(user, view_id, action, values)

    async def suggest(self, posted: Json) -> Json:
        """What the app proposes for what somebody types into a menu."""
        user = self._user(posted)
        if posted.get("view_id"):
            where = self.interactions.view_place(user, str(posted["view_id"]))
        else:
            where = self.interactions.message_place(user, self._channel(posted), str(posted.get("ts")))
        block_id, action_id = str(posted.get("block_id")), str(posted.get("action_id"))
        return await self.interactions.suggest(user, where, block_id, action_id, str(posted.get("value") or ""))

    async def submit(self, posted: Json) -> Json:
        """Somebody sends a form."""
        values = values_of({"values": posted.get("values") or {}})
        return await self.interactions.submit(self._user(posted), str(posted.get("view_id")), values)

    async def close(self, posted: Json) -> Json:
        """Somebody closes a form."""
        cleared = bool(posted.get("cleared"))
        return await self.interactions.close(self._user(posted), str(posted.get("view_id")), cleared)

    async def shortcut(self, posted: Json) -> Json:
        """Somebody chooses a shortcut."""
        user, callback_id = self._user(posted), str(posted.get("callback_id"))
        if not posted.get("ts"):
            return await self.interactions.global_shortcut(user, callback_id)
        return await self.interactions.message_shortcut(user, callback_id, self._channel(posted), str(posted["ts"]))

    async def home(self, posted: Json) -> Json:
        """Somebody opens the app's own page."""
        self.interactions.home_opened(self._user(posted))
        return {"ok": True}

    # trying things out

    async def clock(self, posted: Json) -> Json:
        """Sets the workspace's clock."""
        try:
            self.offset_seconds = float(posted.get("offset_seconds", 0))
            timedelta(seconds=self.offset_seconds)
        except (TypeError, ValueError, OverflowError) as error:
            raise SeatRefusal("invalid_clock", "The clock can be moved by a number of seconds only.") from error
        self.workspace.store.save("clock", "offset", {"seconds": self.offset_seconds})
        self._write_clock()
        self.workspace.announce("clock", None, **self._clock())
        return self._clock()

    def _clock(self) -> Json:
        now = datetime.fromtimestamp(self.workspace.now(), UTC) + timedelta(seconds=self.offset_seconds)
        return {"offset_seconds": self.offset_seconds, "now_iso": now.isoformat()}

    def _write_clock(self) -> None:
        """The unit's clock, where the bot reads it; swapped in whole, never half written."""
        if self.clock_file is not None:
            fresh = self.clock_file.with_suffix(".new")
            fresh.write_text(json.dumps({"offset_seconds": self.offset_seconds}), encoding="utf-8")
            fresh.replace(self.clock_file)

    async def order_faults(self, posted: Json) -> Json:
        """Orders trouble; when Slack is to be down, the connections break too."""
        self.faults.order(posted)
        if self.faults.down:
            await self.sockets.disconnect("abrupt")
        self.workspace.announce("connection", None, connected=self.sockets.connected)
        return {"faults": self.faults.as_json()}

    async def disconnect(self, posted: Json) -> Json:
        """Ends the app's connections."""
        await self.sockets.disconnect(str(posted.get("reason") or "refresh_requested"))
        return {"ok": True}

    async def member(self, posted: Json) -> Json:
        """Somebody joins or leaves a channel."""
        channel = self._any_channel(posted)
        joining, leaving = posted.get("user_added"), posted.get("user_left")
        if joining in self.workspace.people and joining not in channel.members:
            self.workspace.join(channel, joining, channel.creator or None)
        if leaving in channel.members:
            self.workspace.leave(channel, leaving)
        return {"members": channel.members}

    async def channel(self, posted: Json) -> Json:
        """A channel gets another name, is shared, or put away."""
        channel = self._any_channel(posted)
        change_channel(self.workspace, channel, {name: value for name, value in posted.items() if name != "channel"})
        return {"ok": True}

    async def new_channel(self, posted: Json) -> Json:
        """A channel somebody makes: its name, who comes with them, whether it is private. Answers its id."""
        user = self._user(posted)
        name = channel_name(str(posted.get("name") or ""))
        if not name:
            raise SeatRefusal("invalid_name", "Please give the channel a name, for example heron-unit.")
        if any(channel.name == name for channel in self.workspace.channels.values()):
            raise SeatRefusal("name_taken", f"There is a channel called {name} already. Please choose another name.")
        asked = dict.fromkeys(str(one) for one in posted.get("members") or ())
        unknown = [one for one in asked if one not in self.workspace.people]
        if unknown:
            raise SeatRefusal("user_not_found", "Somebody you chose is not in this workspace.")
        channel = Channel(
            id=f"C0{uuid4().hex[:9].upper()}",
            name=name,
            members=[user],
            is_private=bool(posted.get("is_private", True)),
            creator=user,
            created=int(self.workspace.now()),
        )
        self.workspace.channels[channel.id] = channel
        self.workspace.keep_channel(channel)
        for one in asked:
            if one != user:
                self.workspace.join(channel, one, user)
        return {"ok": True, "channel": channel.id}

    async def person(self, posted: Json) -> Json:
        """Someone new, or someone who changed: only the given fields."""
        known = self.workspace.people.get(str(posted.get("id")))
        if known is None:
            record = person_record(_new_person(posted), self.workspace.config.team_id)
        else:
            record = known | {k: v for k, v in posted.items() if k in ("name", "real_name", "is_restricted")}
            record = without_roles(record) if posted.get("deleted") else record
        self.workspace.put_person(record)
        return {"ok": True}

    # shared parts

    def _user(self, given: Json) -> str:
        user = str(given.get("user"))
        self.workspace.seated(user)
        return user

    def _somebody(self) -> str:
        people = self.workspace.people
        return next((user for user in self.workspace.human_ids() if not people[user]["deleted"]), "")

    def _channel(self, given: Json) -> Channel:
        return self.workspace.visible_channel(str(given.get("user")), str(given.get("channel")))

    def _any_channel(self, given: Json) -> Channel:
        channel = self.workspace.channels.get(str(given.get("channel")))
        if channel is None:
            raise SeatRefusal("channel_not_found", "There is no such channel.", 404)
        return channel

    def _read(self, user: str, channel: Channel, ts: str) -> None:
        self.workspace.mark_read(user, channel, ts)


def channel_name(typed: str) -> str:
    """A name as channels have it: small letters, digits, - and _; "" when nothing is left."""
    return re.sub(r"[^a-z0-9_-]+", "-", typed.strip().casefold()).strip("-")[:80]


def _new_person(posted: Json) -> Person:
    try:
        return Person.model_validate(posted)
    except ValidationError as error:
        raise SeatRefusal("invalid_request", "A new person needs an id, a name and a real_name.") from error
