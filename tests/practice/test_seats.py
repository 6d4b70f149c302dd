"""What each person sees and may do, and what is still there after a restart."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.practice.seat import Practice, SeatError
from bot.practice.server import PracticeServer
from bot.practice.slack.store import Store
from bot.practice.slack.workspace import Workspace
from tests.worlds.practice_pieces import (
    ANN,
    BEN,
    BOT,
    CONFIG,
    EMPTY,
    OUTSIDER,
    TOWN,
    UNIT,
    Starter,
    World,
    form,
    home,
    section,
    stop,
)
from tests.worlds.until import patience


async def test_each_seat_sees_its_own_channels(world: World) -> None:
    seen = {
        seat.user: {channel["id"] for channel in (await seat.state())["channels"]}
        for seat in (world.ann, world.ben, world.outsider)
    }
    assert seen == {ANN: {UNIT, TOWN, "D0ANN"}, BEN: {UNIT, TOWN, EMPTY, "D0BEN"}, OUTSIDER: {TOWN, "D0OUT"}}


async def test_a_private_channel_is_closed_to_outsiders(world: World) -> None:
    for refused in (world.outsider.messages(UNIT), world.outsider.type(UNIT, "x"), world.ann.messages("D0BEN")):
        with pytest.raises(SeatError, match="channel_not_found"):
            await refused
    with pytest.raises(SeatError, match="not_in_channel"):
        await world.ann.type(TOWN, "x")
    with pytest.raises(SeatError, match="user_not_found"):
        await world.practice.seat(BOT).state()


async def test_only_the_author_can_change_a_message(world: World) -> None:
    ts = await world.ann.type(UNIT, "mine")
    for refused in (world.ben.edit(UNIT, ts, "yours"), world.ben.delete(UNIT, ts)):
        with pytest.raises(SeatError, match="not_the_author"):
            await refused
    with pytest.raises(SeatError, match="no_text"):
        await world.ann.edit(UNIT, ts, " ")


async def test_commands_do_not_work_in_threads_and_unknown_ones_nowhere(world: World) -> None:
    ts = await world.ann.type(UNIT, "family")
    with pytest.raises(SeatError, match="not_in_threads"):
        await world.practice.post("command", user=ANN, channel=UNIT, command="/unit", text="", thread_ts=ts)
    with pytest.raises(SeatError, match="unknown_command"):
        await world.ann.command(UNIT, "/elsewhere")


async def test_what_others_said_is_unread_until_it_is_looked_at(world: World) -> None:
    await world.ann.type(UNIT, "one")
    await world.ann.type(UNIT, "two")

    async def unread(seat: Any) -> int:
        [channel] = [channel for channel in (await seat.state())["channels"] if channel["id"] == UNIT]
        return int(channel["unread"])

    assert (await unread(world.ann), await unread(world.ben)) == (0, 2)
    await world.ben.messages(UNIT)
    assert await unread(world.ben) == 0


async def test_a_page_hears_what_concerns_its_seat(world: World) -> None:
    async with ClientSession() as session:
        lines: dict[str, list[dict[str, Any]]] = {ANN: [], OUTSIDER: []}
        streams = {user: await session.get(f"{world.server.base_url}/seat/events?user={user}") for user in lines}
        ts = await world.ann.type(UNIT, "hello")
        await world.practice.move_clock(3600)
        for user, stream in streams.items():
            while not lines[user] or lines[user][-1]["kind"] != "clock":
                line = (await asyncio.wait_for(stream.content.readline(), patience())).decode()
                if line.startswith("data: "):
                    lines[user].append(json.loads(line.removeprefix("data: ")))
    assert [event["kind"] for event in lines[ANN]] == ["hello", "message", "clock"]
    assert (lines[ANN][1]["channel"], lines[ANN][1]["ts"]) == (UNIT, ts)
    assert [event["kind"] for event in lines[OUTSIDER]] == ["hello", "clock"]


async def test_moving_the_units_clock_moves_no_timestamp(tmp_path: Path) -> None:
    clock_file = tmp_path / "clock.json"
    server = PracticeServer(Workspace(CONFIG, now=lambda: 1_790_000_000.0), clock_file)
    world = World(server, Practice(await server.start()), clock=None)  # type: ignore[arg-type]
    assert json.loads(clock_file.read_text()) == {"offset_seconds": 0}
    moved = await world.practice.move_clock(86_400)
    ts = await world.ann.type(UNIT, "today")
    assert moved["now_iso"].startswith("2026-09-22")
    assert json.loads(clock_file.read_text()) == {"offset_seconds": 86400}
    assert ts.startswith("1790000000.")
    with pytest.raises(SeatError, match="invalid_clock"):
        await world.practice.move_clock("soon")  # type: ignore[arg-type]
    await stop(world)


async def test_everything_is_there_after_a_restart(start: Starter, tmp_path: Path) -> None:
    database = tmp_path / "practice.db"
    before = await start(CONFIG, database)
    client = before.client()
    parent = await before.ann.type(UNIT, "family")
    reply = await before.ben.type(UNIT, "an idea", parent)
    gone = await before.ben.type(UNIT, "oops")
    await before.ben.delete(UNIT, gone)
    metadata = {"event_type": "unitbot", "event_payload": {"key": "k"}}
    board = (await client.chat_postMessage(channel=UNIT, text="board", metadata=metadata))["ts"]
    await client.chat_postEphemeral(channel=UNIT, user=ANN, text="only you")
    await client.pins_add(channel=UNIT, timestamp=board)
    await client.views_publish(user_id=ANN, view=home(section("my actions")))
    await client.views_open(trigger_id=before.server.modals.issue_trigger(ANN), view=form())
    await before.practice.post("member", channel=UNIT, user_added=OUTSIDER)
    await before.practice.move_clock(60)
    await stop(before)

    after = await start(CONFIG, database)
    state = await after.ann.state()
    [channel] = [channel for channel in state["channels"] if channel["id"] == UNIT]
    assert [m["text"] for m in await after.ann.messages(UNIT)] == ["family", "board", "only you"]
    assert [m["ts"] for m in await after.ann.messages(UNIT, parent)] == [parent, reply]
    assert (channel["pins"], OUTSIDER in channel["members"]) == ([board], True)
    assert state["home"]["view"]["blocks"][0]["text"]["text"] == "my actions"
    assert len(state["modals"]) == 1
    assert state["workspace"]["clock"]["offset_seconds"] == 60
    history = await after.client().conversations_history(channel=UNIT, include_all_metadata=True)
    assert history["messages"][0]["metadata"] == metadata
    assert await after.ann.type(UNIT, "next") > board


async def test_another_web_page_cannot_act_here(world: World) -> None:
    async with ClientSession() as session:
        body = {"user": ANN, "channel": UNIT, "text": "x"}
        url = f"{world.server.base_url}/seat/message"
        async with session.post(url, json=body, headers={"Origin": "https://example.org"}) as refused:
            assert refused.status == 403
        async with session.get(f"{world.server.base_url}/seat/state", headers={"Host": "example.org"}) as refused:
            assert refused.status == 403


@pytest.mark.parametrize("path", ["/", "/seat/state", "/api/auth.test", "/page/static/app.js", "/files/F1/x", "/none"])
async def test_every_path_answers_its_own_host_only_and_may_not_be_framed(world: World, path: str) -> None:
    address = f"{world.server.base_url}{path}"
    async with ClientSession() as session:
        for host in ("example.org", "127.0.0.1.example.org", "["):
            async with session.get(address, headers={"Host": host}) as refused:
                assert refused.status in (400, 403)
        async with session.get(address) as answer:
            assert answer.status != 403
            assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"user": 5}', '{"user": "U0ANN", "values": {"a": 1}}'])
@pytest.mark.parametrize("place", ["message", "edit", "command", "action", "submit", "close", "suggest", "person"])
async def test_a_malformed_request_gets_a_sentence(world: World, place: str, body: str) -> None:
    async with ClientSession() as session, session.post(f"{world.server.base_url}/seat/{place}", data=body) as got:
        assert got.status in (400, 404)
        assert (await got.json())["message"].endswith(".")


def test_a_store_keeps_the_last_of_each_object(tmp_path: Path) -> None:
    store = Store(tmp_path / "practice.db")
    store.save("person", "U1", {"name": "a"})
    store.save("person", "U1", {"name": "b"})
    store.save("person", "U2", {"name": "c"})
    store.remove("person", "U2")
    store.close()
    assert list(Store(tmp_path / "practice.db").all("person")) == [("U1", {"name": "b"})]


async def test_a_seat_can_wait_for_the_form_that_opens(world: World) -> None:
    app = world.app()

    @app.command("/unit")
    async def unit(ack: Any, body: Any, client: Any) -> None:
        await ack()
        opened = await client.views_open(trigger_id=body["trigger_id"], view=form())
        await client.views_update(view_id=opened["view"]["id"], view=form(callback_id="second"))

    await world.connect(app)
    waiting = asyncio.ensure_future(world.ann.next_modal())
    await world.ann.command(UNIT, "/unit")
    first = await waiting
    if first["callback_id"] == "form":
        first = await world.ann.next_modal(after=first)
    assert first["callback_id"] == "second"
    with pytest.raises(SeatError, match="nothing_seen"):
        await world.ben.next_modal(patience=0.02)


async def test_a_message_longer_than_slack_holds_is_refused_before_it_is_sent(world: World) -> None:
    with pytest.raises(SeatError, match="msg_too_long"):
        await world.ann.type(UNIT, "x" * 40_001)


def test_what_was_kept_survives_a_process_that_was_killed(tmp_path: Path) -> None:
    killed = Store(tmp_path / "new folder" / "practice.db")
    killed.save("person", "U1", {"name": "a"})
    assert list(Store(tmp_path / "new folder" / "practice.db").all("person")) == [("U1", {"name": "a"})]
    killed.close()
