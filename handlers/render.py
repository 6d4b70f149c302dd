"""Cards by address: an outbox row names a key, and what it shows is drawn from the record when it is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from prompts_and_forms.card import Card
from storage.database.vault import show_what_opens


@dataclass(frozen=True)
class Rendering:
    """What a renderer may use; `now` is the unit's clock."""

    session: Session
    now: datetime


Renderer = Callable[..., Card | None]
_renderers: list[tuple[re.Pattern[str], Renderer]] = []


def renders(pattern: str) -> Callable[[Renderer], Renderer]:
    """Registers a renderer for keys of a shape, such as ``meeting:{meeting_id}/board``.

    It answers None when the message is no longer wanted.
    """
    parts = re.split(r"\{(\w+)\}", pattern)
    expression = "".join(re.escape(part) if i % 2 == 0 else f"(?P<{part}>[^/]+)" for i, part in enumerate(parts))
    compiled = re.compile(expression)

    def keep(renderer: Renderer) -> Renderer:
        _renderers.append((compiled, renderer))
        return renderer

    return keep


def render(session: Session, key: str, now: datetime) -> Card | None:
    """The card for a key as things stand now. Raises KeyError for a key nobody draws."""
    show_what_opens(session)
    for pattern, renderer in _renderers:
        match = pattern.fullmatch(key)
        if match:
            params: dict[str, Any] = match.groupdict()
            return renderer(Rendering(session, now), **params)
    raise KeyError(key)
