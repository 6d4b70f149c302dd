"""A button says at its route whether it answers with a form or with words: some platforms must know before the press.

What a handler can answer with is read from its source: everything it names, and everything that names in its turn.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from handlers import routes
from handlers.turn import EventKind

ROOT = Path(__file__).parents[2]
TURN = "handlers.turn"
FORMS, WORDS, AT_ONCE = {"Ask", "Window"}, {"Note"}, {"Nothing"}

Name = tuple[str, str]


@cache
def functions() -> dict[Name, ast.FunctionDef]:
    found: dict[Name, ast.FunctionDef] = {}
    for module, tree in _trees().items():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                found[module, node.name] = node
    return found


@cache
def _trees() -> dict[str, ast.Module]:
    paths = sorted((ROOT / "handlers").rglob("*.py"))
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
        for path in paths
    }


@cache
def _imported(module: str) -> dict[str, Name]:
    found: dict[str, Name] = {}
    for node in ast.walk(_trees()[module]):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {one.asname or one.name: (node.module, one.name) for one in node.names}
    return found


def _meant(module: str, node: ast.AST) -> Name | None:
    if isinstance(node, ast.Name):
        own = (module, node.id)
        return own if own in functions() else _imported(module).get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        package, name = _imported(module).get(node.value.id, ("", ""))
        return (f"{package}.{name}", node.attr)
    return None


@cache
def _named_in(function: Name) -> frozenset[Name]:
    node = functions().get(function)
    if node is None:
        return frozenset()
    named = (_meant(function[0], part) for part in ast.walk(node))
    return frozenset(name for name in named if name is not None and (name in functions() or name[0] == TURN))


def answers_of(function: Name) -> set[str]:
    """The answers a function can give, by name."""
    seen: set[Name] = set()
    ahead = [function]
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead += _named_in(name)
    return {name for module, name in seen if module == TURN}


def buttons() -> dict[str, set[str]]:
    """What each button can be answered with."""
    found: dict[str, set[str]] = {}
    for name, node in functions().items():
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "button":
                action = ast.literal_eval(decorator.args[0])
                found[action] = found.get(action, set()) | answers_of(name)
    return found


def test_every_button_that_opens_says_so_and_no_other_does() -> None:
    every = buttons()
    assert set(every) == routes.handled(EventKind.BUTTON)
    opening = {
        action for action, answers in every.items() if answers & FORMS or (answers & WORDS and not answers & AT_ONCE)
    }
    declared = {action for action in every if routes.opens(action)}
    assert declared - opening == set()
    assert opening - declared == set()
