"""Somebody whom no direct message reaches: a closed account, or direct messages switched off. Others are told.

What is due for them stays open, and they are tried again each morning. What cannot wait goes the same day to whoever
covers for them, or to those who look after the unit.
"""

from __future__ import annotations

from datetime import timedelta

from handlers import messages
from handlers.nudges import digest
from handlers.render import Rendering, renders
from handlers.routes import tick
from handlers.turn import Answer, Nothing, Turn
from prompts_and_forms.card import Bullets, Card, card, say
from prompts_and_forms.nudges import nudge_rules
from prompts_and_forms.nudges import wording as nudges_wording
from prompts_and_forms.nudges.nudge_kinds import SAME_DAY, kind
from prompts_and_forms.states import NudgeState
from storage.database.tables import Person, Unit
from storage.database.tables_nudges import Nudge
from storage.messages import outbox
from storage.nudges import facts, nudges, unreached
from storage.unit import people, units
from storage.unit.people import whom_to_tell

LOOK_BACK = timedelta(days=1)


@tick("unreachable", every_minutes=10)
def look(turn: Turn) -> Answer:
    """What was refused was not said. Those who look after the unit hear of it, once a week for each person."""
    earliest = turn.now.date() - LOOK_BACK
    found = unreached.not_heard(turn.session, earliest)
    if not found:
        return Nothing()
    unreached.forget_said(turn.session, found)
    for unit_id, person_id in dict.fromkeys((one.unit_id, one.person_id) for one in found):
        unit, person = units.by_id(turn.session, unit_id), people.by_id(turn.session, person_id)
        if unit is None or person is None:
            continue
        mine = {one.nudge.id: one.nudge for one in found if (one.unit_id, one.person_id) == (unit_id, person_id)}
        _pass_on(turn, unit, person, list(mine.values()))
        _tell(turn, unit, person)
    return Nothing()


def _pass_on(turn: Turn, unit: Unit, person: Person, refused: list[Nudge]) -> None:
    """What cannot wait reaches somebody else today: alone where it concerns safety, else in their morning's message."""
    today = turn.today(unit)
    known = nudge_rules.without(facts.people_known(turn.session, unit, today), person.id)
    for row in refused:
        if row.state != NudgeState.OPEN or not (row.statutory or kind(row.kind).at_once):
            continue
        other = people.by_id(turn.session, nudge_rules.hearer(known, row.person_id, today, must=True) or "")
        if other is None or other.id == person.id:
            continue
        if kind(row.kind).group == SAME_DAY:
            nudges.mark_said(turn.session, [nudges.Saying(row, other.id, today)])
            digest.show_one(turn.session, row.id, other, turn.now)
        elif nudge_rules.is_a_day_for_it(today, nudges.preference(turn.session, other.id).days):
            nudges.mark_said(turn.session, [nudges.Saying(row, other.id, today)])
            digest.show_morning(turn.session, other, today, turn.now)


def _tell(turn: Turn, unit: Unit, person: Person) -> None:
    year, week, _day = turn.today(unit).isocalendar()
    due_at = messages.when_at_work(turn, unit)
    for other in whom_to_tell(turn.session, unit, turn.today(unit)):
        if other.id != person.id:
            key = f"unit:{unit.id}/unreached:{person.id}/{year}-{week}/to:{other.id}"
            outbox.say(turn.session, key, now=turn.now, chat_user=other.chat_user, due_at=due_at)


@renders("unit:{unit_id}/unreached:{person_id}/{week}/to:{reader_id}")
def draw(view: Rendering, unit_id: str, person_id: str, week: str, reader_id: str) -> Card | None:
    """No longer wanted once either of them has left."""
    unit, person = units.by_id(view.session, unit_id), people.by_id(view.session, person_id)
    both = people.belongs(view.session, unit_id, reader_id) and people.belongs(view.session, unit_id, person_id)
    if unit is None or person is None or not both:
        return None
    lines = tuple((line.format(who=person.name),) for line in nudges_wording.UNREACHED_WAYS)
    return card(
        nudges_wording.UNREACHED_NOTICE, say(nudges_wording.UNREACHED.format(who=person.name)), Bullets(items=lines)
    )
