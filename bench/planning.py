"""Planning what is due: fifty units with years behind them, all of it anew, and only what changed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, SQLModel

from bench import units
from bench.history import EVERY_WEEKS, usual
from bench.questions import counting
from bench.report import Row, Rows
from bot.practice.sample.unit_file import LoadedUnit, load_unit
from handlers import routes
from handlers.turn import Event, EventKind
from storage import migrate
from storage.clinical import episodes
from storage.database.audit import audit
from storage.database.bodies import Body, MeasureBody
from storage.database.columns import new_id
from storage.database.db import Database
from storage.database.tables import Action, Discussion, Entry, Family, Meeting
from storage.database.tables_machinery import Audit
from storage.database.tables_measures import Measure, Review
from storage.database.tables_nudges import Nudge, NudgePlan
from storage.database.vault import Scope, Vault, seal

UNITS, FAMILIES, YEARS = 50, 50, 5
IN_WORK = 3
"""Every third family is in clinical work, with its questionnaires."""
CHANGED = 20
"""Families something was written about between two looks; a busy morning of all units together."""
LOADED = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
NIGHT = datetime(2026, 11, 17, 4, 0, tzinfo=UTC)
"""When nobody's message is put together."""
AT_MOST_INCREMENTAL = 0.05
KINDS = (Meeting, Discussion, Entry, Action, Measure, Review, Audit)


