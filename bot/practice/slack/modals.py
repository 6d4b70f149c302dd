"""Views: each person's stack of open modals, their Home tab, and the triggers that allow a modal to open."""

import copy
import secrets
import time
from dataclasses import dataclass
from typing import Any

from bot.practice.slack.echo import as_returned, with_text_defaults
from bot.practice.slack.limits import Json, limits, wording
from bot.practice.slack.refusal import Refusal, invalid_argument
from bot.practice.slack.state import Values, complete, kept_after_update
from bot.practice.slack.workspace import Workspace


@dataclass
class Trigger:
    """Leave to open one modal, given by what a person just did. `view_id` when it came from inside a modal."""

    user: str
    issued_at: float
    view_id: str | None = None
    used: bool = False


class Modals:
    """All views of the workspace. Open modals and typed values are kept too, as a restart of the page would."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.views: dict[str, Json] = {}
        self.owners: dict[str, str] = {}
        self.typed: dict[str, Values] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, str] = {}
        self.triggers: dict[str, Trigger] = {}
        self._load()

    def _load(self) -> None:
        for view_id, body in self.workspace.store.all("view"):
            self.views[view_id], self.owners[view_id] = body["view"], body["user"]
            self.typed[view_id] = body["typed"]
            if body["view"]["type"] == "home":
                self.homes[body["user"]] = view_id
        for user, body in self.workspace.store.all("stack"):
            self.stacks[user] = [view_id for view_id in body["views"] if view_id in self.views]

    def _keep(self, view_id: str) -> None:
        body = {"view": self.views[view_id], "user": self.owners[view_id], "typed": self.typed.get(view_id, {})}
        self.workspace.store.save("view", view_id, body)

    # triggers

    def issue_trigger(self, user: str, view_id: str | None = None) -> str:
        """A new trigger for one person, with which a view can be opened for a few seconds."""
        now = self.workspace.now()
        if len(self.triggers) > 2000:
            self.triggers = {k: t for k, t in self.triggers.items() if now - t.issued_at < 600}
        key = f"{time.time_ns()}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self.triggers[key] = Trigger(user, now, view_id)
        return key

    def _spend(self, key: Any) -> Trigger:
        if not isinstance(key, str) or not key:
            raise invalid_argument(wording("trigger_malformed"), "/trigger_id")
        trigger = self.triggers.get(key)
        if trigger is None:
            raise Refusal("invalid_trigger_id")
        if trigger.used:
            raise Refusal("exchanged_trigger_id")
        if self.workspace.now() - trigger.issued_at > limits()["interaction"]["trigger_id"]["lifetime_seconds"]:
            raise Refusal("expired_trigger_id")
        return trigger

    # what the app asks for

    def open(self, trigger_id: Any, view: Json) -> Json:
        """A new modal for whoever pulled the trigger; an open one of the same person is replaced."""
        trigger = self._spend(trigger_id)
        self._external_id_free(view)
        trigger.used = True
        for view_id in list(self.stacks.get(trigger.user, ())):
            self._forget(view_id)
        self.stacks[trigger.user] = []
        return self._put_on_top(trigger.user, view)

    def push(self, trigger_id: Any, view: Json) -> Json:
        """A modal on top of the one the trigger came from."""
        trigger = self._spend(trigger_id)
        if trigger.view_id is None or trigger.view_id not in self.stacks.get(trigger.user, ()):
            raise Refusal("not_found")
        self._room_on_stack(trigger.user)
        self._external_id_free(view)
        trigger.used = True
        return self._put_on_top(trigger.user, view)

    def push_by_ack(self, user: str, view: Json) -> Json:
        """Puts a view on top of somebody's stack, as the app's answer asks."""
        self._room_on_stack(user)
        self._external_id_free(view)
        return self._put_on_top(user, view)

    def update(self, view: Json, view_id: Any = None, external_id: Any = None, given_hash: Any = None) -> Json:
        """Replaces a view in place: same id, new hash; what was typed stays where block and action are unchanged."""
        found = view_id if view_id else self._by_external_id(external_id)
        if not isinstance(found, str) or found not in self.views:
            raise Refusal("not_found")
        before = self.views[found]
        if given_hash and given_hash != before["hash"]:
            raise Refusal("hash_conflict")
        if view["type"] != before["type"]:
            raise invalid_argument(wording("view_type_for_method"), "/view/type")
        self._external_id_free(view, but=found)
        after = self._built(view, found, before["root_view_id"], before["previous_view_id"])
        typed = complete(before["blocks"], self.typed.get(found, {}))
        self.typed[found] = kept_after_update(before["blocks"], after["blocks"], typed)
        self.views[found] = after
        self._keep(found)
        self._announce(found)
        return self.shown(found)

    def publish(self, user: str, view: Json, given_hash: Any = None) -> Json:
        """Puts a view on this person's Home tab."""
        current = self.homes.get(user)
        if given_hash and (current is None or self.views[current]["hash"] != given_hash):
            raise Refusal("hash_conflict")
        if current is not None:
            return self.update(view, view_id=current)
        self._external_id_free(view)
        view_id = self._new_id()
        self.homes[user] = view_id
        self.owners[view_id] = user
        self.views[view_id] = self._built(view, view_id, view_id, None)
        self._keep(view_id)
        self._announce(view_id)
        return self.shown(view_id)

    # what a person does

    def close(self, user: str, view_id: str) -> None:
        """Closes one view, and what lies above it."""
        stack = self.stacks.get(user, [])
        if view_id in stack:
            for closed in stack[stack.index(view_id) :]:
                self._forget(closed)
            self._keep_stack(user, stack[: stack.index(view_id)])

    def clear(self, user: str) -> None:
        """Closes all of somebody's views."""
        for view_id in self.stacks.get(user, []):
            self._forget(view_id)
        self._keep_stack(user, [])

    def remember_typed(self, view_id: str, given: Values) -> Values:
        """Keeps what the person has typed so far and answers the full state of the view."""
        values = complete(self.views[view_id]["blocks"], self.typed.get(view_id, {}) | given)
        self.typed[view_id] = values
        self._keep(view_id)
        return values

    # views as seen

    def shown(self, view_id: str) -> Json:
        """The view object with its state, as the Web API and payloads carry it."""
        view = copy.deepcopy(self.views[view_id])
        view["state"] = {"values": complete(view["blocks"], self.typed.get(view_id, {}))}
        return view

    def stack(self, user: str) -> list[Json]:
        """This person's open modals, the visible one last."""
        return [self.shown(view_id) for view_id in self.stacks.get(user, ())]

    def home(self, user: str) -> Json | None:
        """The app's own page as somebody sees it, if it was drawn."""
        return self.shown(self.homes[user]) if user in self.homes else None

    # how a view is made

    def _built(self, view: Json, view_id: str, root: str, previous: str | None) -> Json:
        config = self.workspace.config
        modal = view["type"] == "modal"
        texts = {name: with_text_defaults(view.get(name)) if modal else None for name in ("title", "submit", "close")}
        return {
            "id": view_id,
            "team_id": config.team_id,
            "type": view["type"],
            **texts,
            "blocks": as_returned(view["blocks"]),
            "private_metadata": view.get("private_metadata", ""),
            "callback_id": view.get("callback_id", ""),
            "external_id": view.get("external_id", ""),
            "state": {"values": {}},
            "hash": f"{int(self.workspace.now())}.{secrets.token_hex(4)}",
            "clear_on_close": bool(view.get("clear_on_close", False)),
            "notify_on_close": bool(view.get("notify_on_close", False)),
            "root_view_id": root,
            "previous_view_id": previous,
            "app_id": config.app_id,
            "app_installed_team_id": config.team_id,
            "bot_id": config.bot_id,
        }

    def _put_on_top(self, user: str, view: Json) -> Json:
        stack = self.stacks.setdefault(user, [])
        view_id = self._new_id()
        root, previous = (stack[0], stack[-1]) if stack else (view_id, None)
        self.views[view_id] = self._built(view, view_id, root, previous)
        self.owners[view_id] = user
        self._keep(view_id)
        self._keep_stack(user, [*stack, view_id])
        return self.shown(view_id)

    def _keep_stack(self, user: str, stack: list[str]) -> None:
        self.stacks[user] = stack
        self.workspace.store.save("stack", user, {"views": stack})
        self.workspace.announce("modal", [user], stack=self.stack(user))

    def _announce(self, view_id: str) -> None:
        user = self.owners[view_id]
        if self.views[view_id]["type"] == "home":
            self.workspace.announce("home", [user])
        else:
            self.workspace.announce("modal", [user], stack=self.stack(user))

    def _forget(self, view_id: str) -> None:
        self.views.pop(view_id, None)
        self.owners.pop(view_id, None)
        self.typed.pop(view_id, None)
        self.workspace.store.remove("view", view_id)

    def _new_id(self) -> str:
        return "V" + secrets.token_hex(5).upper()

    def _room_on_stack(self, user: str) -> None:
        if len(self.stacks.get(user, ())) >= limits()["views"]["modal"]["stack_max"]:
            raise Refusal("push_limit_reached")

    def _by_external_id(self, external_id: Any) -> str | None:
        return next((k for k, v in self.views.items() if external_id and v["external_id"] == external_id), None)

    def _external_id_free(self, view: Json, but: str | None = None) -> None:
        taken = self._by_external_id(view.get("external_id"))
        if taken is not None and taken != but:
            raise Refusal(limits()["views"]["external_id_unique"]["error"])
