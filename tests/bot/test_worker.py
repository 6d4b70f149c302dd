"""Workers: they post what waits and keep the clock without hearing anything from Slack; settings for each role."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.health import Heartbeat, look
from bot.settings import Role, SettingsTrouble, new_key, read_settings
from bot.slack.platform import SlackPlatform
from bot.worker import Worker
from prompts_and_forms.card import card, say
from storage.messages import outbox
from tests.worlds.command_line import in_a_process_of_its_own
from tests.worlds.on_the_line import UNIT, World
from tests.worlds.until import patience

POSTGRES = "postgresql://localhost/unitbot"


@pytest.fixture
async def worker(idle: World) -> AsyncIterator[Worker]:
    worker = Worker(idle.settings.model_copy(update={"app_token": ""}), idle.db, SlackPlatform, idle.desk)
    await worker.start()
    idle.service = worker
    yield worker
    await worker.stop()


async def test_a_worker_posts_what_waits(idle: World, worker: Worker) -> None:
    await idle.say("test:hello", card("Hello", say("Hello")))
    assert await worker.settled(patience())
    assert await idle.texts() == ["Hello"]


async def test_a_worker_keeps_the_clock_and_opens_no_socket(idle: World, worker: Worker) -> None:
    await idle.heard(1, "tick")
    assert len(idle.desk.of("tick")) == 1
    assert not idle.server.sockets.connected


async def test_two_workers_handle_a_minute_once_between_them(idle: World, worker: Worker) -> None:
    second = Worker(idle.settings, idle.db, SlackPlatform, idle.desk)
    await second.start()
    await asyncio.gather(worker.ticker.tick(), second.ticker.tick())
    await second.stop()
    minutes = [event.id for event in idle.desk.of("tick")]
    assert len(minutes) == len(set(minutes))


async def test_a_bot_whose_sender_stopped_says_so(idle: World, worker: Worker) -> None:
    async def breaks() -> None:
        raise RuntimeError("broken")

    worker._keep_going(breaks())
    await asyncio.wait_for(worker.broken.wait(), patience())


async def test_the_heartbeat_needs_two_looks_before_it_cries(idle: World, worker: Worker) -> None:
    """A clock moved by a week makes everything late for a moment."""
    sender = next(task for task in worker._tasks if task.get_coro().__qualname__ == "Delivery.run")
    sender.cancel()
    await asyncio.wait([sender])
    late = datetime.now(UTC) - timedelta(minutes=9)
    with idle.db.write() as session:
        outbox.say(session, "test:late", now=late, channel=UNIT)
    assert not (await look(worker.runtime)).ok
    heart = Heartbeat(worker.runtime, look_seconds=0.05)
    beating = asyncio.create_task(heart.run())
    await idle.until(lambda: heart.dead)
    beating.cancel()


async def test_a_bot_stops_writing_once_a_newer_version_has_changed_the_tables(idle: World, worker: Worker) -> None:
    with idle.db.write() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
        session.connection().execute(text("UPDATE schema_floor SET version = '9999'"))
    worker._keep_going(Heartbeat(worker.runtime, look_seconds=0.01).run())
    await asyncio.wait_for(worker.broken.wait(), patience())


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_all_that_is_missing_is_named_in_one_message(tmp_path: Path, command: str) -> None:
    done = in_a_process_of_its_own(tmp_path, command, PORT="many")
    assert done.returncode == 2
    named = ["SLACK_BOT_TOKEN", "UNITBOT_KEY", "DATABASE_URL: a PostgreSQL address"]
    named += ["SLACK_SIGNING_SECRET", "PORT"] if command == "serve" else []
    assert [name for name in named if name not in done.stderr] == []
    assert "SLACK_APP_TOKEN" not in done.stderr
    assert "Traceback" not in done.stderr


def test_each_role_asks_for_what_it_uses() -> None:
    given = {"SLACK_BOT_TOKEN": "xoxb-1", "UNITBOT_KEY": new_key(), "DATABASE_URL": POSTGRES}
    assert read_settings(given, Role.WORKER).app_token == ""
    served = read_settings(given | {"SLACK_SIGNING_SECRET": "s", "PORT": "8080"}, Role.SERVE)
    assert (served.signing_secret, served.port) == ("s", 8080)
    with pytest.raises(SettingsTrouble, match="SLACK_APP_TOKEN"):
        read_settings(given)


def test_a_file_is_not_for_several_processes() -> None:
    given = {"SLACK_BOT_TOKEN": "xoxb-1", "UNITBOT_KEY": new_key(), "DATABASE_URL": "sqlite:///unit.db"}
    with pytest.raises(SettingsTrouble, match="PostgreSQL"):
        read_settings(given, Role.WORKER)


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    given = {"SLACK_BOT_TOKEN": "xoxb-1", "UNITBOT_KEY": new_key(), "DATABASE_URL": "postgresql://127.0.0.1:1/none"}
    done = in_a_process_of_its_own(tmp_path, "worker", **given)
    assert done.returncode == 1
    assert "127.0.0.1" in done.stderr
    assert "Traceback" not in done.stderr
