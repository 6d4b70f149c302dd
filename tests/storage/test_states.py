"""A state is compared with the word of its closed set, never with one that could be misspelt and match nothing."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMES = {"state", "status", "to_state", "from_state"}


def test_no_state_is_compared_with_or_set_to_a_word_of_its_own() -> None:
    loose = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for floor in ("bot", "handlers", "storage", "prompts_and_forms")
        for path in (ROOT / floor).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if _compares(node) or _sets(node)
    ]
    assert loose == []


def _compares(node: ast.AST) -> bool:
    if not isinstance(node, ast.Compare):
        return False
    sides = [node.left, *node.comparators]
    return any(map(_is_state, sides)) and any(map(_is_word, sides))


def _sets(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and any(map(_is_state, node.targets)) and _is_word(node.value)


def _is_state(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in NAMES


def _is_word(node: ast.AST) -> bool:
    if isinstance(node, ast.Tuple | ast.Set | ast.List):
        return any(map(_is_word, node.elts))
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != ""
