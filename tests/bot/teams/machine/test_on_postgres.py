"""The same on PostgreSQL, with a process that takes Teams' requests and a worker that posts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from storage.database.bodies import ActionBody
from storage.database.db import Database
from storage.database.tables import Action
from storage.database.vault import Vault, unseal
from tests.bot.teams import test_invokes as invokes
from tests.bot.teams import test_uploads_and_check as uploads
from tests.worlds.storage_world import PostgresServer
from tests.worlds.teams.world import CHANNEL, KEY, OnTeams, load_on_teams, teams_world, words

REF = "K3107C"
THE_SAME = (
    invokes.test_the_same_form_sent_twice_with_other_ids_is_saved_once,
    invokes.test_the_same_press_twice_at_once_is_handled_once,
    uploads.test_a_document_comes_to_their_files_once_they_say_yes,
)


@pytest.fixture
async def world(postgres: PostgresServer, tmp_path: Path) -> AsyncIterator[OnTeams]:
    db = Database.open(postgres.new_database(), Vault(KEY))
    try:
        unit = load_on_teams(db)
        async with teams_world(tmp_path, db, unit, whole=False) as made:
            yield made
    finally:
        db.close()


async def test_a_meeting_goes_its_way(world: OnTeams) -> None:
    root = await world.start(REF)
    assert any("Last seen" in text for text in world.posts(CHANNEL, root))
    dialog = await world.open_form("devan", "stage.more", choose="form:action")
    wrong = await world.submit("devan", dialog, due="2026-12-01")
    assert "This is not saved yet" in words(wrong.dialog)
    await world.submit("devan", wrong.dialog, text="Ring the school")
    with world.db.read() as session:
        assert "Ring the school" in [unseal(session, one, ActionBody).text for one in session.exec(select(Action))]
    note = await world.say("marisol", "Mum rang", root=root)
    await world.hands.edit(note, "Mum rang twice")
    await world.hands.delete(note)
    assert world.notes() == [("", "deleted")]
    await world.hands.undelete(note)
    assert world.notes() == [("Mum rang twice", "kept")]
    world.hands.type_unheard(world.id("devan"), CHANNEL, "Nobody told the bot", root=root)
    assert await world.web.platform.reconciler.reconcile() == 1
    assert world.notes() == [("Mum rang twice", "kept"), ("Nobody told the bot", "kept")]


@pytest.mark.parametrize("same", THE_SAME, ids=lambda one: one.__name__.removeprefix("test_"))
async def test_it_is_the_same_on_postgresql(world: OnTeams, same: object) -> None:
    await same(world)  # type: ignore[operator]


async def test_words_delivered_several_times_at_once_are_saved_once(world: OnTeams) -> None:
    root = await world.start(REF)
    notes = [world.hands.type_unheard(world.id("marisol"), CHANNEL, f"Note {n}", root=root) for n in range(4)]
    said = [world.hands.said(note, "message") for note in notes for _ in range(3)]
    answers = await asyncio.gather(*map(world.hands.send, said))
    assert {one.status for one in answers} <= {200, 503}
    await world.settle()
    for one, answer in zip(said, answers, strict=True):
        if answer.status == 503:
            assert (await world.hands.send(one)).status == 200
    assert sorted(world.notes()) == [(f"Note {n}", "kept") for n in range(4)]
