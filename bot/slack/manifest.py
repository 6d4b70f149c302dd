"""The app manifest: what Slack must know of the app, ready to paste into its app page."""

from __future__ import annotations

import json
from typing import Any

from bot.offers import COMMANDS, SHORTCUTS
from bot.settings import PREFIX

SCOPES = (
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "pins:write",
    "users:read",
)
EVENTS = (
    "app_home_opened",
    "channel_id_changed",
    "channel_shared",
    "channel_unshared",
    "member_joined_channel",
    "member_left_channel",
    "message.groups",
    "message.im",
)
PATH = "/slack/events"
"""Where `unitbot serve` takes Slack's requests."""


def manifest(prefix: str = "", url: str = "") -> dict[str, Any]:
    """The manifest; `prefix` goes before every command ("swu-" gives /swu-meeting). Raises ValueError for a bad one.

    With `url`, where `unitbot serve` is reached, Slack sends requests there instead of using Socket Mode.
    """
    if not PREFIX.fullmatch(prefix):
        raise ValueError("A prefix is made of small letters, digits, - and _, at most 20 of them, such as swu-")
    commands = [
        {"command": f"/{prefix}{name}", "description": words, "usage_hint": hint, "should_escape": True}
        for name, words, hint in COMMANDS
    ]
    door = _door(url)
    if door:
        commands = [command | {"url": door} for command in commands]
    requests = {"request_url": door} if door else {}
    shortcuts = [
        {"name": name, "type": "message", "callback_id": callback, "description": words}
        for callback, name, words in SHORTCUTS
    ]
    return {
        "display_information": {
            "name": "Unit Meeting Bot",
            "description": "Guides the weekly meeting of a children's social work unit",
            "background_color": "#1d3d5c",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Unit Meeting Bot", "always_online": True},
            "shortcuts": shortcuts,
            "slash_commands": commands,
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)} | requests,
            "interactivity": {"is_enabled": True} | requests,
            "org_deploy_enabled": False,
            "socket_mode_enabled": not door,
            "token_rotation_enabled": False,
        },
    }


def _door(url: str) -> str:
    if not url:
        return ""
    if not url.startswith("https://"):
        raise ValueError("Slack sends to addresses that begin with https:// only")
    return url if url.endswith(PATH) else url.rstrip("/") + PATH


def as_text(prefix: str = "", url: str = "") -> str:
    """The manifest as it is pasted into Slack."""
    return json.dumps(manifest(prefix, url), indent=2)
