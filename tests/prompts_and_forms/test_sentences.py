"""Sentences are told apart by their names, and whoever says one fills in every gap it has."""

from __future__ import annotations

import ast
import importlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

ROOT = Path(__file__).parents[2]
FLOOR = ROOT / "prompts_and_forms"
SPEAKERS = ("bot", "handlers", "storage", "prompts_and_forms")


def test_no_file_of_sentences_gives_a_name_twice() -> None:
    """A second one of the same name would be read in both places."""
    twice = [
        f"{path.relative_to(FLOOR)}: {name}"
        for path in FLOOR.rglob("*.py")
        for name, times in Counter(_names(path)).items()
        if times > 1
    ]
    assert twice == []


def test_every_gap_of_a_sentence_is_filled_where_it_is_said() -> None:
    wrong, said = [], 0
    for path in (path for floor in SPEAKERS for path in (ROOT / floor).rglob("*.py")):
        for line, sentence, given in _said(path):
            said += 1
            if _gaps(sentence) - given:
                wrong.append(f"{path.relative_to(ROOT)}:{line}: {sentence!r} has no {_gaps(sentence) - given}")
    assert wrong == []
    assert said > 300


def _names(path: Path) -> list[str]:
    top = ast.parse(path.read_text(encoding="utf-8")).body
    assigned = (node.targets for node in top if isinstance(node, ast.Assign))
    return [one.id for targets in assigned for one in targets if isinstance(one, ast.Name) and one.id.isupper()]


def _said(path: Path) -> Iterator[tuple[int, str, set[str]]]:
    """Each `wording.SENTENCE.format(name=...)` of a file: its line, the sentence and the names that are given."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    known = dict(_sentence_files(tree))
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(value=ast.Name(id=file), attr=name), attr="format"),
                args=[],
                keywords=given,
            ) if file in known and all(one.arg for one in given):
                sentence = getattr(importlib.import_module(known[file]), name)
                if isinstance(sentence, str):
                    yield node.lineno, sentence, {str(one.arg) for one in given}


def _sentence_files(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("prompts_and_forms"):
            for one in node.names:
                if (FLOOR.parent / (node.module or "").replace(".", "/") / f"{one.name}.py").is_file():
                    yield one.asname or one.name, f"{node.module}.{one.name}"


def _gaps(sentence: str) -> set[str]:
    return {name.partition(".")[0].partition("[")[0] for _, name, _, _ in Formatter().parse(sentence) if name}
