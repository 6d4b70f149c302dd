"""Nothing that can be pressed leads nowhere: every button has a handler, and no handler waits for a press in vain."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from bot.slack import app
from handlers import routes
from handlers.turn import Event, EventKind
from tests.worlds.storage_world import NOW

ROOT = Path(__file__).parents[2]
MADE_UP = ("document.",)
"""Actions whose second word is put together when they are drawn."""


def test_every_button_drawn_has_a_handler() -> None:
    drawn = {
        word.value.value
        for tree in _trees()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for word in call.keywords
        if word.arg == "action" and isinstance(word.value, ast.Constant)
    }
    assert drawn - _handled() == set()
    assert len(drawn) > 100


def test_every_handler_of_a_press_is_drawn_somewhere() -> None:
    words = {word for tree in _trees() for word in _words(tree)}
    assert {name for name in _handled() - words if not name.startswith(MADE_UP)} == set()


def test_what_the_platform_is_asked_about_a_press_is_about_a_press_there_is() -> None:
    assert app.READ_BACK in _handled()
    asking = {name for name in _handled() if routes.asks_who_reads(Event("e", EventKind.BUTTON, NOW, name=name))}
    assert asking == {"meeting.open", "agenda.start"}


def _handled() -> frozenset[str]:
    return routes.handled(EventKind.BUTTON)


def _trees() -> Iterator[ast.Module]:
    for floor in ("handlers", "prompts_and_forms", "bot"):
        for path in (ROOT / floor).rglob("*.py"):
            yield ast.parse(path.read_text(encoding="utf-8"))


def _words(tree: ast.Module) -> Iterator[str]:
    """Every string that stands outside a decorator."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.decorator_list = []
    yield from (one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str))
