"""The papers about safety, privacy and security name files and tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.licences import lines

ROOT = Path(__file__).parents[1]
HAZARDS = (ROOT / "docs/safety/hazards.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in row.strip("|").split("|")] for row in HAZARDS.splitlines() if row.startswith("| H")]
PAPERS = [*(ROOT / "docs/safety").iterdir(), *(ROOT / "docs/privacy").iterdir()]
PAPERS += [ROOT / "docs" / name for name in ("security.md", "accessibility.md", "retention.md", "subject-access.md")]
PAPERS.append(ROOT / "SECURITY.md")
NAMED = re.compile(r"`((?:tests|bot|handlers|storage|prompts_and_forms|docs)/[\w./-]+)(?:::(\w+))?`")
LINKED = re.compile(r"\]\(([^)#]+)[^)]*\)")


def test_hazards_are_numbered_without_a_gap() -> None:
    assert [row[0] for row in ROWS] == [f"H{number}" for number in range(1, len(ROWS) + 1)]
    assert len(ROWS) >= 12


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_hazard_has_a_cause_a_control_a_test_and_something_for_people(row: list[str]) -> None:
    number, hazard, cause, weight, control, tests, people = row
    assert all((hazard, cause, weight, people)), number
    assert [path for path, _test in NAMED.findall(control) if not path.startswith("tests/")], number
    assert [path for path, _test in NAMED.findall(tests) if path.startswith("tests/")], number


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_every_file_and_test_that_is_named_is_there(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    for path, test in NAMED.findall(text):
        assert (ROOT / path).exists(), path
        assert not test or f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), test
    for target in LINKED.findall(text):
        assert "://" in target or (paper.parent / target).exists(), target


def test_every_package_says_its_licence() -> None:
    found = lines()
    assert len(found) > 20
    assert [line for line in found if not line.split("\t")[2]] == []
