"""Who and what is in the practice workspace: people, channels, the app and what it may do."""

from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field

ALL_EVENTS = (
    "app_home_opened",
    "app_mention",
    "channel_id_changed",
    "channel_shared",
    "channel_unshared",
    "file_shared",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "reaction_added",
    "reaction_removed",
    "team_join",
    "user_change",
)
ALL_SCOPES = (
    "app_mentions:read",
    "bookmarks:read",
    "bookmarks:write",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "commands",
    "dnd:read",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "mpim:read",
    "pins:read",
    "pins:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "users.profile:read",
    "users:read",
    "users:read.email",
)

Kind = TypeVar("Kind", bound=BaseModel)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Person(_Frozen):
    """Someone with a seat. A guest is `is_restricted`; who has left is `deleted`."""

    id: str
    name: str
    real_name: str
    title: str = ""
    email: str = ""
    tz: str = "Europe/London"
    deleted: bool = False
    is_restricted: bool = False


class Room(_Frozen):
    """A channel and its members at the first start; the bot is a member when its user id is listed."""

    id: str
    name: str
    members: tuple[str, ...] = ()
    is_private: bool = True
    is_ext_shared: bool = False
    is_archived: bool = False
    is_mpim: bool = False
    topic: str = ""


class SlashCommand(_Frozen):
    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


class Shortcut(_Frozen):
    callback_id: str
    name: str
    type: str = "message"


class WorkspaceConfig(_Frozen):
    """Everything the workspace starts from. What people change later is kept by the store and wins over this."""

    team_id: str = "T0PRACTICE"
    team_name: str = "Practice workspace"
    team_domain: str = "practice"
    app_id: str = "A0UNITBOT"
    bot_user_id: str = "U0UNITBOT"
    bot_id: str = "B0UNITBOT"
    bot_name: str = "unitbot"
    bot_display_name: str = "Unit Meeting Bot"
    bot_token: str = "xoxb-practice-workspace-bot"
    app_token: str = "xapp-practice-workspace-app"
    people: tuple[Person, ...] = ()
    rooms: tuple[Room, ...] = ()
    commands: tuple[SlashCommand, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    scopes: tuple[str, ...] = ALL_SCOPES
    events: tuple[str, ...] = ALL_EVENTS
    home_tab: bool = True
    enforce_rates: bool = Field(default=False, description="answer 429 past Slack's rate tiers")
    ack_seconds: float = Field(default=3.0, description="how long Slack waits for an acknowledgement")
    retry_seconds: tuple[float, ...] = Field(
        default=(0.0, 60.0, 300.0), description="waits before an event nobody acknowledged is sent again"
    )


def from_manifest(manifest: dict[str, Any], **values: Any) -> WorkspaceConfig:
    """The workspace with this Slack app manifest installed: its commands, shortcuts, scopes, events and Home tab."""
    features = manifest.get("features", {})
    settings = manifest.get("settings", {})
    installed: dict[str, Any] = {
        "commands": _read(SlashCommand, features.get("slash_commands", ())),
        "shortcuts": _read(Shortcut, features.get("shortcuts", ())),
        "scopes": tuple(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
        "events": tuple(settings.get("event_subscriptions", {}).get("bot_events", ())),
        "home_tab": bool(features.get("app_home", {}).get("home_tab_enabled", False)),
        "bot_display_name": features.get("bot_user", {}).get("display_name", "Unit Meeting Bot"),
    }
    return WorkspaceConfig(**(installed | values))


def _read(kind: type[Kind], rows: Iterable[dict[str, Any]]) -> tuple[Kind, ...]:
    return tuple(kind.model_validate({k: v for k, v in row.items() if k in kind.model_fields}) for row in rows)
