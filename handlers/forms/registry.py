"""What each form does: who keeps its answers, what it knows already, and what it shows above its questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from handlers.turn import Answer, Turn
from prompts_and_forms.card import Block
from storage.database.tables_machinery import Draft

Submit = Callable[[Turn, Draft, dict[str, Any]], Answer]
Prefill = Callable[[Turn, str | None, str | None, dict[str, str]], dict[str, Any] | None]
Introduce = Callable[[Turn, Draft], tuple[Block, ...]]

_submits: dict[str, Submit] = {}
_prefills: dict[str, Prefill] = {}
_introduces: dict[str, Introduce] = {}


def submits(form_id: str) -> Callable[[Submit], Submit]:
    """Registers who keeps a form's answers. Called only with answers that passed every check."""

    def keep(handler: Submit) -> Submit:
        _submits[form_id] = handler
        return handler

    return keep


def submit_of(form_id: str) -> Submit:
    """Who keeps that form's answers; raises KeyError where nobody does."""
    return _submits[form_id]


def is_kept(form_id: str) -> bool:
    """Whether anybody keeps that form's answers."""
    return form_id in _submits


def prefills(form_id: str) -> Callable[[Prefill], Prefill]:
    """Registers what a form already knows: (turn, family id, discussion id, args) -> nested answers or None."""

    def keep(handler: Prefill) -> Prefill:
        _prefills[form_id] = handler
        return handler

    return keep


def prefilled(
    turn: Turn, form_id: str, family_id: str | None, discussion_id: str | None, args: dict[str, str] | None = None
) -> dict[str, Any]:
    """What a form opens with, as far as it is known already."""
    prefill = _prefills.get(form_id)
    return (prefill(turn, family_id, discussion_id, args or {}) or {}) if prefill else {}


def introduces(form_id: str) -> Callable[[Introduce], Introduce]:
    """Registers what a form shows above its first question, however often it is drawn again."""

    def keep(handler: Introduce) -> Introduce:
        _introduces[form_id] = handler
        return handler

    return keep


def introduction(turn: Turn, draft: Draft) -> tuple[Block, ...]:
    """What that form shows above its first question."""
    return _introduces[draft.form](turn, draft) if draft.form in _introduces else ()
