"""The sample unit, read once for all the tests of a process: its file is long, and what is read is never changed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from storage.unit_file import UnitFile, read_unit_file

SAMPLE = Path(__file__).parents[1] / "bot" / "practice" / "kestrel_unit.yaml"


@cache
def sample_unit() -> UnitFile:
    return read_unit_file(SAMPLE)
