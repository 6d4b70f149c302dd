"""The same on PostgreSQL, with a process that takes Teams' requests and a worker that posts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database.db import Database
from storage.database.vault import Vault
from tests.bot.teams import test_invokes as invokes
from tests.bot.teams import test_meeting_on_teams as meeting
from tests.bot.teams import test_uploads_and_check as uploads
from tests.worlds.storage_world import PostgresServer
from tests.worlds.teams.world import CHANNEL, KEY, OnTeams, load_on_teams, teams_world

REF = "K3107C"
THE_SAME = (
    meeting.test_a_family_has_a_post_and_its_cards_are_replies_to_it,
    meeting.test_a_form_opens_as_a_dialog_stays_with_its_faults_and_is_saved,
    meeting.test_what_is_typed_in_a_thread_is_saved_edited_deleted_and_brought_back,
    meeting.test_what_teams_did_not_tell_is_read_back_before_a_family_is_finished,
    meeting.test_home_is_one_message_that_is_changed_in_its_place,
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
