"""How many questions each kind of event asks the database, and each message when it is drawn."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import event as sqlalchemy_event
from sqlmodel import select

from bench import units
from bench.history import Past
from bot.practice.sample.unit_file import LoadedUnit, load_unit
from handlers import render, routes
from handlers.turn import Answer, Ask, Event, EventKind
from storage.database.db import Database
from storage.database.tables import Discussion, Person
from storage.database.tables_machinery import OutboxMessage, Post
from storage.meeting import meetings
from storage.messages import delivery, posts, threads

MORNING = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
CHANNEL = units.channel(0)


@dataclass
class Asked:
    """Statements sent while counting. Rows are what a repeated question for one thing would still show."""

    statements: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.statements)


@contextmanager
def counting(db: Database) -> Iterator[Asked]:
    """Counts every statement that goes to the database, transaction words left out."""
    asked = Asked()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "SET LOCAL")):
            asked.statements.append(statement)

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)


@dataclass
class Meeting:
    """One unit's meeting without a chat platform: events go through the one door, messages lie where they would."""

    db: Database
    unit: LoadedUnit
    counts: dict[str, int] = field(default_factory=dict)
    statements: dict[str, list[str]] = field(default_factory=dict)
    now: datetime = MORNING
    _accounts: dict[str, str] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def ask(self, name: str, work: Callable[[], Any]) -> Any:
        """Does it and keeps how many questions that took."""
        with counting(self.db) as asked:
            answer = work()
        self.counts[name], self.statements[name] = len(asked), asked.statements
        self._deliver()
        return answer

    def __post_init__(self) -> None:
        with self.db.read() as session:
            for who, person_id in self.unit.people.items():
                self._accounts[who] = session.get_one(Person, person_id).chat_user

    def send(self, who: str, kind: EventKind, **fields: Any) -> Answer:
        self.now += timedelta(minutes=1)
        with self.db.write() as session:
            event = Event(
                id=f"bench{next(self._numbers)}",
                kind=kind,
                at=self.now,
                chat_user=self._accounts[who],
                channel=CHANNEL,
                **fields,
            )
            return routes.handle(session, event, self.now)

    def press(self, who: str, action: str, /, **args: str) -> Answer:
        return self.send(who, EventKind.BUTTON, name=action, args=args)

    def hand_in(self, who: str, asked: Answer, **values: Any) -> Answer:
        assert isinstance(asked, Ask), asked
        flat = {f.key: f.value for f in asked.view.fields if f.value not in (None, "", ())}
        return self.send(who, EventKind.SUBMIT, name=asked.view.form, args=dict(asked.view.args), values=flat | values)

    def draw(self, key: str) -> Any:
        with self.db.read() as session:
            return render.render(session, key, self.now)

    def discussion(self) -> Discussion:
        with self.db.read() as session:
            meeting = meetings.open_meeting(session, self.unit.unit_id)
            assert meeting is not None
            return meetings.discussions(session, meeting.id)[0]

    def ts(self, key: str) -> str:
        with self.db.read() as session:
            post = posts.find_post(session, key)
            assert post is not None, key
            return post.ts

    def _deliver(self) -> None:
        """What is asked for is shown; nothing waits."""
        with self.db.write() as session:
            waiting = session.exec(select(OutboxMessage).where(OutboxMessage.state == "waiting")).all()
            known = set(session.exec(select(Post.key).where(Post.key.in_([m.key for m in waiting]))))  # type: ignore[attr-defined]
            for message in waiting:
                message.state, message.shown = "sent", message.wanted
                session.add(message)
                if message.channel and message.how in ("say", "show") and message.key not in known:
                    posts.keep_post(session, message.key, CHANNEL, f"18{next(self._numbers):08d}.000100")


def unit_with_past(db: Database, *, families: int, years: float, morning: datetime = MORNING) -> LoadedUnit:
    """A unit with its people and families, and so many years of weekly meetings behind it."""
    day = morning.date()
    with db.write() as session:
        unit = load_unit(session, units.unit_file(0, families), day=day, channel=CHANNEL, now=morning)
        past = Past(session, unit.unit_id, CHANNEL, list(unit.people.values()), list(unit.families.values()), day)
        past.write(years)
    return unit


