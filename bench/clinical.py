"""Clinical work: a step of a long form, documents, lists of any length, a family with a long past."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter
from types import SimpleNamespace
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from bench.questions import Meeting, unit_with_past
from bench.report import Row, Rows, share
from bench.steps import FORM, WORDS, answers, form_steps, today
from bot.documents.make import DRAWN, document
from bot.documents.model import Document, say
from bot.documents.source import Source
from bot.practice.sample.unit_file import LoadedUnit
from prompts_and_forms.forms.catalogue import load_form
from storage import migrate
from storage.clinical import episodes
from storage.database.bodies import EntryBody, TextBody, TrackingBody
from storage.database.columns import new_id
from storage.database.db import Database
from storage.database.tables import Entry, Unit
from storage.database.tables_clinical import EpisodeChange, TrackingEntry
from storage.database.vault import Scope, Vault, seal

FAMILIES = 10
LINES, LINES_A_DAY = 100_000, 100
PDF_MS, DOCX_MS = 100, 200
DRAWN_TIMES = 8
MEMORY_MB = 10
EVENTS_FEW, EVENTS_MANY = 10, 1000


async def measure(rows: Rows, folder: Path, key: bytes) -> None:
    """Everything of this file, on a database of its own."""
    url = f"sqlite:///{folder / 'clinical.db'}"
    migrate.upgrade(url)
    db = Database.open(url, Vault(key))
    try:
        unit = unit_with_past(db, families=FAMILIES, years=0, morning=datetime.now(UTC))
        with rows.section("a long timeline"):
            _timeline(rows, db, unit)
        with rows.section("documents"):
            _documents(rows, db, unit)
        with rows.section("steps of a form"):
            await form_steps(rows, folder, db, unit, key)
        with rows.section("a long spreadsheet"):
            await _sheet(rows, folder, db, unit, key)
    finally:
        db.close()


# ---- documents


def _documents(rows: Rows, db: Database, unit: LoadedUnit) -> None:
    """A full assessment beside a page of words by the same library, each drawn anew from other words every time."""
    entries = [_assessment(db, unit, number) for number in range(DRAWN_TIMES + 1)]
    numbers = count()
    for form, aim in (("pdf", PDF_MS), ("docx", DOCX_MS)):
        pages = [_timed(partial(DRAWN[form], _one_page(next(numbers)))) for _ in range(DRAWN_TIMES + 1)]
        whole = [_timed(partial(_draw, db, unit, entry, form)) for entry in entries]
        page, full = share(sorted(pages[1:]), 50), share(sorted(whole[1:]), 50)
        rows.found.append(
            Row(
                f"{form.upper()} of a full assessment",
                round(full, 1),
                "ms",
                ratio_to=f"one page by the same library, {page:.1f} ms",
                ratio=round(full / page, 1),
                expected=f"aim: {aim} ms",
                reached=full <= aim,
            )
        )


def _timed(work: Callable[[], Any]) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000


def _draw(db: Database, unit: LoadedUnit, entry: str, form: str) -> bytes:
    with db.read() as session:
        found = session.get(Unit, unit.unit_id)
        assert found is not None
        made = document(Source(session, found, datetime.now(UTC), "Clinician"), "form", entry)
    return DRAWN[form](made)


def _one_page(number: int) -> Document:
    at = datetime.now(UTC)
    parts = tuple(say(f"{number}.{line} {WORDS * 3}") for line in range(10))
    return Document(kind="page", title="A page", classification="OFFICIAL", made="Bench", at=at, parts=parts)


def _assessment(db: Database, unit: LoadedUnit, number: int) -> str:
    form, now = load_form(FORM), datetime.now(UTC)
    family, person = next(iter(unit.families.values())), next(iter(unit.people.values()))
    with db.write() as session:
        entry = Entry(
            unit_id=unit.unit_id, family_id=family, form=FORM, form_version=form.version, recorded_by_id=person,
            recorded_at=now,
        )  # fmt: skip
        seal(session, entry, EntryBody(answers=answers(form, person, str(number))), Scope.family(family))
        session.add(entry)
        return entry.id


# ---- lists


SHEET = ("-m", "bench.sheet")


async def _sheet(rows: Rows, folder: Path, db: Database, unit: LoadedUnit, key: bytes) -> None:
    """The tracking form as a spreadsheet, in a process that does nothing else: a thousand lines, then all of them."""
    day = today()
    few = day - timedelta(days=LINES // LINES_A_DAY // 100 - 1)
    with db.write() as session:
        _lines(session, unit, day)
    found = [await _one_sheet(folder, db, unit, key, since) for since in (few, date.min)]
    small, large = found
    rows.add(f"XLSX of {large['rows']} tracking lines", large["rows"] / large["seconds"], "lines/s")
    rows.found.append(
        Row(
            f"XLSX of {large['rows']} tracking lines: peak memory",
            round(large["peak"], 1),
            "MB",
            ratio_to=f"{small['rows']} lines, {small['peak']:.1f} MB",
            ratio=round(large["peak"] / small["peak"], 2),
            expected=f"at most {MEMORY_MB} MB more",
            reached=large["peak"] - small["peak"] <= MEMORY_MB,
        )
    )


async def _one_sheet(folder: Path, db: Database, unit: LoadedUnit, key: bytes, since: date) -> dict[str, float]:
    asked = {
        "url": str(db.url),
        "key": base64.b64encode(key).decode(),
        "unit": unit.unit_id,
        "since": since.isoformat(),
        "place": str(folder / "tracking.xlsx"),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, *SHEET, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate(json.dumps(asked).encode())
    found: dict[str, float] = json.loads(told)
    return found


def _lines(session: Session, unit: LoadedUnit, newest: date) -> None:
    families, people = list(unit.families.values()), list(unit.people.values())
    now, made = datetime.now(UTC), []
    for number in range(LINES):
        family, row_id = families[number % len(families)], new_id()
        on = newest - timedelta(days=number // LINES_A_DAY)
        row = {
            "id": row_id, "unit_id": unit.unit_id, "family_id": family, "person_id": people[number % len(people)],
            "on": on, "kind": "session", "method": "family_therapy", "source": f"bench:{number}",
            "recorded_by_id": people[0], "at": now,
        }  # fmt: skip
        body = TrackingBody(description=f"{number}: {WORDS}", themes=["loss", "school"], outcome="Calmer.")
        made.append(row | {"sealed_no": 1, "sealed": _sealed(session, TrackingEntry, row_id, body, family)})
    session.connection().execute(insert(TrackingEntry), made)


def _sealed(session: Session, table: Any, row_id: str, body: Any, family: str) -> bytes:
    row = SimpleNamespace(id=row_id, __table__=table.__table__, sealed=b"", sealed_no=0)
    seal(session, row, body, Scope.family(family))
    return row.sealed


# ---- a long past


def _timeline(rows: Rows, db: Database, unit: LoadedUnit) -> None:
    """The statements of a page of the timeline, of a family with a short past and of one with a long one."""
    meeting = Meeting(db, unit)
    short, long, *_ = unit.families.values()
    with db.write() as session:
        for family, events in ((short, EVENTS_FEW), (long, EVENTS_MANY)):
            _moves(session, unit, family, events)
    for name, family in (("short", short), ("long", long), ("short", short), ("long", long)):
        began = perf_counter()
        meeting.ask(name, partial(meeting.press, "consultant", "family.timeline", family=family))
        meeting.counts[f"{name} ms"] = round((perf_counter() - began) * 1000)
    few, many = meeting.counts["short"], meeting.counts["long"]
    rows.found.append(
        Row(
            f"timeline of {EVENTS_MANY} events",
            many,
            "statements",
            ratio_to=f"{EVENTS_FEW} events, {few}",
            ratio=round(many / few, 2),
            expected="the same",
            reached=many == few,
        )
    )
    rows.add(f"timeline of {EVENTS_MANY} events: first page", meeting.counts["long ms"], "ms")


def _moves(session: Session, unit: LoadedUnit, family: str, events: int) -> None:
    found = episodes.of_family(session, family)
    assert found, "the family has clinical work"
    person, now = next(iter(unit.people.values())), datetime.now(UTC)
    made = []
    for number in range(events):
        row_id, at = new_id(), now - timedelta(days=1, hours=number)
        made.append(
            {
                "id": row_id,
                "episode_id": found[0].id,
                "family_id": family,
                "move": "session",
                "from_state": "in_therapy",
                "to_state": "in_therapy",
                "on": at.date(),
                "at": at,
                "by_id": person,
                "override": False,
                "sealed_no": 1,
                "sealed": _sealed(session, EpisodeChange, row_id, TextBody(text=WORDS), family),
            }
        )
    session.connection().execute(insert(EpisodeChange), made)
