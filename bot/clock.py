"""The unit's clock: the machine's time, moved by whole seconds when people practise."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class UnitClock(Protocol):
    def now(self) -> datetime:
        """The moment it is for the unit, aware UTC."""
        ...

    def at(self, machine: datetime) -> datetime:
        """The unit's moment for a moment of the machine."""
        ...


class Clock:
    """Machine time plus the offset kept in a small JSON file, ``{"offset_seconds": 0}``; without a file, machine time.

    The file is looked at again whenever it changed, so the practice page can move a running bot's clock.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._stamp: tuple[int, int] | None = None
        self._offset = timedelta()

    def now(self) -> datetime:
        """The unit's time now, in UTC."""
        return self.at(datetime.now(UTC))

    def at(self, machine: datetime) -> datetime:
        """The unit's time when the machine's is `machine`."""
        return machine.astimezone(UTC) + self.offset()

    def offset(self) -> timedelta:
        """How far the unit's clock is from the machine's."""
        if self._file is None:
            return timedelta()
        try:
            found = os.stat(self._file)
        except FileNotFoundError:
            return self._offset
        stamp = (found.st_mtime_ns, found.st_size)
        if stamp != self._stamp:
            self._read(stamp)
        return self._offset

    def _read(self, stamp: tuple[int, int]) -> None:
        assert self._file is not None
        try:
            seconds = json.loads(self._file.read_text("utf-8")).get("offset_seconds", 0)
        except (OSError, ValueError):
            return
        self._offset = timedelta(seconds=float(seconds))
        self._stamp = stamp


def move_clock(file: Path, offset: timedelta) -> None:
    """Sets the offset for every bot that reads this file; a reader never sees half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".new")
    half.write_text(json.dumps({"offset_seconds": offset.total_seconds()}), "utf-8")
    half.replace(file)
