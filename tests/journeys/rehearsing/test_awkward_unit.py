"""A unit with everything that is awkward to save is played through the real connection, on both platforms."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.practice.rehearsal.rehearse import rehearse
from bot.settings import SLACK, TEAMS
from tests.worlds.practised import both_units


@pytest.mark.parametrize("platform", [SLACK, TEAMS])
async def test_an_awkward_unit_is_kept_as_written_too(tmp_path: Path, platform: str) -> None:
    outcome = await rehearse(both_units()[1], tmp_path, f"sqlite:///{tmp_path}/unit.db", platform=platform)
    assert outcome.faults == []
