"""A meeting of the sample unit, in which people hand in records through the one door for events."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import select

from bot.practice.sample.unit_file import LoadedUnit
from handlers import render
from handlers.forms import context
from handlers.turn import Answer, Ask, Event, EventKind, Turn, Window
from prompts_and_forms.card import Card
from prompts_and_forms.forms import engine
from prompts_and_forms.forms.catalogue import load_form
from storage.database.bodies import FamilyBody
from storage.database.db import Database
from storage.database.tables import Discussion, Entry, Family, Person, RemarkGiven, Unit
from storage.database.tables_machinery import Draft, OutboxMessage
from storage.family import access, families
from storage.meeting import discussions, meetings, remarks_given
from storage.messages import posts
from storage.unit import people, units
from tests.worlds.in_memory import InMemory
from tests.worlds.sample import sample_in

TODAY = date(2026, 11, 17)
NINE_THIRTY = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
CHANNEL = "C0KESTREL"


class Room(InMemory):
    """The sample unit on its meeting day. Time moves a minute with every event unless a test says otherwise."""

    def __init__(self, db: Database) -> None:
        super().__init__(db, NINE_THIRTY)
        self.unit: LoadedUnit = sample_in(db, day=TODAY, channel=CHANNEL, now=NINE_THIRTY)
        self.people = self.unit.people
        self.meeting_id = ""

    def day(self, days: int) -> str:
        return (TODAY + timedelta(days=days)).isoformat()

    def discuss(self, ref: str, kind: str = "full", stage: str = "") -> str:
        """Starts a family's discussion and answers its id."""
        with self.db.write() as session:
            unit_id = self.unit.unit_id
            if not self.meeting_id:
                started = meetings.start(
                    session,
                    unit_id=unit_id,
                    day=TODAY,
                    now=self.now,
                    opened_by=self.people["pippa"],
                    facilitator=self.people["orla"],
                    writer=self.people["pippa"],
                )
                self.meeting_id = started.id
            family = session.get(Family, self.unit.families[ref])
            assert family is not None
            found = discussions.begin(
                session,
                meeting=meetings.get(session, self.meeting_id),
                family=family,
                kind=kind,
                stage=stage or ("open" if kind == "full" else "l_safety"),
                lead_id=self.people["devan"],
                note_taker_id=self.people["pippa"],
                present=list(self.people.values()),
                now=self.now,
            )
            return found.id

    def send(self, who: str, kind: EventKind, *, minutes: float = 1, **fields: Any) -> Answer:
        self.now += timedelta(minutes=minutes)
        return self.happens(kind, person_id=self.people[who], channel=fields.pop("channel", CHANNEL), **fields)

    def press(self, who: str, press: str, /, minutes: float = 1, **args: str) -> Answer:
        return self.send(who, EventKind.BUTTON, name=press, args=args, minutes=minutes)

    def command(self, who: str, name: str, text: str = "") -> Answer:
        return self.send(who, EventKind.COMMAND, name=name, text=text)

    def open(self, who: str, form: str, discussion_id: str, minutes: float = 1) -> Ask:
        asked = self.press(who, "form.open", minutes, form=form, discussion=discussion_id)
        assert isinstance(asked, Ask), asked
        return asked

    def hand_in(self, who: str, asked: Answer, answers: dict[str, Any], minutes: float = 0) -> Answer:
        """Hands a form in as somebody filled it: what it held already, and `answers` on top."""
        assert isinstance(asked, Ask), asked
        flat = {field.key: field.value for field in asked.view.fields if field.value not in (None, "", ())}
        flat |= self._flat(who, asked, answers)
        return self.send(
            who, EventKind.SUBMIT, name=asked.view.form, args=dict(asked.view.args), values=flat, minutes=minutes
        )

    def _flat(self, who: str, asked: Ask, answers: dict[str, Any]) -> dict[str, Any]:
        with self.reading() as session:
            draft = session.get(Draft, asked.view.args["draft"])
            assert draft is not None
            turn = Turn(
                session=session,
                event=Event(id="", kind=EventKind.BUTTON, at=self.now),
                now=self.now,
                person=session.get(Person, self.people[who]),
                unit=session.get(Unit, draft.unit_id),
            )
            form = load_form(asked.view.form)
            return engine.flatten(form, context.context(turn, draft.family_id), answers)[0]

    def record(self, who: str, form: str, discussion_id: str, answers: dict[str, Any], minutes: float = 1) -> Answer:
        """Opens a form in a discussion and hands it in."""
        return self.hand_in(who, self.open(who, form, discussion_id, minutes), answers)

    def posted(self, key: str, ts: str) -> None:
        """The message of this key lies in the unit's channel at `ts`."""
        with self.db.write() as session:
            posts.keep_post(session, key, CHANNEL, ts)

    def family(self, ref: str) -> str:
        return self.unit.families[ref]

    def close_to(self, ref: str, who: str) -> None:
        """Closes a family to one person, who sees nothing of it from now on."""
        with self.db.write() as session:
            access.close_to(
                session,
                session.get_one(Family, self.family(ref)),
                kind=access.NOT_THIS_WORKER,
                person_id=self.people[who],
                reason="a neighbour",
                review_on=None,
                by_id=self.people["orla"],
                now=self.now,
            )

    def remarks(self, discussion_id: str, code: str = "") -> list[RemarkGiven]:
        with self.reading() as session:
            return remarks_given.of_discussion(session, discussion_id, code)

    def child_of(self, remark: RemarkGiven) -> str:
        with self.reading() as session:
            return families.child_key(session, str(remark.params["child"]))

    def codes(self, discussion_id: str) -> list[str]:
        return [remark.code for remark in self.remarks(discussion_id)]

    def every_remark(self) -> list[RemarkGiven]:
        with self.reading() as session:
            return list(session.exec(select(RemarkGiven).order_by(RemarkGiven.at)))

    def entries(self, form: str) -> list[Entry]:
        with self.reading() as session:
            return list(session.exec(select(Entry).where(Entry.form == form).order_by(Entry.recorded_at)))

    def discussion(self, discussion_id: str) -> Discussion:
        with self.reading() as session:
            return discussions.get(session, discussion_id)

    def messages(self, start: str) -> list[str]:
        """Keys of messages on their way that begin so."""
        with self.reading() as session:
            keys = session.exec(select(OutboxMessage.key).order_by(OutboxMessage.made_at, OutboxMessage.lane_no))
            return [key for key in keys if key.startswith(start)]

    def card(self, key: str) -> Card:
        with self.reading() as session:
            shown = render.render(session, key, self.now)
            assert shown is not None
            return shown

    def whole(self, who: str, entry_id: str) -> Card:
        """A record as it opens with "Show" on its message."""
        answer = self.press(who, "entry.show", entry=entry_id)
        assert isinstance(answer, Window), answer
        return answer.card


def other_unit_with_family(room: Room, ref: str) -> str:
    """A family of another unit, in which nobody of this one is."""
    with room.db.write() as session:
        unit = units.add_unit(session, name="Heron Unit", channel="C0HERON", now=room.now)
        person = people.add_person(session, chat_user="U0HERON1", name="Ida", slug="ida")
        people.add_member(session, unit_id=unit.id, person_id=person.id, roles=["social_worker"], on=TODAY)
        family = families.add_family(
            session,
            unit_id=unit.id,
            known=FamilyBody(ref=ref),
            category="child_in_need",
            allocated_on=TODAY,
            lead_worker_id=person.id,
            visiting_days=None,
            decided_by_id=person.id,
            now=room.now,
        )
        room.unit.families[ref] = family.id
        room.people["ida"] = person.id
    return ref
