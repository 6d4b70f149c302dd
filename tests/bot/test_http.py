"""Slack's requests over HTTP: signed, answered after the commit, once however often they come; and how things are."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from aiohttp import ClientSession
from slack_sdk.signature import SignatureVerifier
from sqlmodel import Session

from bot.asgi import AsgiApp
from bot.health import Health
from bot.http import HEALTH, MOST_BYTES, Door, Web
from bot.platform import Reply, Request
from bot.slack.manifest import PATH, manifest
from bot.slack.platform import SlackPlatform
from bot.trouble import CannotStart
from handlers.turn import Answer, Event, Nothing, Wrong
from prompts_and_forms import database_wording
from storage.database.db import DatabaseMissing
from storage.messages import delivery, outbox
from tests.worlds.on_the_line import ANN, UNIT, World
from tests.worlds.until import patience

SECRET = "practice-signing-secret"
VECTOR_AT = 1790000000
VECTOR = "v0=9c00d1b430043193a5e6da3dbcf7a010082b37238586a4ec210aa7d21b80f2cb"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


@pytest.fixture
async def web(idle: World) -> AsyncIterator[Web]:
    """A web process with the desk behind it, listening on this machine."""
    settings = idle.settings.model_copy(update={"signing_secret": SECRET, "app_token": ""})
    web = Web(settings, idle.db, SlackPlatform, idle.desk, address=("127.0.0.1", 0))
    await web.start()
    yield web
    await web.stop()


def signed(body: str, kind: str = JSON, at: float | None = None, secret: str = SECRET, **more: str) -> dict[str, str]:
    stamp = str(int(at if at is not None else time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
    assert signature is not None
    headers = {"content-type": kind, "x-slack-request-timestamp": stamp, "x-slack-signature": signature}
    return headers | {name.replace("_", "-"): value for name, value in more.items()}


async def ask(web: Web, body: str, headers: dict[str, str]) -> Reply:
    asked = Request("POST", PATH, {name: [value] for name, value in headers.items()}, body.encode())
    return await web.door.answer(asked)


async def send(web: Web, body: dict[str, Any], **more: str) -> Reply:
    text = json.dumps(body)
    return await ask(web, text, signed(text, **more))


async def interact(web: Web, payload: dict[str, Any]) -> Reply:
    text = urlencode({"payload": json.dumps(payload)})
    return await ask(web, text, signed(text, FORM))


def typed(text: str, event_id: str = "Ev1") -> dict[str, Any]:
    stamp = f"{time.time():.6f}"
    message = {"type": "message", "channel": UNIT, "channel_type": "group", "user": ANN, "text": text, "ts": stamp}
    outer = {"team_id": "T0PRACTICE", "api_app_id": "A0UNITBOT", "event_id": event_id, "event_time": int(time.time())}
    return {"type": "event_callback", "event": message | {"event_ts": stamp}, **outer}


@pytest.mark.parametrize("late", [0, 300, -300])
async def test_a_request_slack_signed_is_let_in_for_five_minutes(web: Web, late: int) -> None:
    with time_machine.travel(datetime.fromtimestamp(VECTOR_AT + late, UTC), tick=False):
        reply = await ask(web, "payload=%7B%7D", _vector())
    assert reply.status != 401


@pytest.mark.parametrize("late", [301, -301])
async def test_an_old_request_is_turned_away(web: Web, late: int) -> None:
    with time_machine.travel(datetime.fromtimestamp(VECTOR_AT + late, UTC), tick=False):
        reply = await ask(web, "payload=%7B%7D", _vector())
    assert reply.status == 401
    assert json.loads(reply.body) == {"error": "invalid request"}


def _vector() -> dict[str, str]:
    return {"content-type": FORM, "x-slack-request-timestamp": str(VECTOR_AT), "x-slack-signature": VECTOR}


async def test_our_signature_is_slacks(web: Web) -> None:
    assert signed("payload=%7B%7D", at=VECTOR_AT)["x-slack-signature"] == VECTOR


async def test_a_request_signed_by_somebody_else_changes_nothing(web: Web, idle: World) -> None:
    body = json.dumps(typed("hello"))
    for headers in (signed(body, secret="another"), {"content-type": JSON}, signed(body + " ")):
        assert (await ask(web, body, headers)).status == 401
    assert idle.desk.events == []


@pytest.mark.parametrize(
    "stamp", ["", "soon", "1e9", "+1790000000", " 1790000000", "1_790_000_000", "١٧٩٠٠٠٠٠٠٠", "9" * 13]
)
async def test_a_time_that_is_no_plain_number_is_turned_away(
    web: Web, stamp: str, capsys: pytest.CaptureFixture[str]
) -> None:
    body = json.dumps(typed("hello"))
    reply = await ask(web, body, signed(body) | {"x-slack-request-timestamp": stamp})
    assert (reply.status, json.loads(reply.body)) == (401, {"error": "invalid request"})
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("signature", ["", "v0=é", "v0=abc", "v1=" + "0" * 64])
async def test_a_signature_of_another_shape_is_turned_away(web: Web, signature: str) -> None:
    body = json.dumps(typed("hello"))
    assert (await ask(web, body, signed(body) | {"x-slack-signature": signature})).status == 401


async def test_slack_finds_out_that_the_address_is_ours(web: Web) -> None:
    reply = await send(web, {"token": "vt", "challenge": "abc", "type": "url_verification"})
    assert reply.status == 200
    assert json.loads(reply.body) == {"challenge": "abc"}


async def test_the_certificate_check_is_answered_with_nothing(web: Web) -> None:
    reply = await ask(web, "ssl_check=1&token=vt", {"content-type": FORM})
    assert (reply.status, reply.body) == (200, b"")


async def test_a_typed_message_is_heard_once_however_often_it_is_sent(web: Web, idle: World) -> None:
    body = typed("a first idea")
    first = await send(web, body)
    again = await send(web, body, x_slack_retry_num="1", x_slack_retry_reason="http_timeout")
    assert (first.status, again.status) == (200, 200)
    assert [event.text for event in idle.desk.of("message")] == ["a first idea"]


async def test_what_was_not_kept_is_not_acknowledged_and_kept_when_sent_again(web: Web, idle: World) -> None:
    troubles = [RuntimeError("broken")]

    def fail_once(session: Session, event: Event, now: datetime) -> Answer:
        if troubles:
            raise troubles.pop()
        return Nothing()

    idle.desk.replies["message"] = fail_once
    body = typed("keep this")
    assert (await send(web, body)).status == 500
    assert (await send(web, body, x_slack_retry_num="1")).status == 200


async def test_a_command_is_acknowledged_with_nothing_and_heard(web: Web, idle: World) -> None:
    fields = {"command": "/meeting", "text": "agenda", "user_id": ANN, "user_name": "ann", "channel_id": UNIT}
    more = {"trigger_id": "1.2.3", "response_url": f"{idle.server.base_url}/response/none", "team_id": "T0PRACTICE"}
    text = urlencode(fields | more | {"api_app_id": "A0UNITBOT", "channel_name": "unit-kestrel"})
    reply = await ask(web, text, signed(text, FORM))
    assert (reply.status, reply.body) == (200, b"")
    heard = await idle.heard(1, "command")
    assert [event.name for event in heard] == ["/meeting"]


async def test_a_form_with_faults_keeps_what_was_typed(web: Web, idle: World) -> None:
    idle.desk.replies["submit"] = lambda session, event, now: Wrong({"what": "Please say what will be done."})
    block = {"type": "input", "block_id": "what", "element": {"type": "plain_text_input", "action_id": "what"}}
    view = {
        "id": "V1",
        "type": "modal",
        "callback_id": "action",
        "hash": "1.x",
        "private_metadata": json.dumps({"draft": "d1", "version": "1"}),
        "blocks": [block],
        "state": {"values": {"what": {"what": {"type": "plain_text_input", "value": ""}}}},
    }
    payload = {"type": "view_submission", "user": {"id": ANN}, "team": {"id": "T0PRACTICE"}, "trigger_id": "7.8"}
    reply = await interact(web, payload | {"api_app_id": "A0UNITBOT", "view": view})
    assert reply.status == 200
    assert json.loads(reply.body)["response_action"] in ("errors", "update")


async def test_it_says_that_all_is_well_over_the_wire(web: Web) -> None:
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{web.port}{HEALTH}") as answer:
        assert answer.status == 200
        assert await answer.json() == {"ok": True, "database": "ok", "sender": "ok", "records": "ok", "platform": "ok"}


async def test_a_signed_request_comes_in_over_the_wire(web: Web, idle: World) -> None:
    body = json.dumps(typed("over the wire"))
    address = f"http://127.0.0.1:{web.port}{PATH}"
    async with ClientSession() as session, session.post(address, data=body, headers=signed(body)) as answer:
        assert answer.status == 200
    assert [event.text for event in idle.desk.of("message")] == ["over the wire"]


async def test_it_says_when_nobody_posts_what_waits(web: Web, idle: World) -> None:
    """The web process itself posts nothing; a message that is not late yet is no trouble."""
    now = datetime.now(UTC)
    with idle.db.write() as session:
        outbox.say(session, "test:fresh", now=now, channel=UNIT)
    assert (await _health(web)).status == 200
    with idle.db.write() as session:
        outbox.say(session, "test:old", now=now, channel=UNIT, due_at=now - timedelta(minutes=7))
    reply = await _health(web)
    assert reply.status == 503
    found = json.loads(reply.body)
    assert found["database"] == "ok"
    assert "7 minutes" in found["sender"]
    assert "worker" in found["sender"]


async def test_a_sender_with_much_to_do_is_not_dead(web: Web, idle: World) -> None:
    now = datetime.now(UTC)
    with idle.db.write() as session:
        for name in ("one", "two"):
            outbox.say(session, f"test:{name}", now=now, channel=UNIT, due_at=now - timedelta(minutes=7))
    with idle.db.write() as session:
        claimed = delivery.claim(session, now=now, machine=now)
        assert claimed is not None
        delivery.finish(session, claimed, at=now, channel=UNIT, ts="1.0")
    assert (await _health(web)).status == 200


async def test_it_says_when_the_database_does_not_answer(web: Web, idle: World) -> None:
    with idle.db.write() as session:
        session.connection().exec_driver_sql("DROP TABLE outbox")
    reply = await _health(web)
    assert reply.status == 503
    assert json.loads(reply.body)["database"] != "ok"


async def test_how_things_are_names_no_host_no_path_and_no_database(
    web: Web, idle: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = "db.council.example/unitbot"

    async def trouble(*_: Any) -> None:
        raise DatabaseMissing(database_wording.UNREACHABLE.format(place=where))

    monkeypatch.setattr(web.runtime, "read", trouble)
    reply = await _health(web)
    assert reply.status == 503
    assert where.encode() not in reply.body
    assert b"does not answer" in reply.body


async def _health(web: Web) -> Reply:
    return await web.door.answer(Request("GET", HEALTH, {}, b""))


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", PATH, b"", 405),
        ("POST", HEALTH, b"", 405),
        ("GET", "/", b"", 404),
        ("POST", "/slack/other", b"", 404),
        ("POST", PATH, b"\xff\xfe", 400),
        ("POST", PATH, b"x" * (MOST_BYTES + 1), 413),
    ],
)
async def test_what_is_not_slacks_is_refused(web: Web, method: str, path: str, body: bytes, status: int) -> None:
    assert (await web.door.answer(Request(method, path, {}, body))).status == status


async def test_a_taken_port_is_named(web: Web, idle: World) -> None:
    second = Web(web._settings, idle.db, SlackPlatform, idle.desk, address=("127.0.0.1", web.port))
    with pytest.raises(CannotStart, match="PORT"):
        await second.start()
    await second.stop()


@pytest.fixture
async def impatient(idle: World) -> AsyncIterator[Web]:
    """A web process that waits for nobody."""
    settings = idle.settings.model_copy(update={"signing_secret": SECRET, "app_token": ""})
    web = Web(settings, idle.db, SlackPlatform, idle.desk, address=("127.0.0.1", 0), patience=0.2)
    await web.start()
    yield web
    await web.stop()


@pytest.fixture
async def small(idle: World) -> AsyncIterator[Web]:
    """A web process with room for two lines."""
    settings = idle.settings.model_copy(update={"signing_secret": SECRET, "app_token": ""})
    web = Web(settings, idle.db, SlackPlatform, idle.desk, address=("127.0.0.1", 0), most_connections=2)
    await web.start()
    yield web
    await web.stop()


@pytest.mark.parametrize(
    "half",
    [
        b"",
        b"POST /slack/events HT",
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nX-Slack",
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf",
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nPOST /slack/events HT",
    ],
)
async def test_a_request_half_sent_is_closed_after_a_while(impatient: Web, half: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", impatient.port)
    writer.write(half)
    await asyncio.wait_for(reader.read(), patience(10))
    writer.close()
    assert impatient._runner is not None
    assert impatient._runner.server is not None
    assert impatient._runner.server.connections == []


async def test_a_line_too_many_is_closed_and_the_others_stay(small: Web) -> None:
    first = await asyncio.open_connection("127.0.0.1", small.port)
    second = await asyncio.open_connection("127.0.0.1", small.port)
    third = await asyncio.open_connection("127.0.0.1", small.port)
    assert await asyncio.wait_for(third[0].read(), patience(10)) == b""
    for reader, writer in (first, second):
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await asyncio.wait_for(reader.readline(), patience(10))).startswith(b"HTTP/1.1 200")
        writer.close()
    third[1].close()


async def test_any_asgi_server_may_serve_it(idle: World) -> None:
    settings = idle.settings.model_copy(update={"signing_secret": SECRET})
    app = AsgiApp(lambda: Web(settings, idle.db, SlackPlatform, idle.desk))
    body = json.dumps(typed("through asgi"))
    server = AsgiServer(app)
    await server.start()
    assert await server.ask("POST", PATH, body.encode(), signed(body)) == (200, b"")
    status, health = await server.ask("GET", HEALTH, b"", {})
    assert (status, json.loads(health)["ok"]) == (200, True)
    await server.stop()
    assert [event.text for event in idle.desk.of("message")] == ["through asgi"]


class AsgiServer:
    """As little of an ASGI server as a test needs: it asks, and keeps what the app sends."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app
        self._in: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._out: asyncio.Queue[Any] = asyncio.Queue()

    async def start(self) -> None:
        self._life = asyncio.create_task(self._app({"type": "lifespan"}, self._in.get, self._out.put))
        self._in.put_nowait({"type": "lifespan.startup"})
        assert (await self._out.get())["type"] == "lifespan.startup.complete"

    async def stop(self) -> None:
        self._in.put_nowait({"type": "lifespan.shutdown"})
        assert (await self._out.get())["type"] == "lifespan.shutdown.complete"
        await self._life

    async def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        half = len(body) // 2
        parts = [
            {"type": "http.request", "body": body[:half], "more_body": True},
            {"type": "http.request", "body": body[half:]},
        ]
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return parts.pop(0)

        async def give(message: Any) -> None:
            sent.append(message)

        named = [(name.encode(), value.encode()) for name, value in headers.items()]
        await self._app({"type": "http", "method": method, "path": path, "headers": named}, receive, give)
        return sent[0]["status"], sent[1]["body"]


