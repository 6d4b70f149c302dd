"""One Web API call: its arguments, from wherever they came, and the refusals every method shares."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.practice.slack.limits import Json, limits, wording
from bot.practice.slack.records import Channel
from bot.practice.slack.refusal import Refusal, invalid_argument
from bot.practice.slack.workspace import Workspace

_LIMIT_CODE = ("conversations.members", "conversations.list", "users.conversations")


@dataclass
class Call:
    """The arguments of one call, and the workspace it is made in."""

    method: str
    arguments: Json
    workspace: Workspace
    base_url: str = ""
    warnings: list[str] = field(default_factory=list)

    def given(self, name: str) -> bool:
        """Whether an argument is there and not empty."""
        return name in self.arguments and self.arguments[name] not in (None, "")

    def text(self, name: str) -> str:
        """An argument as text; refused where it is a list or an object."""
        value = self.arguments.get(name)
        if value is None:
            return ""
        if isinstance(value, (dict, list)):
            raise invalid_argument(wording("type_string"), f"/{name}")
        return str(value)

    def flag(self, name: str) -> bool:
        """Whether an argument says yes."""
        return self.arguments.get(name) in (True, 1, "1", "true", "True")

    def number(self, name: str, otherwise: int) -> int:
        """An argument as a whole number; refused where it is none."""
        value = self.arguments.get(name, otherwise)
        try:
            return int(value)
        except (TypeError, ValueError) as error:
            raise invalid_argument(wording("type_integer"), f"/{name}") from error

    def listed(self, name: str) -> list[str]:
        """A comma list, or a JSON array of the same."""
        value = self.arguments.get(name) or []
        items = value if isinstance(value, list) else str(value).split(",")
        return [str(item).strip() for item in items if str(item).strip()]

    def structure(self, name: str, refused: Refusal) -> Any:
        """A structured argument, which may come as a JSON string; `refused` when it is not JSON."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise refused from error

    def require_arguments(self) -> None:
        """Refuses a call that lacks an argument the method needs."""
        missing = [name for name in limits()["methods"][self.method]["required"] if not self.given(name)]
        if missing:
            lines = [f"[ERROR] {wording('required', field=name)}" for name in missing]
            raise Refusal("invalid_arguments", lines)

    def require_scope(self, *scopes: str) -> None:
        """Any one of these scopes will do."""
        have = self.workspace.config.scopes
        if scopes and not any(scope in have for scope in scopes):
            raise Refusal("missing_scope", needed=",".join(scopes), provided=",".join(have))

    def channel(self, name: str = "channel") -> Channel:
        """The conversation an id names, as far as the app can see it."""
        channel = self.workspace.channels.get(self.text(name))
        if channel is None or (self.workspace.config.bot_user_id not in channel.members and channel.is_private):
            raise Refusal("channel_not_found")
        return channel

    def joined_channel(self, name: str = "channel") -> Channel:
        """A conversation the app is a member of."""
        channel = self.channel(name)
        if self.workspace.config.bot_user_id not in channel.members:
            raise Refusal("not_in_channel")
        return channel

    def user(self, name: str = "user", missing: str = "user_not_found") -> Json:
        """The person an argument names; refused where there is none."""
        record = self.workspace.people.get(self.text(name))
        if record is None:
            raise Refusal(missing)
        return record

    def page(self, items: list[Any], otherwise: int, most: int) -> tuple[list[Any], Json]:
        """One page of the items, and the `response_metadata` that leads to the next."""
        limit = self.number("limit", otherwise) or otherwise
        if not 1 <= limit <= most:
            raise Refusal("invalid_limit" if self.method in _LIMIT_CODE else "invalid_arguments")
        start = 0
        cursor = self.text("cursor")
        if cursor:
            try:
                start = int(bytes.fromhex(cursor).decode())
            except ValueError as error:
                raise Refusal("invalid_cursor") from error
            if not 0 < start < len(items):
                raise Refusal("invalid_cursor")
        end = start + limit
        following = str(end).encode().hex() if end < len(items) else ""
        return items[start:end], {"next_cursor": following}
