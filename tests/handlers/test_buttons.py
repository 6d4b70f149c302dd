"""Whatever can be pressed does something: each button drawn has a handler, and each handler a button."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from handlers import routes
from handlers.turn import EventKind

ROOT = Path(__file__).parents[2]
ACTION = re.compile(r"([a-z]+)\.[a-z_]+")
PUT_TOGETHER = {
    *(f"document.{form}" for form in ("pdf", "docx", "png", "json")),
    *(f"letter.{reader}" for reader in ("carers", "young")),
}
"""Names made where the buttons are drawn."""
ON_OLDER_MESSAGES = {
    "discussion.park": "a button on a stage's card, until the card had one menu for all of this",
    "record.choose": "the menu of further forms on a stage's card, until then",
    "stage.back": "a button on a stage's card, until then",
    "stage.go": "the menu of stages on a stage's card, until then",
    "nudge.open": "the menu of reminders on Home, until each was a line of its own",
}
"""No longer drawn, and why they are answered all the same: messages in the chat from before still carry them."""


def test_every_button_that_is_drawn_has_a_handler() -> None:
    assert {name: where for name, where in _drawn() if name not in _handled()} == {}


def test_every_action_that_is_named_exists() -> None:
    nouns = {name.partition(".")[0] for name in _handled()}
    named = {name for name, _registers in _words() if name.partition(".")[0] in nouns}
    assert named - _handled() == set()


def test_every_handler_of_a_button_can_be_reached() -> None:
    named = {name for name, registers in _words() if not registers}
    assert _handled() - named - PUT_TOGETHER == set(ON_OLDER_MESSAGES)


def _handled() -> frozenset[str]:
    return routes.handled(EventKind.BUTTON)


def _drawn() -> Iterator[tuple[str, str]]:
    """Names written where a button or a menu is made, and the file."""
    for path, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Button", "Menu"):
                for keyword in node.keywords:
                    if keyword.arg == "action" and isinstance(keyword.value, ast.Constant):
                        yield str(keyword.value.value), path.name


@cache
def _words() -> frozenset[tuple[str, bool]]:
    """Every word of the shape noun.verb in the program's text, and whether it registers a handler there."""
    return frozenset(word for _path, tree in _trees() for word in _words_in(tree))


def _words_in(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    calls = [call for function in functions for call in function.decorator_list if isinstance(call, ast.Call)]
    registering = {id(argument) for call in calls for argument in call.args}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and ACTION.fullmatch(node.value):
            yield node.value, id(node) in registering


@cache
def _trees() -> tuple[tuple[Path, ast.Module], ...]:
    paths = [path for floor in ("handlers", "prompts_and_forms") for path in (ROOT / floor).rglob("*.py")]
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths)
