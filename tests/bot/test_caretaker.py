"""/healthz and /metrics on a port of their own, the same whichever part of the bot a process is."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from functools import partial

import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families
from sqlmodel import Session

from bot.commands.health import ask
from bot.http import Web
from bot.service import Service
from bot.settings import SettingsTrouble, new_key, read_settings
from bot.slack.platform import SlackPlatform
from bot.trouble import CannotStart
from bot.worker import Worker
from prompts_and_forms.card import card, say
from storage.database.db import DatabaseMissing
from tests.worlds.on_the_line import ANN, UNIT, World

ANYWHERE = ("127.0.0.1", 0)
GOOD = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "UNITBOT_KEY": new_key()}
PARTS: dict[str, Callable[..., Service]] = {
    "run": Service,
    "serve": partial(Web, address=ANYWHERE),
    "worker": Worker,
}


@pytest.fixture(params=PARTS)
async def service(idle: World, request: pytest.FixtureRequest) -> AsyncIterator[Service]:
    settings = idle.settings.model_copy(update={"health": ANYWHERE, "signing_secret": "s"})
    service = PARTS[request.param](settings, idle.db, SlackPlatform, idle.desk)
    await service.start()
    idle.service = service
    yield service
    await service.stop()


async def asked(service: Service, path: str) -> tuple[int, str]:
    assert service.caretaker is not None
    async with ClientSession() as http, http.get(f"http://127.0.0.1:{service.caretaker.port}{path}") as reply:
        return reply.status, await reply.text()


async def measured(service: Service) -> dict[tuple[str, ...], float]:
    status, text = await asked(service, "/metrics")
    assert status == 200
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_every_part_of_the_bot_says_how_it_is(service: Service) -> None:
    status, words = await asked(service, "/healthz")
    assert (status, '"ok": true' in words) == (200, True)
    found = await measured(service)
    assert found["unitbot_good", "database"] == found["unitbot_good", "platform"] == 1
    assert found["unitbot_texts_unreadable",] == found["unitbot_meetings_open",] == 0


async def test_turns_are_counted_by_kind_and_what_waits_by_priority(idle: World, service: Service) -> None:
    await service.ticker.tick()
    if isinstance(service, Web):
        await idle.say("test:hello", card("Hello", say("Hello")))
    found = await measured(service)
    assert found["unitbot_turns_total", "done", "tick"] >= 1
    assert found["unitbot_messages_waiting", "meeting"] == (1 if isinstance(service, Web) else 0)


async def test_numbers_hold_no_words_and_no_names(idle: World, service: Service) -> None:
    await idle.say("test:hello", card("Hello", say("The father said so")))
    for path in ("/metrics", "/healthz"):
        _status, text = await asked(service, path)
        assert not [word for word in ("father", UNIT, ANN, "xoxb", "sqlite", "/tmp") if word in text]


async def test_a_silent_database_is_a_number_and_no_error(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(_work: Callable[[Session], object]) -> object:
        raise DatabaseMissing("not there")

    monkeypatch.setattr(service.runtime, "read", silent)
    assert (await asked(service, "/healthz"))[0] == 503
    found = await measured(service)
    assert found["unitbot_good", "database"] == 0
    assert ("unitbot_meetings_open",) not in found


async def test_a_command_asks_it_for_whoever_looks_after_the_bot(service: Service) -> None:
    assert service.caretaker is not None
    given = {"HEALTH_PORT": str(service.caretaker.port)}
    lines, good = await asyncio.to_thread(ask, given)
    assert (good, lines[0]) == (True, "good   the database: ok")


@pytest.mark.parametrize(
    ("port", "words"), [("", "Set HEALTH_PORT"), ("soon", "Set HEALTH_PORT"), ("1", "Nobody answers")]
)
def test_a_bot_that_does_not_run_is_said_in_words(port: str, words: str) -> None:
    lines, good = ask({"HEALTH_PORT": port})
    assert not good
    assert lines[0].startswith(words)


async def test_nothing_else_is_answered(service: Service) -> None:
    assert (await asked(service, "/slack/events"))[0] == 404


async def test_a_taken_port_is_said_in_words(idle: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = idle.settings.model_copy(update={"health": ("127.0.0.1", port)})
        service = Worker(settings, idle.db, SlackPlatform, idle.desk)
        with pytest.raises(CannotStart, match=f"port {port}. Set HEALTH_PORT"):
            await service.start()
        await service.stop()


def test_it_listens_only_where_it_is_told_to() -> None:
    assert read_settings(GOOD).health is None
    assert read_settings(GOOD | {"HEALTH_PORT": "9100"}).health == ("127.0.0.1", 9100)
    assert read_settings(GOOD | {"HEALTH_PORT": "9100", "HEALTH_HOST": "0.0.0.0"}).health == ("0.0.0.0", 9100)
    for wrong in ("soon", "70000", "-1", "٩١٠٠"):
        with pytest.raises(SettingsTrouble, match="HEALTH_PORT: a number"):
            read_settings(GOOD | {"HEALTH_PORT": wrong})
