"""A document somebody asked for comes to their direct messages, once, or a sentence says why not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.clock import Clock
from bot.practice.config import Person as Account
from bot.practice.config import Room, from_manifest
from bot.practice.seat import Practice
from bot.practice.server import PracticeServer
from bot.practice.slack.store import Store
from bot.practice.slack.workspace import Workspace
from bot.process import running
from bot.runtime import Runtime
from bot.sending.lease import lease_held
from bot.service import Service
from bot.settings import Settings
from bot.slack.manifest import manifest
from handlers.documents import Asked, key_of
from storage.database.db import Database
from storage.database.tables import Person
from storage.database.tables_machinery import OutboxMessage
from storage.messages import delivery, outbox
from tests.worlds.papers import Kept, drawn
from tests.worlds.records_world import CHANNEL
from tests.worlds.sample import sample_unit
from tests.worlds.until import patience, until

Files = list[dict[str, Any]]


@dataclass
class Post:
    """The sample unit's workspace with the real bot."""

    kept: Kept
    server: PracticeServer
    practice: Practice
    service: Service

    async def ask(self, form: str = "pdf", what: str = "record", who: str = "pippa") -> str:
        room = self.kept.room
        row = self.kept.discussion if what == "record" else ""
        key = key_of(Asked(what, row, form, room.unit.unit_id, room.people[who]))
        with room.db.write() as session:
            person = session.get(Person, room.people[who])
            assert person is not None
            outbox.file(session, key, now=datetime.now(UTC), chat_user=person.chat_user)
        self.service.runtime.woken.set()
        return key

    async def settled(self) -> None:
        assert await self.service.settled(patience())
        await self.practice.settle(patience())

    async def messages(self, who: str = "pippa") -> list[dict[str, Any]]:
        with self.kept.room.db.read() as session:
            person = session.get(Person, self.kept.room.people[who])
            assert person is not None
            user = person.chat_user
        seat = self.practice.seat(user)
        return await seat.messages(await seat.direct_channel())

    async def files(self) -> Files:
        return [file for message in await self.messages() for file in message.get("files") or ()]

    async def calls(self, method: str) -> int:
        return sum(call["method"] == method for call in (await self.practice.ledger())["calls"])

    def state(self, key: str) -> str:
        with self.kept.room.db.read() as session:
            return session.exec(select(OutboxMessage.state).where(OutboxMessage.key == key)).one()


@pytest.fixture
async def post(kept: Kept, tmp_path: Path) -> AsyncIterator[Post]:
    members = [one for one in sample_unit().members if one.chat_user]
    accounts = tuple(Account(id=one.chat_user, name=one.id, real_name=one.name) for one in members)
    room = Room(id=CHANNEL, name="kestrel", members=(*(one.id for one in accounts), "U0UNITBOT"))
    config = from_manifest(manifest(), people=accounts, rooms=(room,))
    server = PracticeServer(Workspace(config, Store()), tmp_path / "clock.json")
    address = await server.start()
    settings = Settings(
        bot_token=config.bot_token,
        app_token=config.app_token,
        api_url=f"{address}/api/",
        database_url=str(kept.room.db.url),
        tiers=False,
        key=bytes(32),
        clock_file=tmp_path / "clock.json",
    )
    async with AsyncExitStack() as stack:
        stack.push_async_callback(server.close)
        practice = await stack.enter_async_context(Practice(address))
        service = await stack.enter_async_context(running(settings, kept.room.db))
        yield Post(kept, server, practice, service)


@pytest.mark.parametrize("form", ["pdf", "docx"])
async def test_it_comes_as_a_file_with_a_plain_name(post: Post, form: str) -> None:
    key = await post.ask(form)
    await post.settled()
    (file,) = await post.files()
    assert file["name"].startswith("kestrel-meeting-record-")
    assert file["name"].endswith(f".{form}")
    assert "K3107C" not in file["name"]
    assert file["size"] > 1000
    assert post.state(key) == "sent"
    (message,) = [one for one in await post.messages() if one.get("files")]
    assert "OFFICIAL-SENSITIVE" in message["text"]


async def test_a_genogram_comes_as_a_picture_with_its_words(post: Post) -> None:
    row = drawn(post.kept.room)
    post.service.runtime.woken.set()
    await post.settled()
    (message,) = [one for one in await post.messages("tomasz") if one.get("files")]
    (file,) = message["files"]
    assert file["mimetype"] == "image/png"
    assert file["name"].startswith("kestrel-genogram-")
    assert "Mother AD and Father CB are birth parents of TD, LD and RD." in file["alt_txt"]
    assert row not in file["name"]


async def test_a_list_comes_as_a_spreadsheet(post: Post) -> None:
    key = await post.ask("xlsx", what="caseload")
    await post.settled()
    (file,) = await post.files()
    assert file["name"].startswith("kestrel-caseload-")
    assert file["name"].endswith(".xlsx")
    assert post.state(key) == "sent"


async def test_an_answer_that_got_lost_does_not_bring_it_twice(post: Post) -> None:
    await post.practice.faults(drop_replies={"files.completeUploadExternal": 1})
    key = await post.ask()
    await post.settled()
    assert len(await post.files()) == 1
    assert post.state(key) == "sent"
    assert await post.calls("files.completeUploadExternal") == 1
    assert await post.calls("files.info") == 1


async def test_an_upload_that_was_never_shared_is_not_drawn_again(post: Post) -> None:
    await post.practice.faults(errors={"files.completeUploadExternal": ["internal_error"]})
    await post.ask()
    await post.settled()
    assert len(await post.files()) == 1
    assert await post.calls("files.getUploadURLExternal") == 1


@pytest.mark.parametrize("code", ["missing_scope", "file_uploads_disabled"])
async def test_where_slack_takes_no_files_a_sentence_says_so(post: Post, code: str) -> None:
    await post.practice.faults(errors={"files.getUploadURLExternal": [code]})
    key = await post.ask()
    await post.settled()
    assert any("does not take files" in str(one) for one in await post.messages())
    assert post.state(key) == "sent"


async def test_a_document_that_cannot_be_made_is_said_in_a_sentence(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    await post.ask()
    await post.settled()
    assert any("unit-meeting-bot[reports]" in str(one) for one in await post.messages())


async def test_who_left_the_unit_gets_nothing(post: Post) -> None:
    from storage.unit import people

    room = post.kept.room
    with room.db.write() as session:
        membership = people.membership(session, room.unit.unit_id, room.people["pippa"])
        assert membership is not None
        people.leave_unit(session, membership, room.now.date())
    key = await post.ask()
    await post.settled()
    assert await post.files() == []
    assert post.state(key) == "cancelled"


async def test_a_list_that_takes_longer_than_a_lease_is_not_drawn_a_second_time(db: Database) -> None:
    start, tenth = datetime.now(UTC), timedelta(seconds=0.1)
    runtime = Runtime(db, Clock())
    with db.write() as session:
        outbox.file(session, "file:list", now=start, chat_user="U1")
        claimed = delivery.claim(session, now=start, machine=start, lease=tenth)
    assert claimed is not None

    def taken_by_another() -> bool:
        with db.write() as session:
            machine = claimed.lease_until + tenth / 10
            return delivery.claim(session, now=start, machine=machine, lease=tenth) is not None

    def renewed() -> bool:
        with db.read() as session:
            until = session.exec(select(OutboxMessage.lease_until)).one()
            return until is not None and until > claimed.lease_until + tenth / 10

    try:
        async with lease_held(runtime, claimed):
            await until(renewed)
        assert not taken_by_another()
    finally:
        runtime.close()
