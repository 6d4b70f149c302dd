"""The genograms of a family: entries of two forms, the people and how they belong together.

The newest entry of each that nothing replaced holds now; the older ones stay, so that any earlier picture can be drawn
again. What lies in them: prompts_and_forms/genogram.py. Nothing here commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from prompts_and_forms.genogram.genogram import Genogram, Person, people_of, read
from storage.database.tables import Entry
from storage.forms import entries

PEOPLE, LINKS = "genogram", "genogram_links"
FORMS = (PEOPLE, LINKS)


@dataclass(frozen=True)
class Drawn:
    """One picture: the entries it is drawn from, and what is in it with ages as they were told."""

    people: Entry
    links: Entry | None
    genogram: Genogram

    @property
    def newest(self) -> Entry:
        """The entry that was written last: when it was drawn, and by whom."""
        return max((one for one in (self.people, self.links) if one), key=lambda one: one.recorded_at)


def current(session: Session, family_id: str) -> Drawn | None:
    """The one that holds now; None where nobody is drawn yet."""
    people = entries.newest_of_family(session, family_id, PEOPLE)
    return _drawn(session, people, entries.newest_of_family(session, family_id, LINKS)) if people else None


def as_of(session: Session, family_id: str, when: datetime) -> Drawn | None:
    """The one that held at a moment, whatever was drawn since."""
    people = _entry_at(session, family_id, PEOPLE, when)
    return _drawn(session, people, _entry_at(session, family_id, LINKS, when)) if people else None


def of_entry(session: Session, entry: Entry) -> Drawn | None:
    """The picture an entry belongs to: the last one it was part of."""
    family_id = entry.family_id or ""
    after = session.get(Entry, entry.replaced_by_id) if entry.replaced_by_id else None
    if entry.form == LINKS:
        people = _entry_at(session, family_id, PEOPLE, entry.recorded_at)
        return _drawn(session, people, entry) if people else None
    links = _entry_at(session, family_id, LINKS, after.recorded_at) if after else None
    return _drawn(session, entry, links if after else entries.newest_of_family(session, family_id, LINKS))


def is_a_picture(session: Session, entry: Entry) -> bool:
    """Whether something was drawn with this entry: no second one came with it."""
    drawn = of_entry(session, entry)
    return drawn is not None and drawn.newest.id == entry.id


def people(session: Session, family_id: str) -> tuple[Person, ...]:
    """Everybody in the one that holds now."""
    entry = entries.newest_of_family(session, family_id, PEOPLE)
    return people_of(entries.answers(session, entry).get("people") or (), entry.recorded_at.year) if entry else ()


def label_of(session: Session, entry: Entry, person_id: str) -> str:
    """How somebody is called in the picture an entry belongs to; the id itself where they are not in it."""
    drawn = of_entry(session, entry)
    people = drawn.genogram.people if drawn else ()
    return next((one.label for one in people if one.id == person_id), person_id)


def _drawn(session: Session, people: Entry, links: Entry | None) -> Drawn:
    said = entries.answers(session, people)
    tied = entries.answers(session, links) if links else {}
    return Drawn(people, links, read({**said, "links": tied.get("links")}, people.recorded_at.year))


def _entry_at(session: Session, family_id: str, form: str, when: datetime) -> Entry | None:
    """The entry of a form that held at a moment: written by then, and not replaced by one written by then."""
    wanted = select(Entry).where(Entry.family_id == family_id, Entry.form == form, col(Entry.recorded_at) <= when)
    then = list(session.exec(wanted.order_by(col(Entry.recorded_at), col(Entry.id))))
    ids = {one.id for one in then}
    return next((one for one in reversed(then) if one.replaced_by_id not in ids), None)
