"""The sample unit with one family discussed in full, awkward words and all."""

from __future__ import annotations

import pytest

from storage.database.db import Database
from tests.worlds.papers import AWKWARD, NAMES, Kept
from tests.worlds.records_world import Room


@pytest.fixture
def kept(db: Database) -> Kept:
    room = Room(db)
    found = room.discuss("K3107C")
    room.record("devan", "safety", found, {"immediate_concern": False, "worries": [AWKWARD, NAMES]})
    room.record(
        "devan",
        "action",
        found,
        {"text": f"Visit {NAMES}", "owner": room.people["devan"], "due": room.day(7), "how_we_know": AWKWARD},
    )
    return Kept(room, found)
