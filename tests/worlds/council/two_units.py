"""The sample unit Kestrel and its neighbour Heron in one council, and a family that goes from one to the other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlmodel import select

from bot.practice.sample.unit_file import UnitFile, load_unit, read_unit_file
from handlers import render
from handlers.turn import Answer, Done, EventKind, Note
from prompts_and_forms.card import Card
from storage.database.db import Database
from storage.database.tables import Family, Person
from storage.database.tables_machinery import FamilyMove, OutboxMessage
from storage.family import access
from tests.worlds.in_memory import buttons_of, words_of
from tests.worlds.records_world import CHANNEL, TODAY, Room

HERON = "C0HERON"
HERON_FILE = Path(__file__).parents[2] / "journeys" / "heron_unit.yaml"
REF = "K3107C"
DAY = TODAY + timedelta(days=14)


@cache
def heron_file() -> UnitFile:
    return read_unit_file(HERON_FILE)


class TwoUnits(Room):
    """Ama leads Heron, Bryn is her deputy, Dagny coordinates, Farah is the manager linked to it."""

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        with db.write() as session:
            self.heron = load_unit(session, heron_file(), day=TODAY, channel=HERON, now=self.now)
        self.people = {**self.heron.people, **self.people}
        self.unit.families.update(self.heron.families)

    def send(self, who: str, kind: EventKind, *, minutes: float = 1, **fields: Any) -> Answer:
        """From the person's own channel, unless another one is named."""
        channel = HERON if who in self.heron.people and who not in self.unit.people else CHANNEL
        return super().send(who, kind, minutes=minutes, **{"channel": channel, **fields})

    def command(self, who: str, name: str, text: str = "") -> Answer:
        return self.send(who, EventKind.COMMAND, name=name, text=text)

    def says(self, who: str, name: str, text: str = "") -> str:
        answer = self.command(who, name, text)
        assert isinstance(answer, Note), answer
        return words_of(answer)

    def tick(self, day: Any = None, hour: int = 9) -> None:
        """The clock, at five minutes past; `day` moves it there."""
        if day is not None:
            self.now = datetime(day.year, day.month, day.day, hour, 5, tzinfo=UTC)
        self.ticks()

    # ---- messages

    def keys_to(self, who: str, part: str) -> list[str]:
        """Keys of messages for somebody, newest last, that hold this."""
        with self.reading() as session:
            person = session.get_one(Person, self.people[who])
            rows = session.exec(select(OutboxMessage).where(OutboxMessage.chat_user == person.chat_user))
            return [row.key for row in sorted(rows, key=lambda row: row.made_at) if part in row.key]

    def message(self, who: str, part: str) -> Card | None:
        """The newest message for somebody whose key holds this, as they may see it."""
        found = self.keys_to(who, part)
        if not found:
            return None
        with self.reading() as session:
            person = session.get_one(Person, self.people[who])
            access.who(session, person.chat_user)
            return render.render(session, found[-1], self.now)

    def reads(self, who: str, part: str) -> str:
        found = self.message(who, part)
        assert found is not None, (who, part)
        return words_of(found)

    def press_on(self, who: str, part: str, label: str) -> Answer:
        """Presses a button of a message somebody has."""
        found = self.message(who, part)
        assert found is not None, (who, part)
        button = next(one for one in buttons_of(found) if one.label == label)
        return self.press(who, button.action, **button.args)

    # ---- a family on its way

    def ask(self, who: str, to: str, ref: str = REF, **answers: Any) -> Answer:
        """The lead asks the other unit for a family: what is said at the end."""
        chosen = self.press(who, "transfer.unit", family=self.family(ref), chosen=to)
        if not isinstance(chosen, Note):
            return self.hand_in(who, chosen, {"on": DAY.isoformat(), "why": "They moved to the coast.", **answers})
        return chosen

    def accept(self, who: str, **answers: Any) -> Answer:
        asked = self.press_on(who, "/asked/", "Accept")
        return self.hand_in(who, asked, answers)

    def over(self, asker: str, to: str, taker: str, **answers: Any) -> None:
        """Asked, accepted, and moved on the day."""
        assert isinstance(self.ask(asker, to), Done)
        assert isinstance(self.accept(taker, **answers), Done)
        self.tick(DAY)

    def family_row(self, ref: str = REF) -> Family:
        with self.reading() as session:
            return session.get_one(Family, self.family(ref))

    def moves(self) -> list[FamilyMove]:
        with self.reading() as session:
            return list(session.exec(select(FamilyMove).order_by(FamilyMove.asked_at)))

    def document(self, who: str, what: str, form: str = "pdf") -> str:
        """The key of a document somebody was promised last."""
        return self.keys_to(who, f"file:{what}/")[-1]


def without_the_moves(export: dict[str, Any]) -> dict[str, Any]:
    """All of it but what the moves themselves are: the requests, since when, and from where."""
    rest = [one for one in export["entries"] if not one["form"].startswith("family_move")]
    for family in export["families"]:
        if family["ref"] == REF:
            for name in ("moves", "transferred", "allocated"):
                family.pop(name)
    lists = {part: sorted(map(str, rows)) for part, rows in export.items() if isinstance(rows, list)}
    return export | lists | {"entries": rest, "meetings": export["meetings"], "discussions": export["discussions"]}
