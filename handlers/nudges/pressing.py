"""What is due for somebody in all their units, the most pressing first: readable lines with buttons, ten at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.nudges import digest, drawing
from handlers.nudges.drawing import Line
from handlers.routes import button
from handlers.turn import Answer, Note, Turn
from prompts_and_forms.card import Block, Button, Buttons, Strong, card, say, small
from prompts_and_forms.nudges import nudge_rules
from prompts_and_forms.nudges import wording as nudges_wording
from prompts_and_forms.nudges.nudge_facts import Known
from storage.database.tables import Membership, Person, Unit
from storage.database.tables_nudges import Nudge
from storage.nudges import facts, nudges
from storage.unit import people

FEW_UNITS = 3
"""Of more units only what is shown is looked up in the record; of the rest what the plan of the morning says counts."""
Places = Sequence[tuple[Membership, Unit]]


@dataclass(frozen=True)
class DueNow:
    """The lines that are shown, how many there are in all, and from where the next ones begin ("" = that is all)."""

    lines: list[Line]
    count: int
    next: str = ""


def due_now(turn: Turn, person: Person, mine: Places, most: int, start: int = 0) -> DueNow:
    """What is due for somebody and for those they cover: `most` lines from `start` on, the most pressing first."""
    today = {unit.id: turn.today(unit) for _place, unit in mine}
    rows = sorted(_rows(turn, person, today), key=lambda row: (drawing.how_pressing(row, today[row.unit_id]), row.id))
    if len({row.unit_id for row in rows}) <= FEW_UNITS:
        every = drawing.lines(turn.session, rows, person.id, turn.now)
        found = drawing.joined(line for line in every if line.is_open)
        end = start + most
        return DueNow(found[start:end], len(found), str(end) if end < len(found) else "")
    found, place = [], start
    while len(found) < most and place < len(rows):
        some = rows[place : place + most - len(found)]
        place += len(some)
        found += [line for line in drawing.lines(turn.session, some, person.id, turn.now) if line.is_open]
    return DueNow(found, start + len(found) + len(rows) - place, str(place) if place < len(rows) else "")


def _rows(turn: Turn, person: Person, today: dict[str, date]) -> list[Nudge]:
    known = facts.people_of_units(turn.session, today)
    for_me = {unit_id: {person.id, *heard_by(one, person.id, must=False)} for unit_id, one in known.items()}
    pressing = {unit_id: heard_by(one, person.id, must=True) for unit_id, one in known.items()}
    everybody = {one for group in (*for_me.values(), *pressing.values()) for one in group}
    last = max((one.today for one in known.values()), default=None)
    if last is None:
        return []
    return [
        row
        for row in nudges.of_person(turn.session, everybody, list(known), last)
        if row.first_on <= known[row.unit_id].today
        and (
            row.person_id in for_me[row.unit_id]
            or (row.person_id in pressing[row.unit_id] and digest.must_be_heard(row))
        )
    ]


def heard_by(known: Known, person_id: str, *, must: bool) -> set[str]:
    """Whose reminders this person hears today."""
    everybody = (one.person_id for one in known.members)
    return {one for one in everybody if nudge_rules.hearer(known, one, known.today, must=must) == person_id}


def home_blocks(turn: Turn, person: Person, mine: Places, most: int) -> list[Block]:
    """What is due, each in a whole sentence with its buttons; a button shows the next ones."""
    found = due_now(turn, person, mine, most)
    if not found.lines:
        return []
    title = say(Strong(text=f"{nudges_wording.notice(found.count)}."))
    unit = mine[0][1].id if len(mine) == 1 else ""
    shown = drawing.blocks(turn.session, found.lines, person.id)
    return [title, *shown, *_more(found, 0, unit), *drawing.warnings(turn.session, found.lines)]


def _more(found: DueNow, start: int, unit_id: str) -> list[Block]:
    if not found.next:
        return []
    args = {"from": found.next} | ({"unit": unit_id} if unit_id else {})
    label = nudges_wording.show_more(found.count - start - len(found.lines))
    return [Buttons(items=(Button(action="nudge.more", label=label, args=args),))]


@button("nudge.more", open_to_all=True, opens=True)
def show_more(turn: Turn) -> Answer:
    """The next lines, for whoever pressed; of one unit, or of all of theirs."""
    person = turn.actor()
    mine = [
        (membership, unit)
        for membership, unit in people.units_of(turn.session, person.id)
        if turn.unit is None or unit.id == turn.unit.id
    ]
    said = turn.event.args.get("from", "")
    start = int(said) if said.isdecimal() and len(said) < 6 else 0
    found = due_now(turn, person, mine, drawing.MOST_LINES, start)
    if not found.lines:
        return Note(card(nudges_wording.NOTHING_DUE, say(nudges_wording.NOTHING_DUE)))
    shown = drawing.blocks(turn.session, found.lines, person.id)
    unit_id = turn.unit.id if turn.unit is not None else ""
    more = _more(found, start, unit_id)
    return Note(card(nudges_wording.WHAT_IS_DUE, *shown, *(more or [small(nudges_wording.THAT_IS_ALL)])))
