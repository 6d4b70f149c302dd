"""What reaches the app over the socket: events and their redelivery, edits and deletions, sockets that come and go."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from bot.practice.seat import SeatError
from tests.worlds.practice_pieces import ANN, BEN, BOT, CONFIG, TOWN, UNIT, Json, Starter, World, button, row
from tests.worlds.until import patience

QUICK = CONFIG.model_copy(update={"ack_seconds": 0.05, "retry_seconds": (0.0, 0.01, 0.01)})


class Line:
    """A bare socket of the app: reads frames, and acknowledges only when told to."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.session = ClientSession()
        self.socket: ClientWebSocketResponse | None = None

    async def __aenter__(self) -> "Line":
        opened = await self.world.client(CONFIG.app_token).apps_connections_open(app_token=CONFIG.app_token)
        self.socket = await self.session.ws_connect(opened["url"])
        assert (await self.frame())["type"] == "hello"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()

    async def frame(self) -> Json:
        assert self.socket
        frame: Json = json.loads(await asyncio.wait_for(self.socket.receive_str(), patience()))
        return frame

    async def acknowledge(self, frame: Json, **more: Any) -> None:
        assert self.socket
        await self.socket.send_str(json.dumps({"envelope_id": frame["envelope_id"], **more}))


async def test_an_event_nobody_acknowledges_comes_three_times_more(start: Starter) -> None:
    world = await start(QUICK)
    async with Line(world) as line:
        await world.ann.type(UNIT, "hello")
        frames = [await line.frame() for _ in range(4)]
    tries = [(frame["retry_attempt"], frame["retry_reason"]) for frame in frames]
    assert tries == [(0, ""), (1, "timeout"), (2, "timeout"), (3, "timeout")]
    assert len({frame["payload"]["event_id"] for frame in frames}) == 1
    assert len({frame["envelope_id"] for frame in frames}) == 4
    await world.practice.settle()
    assert (await world.practice.ledger())["lost"] == [
        {"envelope_type": "events_api", "what": "message", "reason": "given up"}
    ]


async def test_events_go_out_in_the_order_they_happened(world: World) -> None:
    async with Line(world) as line:
        for number in range(20):
            await world.ann.type(UNIT, str(number))
        frames = [await line.frame() for _ in range(20)]
        for frame in frames:
            await line.acknowledge(frame)
    assert [frame["payload"]["event"]["text"] for frame in frames] == [str(number) for number in range(20)]


async def test_an_acknowledgement_may_come_on_another_socket(world: World) -> None:
    async with Line(world) as first, Line(world) as second:
        await world.ann.type(UNIT, "hello")
        waiting = [asyncio.ensure_future(line.frame()) for line in (first, second)]
        done, pending = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        frame = done.pop().result()
        for task in pending:
            task.cancel()
        other = second if waiting[0].done() and not waiting[0].cancelled() else first
        await other.acknowledge(frame)
        assert await world.practice.settle(1)
    assert (await world.practice.ledger())["lost"] == []


async def test_an_event_waits_for_an_app_that_is_reconnecting(world: World) -> None:
    await world.ann.type(UNIT, "said in between")
    async with Line(world) as line:
        frame = await line.frame()
        assert frame["payload"]["event"]["text"] == "said in between"
        await line.acknowledge(frame)
        assert await world.practice.settle(1)


async def test_a_ticket_opens_one_socket(world: World) -> None:
    opened = await world.client(CONFIG.app_token).apps_connections_open(app_token=CONFIG.app_token)
    async with ClientSession() as session:
        async with session.ws_connect(opened["url"]) as socket:
            assert (await socket.receive_json())["num_connections"] == 1
        async with session.get(opened["url"]) as refused:
            assert refused.status == 401


async def test_a_ping_comes_back_with_what_it_carried(world: World) -> None:
    opened = await world.client(CONFIG.app_token).apps_connections_open(app_token=CONFIG.app_token)
    async with ClientSession() as session, session.ws_connect(opened["url"], autoping=False) as socket:
        await socket.receive()
        await socket.ping(b"sdk-ping-pong:1")
        answer = await socket.receive()
        assert (answer.type, answer.data) == (WSMsgType.PONG, b"sdk-ping-pong:1")


