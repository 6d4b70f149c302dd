"""Slack does not let the bot in any more, or not just now: work stops calmly, nothing is lost, and it goes on."""

from __future__ import annotations

import asyncio

import pytest

from bot.health import look
from bot.process import running
from bot.slack import line as slack_line
from bot.slack.line import SlackLine
from tests.worlds.on_the_line import UNIT, World, holds_are_over, shown, state_of, words

CODES = ["token_revoked", "account_inactive", "invalid_auth"]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_line, "KNOCK_SECONDS", 0.2)


def line_of(world: World) -> SlackLine:
    assert world.service is not None
    found = world.service.platform.line
    assert isinstance(found, SlackLine)
    return found


async def tried(world: World) -> int:
    return len([call for call in await world.calls("chat.postMessage") if call["channel"] == UNIT])


@pytest.mark.parametrize("code", CODES)
async def test_a_token_that_is_withdrawn_stops_the_work_and_nothing_is_lost(
    world: World, code: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert world.service is not None
    await world.practice.faults(shut_out=code)
    for n in range(5):
        await world.say(f"test:{n}", words(f"message {n}"))
    await world.until(lambda: world.service is not None and world.service.delivery._shut_out)
    before = await tried(world)
    await asyncio.sleep(1.5)
    assert await tried(world) == before
    written = capfd.readouterr()
    assert (written.out + written.err).count("shut_out") == 1
    assert {state_of(world, f"test:{n}") for n in range(5)} <= {"waiting", "sending"}
    health = await look(world.service.runtime, line_of(world))
    assert not health.ok
    assert code in health.platform
    await world.practice.faults(clear=True)
    await world.until(lambda: world.service is not None and not world.service.delivery._shut_out)
    holds_are_over(world)
    await world.quiet()
    assert sorted(await shown(world)) == [f"message {n}" for n in range(5)]
    assert (await look(world.service.runtime, line_of(world))).ok


async def test_after_a_start_with_a_new_token_everything_that_waited_goes_out(world: World) -> None:
    assert world.service is not None
    await world.practice.faults(shut_out="token_revoked")
    await world.say("test:a", words("Hello"))
    await world.until(lambda: world.service is not None and world.service.delivery._shut_out)
    await world.service.stop()
    world.server.workspace.config.__dict__["bot_token"] = "xoxb-new"
    try:
        await world.practice.faults(clear=True)
        settings = world.settings.model_copy(update={"bot_token": "xoxb-new"})
        async with running(settings, world.db, world.desk) as service:
            world.service = service
            holds_are_over(world)
            await world.quiet()
            assert await shown(world) == ["Hello"]
    finally:
        world.service = None


async def test_how_things_are_is_asked_of_slack_where_nothing_was_heard_lately(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert world.service is not None
    assert (await look(world.service.runtime, line_of(world))).ok
    monkeypatch.setattr(slack_line, "QUIET_SECONDS", 0.0)
    await world.practice.faults(shut_out="account_inactive")
    assert "account_inactive" in (await look(world.service.runtime, line_of(world))).platform


# ---- the line


@pytest.mark.parametrize("reason", ["refresh_requested", "warning", "abrupt"])
async def test_what_is_typed_while_slack_changes_the_line_arrives_once(world: World, reason: str) -> None:
    await world.practice.disconnect(reason)
    await world.ann.type(UNIT, "Still there?")
    heard = await world.heard(1)
    await world.quiet()
    assert [event.text for event in heard] == ["Still there?"]
    assert len(world.desk.of("message")) == 1


async def test_too_many_lines_are_not_answered_with_a_storm_of_new_ones(world: World) -> None:
    sockets = world.server.sockets
    sockets.full = True
    await world.practice.disconnect("too_many_websockets")
    before = len(await world.calls("apps.connections.open"))
    await asyncio.sleep(4)
    assert len(await world.calls("apps.connections.open")) - before <= 6
    sockets.full = False
    await world.ann.type(UNIT, "And now?")
    assert [event.text for event in await world.heard(1)] == ["And now?"]
