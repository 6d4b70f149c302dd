"""After a backup was brought back: those who look after each unit hear what is missing."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import Session

from handlers.render import Rendering, renders
from prompts_and_forms import backup_wording
from prompts_and_forms.card import Card, card, say
from prompts_and_forms.days import day_words
from storage.backup import restored
from storage.database.tables import Unit
from storage.messages import outbox
from storage.unit import people, units
from storage.unit.people import whom_to_tell


def tell(session: Session, restoration_id: str, missing: dict[str, list[str]], now: datetime) -> int:
    """Keeps what the platform shows and the record does not know; coordinators and leads hear. How many, once."""
    row = restored.keep_compared(session, restoration_id, missing)
    if row is None:
        return 0
    for unit in units.every_unit(session):
        for person in whom_to_tell(session, unit, now.date()):
            key = f"unit:{unit.id}/restored:{row.id}/to:{person.id}"
            outbox.say(session, key, now=now, chat_user=person.chat_user)
    return sum(len(posts) for posts in row.missing.values())


@renders("unit:{unit_id}/restored:{restoration_id}/to:{reader_id}")
def draw(view: Rendering, unit_id: str, restoration_id: str, reader_id: str) -> Card | None:
    """No longer wanted once the reader has left, or another backup was brought back since."""
    unit, row = units.by_id(view.session, unit_id), restored.newest(view.session)
    if unit is None or row is None or row.id != restoration_id:
        return None
    if people.belongs(view.session, unit_id, reader_id) is None:
        return None
    missing = sorted(row.missing.get(unit_id, []), key=float)
    first, last = (_time(unit, missing[0]), _time(unit, missing[-1])) if missing else ("", "")
    at = _words(unit, row.made_at)
    return card(
        backup_wording.COPIED_TITLE,
        say(backup_wording.restored(at, len(missing), first, last)),
        say(backup_wording.WHAT_NOW),
    )


def _time(unit: Unit, ts: str) -> str:
    return _words(unit, datetime.fromtimestamp(float(ts), UTC))


def _words(unit: Unit, at: datetime) -> str:
    local = at.astimezone(units.zone(unit))
    return f"{local:%H:%M} on {day_words.in_short(local.date())}"
