"""Empty commits on the same disk: what SQLite itself takes to keep one changed number for good."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from time import perf_counter

EACH_TIME = 40
FIVE = 5


class Commits:
    """A database with the bot's own settings and one row in it. `five` = five commits in a row, `one` = each, in ms."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for setting in ("busy_timeout = 10000", "foreign_keys = ON", "journal_mode = WAL", "synchronous = FULL"):
            self._database.execute(f"PRAGMA {setting}")
        self._database.execute("CREATE TABLE number (n INTEGER)")
        self._database.execute("INSERT INTO number VALUES (0)")
        self.one: list[float] = []
        self.five: list[float] = []

    def measure(self) -> None:
        for _ in range(EACH_TIME):
            began = perf_counter()
            for _ in range(FIVE):
                self._one()
            self.five.append((perf_counter() - began) * 1000)

    def _one(self) -> None:
        began = perf_counter()
        self._database.execute("BEGIN IMMEDIATE")
        self._database.execute("UPDATE number SET n = n + 1")
        self._database.execute("COMMIT")
        self.one.append((perf_counter() - began) * 1000)

    def forget(self) -> None:
        self.one.clear()
        self.five.clear()

    def close(self) -> None:
        self._database.close()
