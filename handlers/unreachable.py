"""Somebody whom no direct message reaches: a closed account, or direct messages switched off. Others are told.

What is due for them stays open and is planned on; only nobody hears of it until somebody sees to it.
"""

from __future__ import annotations

from datetime import timedelta

from handlers import digest
from handlers.membership import whom_to_tell
from handlers.render import Rendering, renders
from handlers.routes import tick
from handlers.turn import Answer, Nothing, Turn
from prompts_and_forms import wording_nudges as words
from prompts_and_forms.card import Bullets, Card, card, say
from storage import outbox, people, units, unreached
from storage.tables import Person, Unit

LOOK_BACK = timedelta(days=1)


@tick("unreachable", every_minutes=10)
def look(turn: Turn) -> Answer:
    """Tells those who look after a unit, once a week for each person who was not reached."""
    for unit in units.every_unit(turn.session):
        for person in not_reached(turn, unit):
            _tell(turn, unit, person)
    return Nothing()


def not_reached(turn: Turn, unit: Unit) -> list[Person]:
    """People of the unit for whom a reminder of today or yesterday was refused for good."""
    today = turn.today(unit)
    here = {person.id: person for _place, person in people.members(turn.session, unit.id)}
    keys = {digest.digest_key(one, day): one for one in here for day in (today, today - LOOK_BACK)}
    for said in unreached.said_to(turn.session, list(here), today - LOOK_BACK):
        keys[digest.one_key(said.person_id, said.nudge_id)] = said.person_id
    failed = {keys[key] for key in unreached.refused(turn.session, list(keys))}
    return [person for person_id, person in here.items() if person_id in failed]


def _tell(turn: Turn, unit: Unit, person: Person) -> None:
    year, week, _day = turn.today(unit).isocalendar()
    for other in whom_to_tell(turn, unit):
        if other.id != person.id:
            key = f"unit:{unit.id}/unreached:{person.id}/{year}-{week}/to:{other.id}"
            outbox.say(turn.session, key, now=turn.now, chat_user=other.chat_user)


@renders("unit:{unit_id}/unreached:{person_id}/{week}/to:{reader_id}")
def draw(view: Rendering, unit_id: str, person_id: str, week: str, reader_id: str) -> Card | None:
    """No longer wanted once either of them has left."""
    unit, person = units.by_id(view.session, unit_id), people.by_id(view.session, person_id)
    both = people.belongs(view.session, unit_id, reader_id) and people.belongs(view.session, unit_id, person_id)
    if unit is None or person is None or not both:
        return None
    lines = tuple((line.format(who=person.name),) for line in words.UNREACHED_WAYS)
    return card(words.UNREACHED_NOTICE, say(words.UNREACHED.format(who=person.name)), Bullets(items=lines))
