"""The room the journeys happen in: made once with both units in it, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from storage.database.db import Database
from storage.database.vault import Vault
from tests.worlds.practised import (
    KEY,
    NINE_THIRTY,
    Prepared,
    Room,
    both_units,
    load_both,
    workspace_of_both,
    workspace_with,
)


@pytest.fixture(scope="session")
def prepared(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Both units, loaded once."""
    path = tmp_path_factory.mktemp("units") / "units.db"
    shutil.copy(empty_database, path)
    db = Database.open(f"sqlite:///{path}", Vault(KEY))
    kestrel, heron = load_both(db)
    db.close()
    users = {member.id: member.chat_user for file in both_units() for member in file.members}
    return path, kestrel, heron, workspace_of_both(), users


@pytest.fixture
async def idle(prepared: Prepared, tmp_path: Path) -> AsyncIterator[Room]:
    """The workspace on the morning of the meeting, the bot not yet connected."""
    path, kestrel, heron, config, users = prepared
    for beside in path.parent.glob("units.db*"):
        shutil.copy(beside, tmp_path / beside.name)
    db = Database.open(f"sqlite:///{tmp_path / path.name}", Vault(KEY))
    async with AsyncExitStack() as stack:
        stack.callback(db.close)
        server, practice = await workspace_with(config, tmp_path, stack)
        room = Room(server, practice, db, tmp_path, stack, kestrel, heron, users)
        await room.clock(NINE_THIRTY)
        yield room


@pytest.fixture
async def room(idle: Room) -> Room:
    """The bot is connected, no meeting is open yet."""
    await idle.connect()
    await idle.settle()
    return idle


@pytest.fixture
async def meeting(room: Room) -> Room:
    """Kestrel's meeting is open."""
    await room.open_meeting()
    return room
