"""Faults: the stand-in misbehaves as Slack sometimes does, when it is asked to."""

from time import perf_counter
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.practice.seat import SeatError
from tests.worlds.practice_pieces import CONFIG, UNIT, Starter, World
from tests.worlds.until import until


async def texts(world: World) -> list[str]:
    return [message["text"] for message in await world.ann.messages(UNIT)]


async def test_too_many_calls_are_told_how_long_to_wait(world: World) -> None:
    await world.practice.faults(ratelimit={"chat.postMessage": {"count": 1, "retry_after": 7}})
    with pytest.raises(SlackApiError) as refused:
        await world.client().chat_postMessage(channel=UNIT, text="x")
    assert (refused.value.response.status_code, refused.value.response["error"]) == (429, "ratelimited")
    assert refused.value.response.headers["Retry-After"] == "7"
    await world.client().chat_postMessage(channel=UNIT, text="y")
    assert await texts(world) == ["y"]


async def test_both_ways_of_ordering_a_rate_limit_are_understood(world: World) -> None:
    ordered = await world.practice.faults(ratelimit={"chat.update": 2, "retry_after": 3})
    assert ordered["faults"]["ratelimit"] == {"chat.update": {"count": 2, "retry_after": 3}}


async def test_errors_come_in_the_order_they_were_asked_for(world: World) -> None:
    await world.practice.faults(errors={"chat.postMessage": ["internal_error", "http_500"]})
    codes = []
    for _ in range(2):
        with pytest.raises(SlackApiError) as refused:
            await world.client().chat_postMessage(channel=UNIT, text="x")
        codes.append((refused.value.response.status_code, "internal_error" in str(refused.value)))
    assert codes == [(200, True), (500, False)]
    await world.client().chat_postMessage(channel=UNIT, text="y")
    assert await texts(world) == ["y"]


async def test_a_dropped_reply_has_done_its_work(world: World) -> None:
    await world.practice.faults(drop_replies={"chat.postMessage": 1})
    with pytest.raises(aiohttp.ClientError):
        await world.client().chat_postMessage(channel=UNIT, text="once")
    assert await texts(world) == ["once"]
    assert (await world.practice.ledger())["calls"][0]["note"] == "reply dropped"


async def test_a_slow_answer_takes_its_time(world: World) -> None:
    await world.practice.faults(slow={"auth.test": 0.2})
    started = perf_counter()
    await world.client().auth_test()
    assert perf_counter() - started >= 0.2


async def test_events_can_arrive_more_than_once(world: World) -> None:
    app, heard = world.app(), []

    @app.event("message")
    async def message(event: Any, body: Any) -> None:
        heard.append((event["text"], body["event_id"]))

    await world.connect(app)
    await world.practice.faults(redeliver_events=2)
    await world.ann.type(UNIT, "once")
    assert await world.practice.settle()
    assert [text for text, _ in heard] == ["once"] * 3
    assert len(set(heard)) == 1


async def test_while_slack_is_down_nothing_answers_and_after_it_all_goes_on(world: World) -> None:
    app, heard = world.app(), []

    @app.event("message")
    async def message(event: Any) -> None:
        heard.append(event["text"])

    await world.connect(app)
    await world.practice.faults(down=True)
    with pytest.raises(aiohttp.ClientError):
        await world.client().chat_postMessage(channel=UNIT, text="x")
    with pytest.raises(SeatError, match="dispatch_failed"):
        await world.ann.command(UNIT, "/unit")
    await world.practice.faults(clear=True)
    await until(lambda: world.server.sockets.connected)
    await world.ann.type(UNIT, "back")
    assert await world.practice.settle()
    assert heard == ["back"]


async def test_an_unknown_fault_is_refused(world: World) -> None:
    with pytest.raises(SeatError, match="unknown_fault"):
        await world.practice.faults(gremlins=3)


async def test_a_command_the_app_ignores_times_out(start: Starter) -> None:
    world = await start(CONFIG.model_copy(update={"ack_seconds": 0.05}))
    await world.connect(world.app())
    with pytest.raises(SeatError) as told:
        await world.ann.command(UNIT, "/meeting")
    assert told.value.code == "operation_timeout"
    assert (await world.practice.ledger())["lost"][0]["what"] == "/meeting"


async def test_who_asks_for_it_is_held_to_slacks_rates(start: Starter) -> None:
    world = await start(CONFIG.model_copy(update={"enforce_rates": True}))
    client = world.client()
    for _ in range(10):
        await client.chat_postMessage(channel=UNIT, text="x")
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=UNIT, text="x")
    assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (429, "1")
    world.clock.seconds += 1
    await client.chat_postMessage(channel=UNIT, text="x")
    for _ in range(20):
        await client.users_list()
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.users_list()


async def test_a_minutes_calls_can_be_used_up_and_the_wait_be_long(start: Starter) -> None:
    world = await start(CONFIG.model_copy(update={"enforce_rates": True}))
    client = world.client()
    ts = (await client.chat_postMessage(channel=UNIT, text="x"))["ts"]
    await world.practice.faults(used_up=["chat.update"], wait_at_least={"chat.update": 15})
    with pytest.raises(SlackApiError) as refused:
        await client.chat_update(channel=UNIT, ts=ts, text="y")
    assert refused.value.response.headers["Retry-After"] == "15"
    world.clock.seconds += 2
    await client.chat_update(channel=UNIT, ts=ts, text="y")
    await client.chat_postMessage(channel=UNIT, text="z")
