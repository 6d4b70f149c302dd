"""A person on the practice tenant, from code: type, edit, press, choose, fill in. Rehearsal sits here.

Cards and dialogs are told in the shape `bot.practice.rehearsal.place` speaks of, so that whoever sits here looks for a
button or a field as they would on the stand-in for Slack. A form that takes several dialogs is told as one.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bot.clock import move_clock
from bot.practice.rehearsal.place import Traffic
from bot.practice.seat import SeatError
from bot.practice.teams.connector import Connector
from bot.practice.teams.hands import Answer, Hands
from bot.practice.teams.records import Message, Tenant
from bot.practice.teams.strict import CARD, parts
from bot.slack.views import WORDS
from bot.teams import wire
from bot.teams.dialogs import NEXT_PART, NOT_SAVED, PART_BEFORE
from bot.teams.forms import BROUGHT, CHANGED

Json = dict[str, Any]

RESUME, WINDOW, MORE = "form.resume", "window", "more#"
FROM_MENU = "composeExtension/submitAction"
MOST_DIALOGS = 12
GOES_ON = "~"
"""In the name of a box for what another has no room for."""
TRIES = 3
"""How often a form that asks more after an answer is handed in before somebody gives up."""


@dataclass
class TeamsPractice:
    """The practice tenant as everyone's seat reaches it."""

    connector: Connector
    hands: Hands
    clock: Path
    milliseconds: list[float] = field(default_factory=list)
    _seats: dict[str, TeamsSeat] = field(default_factory=dict)

    def seat(self, user: str) -> TeamsSeat:
        """The seat of one person, by their id in the directory."""
        return self._seats.setdefault(user, TeamsSeat(self, user))

    def calls(self, message: Json, user: str) -> bool:
        """Whether a message calls somebody by name, so that their telephone says so."""
        person, of = self.connector.tenant.people[user], message["of"]
        return any(one.get("id") in (person.id, person.account) for one in of.mentions)

    def handed_on(self, text: str) -> str:
        """What Teams makes of typed words: nothing else."""
        return text

    async def let_in(self, user: str, channel: str) -> None:
        """Takes somebody into a channel."""
        self.connector.tenant.channels[channel].members.add(user)
        await self._changed(user, channel, "channelMemberAdded", "membersAdded")

    async def take_out(self, user: str, channel: str) -> None:
        """Takes somebody out of a channel."""
        self.connector.tenant.channels[channel].members.discard(user)
        await self._changed(user, channel, "channelMemberRemoved", "membersRemoved")

    async def settle(self) -> bool:
        """Whether nothing is on the line. Every activity is answered before its sender goes on."""
        return True

    async def move_clock(self, offset_seconds: float) -> None:
        """Sets the unit's clock so many seconds ahead of the machine's."""
        move_clock(self.clock, timedelta(seconds=offset_seconds))

    async def close(self) -> None:
        """Lets go of the connection."""
        await self.hands.close()

    async def _changed(self, user: str, channel: str, what: str, who: str) -> None:
        person = self.connector.tenant.people[user]
        await self.hands.changed(user, channel, what, **{who: [person.as_sender]})

    async def traffic(self) -> Traffic:
        """What has gone over the line so far."""
        calls = self.connector.calls
        sent = [call for call in calls if call.path.endswith("/activities") and call.status < 300]
        refused = [f"{call.method} {call.path}: {call.status}" for call in calls if call.status >= 400]
        return Traffic(len(sent), len(calls), refused, self.milliseconds)

    async def send(self, activity: Json) -> Answer:
        """Sends an activity, and notes how long its answer took."""
        began = datetime.now(UTC)
        answer = await self.hands.send(activity)
        self.milliseconds.append((datetime.now(UTC) - began).total_seconds() * 1000)
        if answer.status != 200:
            raise SeatError(f"http_{answer.status}", "Teams would say that the app did not answer")
        return answer


