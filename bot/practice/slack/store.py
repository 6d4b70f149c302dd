"""Keeps the workspace between starts: every object as JSON in one SQLite file, written as it changes."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from bot.practice.slack.limits import Json


class Store:
    """Objects by kind and id. Without a path nothing outlives the process.

    Practice data is worth keeping, not worth waiting for: a power cut may lose the last moments, a crash does not.
    """

    def __init__(self, path: Path | None = None) -> None:
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
        place = str(path) if path else ":memory:"
        self._database = sqlite3.connect(place, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=OFF")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS object (kind TEXT, id TEXT, body TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID"
        )
        self._database.execute("CREATE TABLE IF NOT EXISTS upload (id TEXT PRIMARY KEY, content BLOB)")

    def save(self, kind: str, key: str, body: Json) -> None:
        """Saves an object, in place of an earlier one of this id."""
        text = json.dumps(body, separators=(",", ":"))
        self._database.execute("INSERT OR REPLACE INTO object VALUES (?, ?, ?)", (kind, key, text))

    def remove(self, kind: str, key: str) -> None:
        """Forgets an object."""
        self._database.execute("DELETE FROM object WHERE kind = ? AND id = ?", (kind, key))

    def all(self, kind: str) -> Iterator[tuple[str, Json]]:
        """Every kept object of this kind, in the order of their ids."""
        rows = self._database.execute("SELECT id, body FROM object WHERE kind = ? ORDER BY id", (kind,))
        for key, body in rows.fetchall():
            yield key, json.loads(body)

    def save_upload(self, file_id: str, content: bytes) -> None:
        """Saves a file's bytes."""
        self._database.execute("INSERT OR REPLACE INTO upload VALUES (?, ?)", (file_id, content))

    def upload(self, file_id: str) -> bytes | None:
        """A file's bytes, if it has any."""
        row = self._database.execute("SELECT content FROM upload WHERE id = ?", (file_id,)).fetchone()
        return bytes(row[0]) if row else None

    def remove_upload(self, file_id: str) -> None:
        """Forgets a file's bytes."""
        self._database.execute("DELETE FROM upload WHERE id = ?", (file_id,))

    def close(self) -> None:
        """Lets go of the file."""
        self._database.close()
