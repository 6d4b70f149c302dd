"""The clinical pathway of one family by hand: commands, presses and fields, beside what it took before."""

from __future__ import annotations

from pathlib import Path

from bench.report import Row, Rows
from storage import migrate
from storage.database.db import Database
from storage.database.vault import Vault
from tests.journeys.pathway.walker import Counts, Walk
from tests.journeys.pathway.way import REF, to_an_active_agreement, to_closing
from tests.worlds.records_world import Room

BEFORE_AGREEMENT, BEFORE_CLOSING = 70, 83
"""Counted by the same walk before forms opened with what was said."""
APART = "the assessment's own fields and the scores counted apart"


def measure(rows: Rows, folder: Path, key: bytes) -> None:
    """One child, two informants, six sessions, all questionnaires; on a database of its own."""
    url = f"sqlite:///{folder / 'pathway.db'}"
    migrate.upgrade(url)
    db = Database.open(url, Vault(key))
    try:
        walk = Walk(Room(db), REF)
        to_an_active_agreement(walk)
        first, walk.counts = walk.counts.all, Counts()
        to_closing(walk)
        then = walk.counts.all
    finally:
        db.close()
    for name, now, before in (
        ("consultation to an active agreement", first, BEFORE_AGREEMENT),
        ("on to closing", then, BEFORE_CLOSING),
        ("consultation to closing", first + then, BEFORE_AGREEMENT + BEFORE_CLOSING),
    ):
        aim = f"aim: about half; {APART}"
        rows.found.append(Row(name, now, "acts", f"before, {before}", round(now / before, 2), expected=aim))
    rows.found.append(
        Row("questions asked twice on the way", len(walk.twice), "", expected="0", reached=not walk.twice)
    )
