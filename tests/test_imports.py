"""Files are read one at a time: none imports in a circle, and below bot no import waits in a function."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[1]
FLOORS = ("prompts_and_forms", "storage", "handlers", "bot")
BELOW_BOT = FLOORS[:-1]


def test_no_two_files_need_each_other() -> None:
    graph = {name: set(_imported(_nodes(path), files)) - {name} for files in [_files()] for name, path in files.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        raise AssertionError("These files import each other: " + " <- ".join(circle.args[1])) from None


def test_below_the_bot_every_import_of_ours_is_at_the_top_of_its_file() -> None:
    files = _files()
    late = [
        f"{name} imports {imported} inside {function.name}()"
        for name, path in files.items()
        if name.split(".")[0] in BELOW_BOT
        for function in _nodes(path)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for imported in _imported(tuple(ast.walk(function)), files)
    ]
    assert late == []


@cache
def _files() -> dict[str, Path]:
    paths = [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def _imported(nodes: tuple[ast.AST, ...], files: dict[str, Path]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in files)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names} & files.keys()
            yield from inner or ({node.module} & files.keys())


def test_no_module_of_tests_is_imported_by_another() -> None:
    """What several of them need is built in tests/worlds; a conftest has the fixtures of its folder alone."""
    borrowed = [
        f"{path.relative_to(ROOT)} imports {node.module}"
        for folder in ("tests", "bench")
        for path in (ROOT / folder).rglob("*.py")
        for node in _nodes(path)
        if isinstance(node, ast.ImportFrom) and re.search(r"\.(test_|conftest\b)", node.module or "")
    ]
    assert borrowed == []
