"""Who acts, and which unit an event belongs to."""

from __future__ import annotations

from sqlmodel import Session

from handlers.turn import Event, EventKind
from storage.database.tables import Family, Person, Unit
from storage.turn import scene
from storage.unit import units

OF_A_MESSAGE = (EventKind.MESSAGE, EventKind.EDITED, EventKind.DELETED, EventKind.SHORTCUT)
NAMES = ("unit", "meeting", "discussion", "family", "draft")
"""What an event may name by its id; the first of them says which unit is meant."""


def who(session: Session, event: Event) -> Person | None:
    """Whoever acts, read together with what the event is about."""
    of_a_message = event.kind in OF_A_MESSAGE
    return scene.enter(
        session,
        chat_user=event.chat_user,
        channel=event.channel,
        ts=event.ts if of_a_message else "",
        thread=event.thread if of_a_message else "",
        ids=event.args,
    )


def unit_of(session: Session, event: Event) -> Unit | None:
    """The unit an event belongs to: named by its ids, otherwise the unit of the channel."""
    named = units_named(session, event)
    if named:
        return session.get(Unit, named[0])
    return units.by_channel(session, event.channel) if event.channel else None


def units_named(session: Session, event: Event) -> list[str]:
    """The units that the ids of an event belong to: one, where they belong together."""
    found: list[str] = []
    for name in NAMES:
        row_id = event.args.get(name)
        row = session.get(scene.NAMED[name], row_id) if row_id else None
        unit_id = row_id if name == "unit" else getattr(row, "unit_id", None)
        if unit_id and unit_id not in found:
            found.append(unit_id)
    return found


def names_no_family(session: Session, event: Event) -> bool:
    """Whether it names a family that is not there for whoever acts: no form or button may go on about it."""
    family_id = event.args.get("family")
    return bool(family_id) and session.get(Family, family_id) is None
