"""What somebody above the unit waits for: Home of many units, figures of one, words found in years of records."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from bench.questions import MORNING, counting, unit_with_past
from bench.report import Rows
from bot.slack import views
from handlers import routes
from handlers.turn import Event, EventKind, HomeView
from storage import migrate
from storage.database.db import Database
from storage.database.vault import Vault
from storage.managers import figures
from storage.unit import people, units
from tests.worlds.managers.many_units import MANAGER, NOW, manager_of

HOMES = ((15, 60), (100, 60))
FAMILIES, YEARS = 50, 5
TIMES = 5
HOME_AIM, FIND_AIM = 0.3, 1.0
COLD = "import sys; from bench.managers import cold; cold(sys.argv[1], bytes.fromhex(sys.argv[2]))"


def measure(rows: Rows, folder: Path, key: bytes) -> None:
    """Fills databases of its own and adds its figures."""
    for many, families in HOMES:
        _home(rows, folder / f"home{many}.db", key, many, families)
    _years(rows, folder / "finding.db", key)


def _home(rows: Rows, place: Path, key: bytes, many: int, families: int) -> None:
    db = _database(place, key)
    with db.write() as session:
        manager_of(session, many, families)
    name = f"Home of {many} units with {families} families"
    _first, drawn, statements = _open(db)
    warm = [_open(db)[0] for _ in range(TIMES)]
    db.close()
    run = subprocess.run(
        [sys.executable, "-c", COLD, str(place), key.hex()], capture_output=True, text=True, check=True
    )
    first, of_processor = map(float, run.stdout.split())
    rows.add(f"{name}: first in a new process", first, "s", aim=f"below {HOME_AIM} s")
    rows.add(f"{name}: first, processor time alone", of_processor, "s", aim=f"below {HOME_AIM} s")
    rows.add(f"{name}: the next ones", median(one.wall for one in warm), "s")
    rows.add(f"{name}: the next ones, processor time alone", median(one.processor for one in warm), "s")
    rows.add(f"{name}: statements", statements, "statements")
    rows.add(f"{name}: blocks", len(drawn["blocks"]), "blocks", aim="at most 100")
    rows.add(f"{name}: characters", len(json.dumps(drawn)), "characters", aim="at most 250,000")


@dataclass(frozen=True)
class Taken:
    """How long something took, and how much of that the processor worked for it: the rest is other programs."""

    wall: float
    processor: float


@contextmanager
def timing(found: list[Taken]) -> Iterator[None]:
    """Notes what happens inside."""
    wall, processor = perf_counter(), process_time()
    yield
    found.append(Taken(perf_counter() - wall, process_time() - processor))


def _open(db: Database) -> tuple[Taken, dict[str, list[object]], int]:
    routes.load()
    taken: list[Taken] = []
    with counting(db) as asked, timing(taken), db.write() as session:
        event = Event(id=f"home {perf_counter()}", kind=EventKind.HOME, at=NOW, chat_user=MANAGER)
        answer = routes.handle(session, event, NOW)
    assert isinstance(answer, HomeView)
    return taken[0], views.home(answer.card), len(asked)


def cold(place: str, key: bytes) -> None:
    """Prints how long the first Home tab of a process takes, once the process itself is up."""
    db = Database.open(f"sqlite:///{place}", Vault(key))
    taken = _open(db)[0]
    print(taken.wall, taken.processor)
    db.close()


def _years(rows: Rows, place: Path, key: bytes) -> None:
    """A unit of fifty families with five years behind it."""
    db = _database(place, key)
    loaded = unit_with_past(db, families=FAMILIES, years=YEARS)
    with db.read() as session:
        coordinator = people.by_id(session, next(iter(loaded.people.values())))
        assert coordinator is not None
        chat_user, unit = coordinator.chat_user, units.by_id(session, loaded.unit_id)
        assert unit is not None
        began = perf_counter()
        figures.of_unit(session, unit, MORNING.date())
        rows.add("figures of a unit with 50 families and 5 years: facts gathered", perf_counter() - began, "s")
    for words in ("mornings better", "goldfish"):
        taken = [_find(db, chat_user, unit.channel, words, number) for number in range(TIMES)]
        name = f"/find in 50 families and 5 years, “{words}”"
        rows.add(name, median(one.wall for one in taken), "s", aim=f"below {FIND_AIM:.0f} s")
        rows.add(f"{name}, processor time alone", median(one.processor for one in taken), "s")
    db.close()


def _find(db: Database, chat_user: str, channel: str, words: str, number: int) -> Taken:
    taken: list[Taken] = []
    with timing(taken), db.write() as session:
        event = Event(
            id=f"{words} {number}", kind=EventKind.COMMAND, at=MORNING, chat_user=chat_user, channel=channel,
            name="/find", text=words,
        )  # fmt: skip
        routes.handle(session, event, MORNING)
    return taken[0]


def _database(place: Path, key: bytes) -> Database:
    url = f"sqlite:///{place}"
    migrate.upgrade(url)
    return Database.open(url, Vault(key))
