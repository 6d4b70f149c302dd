"""One bot a database file: a second one would take what the first has taken."""

from __future__ import annotations

from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from bot.trouble import CannotStart
from storage.database.db import parse


def only_one(url: str) -> BaseFileLock | None:
    """The lock that keeps a second bot away from a database file; None where the database keeps order by itself.

    It is let go by `release`, and when the process ends. Raises CannotStart when a bot runs already.
    """
    address = parse(url)
    if address.get_backend_name() != "sqlite":
        return None
    path = Path(f"{address.database}.lock")
    if not path.parent.is_dir():
        return None
    lock = FileLock(path, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout as taken:
        raise CannotStart(f"Another unitbot is already running on {address.database}. Stop it first.") from taken
    return lock
