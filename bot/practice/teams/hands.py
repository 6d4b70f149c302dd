"""People of the practice tenant: what they type, press and fill in reaches the bot as signed activities."""

from __future__ import annotations

import html as markup
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import aiohttp

from bot.practice.teams.connector import ROOT, Connector
from bot.practice.teams.records import BOT, BOT_NAME, TENANT, Message
from bot.practice.teams.strict import card as judged
from bot.practice.teams.strict import parts

Json = dict[str, Any]


@dataclass
class Answer:
    """What the bot answered."""

    status: int
    body: Json

    @property
    def dialog(self) -> Json:
        """The card of the dialog that opened; empty where none did."""
        value = self.body.get("task", {}).get("value")
        return dict(value["card"]["content"]) if isinstance(value, dict) else {}


class NothingToPress(Exception):
    """There is no such button where the person looks."""


@dataclass
class Hands:
    """`target`: where the bot takes its requests."""

    connector: Connector
    target: str
    session: aiohttp.ClientSession = field(default_factory=aiohttp.ClientSession)

    async def close(self) -> None:
        """Lets go of the connection."""
        await self.session.close()

    async def send(self, activity: Json, header: str | None = None) -> Answer:
        """Sends an activity, signed unless a header is given."""
        headers = {"Authorization": f"Bearer {self.connector.token()}" if header is None else header}
        async with self.session.post(self.target, json=activity, headers=headers) as answer:
            content = await answer.json(content_type=None) if answer.content_length else {}
            found = Answer(answer.status, content or {})
        if found.dialog:
            judged(found.dialog)
        return found

    # ---- activities

    def activity(self, kind: str, who: str, conversation: str, **more: Any) -> Json:
        """What Teams sends, whatever happened."""
        person = self.connector.tenant.people[who]
        channel, _, _root = conversation.partition(ROOT)
        direct = channel not in self.connector.tenant.channels
        where: Json = {"id": conversation, "tenantId": TENANT}
        where |= {"conversationType": "personal"} if direct else {"conversationType": "channel", "isGroup": True}
        data: Json = {"tenant": {"id": TENANT}}
        if not direct:
            tenant = self.connector.tenant
            data |= {"team": {"id": tenant.team_thread, "aadGroupId": tenant.team}, "channel": {"id": channel}}
        return {
            "type": kind,
            "id": f"f:{uuid4()}",
            "timestamp": stamp(datetime.now(UTC)),
            "serviceUrl": self.connector.service_url,
            "channelId": "msteams",
            "from": person.as_sender,
            "recipient": {"id": BOT, "name": BOT_NAME},
            "conversation": where,
            "channelData": data,
            **more,
        }

    def where(self, message: Message) -> str:
        """The conversation a message is part of, as activities name it."""
        if message.conversation not in self.connector.tenant.channels:
            return message.conversation
        return f"{message.conversation}{ROOT}{message.root or message.id}"

    # ---- typing

    async def say(
        self, who: str, conversation: str, text: str = "", *, to_bot: bool = False, root: str = "", html: str = ""
    ) -> Message:
        """Types a message; the bot hears of it. Answers the message."""
        message = self.type_unheard(who, conversation, text, to_bot=to_bot, root=root, html=html)
        answer = await self.send(self.said(message, "message"))
        assert answer.status == 200, answer
        return message

    def type_unheard(
        self, who: str, conversation: str, text: str = "", *, to_bot: bool = False, root: str = "", html: str = ""
    ) -> Message:
        """Types a message that the bot is not told of."""
        tenant = self.connector.tenant
        named = f'<at id="0">{BOT_NAME}</at>&nbsp;' if to_bot else ""
        content = html or f"<p>{named}{markup.escape(text, quote=False)}</p>"
        message = Message(tenant.new_message_id(), conversation, who, root, content)
        if to_bot:
            message.mentions.append({"id": BOT, "name": BOT_NAME})
        return tenant.keep(message)

    def said(self, message: Message, kind: str, **more: Any) -> Json:
        """The activity about a message."""
        activity = self.activity(kind, message.sender, self.where(message), **more)
        text = message.html
        for n, one in enumerate(message.mentions):
            text = text.replace(f'<at id="{n}">', "<at>")
            entity = {"type": "mention", "mentioned": one, "text": f"<at>{one['name']}</at>"}
            activity.setdefault("entities", []).append(entity)
        moment = message.edited or message.made
        return activity | {
            "id": message.id,
            "timestamp": stamp(moment),
            "text": text.replace("<p>", "").replace("</p>", ""),
            "textFormat": "plain",
            "attachments": [*message.attachments, {"contentType": "text/html", "content": message.html}],
        }

    async def edit(self, message: Message, text: str, *, heard: bool = True) -> None:
        """Changes what a message says."""
        message.html, message.edited = f"<p>{markup.escape(text, quote=False)}</p>", datetime.now(UTC)
        if heard:
            await self.send(self.about(message, "messageUpdate", "editMessage"))

    async def delete(self, message: Message, *, heard: bool = True) -> None:
        """Takes a message away."""
        message.deleted = datetime.now(UTC)
        if heard:
            await self.send(self.about(message, "messageDelete", "softDeleteMessage"))

    async def undelete(self, message: Message, *, heard: bool = True) -> None:
        """Brings a message back that was deleted."""
        message.deleted, message.back = None, datetime.now(UTC)
        if heard:
            await self.send(self.about(message, "messageUpdate", "undeleteMessage"))

    def about(self, message: Message, kind: str, what: str) -> Json:
        """The activity about what became of a message."""
        activity = self.said(message, kind)
        data = activity["channelData"] | {"eventType": what}
        moment = message.edited if what == "editMessage" and message.edited else datetime.now(UTC)
        return activity | {"channelData": data, "timestamp": stamp(moment)}

    # ---- pressing

    def button(self, card: Json, action: str, choose: str = "", **args: str) -> Json:
        """The button with this action and these arguments, also one that stands in a question.

        `choose`: it must be the button of a menu that offers this.
        """
        menus = {part["id"]: part for part in parts(card) if part.get("type") == "Input.ChoiceSet"}
        for part in parts(card):
            data = part.get("data") or {}
            if data.get("do") != action or not args.items() <= dict(data.get("args") or {}).items():
                continue
            menu = menus.get(f"in:{data['menu']}") if "menu" in data else None
            offered = [one["value"] for one in menu["choices"]] if menu else []
            if choose in offered if choose else menu is None:
                return part
        raise NothingToPress(f"{action} {args}")

    async def press(
        self, who: str, message: Message, action: str, inputs: Json | None = None, choose: str = "", **args: str
    ) -> Answer:
        """Presses a button in a message; `choose`: what is chosen in its menu."""
        button = self.button(message.card, action, choose, **args)
        return await self.send(self.pressing(who, message, button, inputs, choose))

    def pressing(self, who: str, message: Message, button: Json, inputs: Json | None = None, choose: str = "") -> Json:
        """The activity of a press."""
        data = {**button["data"], **(inputs or {})}
        if choose:
            data[f"in:{button['data']['menu']}"] = choose
        fetch = (data.pop("msteams", None) or {}).get("type") == "task/fetch"
        where, more = self.where(message), {"replyToId": message.id}
        if fetch:
            value: Json = {"data": {"msteams": {"type": "task/fetch"}, **data}, "context": {"theme": "default"}}
            return self.activity("invoke", who, where, name="task/fetch", value=value, **more)
        action = {"type": "Action.Execute", "verb": button.get("verb", ""), "data": data}
        return self.activity("invoke", who, where, name="adaptiveCard/action", value={"action": action}, **more)

    async def submit(
        self, who: str, conversation: str, dialog: Json, inputs: Json | None = None, title: str = "", name: str = ""
    ) -> Answer:
        """Presses a button of a dialog (the first, or the one called so) with these inputs."""
        return await self.send(self.submitting(who, conversation, dialog, inputs, title, name))

    def submitting(
        self, who: str, conversation: str, dialog: Json, inputs: Json | None = None, title: str = "", name: str = ""
    ) -> Json:
        """The activity of a dialog that was handed in: what stood in its inputs already goes with it."""
        buttons = [part for part in parts(dialog) if part.get("type") == "Action.Submit"]
        found = [one for one in [*dialog.get("actions", ()), *buttons] if not title or one["title"] == title]
        if not found:
            raise NothingToPress(title)
        fields = {part["id"]: part.get("value", "") for part in parts(dialog) if "Input." in str(part.get("type"))}
        unknown = {f"in:{key}" for key in inputs or {}} - fields.keys()
        if unknown:
            raise NothingToPress(f"no input {sorted(unknown)}")
        typed = {f"in:{key}": value for key, value in (inputs or {}).items()}
        data = {**fields, **typed, **found[0]["data"]}
        invoke = name or "task/submit"
        return self.activity("invoke", who, conversation, name=invoke, value={"data": data})

    async def use_on(self, who: str, message: Message, command: str) -> Answer:
        """Uses an action on somebody's message."""
        return await self.send(self.using(who, message, command))

    def using(self, who: str, message: Message, command: str) -> Json:
        """The activity of an action on somebody's message."""
        payload: Json = {
            "id": message.id,
            "replyToId": message.root or None,
            "createdDateTime": stamp(message.made),
            "from": {"user": {"id": message.sender, "displayName": self.connector.tenant.people[message.sender].name}},
            "body": {"contentType": "html", "content": message.html},
            "attachments": [],
        }
        value = {"commandId": command, "commandContext": "message", "messagePayload": payload}
        return self.activity("invoke", who, self.where(message), name="composeExtension/fetchTask", value=value)

    # ---- documents

    async def consent(self, who: str, message: Message, *, accept: bool = True) -> Answer:
        """Answers the question whether a file may come."""
        content = message.attachments[0]["content"]
        value: Json = {"type": "fileUpload", "action": "accept" if accept else "decline"}
        value["context"] = content["acceptContext" if accept else "declineContext"]
        name = message.attachments[0]["name"]
        if accept:
            address = f"{self.connector.base_url}/drive/{message.id}"
            info = {"uploadUrl": address, "contentUrl": address, "name": name, "uniqueId": message.id}
            value["uploadInfo"] = info | {"fileType": name.rpartition(".")[2]}
        activity = self.activity("invoke", who, message.conversation, name="fileConsent/invoke", value=value)
        return await self.send(activity | {"replyToId": message.id})

    # ---- a team

    async def changed(self, who: str, channel: str, what: str, **more: Any) -> Answer:
        """Something happened to the team or a channel of it."""
        activity = self.activity("conversationUpdate", who, channel, **more)
        return await self.send(activity | {"channelData": activity["channelData"] | {"eventType": what}})


def stamp(moment: datetime) -> str:
    """A moment as Microsoft writes it."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
