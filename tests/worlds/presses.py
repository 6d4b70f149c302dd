"""Everything the bot answers to, as it is registered, with the ids somebody could press it with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Engine
from sqlalchemy import event as hooks
from sqlmodel import Session, col, select

from handlers import routes
from handlers.turn import Answer, Ask, Event, EventKind
from prompts_and_forms.clinical.pathway import load as pathway
from storage.database.db import Database
from storage.database.tables import (
    Action,
    Agreement,
    Carer,
    Child,
    Contribution,
    Discussion,
    Entry,
    Family,
    Hypothesis,
    Meeting,
    PlanOutcome,
    Reflection,
    Unit,
)
from storage.database.tables_clinical import Episode
from storage.database.tables_measures import Measure
from storage.database.tables_nudges import Nudge
from storage.database.tables_retention import LegalHold, SubjectRequest
from storage.decisions import hypotheses
from storage.family import families
from storage.retention import holds
from storage.subject import requests
from storage.unit import people, units
from tests.worlds.assessing import recorded, signed, written
from tests.worlds.measuring import enter, sdq
from tests.worlds.records_world import CHANNEL, Room, other_unit_with_family

routes.load()
TYPED = "Zebedee painted the shed purple"
REF, OTHER_REF = "K3107C", "H0001A"
HERON, TOWN_HALL, DIRECT = "C0HERON", "C0TOWNHALL", "D0DIRECT"
NOBODY, PASSER_BY = "U0NOBODY", "U0PASSER"
WHO_LEFT = "graham"
NAMED = ("unit", "family", "discussion", "meeting", "draft")
"""Ids that say by themselves which unit something belongs to."""
HOUSEKEEPING = ("seen", "audit")


def _names(kind: EventKind) -> list[str]:
    return sorted(routes.handled(kind))


BUTTONS, COMMANDS, SHORTCUTS = (_names(kind) for kind in (EventKind.BUTTON, EventKind.COMMAND, EventKind.SHORTCUT))


@dataclass(frozen=True)
class Pressed:
    """What came back, and which tables were written."""

    answer: Answer
    written: frozenset[str]

    @property
    def text(self) -> str:
        """Everything somebody could read in the answer."""
        return str(_plain(self.answer))

    @property
    def changed(self) -> frozenset[str]:
        return self.written - set(HOUSEKEEPING)


class World:
    """The sample unit with something of everything in it, a neighbouring unit, and somebody who left.

    Every press is undone again, so that all of them find the same.
    """

    def __init__(self, room: Room) -> None:
        self.room, self.db = room, room.db
        self.writes = Writes(room.db.engine)
        self.numbers = count(1)
        self.now = room.now
        self.chat_users: dict[str, str] = {}
        self.ids: dict[str, str] = {}

    @classmethod
    def built(cls, db: Database) -> World:
        room = Room(db)
        recorded(room)
        entry = signed(room)
        written(room)
        talk = room.discuss(REF)
        room.posted(f"discussion:{talk}", "100.1")
        room.record("devan", "action", talk, {"text": TYPED, "owner": room.people["devan"], "due": room.day(7)})
        room.send("devan", EventKind.MESSAGE, text=f"Perhaps {TYPED}", ts="100.2", thread="100.1")
        enter(room, sdq(room))
        room.press("tomasz", "genogram.people", family=room.family(REF))
        room.hand_in("tomasz", room.press("tomasz", "genogram.people", family=room.family(REF)), {})
        room.command("tomasz", "/agreement", f"reflect {REF}")
        draft = room.press("devan", "form.open", form="action", family=room.family(REF))
        assert isinstance(draft, Ask)
        typed = {"draft": draft.view.args["draft"], "step": "save"}
        room.send("devan", EventKind.CHANGE, name="action", args={**draft.view.args, **typed}, values={"text": TYPED})
        left = room.press(WHO_LEFT, "form.open", form="action", family=room.family(REF))
        assert isinstance(left, Ask)
        other_unit_with_family(room, OTHER_REF)
        world = cls(room)
        world._neighbours()
        world._asked_to_see()
        room.now += timedelta(days=1)
        with db.write() as session:
            morning = Event(id="morning", kind=EventKind.TICK, at=room.now)
            routes.handle(session, morning, room.now)
        world._know(talk, entry, draft.view.args["draft"], left.view.args["draft"])
        return world

    def _neighbours(self) -> None:
        room = self.room
        with self.db.write() as session:
            people.add_person(session, chat_user=PASSER_BY, name="Passer-by", slug="passer")
            membership = people.belongs(session, room.unit.unit_id, room.people[WHO_LEFT])
            assert membership is not None
            people.leave_unit(session, membership, room.now.date())
            ida = people.by_id(session, room.people["ida"])
            heron = units.by_channel(session, HERON)
            assert ida is not None
            assert heron is not None
            membership = people.belongs(session, heron.id, ida.id)
            assert membership is not None
            membership.roles = ["consultant_social_worker", "unit_coordinator", "clinician", "clinical_manager"]
            membership.unit_lead = True

    def _asked_to_see(self) -> None:
        """A request to see the record of the family, and a legal hold on it."""
        room = self.room
        with self.db.write() as session:
            family = session.get_one(Family, room.family(REF))
            child = families.child_id(session, family.id, f"{REF}-1")
            requests.begin(
                session, family, child_id=child, received_on=room.now.date(), responsible_id=room.people["orla"],
                by_id=room.people["orla"], now=room.now,
            )  # fmt: skip
            holds.put_on(session, why=TYPED, by_id=room.people["orla"], now=room.now, family=family)

    def _know(self, talk: str, entry: Entry, draft: str, left: str) -> None:
        with self.db.read() as session:
            for name, person_id in self.room.people.items():
                person = people.by_id(session, person_id)
                assert person is not None
                self.chat_users[name] = person.chat_user
            self.chat_users |= {NOBODY: NOBODY, PASSER_BY: PASSER_BY}
            family, unit = self.room.family(REF), self.room.unit.unit_id

            def one(table: Any, *where: Any) -> str:
                return str(session.exec(select(table.id).where(*where).order_by(table.id)).first() or "")

            self.ids = {
                "unit": unit,
                "family": family,
                "discussion": talk,
                "meeting": self.room.meeting_id,
                "draft": draft,
                "draft_of_who_left": left,
                "entry": entry.id,
                "unsigned": self.room.entries("assessment")[-1].id,
                "supervision": one(Entry, Entry.form == "supervision_record"),
                "genogram": one(Entry, Entry.form == "genogram"),
                "action": one(Action, Action.family_id == family),
                "agreement": one(Agreement, Agreement.family_id == family),
                "hypothesis": one(Hypothesis, Hypothesis.family_id == family),
                "measure": one(Measure, Measure.family_id == family),
                "nudge": one(Nudge, Nudge.kind == "action", Nudge.family_id == family),
                "child": one(Child, Child.family_id == family),
                "carer": one(Carer, Carer.family_id == family),
                "outcome": one(PlanOutcome, PlanOutcome.family_id == family),
                "contribution": one(Contribution),
                "reflection": one(Reflection),
                "episode": one(Episode, Episode.family_id == family),
                "person": self.room.people["devan"],
                "request": one(SubjectRequest),
                "hold": one(LegalHold),
                "heron": one(Unit, Unit.id != unit),
                "heron_family": one(Family, Family.unit_id != unit),
            }
            self.words = [TYPED, "Two families.", "It hangs together so.", "BD)", REF, "Mother AD"]
            self.words += [
                hypotheses.words(session, row).text
                for row in session.exec(select(Hypothesis).where(col(Hypothesis.family_id) == family))
            ]

    def of_a_family(self, pressed: Pressed, but: tuple[str, ...] = ()) -> list[str]:
        """The words of the sample unit's families that are in an answer."""
        return [word for word in self.words if word not in but and word in pressed.text]

    def args_for(self, button: str) -> Iterator[dict[str, str]]:
        """What a button of the sample unit would carry, in every way it could be meant."""
        ids = self.ids
        everything = {key: ids[key] for key in (*NAMED, "entry", "action", "agreement", "hypothesis", "nudge")}
        everything |= {key: ids[key] for key in ("measure", "child", "contribution", "reflection", "episode", "person")}
        everything |= {"request": ids["request"]}
        everything |= {"subject": ids["action"], "row": ids["child"], "form": "action", "role": "clinician", "at": ""}
        everything |= {"side": "clinical", "stage_no": "1", "no": "1", "stage": "facts", "kind": "full", "to": "held"}
        everything |= {"chosen": ids["family"], "move": "session", "what": "record", "point": "start", "page": "1"}
        yield from ({**everything, **more} for more in self._ways(button))

    def _ways(self, button: str) -> list[dict[str, str]]:
        ids = self.ids
        papers = {"record": "discussion", "form": "entry", "measure": "measure", "genogram": "genogram"}
        papers |= {"agreement": "agreement", "agenda": "meeting", "records": "meeting"}
        match button.split("."):
            case ["document", "list"]:
                day = self.now.date().isoformat()
                lines = {"what": "tracking", "form": "xlsx", "row": f"{day}.{day}.."}
                return [lines, {"what": "caseload", "form": "xlsx"}]
            case ["document", "pick"]:
                return [{"chosen": f"{what}:{ids[row]}"} for what, row in papers.items()]
            case ["document", _]:
                found = [{"what": what, "row": ids[row]} for what, row in papers.items()]
                return [*found, {"what": "form", "row": ids["supervision"]}, {"what": "subject", "row": ids["request"]}]
            case ["form", "open"]:
                forms = ("permission_to_share", "assessment", "measure_sdq", "hypothesis", "action_close")
                return [{"form": form} for form in forms]
            case ["work", "move"]:
                return [{"move": "session"}, {"move": "urgent"}]
            case ["work", "override"]:
                return [{"chosen": one} for one in list(pathway().moves)[:2]]
            case ["supervision", _] | ["entry", _]:
                return [{"entry": ids["supervision"]}, {}]
            case ["family", "hold_lift"]:
                return [{"chosen": ids["hold"]}]
            case ["subject", "hide"]:
                return [{"chosen": "family:now:0"}]
            case ["home", "action"]:
                return [{"chosen": ids["action"]}]
            case ["nudge", "open"]:
                return [{"chosen": ids["nudge"]}]
            case ["nudge", "later"]:
                return [{"chosen": one} for one in ("tomorrow", "not_mine", "not_needed")]
            case ["measure", "show"]:
                return [{"chosen": ids["measure"]}]
            case ["measure", "other"]:
                return [{"chosen": "sdq"}]
            case ["track", "unit"]:
                return [{"chosen": ids["unit"]}, {"chosen": ""}]
            case ["track", "week"] | ["unit", _]:
                return [{"chosen": ids["person"], "person": ids["person"]}]
            case _:
                return [{}]

    def all_closed(self, session: Session) -> None:
        """The family, its discussion and meeting, and what is pointed at, are over."""
        for table, name, over in (
            (Family, "family", {"status": "closed"}),
            (Discussion, "discussion", {"state": "closed", "confirmed_at": self.now, "closed_at": self.now}),
            (Meeting, "meeting", {"state": "closed", "closed_at": self.now}),
            (Action, "action", {"status": "done"}),
            (Agreement, "agreement", {"status": "ended"}),
            (Hypothesis, "hypothesis", {"status": "rejected"}),
            (Nudge, "nudge", {"state": "settled"}),
        ):
            row = session.get_one(table, self.ids[name])
            for column, value in over.items():
                setattr(row, column, value)
        session.flush()

    def send(
        self,
        who: str,
        kind: EventKind,
        *,
        channel: str = CHANNEL,
        twice: bool = False,
        when: Callable[[Session], None] | None = None,
        **more: Any,
    ) -> Pressed:
        """One event of somebody, undone again; `twice` presses again before that and answers the second."""
        with self.db.write() as session:
            if when is not None:
                when(session)
            answer, written = self.handled(session, who, kind, channel, more)
            if twice:
                answer, written = self.handled(session, who, kind, channel, more)
            session.rollback()
            return Pressed(answer, written)

    def handled(
        self, session: Session, who: str, kind: EventKind, channel: str, more: dict[str, Any]
    ) -> tuple[Answer, frozenset[str]]:
        event = Event(
            id=f"p{next(self.numbers)}",
            kind=kind,
            at=self.now,
            chat_user=self.chat_users[who],
            channel=channel,
            in_direct_message=channel == DIRECT,
            **more,
        )
        self.writes.begin()
        answer = routes.handle(session, event, self.now)
        session.flush()
        return answer, frozenset(self.writes.tables)

    def press(self, who: str, button: str, args: dict[str, str], **more: Any) -> Pressed:
        return self.send(who, EventKind.BUTTON, name=button, args=args, **more)


class Writes:
    """Which tables are written; what a refusal took back is not counted."""

    def __init__(self, engine: Engine) -> None:
        self.tables: list[str] = []
        self._points: list[int] = []
        hooks.listen(engine, "after_cursor_execute", self._executed)
        hooks.listen(engine, "savepoint", lambda _c, _name: self._points.append(len(self.tables)))
        hooks.listen(engine, "release_savepoint", lambda _c, _name, _context: self._points.pop())
        hooks.listen(engine, "rollback_savepoint", self._undone)

    def begin(self) -> None:
        self.tables, self._points = [], []

    def _executed(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        words = statement[:80].replace('"', "").split()
        place = {"INSERT": 2, "UPDATE": 1, "DELETE": 2}.get(words[0].upper())
        if place is not None:
            self.tables.append(words[place])

    def _undone(self, _connection: Any, _name: str, _context: Any) -> None:
        del self.tables[self._points.pop() :]


def _plain(answer: Any) -> Any:
    """An answer without the ids in it."""
    if isinstance(answer, BaseModel):
        return answer.model_dump_json()
    fields = getattr(answer, "__dataclass_fields__", None)
    if fields is None:
        return answer
    return {name: _plain(getattr(answer, name)) for name in fields}
