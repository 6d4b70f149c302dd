"""A newcomer finds their way: small folders, files of one sitting, functions of one screen that say what they do."""

from __future__ import annotations

import ast
import importlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FLOORS = ("bot", "handlers", "storage", "prompts_and_forms")
IN_A_FOLDER, LINES, LINES_OF_A_FUNCTION = 20, 450, 60
LISTS = (Path("prompts_and_forms/forms/files"), Path("storage/migrations/versions"))
"""One file a form and one a step of the database, found by their key: these folders grow and nobody gets lost."""
Function = ast.FunctionDef | ast.AsyncFunctionDef
NOT_OURS = ("__pycache__", ".pyc")


def test_no_folder_has_more_than_twenty_files_of_its_own() -> None:
    folders = Counter(path.relative_to(ROOT).parent for floor in (*FLOORS, "tests") for path in _files(floor))
    assert {str(name): many for name, many in folders.items() if many > IN_A_FOLDER and name not in LISTS} == {}


def test_no_file_is_longer_than_can_be_read_in_one_sitting() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in _sources()}
    assert {str(path.relative_to(ROOT)): length for path, length in lengths.items() if length > LINES} == {}


def test_every_function_fits_a_screen() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in _sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_every_public_function_says_what_it_answers() -> None:
    """A protocol's methods are told by the protocol, and a method that stands in for another by the first."""
    silent = [
        f"{path.relative_to(ROOT)}: {'.'.join((*classes, function.name))}"
        for path in _sources()
        for classes, function in _public(ast.parse(path.read_text(encoding="utf-8")).body)
        if not ast.get_docstring(function) and not (classes and _told_elsewhere(path, classes, function.name))
    ]
    assert silent == []


def _files(floor: str) -> list[Path]:
    found = (path for path in (ROOT / floor).rglob("*") if path.is_file())
    return [path for path in found if not set(NOT_OURS) & {*path.parts, path.suffix} and path.name != "__init__.py"]


def _sources() -> list[Path]:
    """Files of Python written by hand; a step of the database is written once and never read through again."""
    paths = [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")]
    return [path for path in paths if path.relative_to(ROOT).parent not in LISTS]


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
