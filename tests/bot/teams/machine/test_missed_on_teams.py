"""What Teams did not tell is found by looking: again and again while a thread is open, and not too soon."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.practice.sample.unit_file import LoadedUnit
from bot.teams.platform import TeamsPlatform
from tests.worlds.teams.world import CHANNEL, OnTeams, copied, teams_world
from tests.worlds.until import until

REF = "K3107C"


@pytest.fixture
async def swept(
    loaded: tuple[Path, LoadedUnit], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[OnTeams]:
    """A bot that looks every moment."""
    monkeypatch.setattr(TeamsPlatform, "sweep_every", 0.05)
    db = copied(loaded[0], tmp_path)
    try:
        async with teams_world(tmp_path, db, loaded[1]) as made:
            yield made
    finally:
        db.close()


async def _come_to(world: OnTeams, *notes: tuple[str, str]) -> None:
    """Waits until the notes are these."""
    await until(lambda: asyncio.to_thread(lambda: world.notes() == list(notes)), lambda: len(world.connector.calls))


async def test_what_was_typed_edited_deleted_and_brought_back_unheard_is_found_in_time(swept: OnTeams) -> None:
    root = await swept.start(REF)
    note = swept.hands.type_unheard(swept.id("marisol"), CHANNEL, "Mum rang the school", root=root)
    await _come_to(swept, ("Mum rang the school", "kept"))
    await swept.hands.edit(note, "Mum rang the school twice", heard=False)
    await _come_to(swept, ("Mum rang the school twice", "kept"))
    await swept.hands.delete(note, heard=False)
    await _come_to(swept, ("", "deleted"))
    await swept.hands.undelete(note, heard=False)
    await _come_to(swept, ("Mum rang the school twice", "kept"))
    await swept.hands.delete(note, heard=False)
    await _come_to(swept, ("", "deleted"))


async def test_a_message_brought_back_unheard_is_found_before_a_family_is_finished(world: OnTeams) -> None:
    root = await world.start(REF)
    note = await world.say("marisol", "Mum rang the school", root=root)
    await world.hands.delete(note)
    await world.hands.undelete(note, heard=False)
    reconciler = world.web.platform.reconciler
    assert await reconciler.reconcile() == 1
    assert world.notes() == [("Mum rang the school", "kept")]
    assert await reconciler.reconcile() == 0


async def test_a_message_graph_does_not_know_to_be_deleted_yet_stays_deleted(world: OnTeams) -> None:
    root = await world.start(REF)
    note = await world.say("marisol", "Mum rang the school", root=root)
    await world.hands.send(world.hands.about(note, "messageDelete", "softDeleteMessage"))
    assert await world.web.platform.reconciler.reconcile() == 0
    assert world.notes() == [("", "deleted")]


async def test_a_message_brought_back_and_heard_of_is_not_found_again(world: OnTeams) -> None:
    root = await world.start(REF)
    note = await world.say("marisol", "Mum rang the school", root=root)
    await world.hands.delete(note)
    await world.hands.undelete(note)
    assert world.notes() == [("Mum rang the school", "kept")]
    assert await world.web.platform.reconciler.reconcile() == 0


async def test_nobody_asks_graph_while_no_thread_is_open(swept: OnTeams) -> None:
    before = len(swept.connector.calls)
    await swept.say("pippa", "Good morning")
    await asyncio.sleep(0.2)
    assert not [call for call in swept.connector.calls[before:] if call.path.endswith("/replies")]
