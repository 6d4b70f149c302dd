"""The world of the bot's own tests, not yet connected and connected."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database.db import Database
from storage.unit import people, units
from tests.worlds.on_the_line import ANN, BEN, CONFIG, UNIT, Desk, World
from tests.worlds.practised import workspace_with


@pytest.fixture
async def idle(db: Database, tmp_path: Path) -> AsyncIterator[World]:
    """The workspace and the database, with the bot not yet connected."""
    with db.write() as session:
        now = datetime.now(UTC)
        unit = units.add_unit(session, name="Kestrel Unit", channel=UNIT, now=now)
        for chat_user, name, roles in ((ANN, "Ann", ["unit_coordinator"]), (BEN, "Ben", ["social_worker"])):
            person = people.add_person(session, chat_user=chat_user, name=name)
            people.add_member(session, unit_id=unit.id, person_id=person.id, roles=roles, on=now.date())
    async with AsyncExitStack() as stack:
        server, practice = await workspace_with(CONFIG, tmp_path, stack)
        yield World(server, practice, db, tmp_path, stack, Desk())


@pytest.fixture
async def world(idle: World) -> World:
    """The bot is connected."""
    await idle.connect()
    return idle
