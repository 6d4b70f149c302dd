"""The sample unit, read and loaded once for all the tests of a process: loading it takes a good second."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from copy import deepcopy
from datetime import date, datetime
from functools import cache
from pathlib import Path

from sqlmodel import select

from bot.practice.sample.unit_file import LoadedUnit, UnitFile, load_unit, read_unit_file
from storage.database.db import Database
from storage.database.tables import Unit

SAMPLE = Path(__file__).parents[2] / "bot" / "practice" / "kestrel_unit.yaml"
_LOADED: dict[tuple[str, date, str, datetime], tuple[sqlite3.Connection, LoadedUnit]] = {}


@cache
def sample_unit() -> UnitFile:
    return read_unit_file(SAMPLE)


def sample_in(db: Database, *, day: date, channel: str, now: datetime) -> LoadedUnit:
    """The sample unit in an empty database; into a file it is loaded once and copied from then on."""
    if db.url.get_backend_name() != "sqlite":
        return _loaded(db, day, channel, now)
    path, known = str(db.url.database), (db.vault.index("whose key"), day, channel, now)
    if known not in _LOADED:
        _LOADED[known] = sqlite3.connect(":memory:", check_same_thread=False), _loaded(db, day, channel, now)
        _copy(path, _LOADED[known][0], into_file=False)
    else:
        with db.read() as session:
            assert session.exec(select(Unit)).first() is None, "only an empty database can be written over"
        _copy(path, _LOADED[known][0], into_file=True)
    return deepcopy(_LOADED[known][1])


def _loaded(db: Database, day: date, channel: str, now: datetime) -> LoadedUnit:
    with db.write() as session:
        return load_unit(session, sample_unit(), day=day, channel=channel, now=now)


def _copy(path: str, memory: sqlite3.Connection, *, into_file: bool) -> None:
    with closing(sqlite3.connect(path)) as file:
        source, target = (memory, file) if into_file else (file, memory)
        source.backup(target)
