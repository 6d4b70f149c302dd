"""What `unitbot check` says, and the manifest it goes with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.practice.config import ALL_EVENTS, ALL_SCOPES
from bot.settings import Settings
from bot.slack.check import Finding, check
from bot.slack.manifest import as_text, manifest
from tests.worlds.on_the_line import OUTSIDER, UNIT, World


async def findings(settings: Settings) -> dict[str, Finding]:
    return {finding.what: finding async for finding in check(settings)}


async def test_a_good_setup_has_nothing_wrong(idle: World) -> None:
    found = await findings(idle.settings)
    assert [finding for finding in found.values() if finding.good is False] == []
    assert "internal app" in found["Kind of app"].words
    assert "Reading back in Kestrel Unit" in found


async def test_a_thread_is_tried_once_there_is_a_message(idle: World) -> None:
    await idle.ann.type(UNIT, "hello")
    found = await findings(idle.settings)
    assert found["Reading back in Kestrel Unit"].words == "history and threads can be read"


@pytest.mark.parametrize(
    ("wrong", "what", "words"),
    [
        ({"bot_token": "xoxb-wrong"}, "Bot token", "SLACK_BOT_TOKEN"),
        ({"app_token": "xapp-wrong"}, "App-level token and Socket Mode", "SLACK_APP_TOKEN"),
        ({"api_url": "http://127.0.0.1:9/api/"}, "Bot token", "SLACK_API_URL"),
        ({"wording": Path("/nowhere/words")}, "Your own words for forms", "/nowhere/words"),
        ({"database_url": "sqlite:////nowhere/at/all.db"}, "Database", "/nowhere/at"),
    ],
)
async def test_what_is_wrong_is_said_in_words(idle: World, wrong: dict[str, Any], what: str, words: str) -> None:
    found = await findings(idle.settings.model_copy(update=wrong))
    assert found[what].good is False
    assert words in found[what].words


async def test_a_missing_scope_is_named(idle: World) -> None:
    config = idle.server.workspace.config
    config.__dict__["scopes"] = tuple(scope for scope in config.scopes if scope != "groups:history")
    found = await findings(idle.settings)
    assert "groups:history" in found["Scopes"].words
    assert "groups:history" in found["Reading back in Kestrel Unit"].words


def _stranger(world: World) -> None:
    world.server.workspace.join(world.server.workspace.channels[UNIT], OUTSIDER)


def _public(world: World) -> None:
    world.server.workspace.channels[UNIT].is_private = False


@pytest.mark.parametrize(("change", "words"), [(_stranger, "Olu Outside"), (_public, "public")])
async def test_a_channel_others_can_read_is_named(idle: World, change: Callable[[World], None], words: str) -> None:
    change(idle)
    assert words in (await findings(idle.settings))["Channel of Kestrel Unit"].words


def test_the_manifest_asks_for_what_slack_has_and_switches_on_what_is_needed() -> None:
    made = json.loads(as_text())
    assert set(made["oauth_config"]["scopes"]["bot"]) <= set(ALL_SCOPES)
    assert set(made["settings"]["event_subscriptions"]["bot_events"]) <= set(ALL_EVENTS)
    assert made["settings"]["socket_mode_enabled"] is True
    assert made["settings"]["interactivity"]["is_enabled"] is True
    assert made["features"]["app_home"]["home_tab_enabled"] is True
    offered = {one["command"] for one in made["features"]["slash_commands"]}
    assert {"/unit", "/family", "/meeting", "/hypothesis", "/agreement", "/action", "/nudges"} <= offered


def test_a_prefix_goes_before_every_command() -> None:
    commands = manifest("swu-")["features"]["slash_commands"]
    assert all(one["command"].startswith("/swu-") and len(one["command"]) <= 32 for one in commands)


def test_a_prefix_slack_would_refuse_is_refused() -> None:
    with pytest.raises(ValueError, match="small letters"):
        manifest("Swu /")
