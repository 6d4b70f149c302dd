"""A unit of five and the seats they sit in. Every test acts as a person does, through the one door of the handlers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from handlers.turn import Answer, Ask, ChannelMember, ChannelPeople, EventKind, HomeView
from prompts_and_forms.card import (
    Card,
)
from storage.database.bodies import FamilyBody
from storage.database.db import Database
from storage.database.tables import Family
from storage.family import families
from storage.unit import people, units
from tests.worlds.in_memory import InMemory, a_note, an_ask, buttons_of, menus_of, words_of

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 3)
CHANNEL = "CHERON"
HERE = ChannelPeople(
    "heron-unit",
    (
        ChannelMember("UMIA", "Mia Marsh", "Unit coordinator"),
        ChannelMember("UOLA", "Ola Odell", "Consultant Social Worker"),
        ChannelMember("UBEN", "Ben Brook"),
        ChannelMember("UTAM", "Tam Trent", "Family therapist"),
    ),
)
"""Who is in the channel before a unit meets there."""


class Seat(InMemory):
    """One chat account and what it can do."""

    def __init__(self, db: Database, chat_user: str, channel: str = CHANNEL) -> None:
        super().__init__(db, NOW)
        self.chat_user, self.channel = chat_user, channel

    def do(self, kind: EventKind, name: str = "", **more: Any) -> Answer:
        return self.happens(kind, name=name, **{"chat_user": self.chat_user, "channel": self.channel, **more})

    def command(self, line: str, **more: Any) -> Answer:
        name, _, text = line.partition(" ")
        return self.do(EventKind.COMMAND, name, text=text, **more)

    def says(self, line: str, **more: Any) -> str:
        """The words of the note a command is answered with."""
        return words_of(self.command(line, **more))

    def asked(self, line: str, **more: Any) -> Ask:
        return an_ask(self.command(line, **more))

    def press(self, card: Card, label: str) -> Answer:
        found = next(b for b in buttons_of(card) if b.label == label)
        return self.do(EventKind.BUTTON, found.action, args=dict(found.args))

    def choose(self, card: Card, menu: str, label: str) -> Answer:
        found = next(m for m in menus_of(card) if m.label == menu)
        value = next(c.value for c in found.choices if label in c.label)
        return self.do(EventKind.BUTTON, found.action, args={**found.args, "chosen": value})

    def submit(self, ask: Ask, **values: Any) -> Answer:
        """Hand in the form with what it already holds and these values; None empties a field."""
        flat: dict[str, Any] = {field.key: field.value for field in ask.view.fields if field.value}
        flat.update({key.replace("__", "#"): value for key, value in values.items()})
        kept = {
            key: list(value) if isinstance(value, tuple) else value for key, value in flat.items() if value is not None
        }
        return self.do(EventKind.SUBMIT, ask.view.form, args=dict(ask.view.args), values=kept)

    def home(self) -> Card:
        answer = self.do(EventKind.HOME, channel="")
        assert isinstance(answer, HomeView)
        return answer.card


MEMBERS = (
    ("UOLA", "Ola", ["consultant_social_worker"]),
    ("UBEN", "Ben", ["social_worker"]),
    ("UMIA", "Mia", ["unit_coordinator"]),
    ("UTAM", "Tam", ["clinician"]),
    ("UNIA", "Nia", ["clinical_manager"]),
)


def heron_unit(db: Database, name: str = "Heron Unit", channel: str = CHANNEL, prefix: str = "") -> str:
    """Ola leads, Ben is deputy, Mia coordinates, Tam is the clinician, Nia a linked manager."""
    with db.write() as session:
        unit = units.add_unit(session, name=name, channel=channel, now=NOW, weekday=1)
        for chat_user, person_name, roles in MEMBERS:
            person = people.by_chat_user(session, prefix + chat_user) or people.add_person(
                session, chat_user=prefix + chat_user, name=person_name
            )
            membership = people.add_member(session, unit_id=unit.id, person_id=person.id, roles=roles, on=TODAY)
            membership.linked = person_name == "Nia"
            membership.unit_lead = person_name == "Ola"
            unit.deputy_id = person.id if person_name == "Ben" else unit.deputy_id
        units.set_contacts(session, unit.id, [("Duty manager", "extension 4000")])
        return unit.id


def a_family(db: Database, unit_id: str, ref: str = "B1234C", category: str = "child_in_need", **more: Any) -> str:
    with db.write() as session:
        family = families.add_family(
            session,
            unit_id=unit_id,
            known=FamilyBody(ref=ref, initials="QD", **more),
            category=category,
            allocated_on=date(2026, 1, 5),
            lead_worker_id=None,
            visiting_days=None,
            decided_by_id=None,
            now=NOW,
        )
        return family.id


def kept(db: Database, family_id: str) -> Family:
    with db.read() as session:
        return session.get_one(Family, family_id)


def family_card(seat: Seat, ref: str = "B1234C") -> Card:
    return a_note(seat.command(f"/family {ref}"))


def correcting(seat: Seat, what: str) -> Ask:
    return an_ask(seat.choose(family_card(seat), "Correct something", what))


def add_child(seat: Seat, **values: Any) -> Answer:
    return seat.submit(an_ask(seat.press(family_card(seat), "Add a child")), **values)


def person_id(db: Database, chat_user: str) -> str:
    with db.read() as session:
        person = people.by_chat_user(session, chat_user)
        assert person is not None
        return person.id
