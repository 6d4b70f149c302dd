"""A public function says in a line what it answers: whoever calls it need not read it."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FLOORS = ("bot", "handlers", "storage", "prompts_and_forms")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def test_every_public_function_says_what_it_answers() -> None:
    """A protocol's methods are told by the protocol, and a method that stands in for another by the first."""
    silent = [
        f"{path.relative_to(ROOT)}: {'.'.join((*classes, function.name))}"
        for floor in FLOORS
        for path in sorted((ROOT / floor).rglob("*.py"))
        if path.parent.name != "versions"
        for classes, function in _public(ast.parse(path.read_text(encoding="utf-8")).body)
        if not ast.get_docstring(function) and not (classes and _told_elsewhere(path, classes, function.name))
    ]
    assert silent == []


def _public(body: list[ast.stmt], classes: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Function]]:
    for node in body:
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body, (*classes, node.name))
            else:
                yield classes, node
        elif isinstance(node, ast.If | ast.Try):
            yield from _public(node.body, classes)


def _told_elsewhere(path: Path, classes: tuple[str, ...], name: str) -> bool:
    found = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    for one in classes:
        found = getattr(found, one)
    return getattr(found, "_is_protocol", False) or any(name in vars(base) for base in found.__mro__[1:])
