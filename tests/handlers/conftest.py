"""The room the handlers' tests happen in."""

from __future__ import annotations

import pytest

from storage.db import Database
from tests.handlers.records_world import Room


@pytest.fixture
def room(db: Database) -> Room:
    return Room(db)