async def test_after_a_goodbye_the_real_client_is_back_and_nothing_is_lost(world: World) -> None:
    app, heard = world.app(), []

    @app.event("message")
    async def message(event: Json) -> None:
        heard.append(event["text"])

    await world.connect(app)
    await world.practice.disconnect("refresh_requested")
    for number in range(5):
        await world.ann.type(UNIT, str(number))
    assert await world.practice.settle()
    assert sorted(heard) == ["0", "1", "2", "3", "4"]


async def test_after_a_cut_line_the_real_client_comes_back(world: World) -> None:
    app, heard = world.app(), []

    @app.event("message")
    async def message(event: Json) -> None:
        heard.append(event["text"])

    await world.connect(app)
    await world.practice.disconnect("abrupt")
    await world.ann.type(UNIT, "still there?")
    assert await world.practice.settle()
    assert heard == ["still there?"]


async def events_of(world: World) -> list[Json]:
    """Everything the app is told from now on."""
    app, heard = world.app(), []

    @app.middleware
    async def every_event(body: Json, next: Any) -> None:
        if "event" in body:
            heard.append(body["event"])
        await next()

    for kind in ("message", "app_mention", "member_joined_channel", "member_left_channel", "channel_shared"):
        app.event(kind)(_nothing)
    for kind in ("user_change", "team_join", "reaction_added", "file_shared"):
        app.event(kind)(_nothing)
    await world.connect(app)
    return heard


async def _nothing() -> None:
    return None


async def test_edits_and_deletions_are_told_with_what_was_there_before(world: World) -> None:
    heard = await events_of(world)
    ts = await world.ann.type(UNIT, "hello")
    await world.practice.settle()
    await world.ann.edit(UNIT, ts, "hello!")
    await world.ann.edit(UNIT, ts, "hello!")
    await world.practice.settle()
    await world.ann.delete(UNIT, ts)
    await world.practice.settle()

    kinds = [event.get("subtype") for event in heard]
    assert kinds == [None, "message_changed", "message_deleted"]
    _, changed, deleted = heard
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("hello!", "hello")
    assert (changed["message"]["ts"], changed["message"]["edited"]["user"]) == (ts, ANN)
    assert (deleted["deleted_ts"], deleted["previous_message"]["text"]) == (ts, "hello!")
    assert await world.ann.messages(UNIT) == []


async def test_a_deleted_parent_leaves_a_tombstone_and_its_thread(world: World) -> None:
    heard = await events_of(world)
    parent = await world.ann.type(UNIT, "family")
    await world.ben.type(UNIT, "an idea", parent)
    await world.ann.delete(UNIT, parent)
    await world.practice.settle()

    assert heard[-1]["message"]["subtype"] == "tombstone"
    [grave] = await world.ann.messages(UNIT)
    assert (grave["subtype"], grave["reply_count"]) == ("tombstone", 1)
    assert [m["text"] for m in await world.ann.messages(UNIT, parent)] == ["This message was deleted.", "an idea"]


async def test_a_mention_is_told_as_well_as_the_message(world: World) -> None:
    heard = await events_of(world)
    await world.ann.type(UNIT, f"<@{BOT}> and @Ben Brook", mentions={BEN: "Ben Brook", BOT: "Unit Meeting Bot"})
    await world.practice.settle()
    assert [event["type"] for event in heard] == ["message", "app_mention"]
    assert heard[0]["text"] == f"<@{BOT}> and <@{BEN}>"


async def test_markup_that_is_only_typed_stays_text(world: World) -> None:
    heard = await events_of(world)
    await world.ann.type(UNIT, "<!channel> <@U0BEN> *loud*")
    await world.practice.settle()
    assert heard[0]["text"] == "&lt;!channel&gt; &lt;@U0BEN&gt; *loud*"


async def test_a_channel_without_the_bot_is_silent(world: World) -> None:
    heard = await events_of(world)
    await world.outsider.type(TOWN, "not for the bot")
    await world.practice.settle()
    assert heard == []


