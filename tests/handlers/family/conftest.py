"""A unit with one family, and Ben who looks after both."""

from __future__ import annotations

import pytest

from storage.database.db import Database
from tests.worlds.setting_up import Seat, a_family, heron_unit


@pytest.fixture
def unit_id(db: Database) -> str:
    return heron_unit(db)


@pytest.fixture
def ben(db: Database, unit_id: str) -> Seat:
    return Seat(db, "UBEN")


@pytest.fixture
def family_id(db: Database, unit_id: str) -> str:
    return a_family(db, unit_id)