@dataclass
class Years:
    """What a plan looks through of a unit's past: meetings, discussions, actions, forms, questionnaires, reviews."""

    session: Session
    unit: LoadedUnit
    today: date
    rows: dict[type[SQLModel], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def write(self) -> int:
        people = list(self.unit.people.values())
        for week in range(1, YEARS * 52):
            self._meeting(week, people)
        for family in self.unit.families.values():
            for quarter in range(YEARS * 4):
                self._quarter(family, self.today - timedelta(days=91 * quarter + 30), people[0])
        for kind in KINDS:
            table: Any = kind.__table__  # type: ignore[attr-defined]
            self.session.connection().execute(table.insert(), self.rows[kind])
        return sum(len(rows) for rows in self.rows.values())

    def _add(self, table: type[SQLModel], /, **values: Any) -> dict[str, Any]:
        row = _usual[table] | {"id": new_id()} | values
        self.rows[table].append(row)
        return row

    def _meeting(self, week: int, people: list[str]) -> None:
        day = self.today - timedelta(weeks=week)
        at = datetime.combine(day, time(9, 30), UTC)
        meeting = self._add(
            Meeting, unit_id=self.unit.unit_id, day=day, state="closed", opened_at=at, closed_at=at + timedelta(hours=3)
        )["id"]
        for number, family in enumerate(self.unit.families.values()):
            if (number + week) % EVERY_WEEKS == 0:
                self._discussion(meeting, family, at, people)

    def _discussion(self, meeting: str, family: str, at: datetime, people: list[str]) -> None:
        where = {"meeting_id": meeting, "family_id": family, "unit_id": self.unit.unit_id}
        discussion = self._add(
            Discussion, kind="light", first_kind="light", stage="l_next", stage_no=5, state="closed", started_at=at,
            closed_at=at, confirmed_at=at, copied_at=at, lead_id=people[1], **where,
        )["id"]  # fmt: skip
        form = "tracking_entry" if at.day % 2 else "l_changed"
        self._add(Entry, form=form, recorded_by_id=people[1], recorded_at=at, discussion_id=discussion, **where)
        for _ in range(2):
            self._add(
                Action, family_id=family, discussion_id=discussion, owner_id=people[1], created_on=at.date(),
                due_on=at.date(), status="done", closed_on=at.date(),
            )  # fmt: skip
        self._add(Audit, at=at, unit_id=self.unit.unit_id, family_id=family, what="made", row_kind="entry")

    def _quarter(self, family: str, day: date, who: str) -> None:
        at = datetime.combine(day, time(11), UTC)
        where = {"unit_id": self.unit.unit_id, "family_id": family}
        self._add(
            Review, kind="cin_review", held_on=day, next_on=day + timedelta(days=91), recorded_by_id=who,
            recorded_at=at, **where,
        )  # fmt: skip
        row = self._add(
            Measure, measure="SDQ", form="parent_4_17", point="during", completed_on=day, recorded_at=at, **where
        )
        row["sealed_no"] = 1
        row["sealed"] = _sealed(self.session, Measure, row["id"], MeasureBody(informant="EF"), Scope.family(family))


def _sealed(session: Session, kind: type[SQLModel], row_id: str, body: Body, scope: Scope) -> bytes:
    row = SimpleNamespace(id=row_id, __table__=kind.__table__, sealed=b"", sealed_no=0)  # type: ignore[attr-defined]
    seal(session, row, body, scope)
    return row.sealed


_usual = {kind: {name: make() for name, make in usual(kind).items()} for kind in KINDS}


def measure(rows: Rows, folder: Path, key: bytes) -> None:
    """Fills a database of its own and adds its figures."""
    url = f"sqlite:///{folder / 'planning.db'}"
    migrate.upgrade(url)
    db = Database.open(url, Vault(key))
    try:
        began = perf_counter()
        found, written = _fill(db)
        rows.add("planning: rows of history", written, f"rows, written in {perf_counter() - began:.0f} s")
        _measure(rows, db, found, written)
    finally:
        db.close()


def _fill(db: Database) -> tuple[list[LoadedUnit], int]:
    found, written = [], 0
    for number in range(UNITS):
        with db.write() as session:
            file = units.unit_file(number, FAMILIES)
            unit = load_unit(session, file, day=LOADED.date(), channel=units.channel(number), now=LOADED)
            for family_id in list(unit.families.values())[::IN_WORK]:
                _begin_work(session, family_id)
            written += Years(session, unit, LOADED.date()).write()
        found.append(unit)
    return found, written


def _begin_work(session: Session, family_id: str) -> None:
    work = episodes.current(session, family_id)
    assert work is not None, "every family of the file has had its first consultation"
    days = [LOADED.date() - timedelta(days=14 * n) for n in range(1, 9)]
    work.commissioned_on, work.sessions = days[-1], len(days)
    known = episodes.body(session, work)
    known.sessions = [{"date": day.isoformat()} for day in days]
    episodes.keep(session, work, known)


def _measure(rows: Rows, db: Database, found: list[LoadedUnit], written: int) -> None:
    routes.load()
    first, planned, _ = _whole(db, NIGHT)
    tick(db, NIGHT + timedelta(minutes=30))
    idle, idle_asked = tick(db, NIGHT + timedelta(minutes=41))
    changed_at = NIGHT + timedelta(minutes=50)
    _write_about(db, found, changed_at)
    part, part_asked = tick(db, changed_at + timedelta(minutes=1))
    again, _, asked = _whole(db, NIGHT + timedelta(days=8))
    rows.add(
        "planning: everything for the first time", first, f"s, {planned} reminders, {planned / first:.0f} a second"
    )
    rows.add("planning: everything anew", again, f"s, {written / again:.0f} rows of history a second")
    rows.add("planning: questions to the database for one unit anew", asked / UNITS, "statements")
    rows.add("planning: a minute in which nothing changed", idle * 1000, f"ms, {idle_asked} statements")
    rows.found.append(
        Row(
            f"planning: a minute in which {CHANGED} families changed",
            round(part * 1000, 1),
            f"ms, {part_asked} statements",
            ratio_to="everything anew",
            ratio=round(part / again, 4),
            expected=f"at most {AT_MOST_INCREMENTAL}",
            reached=part <= AT_MOST_INCREMENTAL * again,
        )
    )


def tick(db: Database, now: datetime) -> tuple[float, int]:
    """One turn of the clock: seconds and statements."""
    event = Event(id=f"tick:{now.isoformat()}", kind=EventKind.TICK, at=now)
    with counting(db) as asked:
        began = perf_counter()
        with db.write() as session:
            routes.handle(session, event, now)
        return perf_counter() - began, len(asked)


def _whole(db: Database, start: datetime) -> tuple[float, int, int]:
    """Turns of the clock until every unit is planned from `start`'s day: seconds, reminders there, statements."""
    seconds, asked = 0.0, 0
    for minute in range(UNITS):
        took, count = tick(db, start + timedelta(minutes=minute))
        seconds, asked = seconds + took, asked + count
        with db.read() as session:
            plans = list(session.execute(select(NudgePlan.until)).scalars())  # type: ignore[call-overload]
            reminders: int = session.execute(select(func.count()).select_from(Nudge)).scalar_one()
        if len(plans) == UNITS and min(plans) > start.date() + timedelta(days=30):
            break
    return seconds, reminders, asked


def _write_about(db: Database, found: list[LoadedUnit], at: datetime) -> None:
    """Something is written about one family of each of some units."""
    for unit in found[:CHANGED]:
        with db.write() as session:
            family = session.get_one(Family, list(unit.families.values())[7])
            audit(session, at=at, what="changed", row=family, unit_id=unit.unit_id, family_id=family.id)
