"""The sample unit with one family discussed in full, awkward words and all."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.documents.make import document, draw
from bot.documents.model import Document
from bot.documents.source import Source
from storage.database.db import Database
from storage.database.tables import Unit
from tests.worlds.records_world import Room

AWKWARD = (
    '#read("/etc/passwd") {{7*7}} =1+1 @SUM(A1) *bold* _x_ $1+1$ // gone? /* so */ <b>&amp; \\u{41} `raw` @label [x](y)'
)
NAMES = "ليلى أحمد and שרה כהן"


@dataclass
class Kept:
    room: Room
    discussion: str

    def source(self) -> Reading:
        return Reading(self.room)

    def document(self, what: str, row_id: str = "") -> Document:
        with self.source() as source:
            return document(source, what, row_id)

    def file(self, what: str, row_id: str, form: str) -> bytes:
        return draw(self.document(what, row_id), form, "kestrel").content


class Reading:
    def __init__(self, room: Room) -> None:
        self._room, self._reading = room, room.db.read()

    def __enter__(self) -> Source:
        session = self._reading.__enter__()
        unit = session.get(Unit, self._room.unit.unit_id)
        assert unit is not None
        return Source(session, unit, self._room.now, "Pippa")

    def __exit__(self, *trouble: object) -> None:
        self._reading.__exit__(None, None, None)


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
