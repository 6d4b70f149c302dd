"""The genograms of a family: an entry of the form `genogram` each time one is drawn. The newest that nothing replaced
holds now; the older ones stay. What lies in an entry: prompts_and_forms/genogram.py. Nothing here commits."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from prompts_and_forms.genogram import Genogram, Person, read
from storage import entries
from storage.tables import Entry

FORM = "genogram"


def current(session: Session, family_id: str) -> Entry | None:
    return entries.newest_of_family(session, family_id, FORM)


def as_of(session: Session, family_id: str, when: datetime) -> Entry | None:
    """The one that held at a moment, whatever was drawn since."""
    wanted = select(Entry).where(Entry.family_id == family_id, Entry.form == FORM, col(Entry.recorded_at) <= when)
    then = list(session.exec(wanted.order_by(col(Entry.recorded_at), col(Entry.id))))
    ids = {one.id for one in then}
    return next((one for one in reversed(then) if one.replaced_by_id not in ids), None)


def drawn(session: Session, entry: Entry) -> Genogram:
    """The genogram an entry holds, with ages as they were told then."""
    return read(entries.answers(session, entry), entry.recorded_at.year)


def people(session: Session, family_id: str) -> tuple[Person, ...]:
    """Everybody in the one that holds now."""
    entry = current(session, family_id)
    return drawn(session, entry).people if entry else ()
