"""A name in a file of sentences means one sentence: a second one of the same name would be read in both places."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

FLOOR = Path(__file__).parents[2] / "prompts_and_forms"


def test_no_file_of_sentences_gives_a_name_twice() -> None:
    twice = [
        f"{path.relative_to(FLOOR)}: {name}"
        for path in FLOOR.rglob("*.py")
        for name, times in Counter(_names(path)).items()
        if times > 1
    ]
    assert twice == []


def _names(path: Path) -> list[str]:
    top = ast.parse(path.read_text(encoding="utf-8")).body
    assigned = (node.targets for node in top if isinstance(node, ast.Assign))
    return [one.id for targets in assigned for one in targets if isinstance(one, ast.Name) and one.id.isupper()]
