"""The app manifest: what Slack must know of the app, ready to paste into its app page."""

from __future__ import annotations

import json
from typing import Any

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
COMMANDS = (
    ("unit", "Your unit: people, contacts, settings", "[show | members | contacts | settings | help]"),
    ("family", "Families: add, list, show, correct, close", "[add | list | reference, initials, name | help]"),
    ("find", "Find words in the records of a family or the unit", "[words | case reference words | help]"),
    ("meeting", "Open the unit meeting, or see the agenda", "[agenda | add | rota | close | help]"),
    ("hypothesis", "Record a hypothesis between meetings", "[case reference | help]"),
    ("agreement", "Record a joint working agreement", "[case reference | help]"),
    ("action", "Record an action, or see yours", "[case reference | mine | help]"),
    ("work", "Clinical work: where it stands, the next step", "[case reference | urgent | help]"),
    ("track", "The tracking form: your week, add a line", "[case reference | unit | supervision | help]"),
    ("forms", "Forms you have begun, and what you sign", "[help]"),
    ("measure", "Questionnaires: what is due, enter scores", "[case reference | service | help]"),
    ("review", "Reviews: what is due, record one", "[case reference | unit | help]"),
    ("nudges", "What is due for you, and when you hear of it", "[week | help]"),
)
SHORTCUTS = (
    ("record_hypothesis", "Make this an idea", "Offer these words as an idea about what is going on"),
    ("make_action", "Make this an action", "Make an action of these words"),
    ("record_words", "Somebody's own words", "Record these words as a child's or a carer's"),
    ("record_worry", "Make this a worry", "Add these words to what we are worried about"),
    ("note_stage", "Move to this stage", "These words belong to the stage we are at"),
    ("move_note", "Move to another stage", "These words belong to another stage"),
    ("add_to_agenda", "Add to the next agenda", "Talk about these words at the next meeting"),
    ("immediate_concern", "Immediate concern", "Stop this family's discussion and show who to call"),
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
