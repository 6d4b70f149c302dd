"""Numbered messages: planned through the outbox, drawn by a renderer of their own, counted where they lie."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from bot.practice.config import Person, Room, WorkspaceConfig, from_manifest
from bot.practice.server import PracticeServer
from bot.slack.manifest import manifest
from handlers.render import Rendering, renders
from prompts_and_forms.card import Card, card, say
from storage.database.db import Database
from storage.messages import outbox

PEOPLE = tuple(f"U0P{n:02d}" for n in range(20))
UNIT = "C0UNIT"
CONFIG: WorkspaceConfig = from_manifest(
    manifest(),
    people=tuple(Person(id=user, name=user.lower(), real_name=f"Person {user}") for user in PEOPLE),
    rooms=(Room(id=UNIT, name="unit-kestrel", members=(*PEOPLE, "U0UNITBOT")),),
    enforce_rates=os.environ.get("TIERS") == "on",
)


@renders("fault:{number}")
def numbered(view: Rendering, number: str) -> Card:
    return card(f"Message {number}", say(f"This is message {number}."))


def key_of(number: int) -> str:
    return f"fault:{number}"


def plan_one(
    session: Session,
    number: int,
    due_at: datetime | None = None,
    now: datetime | None = None,
    priority: int = outbox.MEETING,
) -> None:
    """Most messages go to one person; some to the channel, and some into the thread of its first message."""
    where: dict[str, Any] = {"chat_user": PEOPLE[number % len(PEOPLE)]}
    if number % 5 == 0:
        where = {"channel": UNIT} if number % 10 == 0 else {"channel": UNIT, "thread": key_of(0)}
    outbox.say(session, key_of(number), now=now or datetime.now(UTC), due_at=due_at, priority=priority, **where)


def plan(db: Database, numbers: Iterable[int], **when: Any) -> list[str]:
    """Plans these messages, ten a turn, and answers their keys."""
    waiting = list(numbers)
    for start in range(0, len(waiting), 10):
        with db.write() as session:
            for number in waiting[start : start + 10]:
                plan_one(session, number, **when)
    return [key_of(number) for number in waiting]


@dataclass(frozen=True)
class Figures:
    """What became of what was planned. `twice`: lies there twice; `taken_back`: was posted twice, one copy deleted."""

    planned: int
    sent: int
    lost: int
    twice: int
    taken_back: int
    kills: int = 0

    @property
    def exactly_once(self) -> bool:
        return self.lost == self.twice == self.taken_back == 0 and self.sent == self.planned


def judge(server: PracticeServer, keys: Iterable[str], kills: int = 0) -> Figures:
    """Counts in the workspace itself and in its ledger, whatever the bot believes."""
    planned = list(keys)
    there = Counter(
        message["metadata"]["event_payload"]["key"]
        for channel in server.workspace.channels.values()
        for message in channel.messages.values()
        if message.get("metadata")
    )
    accepted = Counter(
        call["key"] for call in server.ledger.calls if call["method"] == "chat.postMessage" and call["ok"]
    )
    return Figures(
        planned=len(planned),
        sent=sum(1 for key in planned if there[key]),
        lost=sum(1 for key in planned if not there[key]),
        twice=sum(1 for key in planned if there[key] > 1),
        taken_back=sum(1 for key in planned if accepted[key] > there[key]),
        kills=kills,
    )


def orders_kept(server: PracticeServer) -> bool:
    """Whether everybody got their messages in the order they were planned."""
    for user in PEOPLE:
        direct = server.workspace.channels["D" + user[1:]]
        numbers = [int(message["text"].removeprefix("Message ").split(".")[0]) for message in direct.messages.values()]
        if numbers != sorted(numbers):
            return False
    return True