@dataclass
class TeamsSeat:
    """One person. Raises SeatError for what Teams' client would not let them do."""

    practice: TeamsPractice
    user: str
    where: str = ""
    """The conversation the open dialog was opened in."""
    dialogs: list[Json] = field(default_factory=list)
    """The open form, a dialog for each part of it; empty where none is open."""
    own: dict[str, tuple[Json, datetime | None]] = field(default_factory=dict)
    """By message: the card this person alone sees in its place, and how the message was last changed then."""
    invoke: str = ""
    """How the open form is handed in, where that is not as usual."""
    asked_on: str = ""
    """The answers a form was last asked to go on from."""
    turn: int = 0

    # seeing

    async def messages(self, channel: str, thread_ts: str | None = None) -> list[Json]:
        """The messages of a channel, or of a post and its replies, oldest first."""
        found = list(self._tenant.of(channel, thread_ts or ""))
        if thread_ts and (root := self._tenant.find(channel, thread_ts)) is not None:
            found = [root, *found]
        window = (
            [Message(WINDOW, channel, "", thread_ts or "")] if self.dialogs and not _form_of(self.dialogs[0]) else []
        )
        return [self._told(message) for message in [*found, *window]]

    def _told(self, message: Message) -> Json:
        by_bot = {} if message.sender else {"bot_id": "bot"}
        card = self.dialogs[0] if message.id == WINDOW else self._card(message)
        return {"ts": message.id, "text": message.html, "blocks": list(_blocks(card)), "of": message, **by_bot}

    def _card(self, message: Message) -> Json:
        """The card as this person sees it."""
        own, was = self.own.get(message.id, ({}, None))
        return own if own and was == message.edited else message.card

    async def direct_channel(self) -> str:
        """The id of one's own chat with the bot."""
        return self._tenant.chat_of(self.user)

    async def top_modal(self) -> Json | None:
        """The form that is open, all its parts in one; None where none is."""
        if not self.dialogs:
            return None
        blocks = [block for dialog in self.dialogs for block in _fields(dialog)]
        asks = bool(_form_of(self.dialogs[0]))
        title = {"text": _words(self.dialogs[0]).partition("\n")[0]}
        form = "form" if asks else WORDS
        return {"id": f"D{self.turn}", "hash": str(self.turn), "title": title, "callback_id": form, "blocks": blocks}

    # saying

    async def command(self, channel: str, command: str, text: str = "") -> None:
        """Calls the bot by name in a channel and says the command."""
        said = f"{command.lstrip('/')} {text}".strip()
        message = self._hands.type_unheard(self.user, channel, said, to_bot=True)
        await self.practice.send(self._hands.said(message, "message"))

    async def type(self, channel: str, text: str, thread_ts: str | None = None) -> str:
        """Writes a message; answers its id."""
        message = self._hands.type_unheard(self.user, channel, root=thread_ts or "", html=as_html(text))
        await self.practice.send(self._hands.said(message, "message"))
        return message.id

    async def edit(self, channel: str, ts: str, text: str) -> None:
        """Changes one's own message."""
        message = self._own(channel, ts)
        message.html, message.edited = as_html(text), datetime.now(UTC)
        await self.practice.send(self._hands.about(message, "messageUpdate", "editMessage"))

    async def delete(self, channel: str, ts: str) -> None:
        """Takes back one's own message."""
        message = self._own(channel, ts)
        message.deleted = datetime.now(UTC)
        await self.practice.send(self._hands.about(message, "messageDelete", "softDeleteMessage"))

    def _own(self, channel: str, ts: str) -> Message:
        message = self._tenant.find(channel, ts)
        if message is None or message.sender != self.user:
            raise SeatError("not_yours", "there is no such message of theirs")
        return message

    async def shortcut(self, callback_id: str, channel: str | None = None, ts: str | None = None) -> Json:
        """Chooses an action of a message's menu."""
        message = self._tenant.find(channel or "", ts or "")
        if message is None:
            raise SeatError("no_message", "there is no such message")
        activity = self._hands.using(self.user, message, callback_id)
        return await self._opened(activity, self._hands.where(message), FROM_MENU)

    # pressing

    async def press(
        self,
        shown: Json,
        wanted: str,
        *,
        channel: str | None = None,
        values: Mapping[str, Any] | None = None,
        **chosen: Any,
    ) -> Json:
        """Presses a button, or chooses in a menu (`choose=`), of a message; or asks a form for more of its fields."""
        if "of" not in shown:
            return await (self._more if wanted.startswith(MORE) else self._asked_on)(wanted, values or {})
        element = _element(shown, wanted)
        message: Message = shown["of"]
        choose = str(chosen.get("choose") or "")
        if message.id == WINDOW:
            return await self._in_window(element["pressed"], choose)
        activity = self._hands.pressing(self.user, message, element["pressed"], None, choose)
        return await self._opened(activity, self._hands.where(message), of=message)

    async def _in_window(self, button: Json, choose: str) -> Json:
        """Presses a button of the window that is open."""
        found = {**button["data"]} | ({wire.INPUT + button["data"][wire.MENU]: choose} if choose else {})
        activity = self._hands.activity("invoke", self.user, self.where, name="task/submit", value={"data": found})
        answer = await self.practice.send(activity)
        self.dialogs = []
        if answer.dialog:
            await self._all_parts(answer.dialog)
        return answer.body

    async def _more(self, wanted: str, values: Mapping[str, Any]) -> Json:
        """Presses a button in a form that brings more fields. What was filled in goes with it."""
        key = wanted.removeprefix(MORE)
        for number, dialog in enumerate(self.dialogs):
            for part in parts(dialog):
                if (part.get("data") or {}).get(wire.MORE) == key:
                    await self._turn_to(number, values)
                    return await self._handed(self.dialogs[number], values, str(part["title"]))
        raise SeatError("nothing_to_press", f"there is no {wanted!r} in this form")

    async def _asked_on(self, wanted: str, values: Mapping[str, Any]) -> Json:
        """Hands in what is asked so far, once: the form comes back and asks on from the answers."""
        given = json.dumps(values, sort_keys=True, default=str)
        if given == self.asked_on:
            return {}
        self.asked_on = given
        await self._turn_to(len(self.dialogs) - 1, values)
        return await self._handed(self.dialogs[-1], values)

    async def submit(self, view: Json, values: Mapping[str, Any] | None = None) -> Json:
        """Hands the form in, part by part. Where an answer brings more to ask, it is handed in once more."""
        given = dict(values or {})
        was, asked = _form_of(self.dialogs[0]), self._asked()
        for _ in range(TRIES):
            if unknown := given.keys() - asked:
                raise SeatError("no_such_field", f"there is no field {', '.join(sorted(unknown))}")
            await self._turn_to(len(self.dialogs) - 1, given)
            await self._handed(self.dialogs[-1], given)
            if not self.dialogs or _form_of(self.dialogs[0]) != was:
                break
            said = "\n".join(_words(dialog) for dialog in self.dialogs)
            if NOT_SAVED in said and BROUGHT not in said and CHANGED not in said:
                return {"ok": False, "errors": {"": said}}
            new = self._asked() - asked
            if not new or any(GOES_ON in key for key in new):
                break
            asked |= new
        return {"ok": True}

    def _asked(self) -> set[str]:
        return {_key(part) for dialog in self.dialogs for part in parts(dialog) if _is_input(part)}

    async def close(self, view: Json, *, all_of_them: bool = False) -> Json:
        """Closes a form. Teams tells nobody."""
        self.dialogs = []
        return {"ok": True}

    # the line

    @property
    def _hands(self) -> Hands:
        return self.practice.hands

    @property
    def _tenant(self) -> Tenant:
        return self.practice.connector.tenant

    async def _opened(self, activity: Json, where: str, invoke: str = "", of: Message | None = None) -> Json:
        """Sends a press; where the answer is a dialog, or a card with a door to one, that is open afterwards."""
        answer = await self.practice.send(activity)
        if of is not None and isinstance(answer.body.get("value"), dict):
            self.own[of.id] = (answer.body["value"], of.edited)
        door = _door(answer)
        if door is not None:
            message = Message(
                "door", where.partition(";")[0], "", attachments=[{"contentType": CARD, "content": door[0]}]
            )
            message.root = where.partition("=")[2]
            answer = await self.practice.send(self._hands.pressing(self.user, message, door[1]))
        if answer.dialog:
            self.where, self.invoke, self.asked_on = where, invoke, ""
            await self._all_parts(answer.dialog)
        return answer.body

    async def _all_parts(self, dialog: Json) -> None:
        """Looks through all the parts of a form, and comes back to the first."""
        self.turn += 1
        self.dialogs = [dialog]
        while _button(self.dialogs[-1], NEXT_PART) and len(self.dialogs) < MOST_DIALOGS:
            self.dialogs.append(await self._turned(self.dialogs[-1], {}, NEXT_PART))
        for number in range(len(self.dialogs) - 2, -1, -1):
            self.dialogs[number] = await self._turned(self.dialogs[number + 1], {}, PART_BEFORE)

    async def _turn_to(self, number: int, values: Mapping[str, Any]) -> None:
        """Fills in the parts before this one."""
        for at in range(number):
            self.dialogs[at + 1] = await self._turned(self.dialogs[at], values, NEXT_PART)

    async def _turned(self, dialog: Json, values: Mapping[str, Any], title: str) -> Json:
        answer = await self.practice.send(self._filled(dialog, values, title))
        if not answer.dialog:
            raise SeatError("no_dialog", f"{title} brought no other part of the form")
        return answer.dialog

    async def _handed(self, dialog: Json, values: Mapping[str, Any], title: str = "") -> Json:
        answer = await self.practice.send(self._filled(dialog, values, title))
        self.turn += 1
        if answer.dialog:
            await self._all_parts(answer.dialog)
        else:
            self.dialogs = []
        return answer.body

    def _filled(self, dialog: Json, values: Mapping[str, Any], title: str) -> Json:
        inputs = {_key(part): part for part in parts(dialog) if _is_input(part)}
        typed = {key: _typed(inputs[key], value) for key, value in values.items() if key in inputs}
        return self._hands.submitting(self.user, self.where, dialog, typed, title, self.invoke)


