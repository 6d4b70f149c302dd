"""What people do, sent to the app as Slack sends it, and what the app's acknowledgement then changes."""

from collections.abc import Callable
from typing import Any

from bot.practice.slack.checks.validator import check_message, check_view
from bot.practice.slack.echo import find_element
from bot.practice.slack.ledger import Ledger
from bot.practice.slack.limits import Json, limits
from bot.practice.slack.links import Links
from bot.practice.slack.modals import Modals
from bot.practice.slack.records import Channel
from bot.practice.slack.refusal import Refusal, SeatRefusal
from bot.practice.slack.sockets import NotAcknowledged, NotConnected, Sockets
from bot.practice.slack.state import Values, complete, refusals, value_field
from bot.practice.slack.typed import escaped, in_command, with_names
from bot.practice.slack.workspace import Workspace

NO_ANSWER = {
    NotConnected: ("dispatch_failed", "The app is not connected, so it could not hear this."),
    NotAcknowledged: ("operation_timeout", "The app did not answer in time. Nothing may have happened; try again."),
}


class Interactions:
    """One method for each thing a person can do to the app."""

    def __init__(self, workspace: Workspace, modals: Modals, links: Links, sockets: Sockets, ledger: Ledger) -> None:
        self.workspace = workspace
        self.modals = modals
        self.links = links
        self.sockets = sockets
        self.ledger = ledger
        self.base_url = ""
        self.form_watchers: list[Callable[[str, str], None]] = []
        """Told who had a form taken, and its title."""

    # commands and shortcuts

    async def command(self, user: str, channel: Channel, command: str, text: str) -> Json:
        """Sends a slash command; answers `{ok, ack}` or `{ok: false, error, message}` with what Slack would show."""
        known = next((one for one in self.workspace.config.commands if one.command == command), None)
        if known is None:
            sentence = f"{command} is not a valid command. In Slack, start a message with a space to send it as text."
            raise SeatRefusal("unknown_command", sentence)
        payload = {
            "token": "practice",
            "team_id": self.workspace.config.team_id,
            "team_domain": self.workspace.config.team_domain,
            "channel_id": channel.id,
            "channel_name": _channel_name(channel),
            "user_id": user,
            "user_name": self.workspace.people[user]["name"],
            "command": command,
            "text": self._command_text(user, text) if known.should_escape else escaped(text).strip(),
            "api_app_id": self.workspace.config.app_id,
            "is_enterprise_install": "false",
            "response_url": self.links.issue("commands", self.base_url, channel.id, user),
            "trigger_id": self.modals.issue_trigger(user),
        }
        try:
            answer = await self.sockets.request("slash_commands", payload, True, command)
        except (NotConnected, NotAcknowledged) as error:
            return self._unanswered(user, error)
        if answer:
            try:
                check_message(answer)
            except Refusal as refusal:
                return self._bad_answer(user, "invalid_command_response", refusal)
            self._show_command_answer(user, channel, command, text, answer)
        return {"ok": True, "ack": answer or None}

    def _command_text(self, user: str, text: str) -> str:
        """The typed text with the people and channels this person can name marked up."""
        people: dict[str, str] = {}
        for key in self.workspace.human_ids():
            record = self.workspace.people[key]
            people |= dict.fromkeys((record["name"], record["real_name"]), f"<@{key}|{record['name']}>")
        seen = [c for c in self.workspace.channels.values() if c.name and self.workspace.can_see(user, c)]
        return in_command(text, people, {channel.name: f"<#{channel.id}|{channel.name}>" for channel in seen})

    def _show_command_answer(self, user: str, channel: Channel, command: str, text: str, answer: Json) -> None:
        message = self.workspace.message_by_bot(answer)
        if answer.get("response_type") == "in_channel":
            self.workspace.post(channel, self.workspace.message_by_person(user, f"{command} {text}".strip()))
            self.workspace.post(channel, message)
        else:
            self.workspace.whisper(channel, user, message)

    async def message_shortcut(self, user: str, callback_id: str, channel: Channel, ts: str) -> Json:
        """A shortcut on a message: what the app answers."""
        if callback_id not in {s.callback_id for s in self.workspace.config.shortcuts if s.type == "message"}:
            raise SeatRefusal("unknown_shortcut", "This shortcut is not installed.")
        message = channel.messages.get(ts)
        if message is None:
            raise SeatRefusal("message_not_found", "This message is not there any more.", 404)
        payload = {
            **self._interactive("message_action", user),
            "action_ts": self.workspace.next_ts(),
            "channel": {"id": channel.id, "name": _channel_name(channel)},
            "callback_id": callback_id,
            "trigger_id": self.modals.issue_trigger(user),
            "message_ts": ts,
            "message": self.workspace.shown(channel, message),
            "response_url": self.links.issue("app", self.base_url, channel.id, user, ts),
        }
        return await self._send(user, payload, False, callback_id)

    async def global_shortcut(self, user: str, callback_id: str) -> Json:
        """A shortcut of the workspace: what the app answers."""
        payload = {
            **self._interactive("shortcut", user),
            "action_ts": self.workspace.next_ts(),
            "callback_id": callback_id,
            "trigger_id": self.modals.issue_trigger(user),
        }
        return await self._send(user, payload, False, callback_id)

    # blocks

    async def message_action(self, user: str, channel: Channel, ts: str, action: Json, given: Values) -> Json:
        """A button, menu or picker in a message, an ephemeral one included."""
        message, ephemeral = self._message_before(user, channel, ts)
        blocks = message.get("blocks", [])
        entry = self._action_entry(blocks, action)
        container: Json = {
            "type": "message",
            "message_ts": ts,
            "channel_id": channel.id,
            "is_ephemeral": ephemeral,
        }
        if message.get("thread_ts"):
            container["thread_ts"] = message["thread_ts"]
        payload = {
            **self._interactive("block_actions", user),
            "trigger_id": self.modals.issue_trigger(user),
            "container": container,
            "channel": {"id": channel.id, "name": _channel_name(channel)},
            "state": {"values": complete(blocks, _with_action(given, entry))},
            "response_url": self.links.issue("actions", self.base_url, channel.id, user, ts),
            "actions": [entry],
        }
        if not ephemeral:
            payload["message"] = self.workspace.shown(channel, message)
        return await self._send(user, payload, True, entry["action_id"])

    def _message_before(self, user: str, channel: Channel, ts: str) -> tuple[Json, bool]:
        whisper = channel.whispers.get(ts)
        if whisper is not None and whisper.user == user:
            return whisper.message, True
        if ts in channel.messages:
            return channel.messages[ts], False
        raise SeatRefusal("message_not_found", "This message is not there any more.", 404)

    async def view_action(self, user: str, view_id: str, action: Json, given: Values) -> Json:
        """An element of a modal or of the Home tab."""
        view = self._own_view(user, view_id)
        entry = self._action_entry(view["blocks"], action, within_view=True)
        self.modals.remember_typed(view_id, _with_action(given, entry))
        payload = {
            **self._interactive("block_actions", user),
            "trigger_id": self.modals.issue_trigger(user, view_id if view["type"] == "modal" else None),
            "container": {"type": "view", "view_id": view_id},
            "view": _as_sent(self.modals.shown(view_id)),
            "actions": [entry],
        }
        return await self._send(user, payload, True, entry["action_id"])

    async def suggest(self, user: str, where: Json, block_id: str, action_id: str, value: str) -> Json:
        """The options the app offers for what was typed. `where` is the part of the payload naming view or message."""
        payload = {
            **self._interactive("block_suggestion", user),
            "action_id": action_id,
            "block_id": block_id,
            "value": value,
            **where,
        }
        answer = await self._send(user, payload, True, action_id)
        offered = answer.get("ack") or {}
        groups = offered.get("option_groups")
        options = offered.get("options") or [o for group in groups or () for o in group["options"]]
        if len(options) > limits()["interaction"]["options_max"]:
            return {"options": []}
        return {"option_groups": groups} if groups else {"options": options}

    def view_place(self, user: str, view_id: str) -> Json:
        """Where something happened in a view, as a payload says it."""
        view = self._own_view(user, view_id)
        container = {"type": "view", "view_id": view["id"]}
        return {"container": container, "view": self.modals.shown(view_id)}

    def message_place(self, user: str, channel: Channel, ts: str) -> Json:
        """Where something happened in a message, as a payload says it."""
        message, ephemeral = self._message_before(user, channel, ts)
        container = {"type": "message", "message_ts": ts, "channel_id": channel.id, "is_ephemeral": ephemeral}
        where: Json = {"container": container, "channel": {"id": channel.id, "name": _channel_name(channel)}}
        return where if ephemeral else where | {"message": self.workspace.shown(channel, message)}

    # forms

    async def submit(self, user: str, view_id: str, given: Values) -> Json:
        """Sends a form; answers `{ok, errors?, stack}` and does what the acknowledgement says."""
        view = self._own_view(user, view_id)
        if self.modals.stacks[user][-1] != view_id:
            raise SeatRefusal("view_not_on_top", "Another form is open on top of this one.")
        values = self.modals.remember_typed(view_id, given)
        errors = refusals(view["blocks"], values)
        if errors:
            return self._form_answer(user, errors)
        payload = {
            **self._interactive("view_submission", user),
            "trigger_id": self.modals.issue_trigger(user, view_id),
            "response_urls": self._response_urls(user, view["blocks"], values),
            "view": _as_sent(self.modals.shown(view_id)),
        }
        try:
            answer = await self.sockets.request("interactive", payload, True, view["callback_id"])
        except (NotConnected, NotAcknowledged) as error:
            return self._unanswered(user, error) | {"stack": self.modals.stack(user), "errors": {}}
        return self._after_submission(user, view_id, answer or {})

    def _after_submission(self, user: str, view_id: str, answer: Json) -> Json:
        title = str(self.modals.views[view_id]["title"]["text"])
        match answer.get("response_action"):
            case None if not answer:
                self.modals.close(user, view_id)
                self._taken(user, title)
            case "clear":
                self.modals.clear(user)
                self._taken(user, title)
            case "errors" if isinstance(answer.get("errors"), dict) and answer["errors"]:
                return self._form_answer(user, answer["errors"])
            case "update" | "push" as action:
                try:
                    self._put_view(user, view_id, action, answer.get("view"))
                except Refusal as refusal:
                    return self._bad_view(user, refusal)
            case _:
                return self._bad_view(user, Refusal("invalid_response_action"))
        return self._form_answer(user, {})

    def _taken(self, user: str, title: str) -> None:
        for watcher in self.form_watchers:
            watcher(user, title)

    def _put_view(self, user: str, view_id: str, action: str, view: Any) -> None:
        check_view(view, f"views.{action}")
        if action == "push":
            self.modals.push_by_ack(user, view)
        else:
            self.modals.update(view, view_id=view_id)

    def _bad_view(self, user: str, refusal: Refusal) -> Json:
        shown = self._bad_answer(user, "invalid_view_response", refusal)
        return shown | {"stack": self.modals.stack(user), "errors": {}}

    def _form_answer(self, user: str, errors: Json) -> Json:
        return {"ok": not errors, "errors": errors, "stack": self.modals.stack(user)}

    async def close(self, user: str, view_id: str, cleared: bool) -> Json:
        """Cancel closes one view, the corner closes all; the app hears of it when the view asked for that."""
        view = self._own_view(user, view_id)
        cleared = cleared or view["clear_on_close"]
        told = self.modals.stack(user)[0] if cleared else self.modals.shown(view_id)
        if cleared:
            self.modals.clear(user)
        else:
            self.modals.close(user, view_id)
        if not told["notify_on_close"]:
            return {"ok": True}
        inputs = {block["block_id"] for block in told["blocks"] if block["type"] == "input"}
        told["state"]["values"] = {k: v for k, v in told["state"]["values"].items() if k not in inputs}
        payload = {**self._interactive("view_closed", user), "view": told, "is_cleared": cleared}
        return await self._send(user, payload, False, told["callback_id"])

    def home_opened(self, user: str) -> None:
        """Tells the app that somebody opened its own page."""
        event: Json = {"type": "app_home_opened", "user": user, "channel": self.workspace.direct_with(user).id}
        event |= {"tab": "home", "event_ts": self.workspace.next_ts()}
        home = self.modals.home(user)
        self.workspace.emit(event | ({"view": home} if home else {}))

    # shared parts

    def _interactive(self, kind: str, user: str) -> Json:
        config, name = self.workspace.config, self.workspace.people[user]["name"]
        return {
            "type": kind,
            "token": "practice",
            "api_app_id": config.app_id,
            "team": {"id": config.team_id, "domain": config.team_domain},
            "enterprise": None,
            "is_enterprise_install": False,
            "user": {"id": user, "username": name, "name": name, "team_id": config.team_id},
        }

    async def _send(self, user: str, payload: Json, accepts: bool, what: str) -> Json:
        try:
            answer = await self.sockets.request("interactive", payload, accepts, what)
        except (NotConnected, NotAcknowledged) as error:
            return self._unanswered(user, error)
        return {"ok": True, "ack": answer or None}

    def _unanswered(self, user: str, error: Exception) -> Json:
        code, sentence = NO_ANSWER[type(error)]
        self.workspace.announce("notice", [user], text=sentence, code=code)
        return {"ok": False, "error": code, "message": sentence, "ack": None}

    def _bad_answer(self, user: str, code: str, refusal: Refusal) -> Json:
        sentence = "The app gave an answer that Slack would not show."
        self.ledger.call(f"acknowledgement ({code})", {}, refusal.body)
        self.workspace.announce("notice", [user], text=sentence, code=code)
        return {"ok": False, "error": code, "message": sentence, "ack": None, "refusal": refusal.body}

    def _own_view(self, user: str, view_id: str) -> Json:
        if self.modals.owners.get(view_id) != user:
            raise SeatRefusal("not_found", "This form is not open any more.", 404)
        return self.modals.views[view_id]

    def _action_entry(self, blocks: list[Json], action: Json, within_view: bool = False) -> Json:
        """One entry of `actions`: the element as the app sent it, with what the person did."""
        block_id, action_id = str(action.get("block_id")), str(action.get("action_id"))
        element = find_element(blocks, block_id, action_id)
        if element is None:
            raise SeatRefusal("action_not_found", "This button or menu is not there any more.", 404)
        block = next(b for b in blocks if b.get("block_id") == block_id or block_id in str(b.get("child_blocks")))
        if within_view and block["type"] == "input" and not block.get("dispatch_action"):
            raise SeatRefusal("not_dispatched", "This field is sent with the form, not by itself.")
        kind = element["type"]
        entry = {"type": kind, "block_id": block_id, "action_id": action_id, "action_ts": self.workspace.next_ts()}
        if kind in ("button", "workflow_button", "icon_button"):
            entry |= {k: element[k] for k in ("text", "value", "url") if k in element}
        elif kind == "overflow":
            entry["selected_option"] = _offered(element, action.get("selected_option"))
        else:
            field = value_field(kind)
            state = complete(blocks, {block_id: {action_id: action}})[block_id][action_id]
            entry |= {field: state[field]} if field else {}
            entry |= {k: v for k, v in element.items() if k == "placeholder" or k.startswith("initial_")}
        return entry | ({"confirm": element["confirm"]} if "confirm" in element else {})

    def _response_urls(self, user: str, blocks: list[Json], values: Values) -> list[Json]:
        urls = []
        for block in blocks:
            element = block.get("element", {})
            if not element.get("response_url_enabled"):
                continue
            state = values[block["block_id"]][element["action_id"]]
            channel = state[value_field(element["type"]) or ""]
            if channel:
                url = self.links.issue("app", self.base_url, channel, user)
                here = {"block_id": block["block_id"], "action_id": element["action_id"]}
                urls.append({**here, "channel_id": channel, "response_url": url})
        return urls


def _channel_name(channel: Channel) -> str:
    if channel.is_im or channel.is_mpim:
        return "directmessage" if channel.is_im else channel.name
    return "privategroup" if channel.is_private else channel.name


def _offered(element: Json, chosen: Any) -> Json:
    value = chosen.get("value") if isinstance(chosen, dict) else chosen
    for option in element["options"]:
        if option["value"] == value:
            return dict(option)
    raise SeatRefusal("option_not_found", "This choice is not offered any more.", 404)


def _with_action(given: Values, entry: Json) -> Values:
    """What was typed before, and the choice just made."""
    if value_field(entry["type"]) is None:
        return given
    block = {**given.get(entry["block_id"], {}), entry["action_id"]: entry}
    return {**given, entry["block_id"]: block}


def _as_sent(view: Json) -> Json:
    """The view as the app gets it: emoji in what was typed go by their names."""
    for by_action in view["state"]["values"].values():
        for state in by_action.values():
            if state["type"] == "plain_text_input" and state.get("value"):
                state["value"] = with_names(state["value"])
    return view
