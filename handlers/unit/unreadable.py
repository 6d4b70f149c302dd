"""A kept text that does not open harms nobody else: its place is marked, and whoever looks after the unit hears."""

from __future__ import annotations

from handlers.render import Rendering, renders
from handlers.routes import not_opened
from handlers.turn import Turn
from prompts_and_forms.card import Card, card, say
from prompts_and_forms.unit import unreadable_wording
from storage.database import unreadable
from storage.family import families
from storage.messages import outbox
from storage.unit import people, units
from storage.unit.people import whom_to_tell


@not_opened
def tell(turn: Turn) -> None:
    """Coordinators and the lead hear once a day, however much of the unit cannot be read."""
    for unit_id in sorted(unreadable.keep(turn.session, turn.now)):
        unit = units.by_id(turn.session, unit_id)
        if unit is None:
            continue
        day = turn.today(unit)
        for person in whom_to_tell(turn.session, unit, day):
            key = f"unit:{unit.id}/unreadable:{day.isoformat()}/to:{person.id}"
            outbox.show(turn.session, key, now=turn.now, chat_user=person.chat_user)


@renders("unit:{unit_id}/unreadable:{day}/to:{reader_id}")
def draw(view: Rendering, unit_id: str, day: str, reader_id: str) -> Card | None:
    """No longer wanted once all of it can be read again, or the reader has left."""
    unit, found = units.by_id(view.session, unit_id), unreadable.of_unit(view.session, unit_id)
    if unit is None or not found or people.belongs(view.session, unit_id, reader_id) is None:
        return None
    refs = sorted({families.ref_of(view.session, row.family_id) for row in found if row.family_id})
    return card(
        unreadable_wording.NOTICE,
        say(unreadable_wording.what(unit.name, len(found), refs)),
        say(unreadable_wording.WHAT_NOW),
    )
