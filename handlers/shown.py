"""Who was shown what of which family: a line in the audit before the answer goes out, whatever drew it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session

from handlers.turn import Answer, Turn
from prompts_and_forms.card import Card
from storage.database.audit import THROUGH, audit, gathered
from storage.database.looking import opened, shown_in
from storage.database.tables import Family, Unit
from storage.database.vault import Scope
from storage.unit import people


def note(turn: Turn, answer: Answer) -> None:
    """A line for each family (and unit) the answer shows something of, where the turn has left none for it yet."""
    if turn.person is None:
        return
    lines = [line for line in gathered(turn.session) if line.person_id == turn.person.id]
    noted = {line.family_id for line in lines} | {line.unit_id for line in lines if line.family_id is None}
    found = {scope: bodies for scope, bodies in opened(turn.session).items() if scope.owner_id not in noted}
    text = _text(answer) if found else ""
    for scope in shown_in(text, found) if text else ():
        _line(turn, turn.person.id, scope)


def _line(turn: Turn, person_id: str, scope: Scope) -> None:
    session = turn.session
    more: Any = {"at": turn.now, "what": "shown", "person_id": person_id}
    if scope.kind == "family" and (family := session.get(Family, scope.owner_id)) is not None:
        audit(session, row=family, unit_id=family.unit_id, family_id=family.id, **more)
    if scope.kind == "unit" and (unit := session.get(Unit, scope.owner_id)) is not None:
        audit(session, row=unit, unit_id=unit.id, **more)


def families_in(session: Session, card: Card | None) -> frozenset[str]:
    """The families a message shows something of, as it was drawn in this session."""
    found = opened(session) if card is not None else {}
    scopes = shown_in(card.model_dump_json(), found) if card is not None and found else ()
    return frozenset(scope.owner_id for scope in scopes if scope.kind == "family")


def sent(session: Session, chat_user: str, family_ids: Iterable[str], now: datetime) -> None:
    """A line for each family a message to one person shows something of."""
    person = people.by_chat_user(session, chat_user)
    for family_id in sorted(family_ids):
        family = session.get(Family, family_id)
        if person is not None and family is not None:
            session.info[THROUGH] = "message"
            audit(
                session, at=now, what="sent", row=family, person_id=person.id, unit_id=family.unit_id,
                family_id=family.id,
            )  # fmt: skip


def _text(answer: Answer) -> str:
    """Everything that can be read in an answer, whatever kind it is, and everything a form hands back filled in."""
    parts = (getattr(answer, field.name) for field in fields(answer))
    return "\n".join(
        part.model_dump_json() if isinstance(part, BaseModel) else json.dumps(part, ensure_ascii=False)
        for part in parts
        if part is not None
    )
