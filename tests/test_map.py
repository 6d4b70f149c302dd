"""docs/map.md leads to where it says: every file and room it names is there, and a change touches four at most."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAP = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")
ROWS = [row.strip("| ").split(" | ") for row in MAP.splitlines() if row.startswith("|") and "---" not in row]
CHANGES = {row[0]: row[1] for row in ROWS if len(row) == 2 and row[0] != "change"}
FLOORS = {row[0].strip("`"): re.findall(r"`([^`]+)`", row[2]) for row in ROWS if len(row) == 3 and row[0] != "floor"}
MOST_FILES = 4


def named(text: str) -> list[str]:
    """The paths in a piece of text; NAME stands for any name."""
    return [path.replace("NAME", "*") for path in re.findall(r"`([\w./]+/[\w./]*)`", text)]


def test_every_path_it_names_exists() -> None:
    assert [path for path in named(MAP) if "/" in path.rstrip("/") and not list(ROOT.glob(path))] == []


@pytest.mark.parametrize("floor", FLOORS)
def test_the_rooms_of_a_floor_are_there(floor: str) -> None:
    assert [room for room in FLOORS[floor] if not (ROOT / floor / room).is_dir()] == []


@pytest.mark.parametrize("floor", FLOORS)
def test_every_room_of_a_floor_is_named(floor: str) -> None:
    there = {f"{path.parent.name}/" for path in (ROOT / floor).glob("*/__init__.py")}
    assert there - set(FLOORS[floor]) == set()


def test_ten_changes_have_their_place() -> None:
    assert len(CHANGES) == 10


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_touches_four_files_at_most(change: str) -> None:
    assert 1 <= len(named(CHANGES[change])) <= MOST_FILES
