"""Whose texts a session has opened: what is shown of them can then be noted, whoever drew it and how."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlmodel import Session

from storage.database.bodies import Body, ChildBody, FamilyBody
from storage.database.vault import OPENED, Scope, Vault

PREFIX = 24
"""Letters of a text that are looked for: lists show the beginning of a longer one."""
LEAST = 4
CODE = re.compile(r"[a-z0-9_]+")
"""A word of a closed set, such as "light": it is in many answers and says nothing of anybody."""


def look_on(session: Session) -> None:
    """From now on the session keeps hold of every text it opens."""
    session.info[OPENED] = {}


def opened(session: Session) -> dict[Scope, list[Body]]:
    """What was opened since `look_on`, by whose it is."""
    vault: Vault = session.info["vault"]
    held: dict[str, dict[str, Body]] = session.info.get(OPENED, {})
    found = ((vault.scope_of(session, key_id), list(bodies.values())) for key_id, bodies in held.items())
    return {scope: bodies for scope, bodies in found if scope is not None}


def shown_in(text: str, opened: dict[Scope, list[Body]]) -> Iterator[Scope]:
    """Whose reference or words a text holds. Rather one too many than one too few."""
    plain = text.casefold()
    for scope, bodies in opened.items():
        if any(_is_in(words, plain) for body in bodies for words in _words(body)):
            yield scope


def _is_in(words: str, plain: str) -> bool:
    return json.dumps(words[:PREFIX], ensure_ascii=False)[1:-1].casefold() in plain


def _words(body: Body) -> Iterable[str]:
    if isinstance(body, FamilyBody):
        yield body.ref
    if isinstance(body, ChildBody):
        yield body.key
    for value in texts(body.__dict__):
        first = value.strip().partition("\n")[0]
        if len(first) >= LEAST and not CODE.fullmatch(first):
            yield first


def texts(value: Any) -> Iterator[str]:
    """Every text in lists, dictionaries and bodies."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from texts(one)
    elif isinstance(value, Body):
        yield from texts(value.__dict__)