def as_html(text: str) -> str:
    """What Teams makes of typed words: a paragraph a line, and blanks that are not to run together."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(f"<p>{_spaced(html.escape(line, quote=False)) or '&nbsp;'}</p>" for line in lines)


def _spaced(line: str) -> str:
    return re.sub(r"^ | $|(?<= ) ", "&nbsp;", line)


def _blocks(card: Json) -> Iterator[Json]:
    """A block for each button and menu of a card."""
    menus = {part["id"]: part for part in parts(card) if part.get("type") == "Input.ChoiceSet"}
    for part in parts(card):
        found = part.get("data")
        if not isinstance(found, dict) or wire.DO not in found:
            continue
        element: Json = {"type": "button", "action_id": found[wire.DO], "value": json.dumps(found.get(wire.ARGS) or {})}
        if menu := menus.get(wire.INPUT + str(found.get(wire.MENU))):
            offered = [{"value": choice["value"]} for choice in menu["choices"]]
            name = f"{found[wire.DO]}?{urlencode(found.get(wire.ARGS) or {})}"
            element = {"type": "static_select", "action_id": name, "options": offered}
        yield {"type": "actions", "block_id": "", "elements": [element | {"pressed": part}]}


def _element(shown: Json, wanted: str) -> Json:
    for block in shown["blocks"]:
        for element in block["elements"]:
            if element["action_id"] == wanted:
                return dict(element)
    raise SeatError("nothing_to_press", f"there is no {wanted!r} here")


def _fields(dialog: Json) -> Iterator[Json]:
    """A block for each input of a form, and for each button that brings more of them."""
    asks_on = any((part.get("data") or {}).get(wire.REDRAWS) for part in parts(dialog))
    for part in parts(dialog):
        if _is_input(part):
            element = {"action_id": _key(part)}
            yield {"type": "input", "block_id": _key(part), "element": element, "dispatch_action": asks_on}
        elif key := (part.get("data") or {}).get(wire.MORE):
            yield {"type": "actions", "block_id": MORE + key}


def _is_input(part: Json) -> bool:
    return str(part.get("type")).startswith("Input.") and str(part.get("id")).startswith(wire.INPUT)


def _key(part: Json) -> str:
    return str(part["id"]).removeprefix(wire.INPUT)


def _form_of(dialog: Json) -> str:
    """Which form a dialog asks, with its arguments; "" for one that only says something."""
    for part in parts(dialog):
        found = part.get("data")
        if isinstance(found, dict) and wire.FORM in found:
            return f"{found[wire.FORM]} {json.dumps(found.get(wire.ARGS), sort_keys=True)}"
    return ""


def _button(dialog: Json, title: str) -> Json | None:
    return next((one for one in dialog.get("actions", ()) if one.get("title") == title and "data" in one), None)


def _door(answer: Answer) -> tuple[Json, Json] | None:
    """The card an answer brought, and the button on it that opens a form; None where there is none."""
    card = answer.body.get("value")
    if not isinstance(card, dict):
        return None
    found = [part for part in parts(card) if (part.get("data") or {}).get(wire.DO) == RESUME]
    return (card, found[0]) if found else None


def _typed(part: Json, value: Any) -> str:
    """What an input sends for a plain value."""
    if value is None or value == "" or value == []:
        return ""
    if part["type"] != "Input.ChoiceSet":
        if len(str(value)) > part.get("maxLength", len(str(value))):
            raise SeatError("too_long", f"{part['label']} takes {part['maxLength']} characters")
        return str(value)
    wanted = value if isinstance(value, list | tuple) else [value]
    offered = {choice["value"] for choice in part["choices"]}
    several = bool(part.get("isMultiSelect"))
    chosen = [wire.one_of_several(str(one)) if several else str(one) for one in wanted]
    if missing := [one for one in chosen if one not in offered]:
        raise SeatError("no_such_choice", f"{part['label']} offers no {', '.join(missing)}")
    return ",".join(chosen)


def _words(card: Json) -> str:
    lines = []
    for part in parts(card):
        if part.get("type") == "TextBlock":
            lines.append(str(part["text"]))
        elif part.get("type") == "RichTextBlock":
            lines.append("".join(str(run["text"]) for run in part["inlines"]))
    return "\n".join(lines)
