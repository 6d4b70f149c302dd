"""`unitbot import`: a unit's families out of a CSV, with a preview before anything is changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.settings import StorageSettings
from handlers.family import other_unit
from handlers.turn import Event, EventKind, Turn
from prompts_and_forms.imports import sheet, wording
from prompts_and_forms.imports.families import gather
from prompts_and_forms.imports.sheet import NotASheet
from storage.database.db import Database
from storage.database.tables import Unit
from storage.database.vault import Vault
from storage.database.watching import watch
from storage.imports.reconcile import Importing, Outcome
from storage.opening import open_database
from storage.unit import units

TOGETHER = 50
"""Families brought in at once: everybody else's words wait meanwhile, a second or two."""


class NotImported(Exception):
    """Why nothing was brought in, in a sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def import_file(
    settings: StorageSettings, path: Path, unit_name: str, *, say: Callable[[str], None], go_on: Callable[[], bool]
) -> Outcome | None:
    """Says what would change, and brings it in when `go_on` says so; None when not. Raises NotImported."""
    try:
        text = sheet.text_of(path.read_bytes())
        read = sheet.read(text)
    except NotASheet as fault:
        raise NotImported(fault.sentence) from fault
    except OSError as fault:
        raise NotImported(f"{path} cannot be read: {fault.strerror}.") from fault
    db = open_database(settings.database_url, Vault(settings.key))
    try:
        with db.read() as session:
            found = _look(session, unit_name, read)
        for line in wording.preview_lines(found, read.not_read):
            say(line)
        if not (found.new or found.changed) or not go_on():
            return None
        return _bring_in(db, unit_name, read)
    finally:
        db.close()


def _look(session: Session, unit_name: str, read: sheet.Sheet) -> Outcome:
    unit, now = _unit(session, unit_name), datetime.now(UTC)
    today = now.astimezone(ZoneInfo(unit.timezone)).date()
    return Importing(session, unit, now, today).run(*gather(read, today))


def _bring_in(db: Database, unit_name: str, read: sheet.Sheet) -> Outcome:
    """A few families at a time, so that nobody in a meeting waits; each family as a whole."""
    with db.read() as session:
        unit = _unit(session, unit_name)
    today = datetime.now(UTC).astimezone(ZoneInfo(unit.timezone)).date()
    said, faults = gather(read, today)
    found = Outcome()
    for first in range(0, len(said), TOGETHER):
        with db.write() as session:
            now = datetime.now(UTC)
            watch(session, at=now, person_id=None, unit_id=unit.id)
            found.add(
                Importing(session, session.get_one(Unit, unit.id), now, today, write=True).run(
                    said[first : first + TOGETHER]
                )
            )
    found.refuse(faults)
    if found.elsewhere:
        _ask_to_talk(db, unit.id, found)
    return found


def _ask_to_talk(db: Database, unit_id: str, found: Outcome) -> None:
    """Whoever looks after the families that are with another unit is asked to ring; the bot sends it once it runs."""
    with db.write() as session:
        now = datetime.now(UTC)
        watch(session, at=now, person_id=None, unit_id=unit_id)
        turn = Turn(session=session, event=Event(id="import", kind=EventKind.TICK, at=now), now=now)
        other_unit.ask_to_talk(turn, session.get_one(Unit, unit_id), found.elsewhere)


def _unit(session: Session, name: str) -> Unit:
    """The unit of that name, or the only one there is."""
    everyone = units.every_unit(session)
    found = units.by_name(session, name) if name else (everyone[0] if len(everyone) == 1 else None)
    if found is not None:
        return found
    names = ", ".join(unit.name for unit in everyone) or "none yet"
    if name:
        raise NotImported(f"There is no unit called {name}. There is: {names}.")
    raise NotImported(f"Please say which unit, with --unit. There is: {names}.")