def questions(db: Database, unit: LoadedUnit, morning: datetime = MORNING) -> Meeting:
    """A meeting from its first command to its last message, one light family in it; every event counted.

    The first tick is not: it plans once what the loaded families bring with them.
    """
    m = Meeting(db, unit, now=morning)
    routes.load()
    m.send("coordinator", EventKind.TICK)
    m.ask("/meeting opens the meeting", lambda: m.send("coordinator", EventKind.COMMAND, name="/meeting"))
    m.ask("/meeting shows the board", lambda: m.send("coordinator", EventKind.COMMAND, name="/meeting"))
    m.ask("/meeting help", lambda: m.send("coordinator", EventKind.COMMAND, name="/meeting", text="help"))
    m.ask("/family", lambda: m.send("coordinator", EventKind.COMMAND, name="/family"))
    with db.read() as session:
        meeting = meetings.open_meeting(session, unit.unit_id)
        assert meeting is not None
    family = next(iter(unit.families.values()))
    m.ask("button: start a family", lambda: m.press("consultant", "agenda.start", meeting=meeting.id, family=family))
    found = m.discussion()
    _in_the_thread(m, found)
    _forms(m, found)
    _drawn(m, found, meeting.id)
    _to_the_end(m, found, meeting.id)
    return m


def _in_the_thread(m: Meeting, found: Discussion) -> None:
    thread, here = m.ts(f"discussion:{found.id}"), "1799999999.000100"
    words = "He slept well and was on time all week."

    def typed(kind: EventKind, text: str = "") -> Answer:
        return m.send("worker", kind, ts=here, thread=thread, text=text)

    m.ask("message", lambda: typed(EventKind.MESSAGE, words))
    m.ask("message edited", lambda: typed(EventKind.EDITED, f"{words} Mostly."))
    m.ask("shortcut: note for this stage", lambda: m.send("worker", EventKind.SHORTCUT, name="note_stage", ts=here))
    m.ask("message deleted", lambda: typed(EventKind.DELETED))
    m.ask("message outside a thread", lambda: m.send("worker", EventKind.MESSAGE, ts="1799999998.000100", text=words))


def _forms(m: Meeting, found: Discussion) -> None:
    today = m.now.date()
    due, after = (today + timedelta(days=9)).isoformat(), (today + timedelta(days=14)).isoformat()
    filled: tuple[tuple[str, dict[str, Any]], ...] = (
        ("l_safety", {"immediate_concern": "no", "manager_needed_today": "no"}),
        ("l_changed", {"change": "The mornings go better."}),
        ("hypothesis", {"text": "The mornings are hard since the move."}),
        (
            "action",
            {
                "text": "Ring the school.",
                "owner": m.unit.people["worker"],
                "due": due,
            },
        ),
        (
            "l_next",
            {
                "next_discussion#0#date": after,
                "next_discussion#0#kind": "light",
            },
        ),
    )
    for form, values in filled:
        asked = m.ask(f"open form: {form}", partial(m.press, "worker", "form.open", discussion=found.id, form=form))
        m.ask(f"hand in: {form}", partial(m.hand_in, "worker", asked, **values))


def _drawn(m: Meeting, found: Discussion, meeting: str) -> None:
    m.ask("draw: board", lambda: m.draw(f"meeting:{meeting}/board"))
    m.ask("draw: family's first message", lambda: m.draw(f"discussion:{found.id}"))
    m.ask("draw: stage", lambda: m.draw(f"discussion:{found.id}/stage"))
    m.ask("Home tab", lambda: m.send("consultant", EventKind.HOME))
    m.ask("tick", lambda: m.send("consultant", EventKind.TICK))
    m.ask("delivery looks for what is due", lambda: _claim(m))
    m.ask("catching up after a reconnect", lambda: _open_threads(m))


def _claim(m: Meeting) -> None:
    with m.db.write() as session:
        delivery.claim(session, now=m.now, machine=m.now)


def _open_threads(m: Meeting) -> None:
    with m.db.read() as session:
        threads.open_threads(session)


def _to_the_end(m: Meeting, found: Discussion, meeting: str) -> None:
    def step(name: str, action: str) -> None:
        args = {"discussion": found.id, "stage_no": str(m.discussion().stage_no)}
        m.ask(name, lambda: m.press("worker", action, **args))

    step("button: next", "stage.next")
    step("button: next, something missing", "stage.next")
    step("button: go on anyway", "stage.go_on")
    step("button: back", "stage.back")
    m.ask("button: finish", lambda: m.press("worker", "discussion.finish", discussion=found.id))
    m.ask("button: finish anyway", lambda: m.press("worker", "discussion.finish_anyway", discussion=found.id))
    m.ask("draw: finished family", lambda: m.draw(f"discussion:{found.id}/stage"))
    m.ask("button: close the meeting", lambda: m.press("coordinator", "meeting.close", meeting=meeting))