async def test_people_who_come_go_and_change_are_told(world: World) -> None:
    heard = await events_of(world)
    for what, change in (
        ("member", {"channel": UNIT, "user_added": "U0OUT"}),
        ("member", {"channel": UNIT, "user_left": "U0OUT"}),
        ("channel", {"channel": UNIT, "is_ext_shared": True}),
        ("person", {"id": BEN, "deleted": True}),
        ("person", {"id": "U0NEW", "name": "new", "real_name": "New Person"}),
    ):
        await world.practice.post(what, **change)
        await world.practice.settle()

    kinds = ["member_joined_channel", "member_left_channel", "channel_shared", "user_change", "team_join"]
    assert [event["type"] for event in heard] == kinds
    assert heard[3]["user"]["deleted"]
    assert "tz" not in heard[3]["user"]
    with pytest.raises(SeatError, match="user_disabled"):
        await world.ben.type(UNIT, "x")
    assert (await world.client().conversations_info(channel=UNIT))["channel"]["is_ext_shared"]


async def test_a_picture_is_a_file_share(world: World) -> None:
    heard = await events_of(world)
    await world.ann.type(UNIT, "", files=[{"name": "plan.png", "mimetype": "image/png"}])
    await world.practice.settle()
    assert (heard[0]["subtype"], heard[0]["files"][0]["mimetype"]) == ("file_share", "image/png")


async def test_only_subscribed_events_are_sent(start: Starter) -> None:
    world = await start(CONFIG.model_copy(update={"events": ("message.im",)}))
    heard = await events_of(world)
    await world.ann.type(UNIT, "x")
    await world.ann.type(await world.ann.direct_channel(), "y")
    await world.practice.settle()
    assert [(event["text"], event["channel_type"]) for event in heard] == [("y", "im")]


async def test_a_button_tells_the_whole_message_and_a_link_to_answer(world: World) -> None:
    app, bodies = world.app(), []

    @app.action("go")
    async def pressed(ack: Any, body: Json, respond: Any) -> None:
        bodies.append(body)
        await ack()
        await respond("only you", replace_original=False)
        await respond("replaced", replace_original=True)

    await world.connect(app)
    client = world.client()
    parent = (await client.chat_postMessage(channel=UNIT, text="family"))["ts"]
    await client.chat_postMessage(channel=UNIT, text="stage", thread_ts=parent, blocks=[row(button(value="7"))])
    reply = (await world.ann.messages(UNIT, parent))[1]
    await world.ann.press(reply, "Go", channel=UNIT)
    await world.practice.settle()

    [body] = bodies
    assert body["message"]["ts"] == reply["ts"]
    assert (body["container"]["thread_ts"], body["container"]["is_ephemeral"]) == (parent, False)
    assert (body["actions"][0]["value"], body["channel"]["name"]) == ("7", "privategroup")
    texts = [message["text"] for message in await world.ann.messages(UNIT, parent)]
    assert texts == ["family", "replaced"]
    assert [m["text"] for m in await world.ann.messages(UNIT) if m.get("is_ephemeral")] == ["only you"]
    async with ClientSession() as session:
        for _ in range(3):
            async with session.post(body["response_url"], json={"text": "more"}) as answer:
                assert answer.status == 200
        async with session.post(body["response_url"], json={"text": "a sixth"}) as answer:
            assert (answer.status, (await answer.json())["error"]) == (404, "used_url")


async def test_an_ephemeral_message_can_be_taken_away_by_its_link(world: World) -> None:
    app = world.app()

    @app.action("go")
    async def pressed(ack: Any, body: Json, respond: Any) -> None:
        assert "message" not in body
        await ack()
        await respond(delete_original=True)

    await world.connect(app)
    await world.client().chat_postEphemeral(channel=UNIT, user=ANN, text="x", blocks=[row(button())])
    [shown] = await world.ann.messages(UNIT)
    with pytest.raises(SeatError, match="message_not_found"):
        await world.ben.press(shown, "Go", channel=UNIT)
    await world.ann.press(shown, "Go", channel=UNIT)
    await world.practice.settle()
    assert await world.ann.messages(UNIT) == []


async def test_a_message_shortcut_brings_the_message(world: World) -> None:
    app, bodies = world.app(), []

    @app.shortcut("to_action")
    async def chosen(ack: Any, body: Json) -> None:
        bodies.append(body)
        await ack()

    await world.connect(app)
    ts = await world.ben.type(UNIT, "please ring the school")
    await world.ann.shortcut("to_action", UNIT, ts)
    assert (bodies[0]["message"]["text"], bodies[0]["message"]["user"]) == ("please ring the school", BEN)
    with pytest.raises(SeatError, match="unknown_shortcut"):
        await world.ann.shortcut("other", UNIT, ts)