async def test_health_is_asked_of_whoever_knows(idle: World) -> None:
    async def ill() -> Health:
        return Health(database="The database does not answer.", sender="not known")

    reply = await Door(None, ill).answer(Request("GET", HEALTH, {}, b""))  # type: ignore[arg-type]
    assert reply.status == 503
    assert json.loads(reply.body) == {
        "ok": False,
        "database": "The database does not answer.",
        "sender": "not known",
        "records": "ok",
        "platform": "ok",
    }


def test_a_text_that_cannot_be_read_is_said_and_takes_nobody_off_the_line() -> None:
    health = Health(records="1 kept texts cannot be read. unitbot verify names them.")
    assert health.ok
    assert "unitbot verify" in health.as_json()["records"]


def test_the_manifest_names_the_address_for_everything() -> None:
    made = manifest(url="https://bot.example.org")
    door = "https://bot.example.org/slack/events"
    assert made["settings"]["event_subscriptions"]["request_url"] == door
    assert made["settings"]["interactivity"]["request_url"] == door
    assert {command["url"] for command in made["features"]["slash_commands"]} == {door}
    assert made["settings"]["socket_mode_enabled"] is False
    assert manifest()["settings"]["socket_mode_enabled"] is True
    with pytest.raises(ValueError, match="https"):
        manifest(url="http://bot.example.org")
