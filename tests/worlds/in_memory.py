"""The one world in memory: a database, a clock, and the one door of the handlers, with no chat platform before it.

What stands in it is an option: the sample unit (`records_world.Room`, its open meeting, its mornings, a second unit
beside it) or a unit that is only being set up (`setting_up.Seat`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlmodel import Session

from handlers import routes
from handlers.turn import Answer, Ask, Done, Event, EventKind, Note, Wrong
from prompts_and_forms.card import (
    Bullets,
    Button,
    Buttons,
    Card,
    Facts,
    Heading,
    Mention,
    Menu,
    Quote,
    Strong,
    Table,
    Text,
)
from storage.database.db import Database
from storage.database.tables import Person

_numbers = itertools.count(1)


class InMemory:
    """Whoever acts here does it as an event of their chat account, in a transaction of its own."""

    def __init__(self, db: Database, now: datetime) -> None:
        self.db, self.now = db, now

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.db.read() as session:
            yield session

    def happens(self, kind: EventKind, *, person_id: str = "", **fields: Any) -> Answer:
        """One event, now, of a person or of a chat account, and what it is answered with."""
        with self.db.write() as session:
            if person_id:
                fields["chat_user"] = session.get_one(Person, person_id).chat_user
            event = Event(id=f"e{next(_numbers)}", kind=kind, at=self.now, **fields)
            return routes.handle(session, event, self.now)

    def ticks(self, at: datetime | None = None) -> None:
        """The clock's own turn, at `at` where it is given."""
        self.now = at or self.now
        self.happens(EventKind.TICK)


# ---- what people read in an answer or on a card, and what they can press there


def an_ask(answer: Answer) -> Ask:
    assert isinstance(answer, Ask), answer
    return answer


def a_note(answer: Answer) -> Card:
    found = answer.note if isinstance(answer, Done) else answer.card if isinstance(answer, Note) else None
    assert found is not None, answer
    return found


def faults(answer: Answer) -> dict[str, str]:
    assert isinstance(answer, Wrong), answer
    return answer.errors


def words_of(answer: Answer | Card) -> str:
    """Everything a person reads, a line for each block."""
    card = answer if isinstance(answer, Card) else a_note(answer)
    return "\n".join(_block_words(block) for block in card.blocks)


def _block_words(block: Any) -> str:
    match block:
        case Heading():
            return block.text
        case Text():
            return _spans(block.spans)
        case Quote():
            return f"{block.text} {block.by}"
        case Bullets():
            return "\n".join([block.title, *(_spans(item) for item in block.items)])
        case Facts():
            return "\n".join(f"{label}: {value}" for label, value in block.rows)
        case Table():
            return "\n".join([block.words, *(" | ".join(row) for row in block.rows)])
        case Buttons():
            return " ".join(f"[{item.label}]" for item in block.items)
    return ""


def _spans(spans: Any) -> str:
    return "".join(s.text if isinstance(s, Strong) else s.name if isinstance(s, Mention) else s for s in spans)


def buttons_of(card: Card) -> list[Button]:
    return [
        item for block in card.blocks if isinstance(block, Buttons) for item in block.items if isinstance(item, Button)
    ]


def menus_of(card: Card) -> list[Menu]:
    return [
        item for block in card.blocks if isinstance(block, Buttons) for item in block.items if isinstance(item, Menu)
    ]


def text_of(card: Card) -> str:
    """Everything a card says, as JSON text: enough to ask whether a word is on it."""
    return card.model_dump_json()
