"""One reminder as people see it: its sentence, and the buttons that do it, put it off or hand it on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from handlers.nudges import buttons as nudge_buttons
from prompts_and_forms.card import Block, Button, Buttons, Choice, Menu, Strong, Text, say, small
from prompts_and_forms.days.working_days import after_working_days
from prompts_and_forms.nudges import nudge_rules
from prompts_and_forms.nudges import wording as nudges_wording
from prompts_and_forms.nudges.nudge_facts import Due, Known
from prompts_and_forms.nudges.nudge_kinds import kind
from prompts_and_forms.states import NudgeState
from storage.database.tables import Unit
from storage.database.tables_nudges import Nudge
from storage.family import families
from storage.nudges import facts, nudges, unreached
from storage.unit import people, units

MOST_LINES = 15
"""A message holds fifty blocks; so many lines with their buttons and the families' names leave room to spare."""
ONE_SCREEN, FIRST, MOST_SETTLED = 5, 3, 5
"""A morning message shows so many things; of more than that the first three, and the rest behind one button."""
MENUS = 4
"""A menu carries all its choices: in a longer message one button stands for it, so that the message stays small."""


@dataclass(frozen=True)
class Line:
    """A row as the record has it now: `due` None = it is settled."""

    row: Nudge
    unit: Unit
    known: Known
    due: Due | None
    also: tuple[str, ...] = ()
    """Actions that are the same task, in their own words."""

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered."""
        return self.due is not None and self.row.state == NudgeState.OPEN

    @property
    def today(self) -> date:
        """The unit's day, by which it is early or late."""
        return self.known.today


def lines(session: Session, rows: Iterable[Nudge], person_id: str, now: datetime) -> list[Line]:
    """Each row checked against the record as it stands, for units the person still belongs to."""
    by_unit: dict[str, list[Nudge]] = {}
    for row in rows:
        by_unit.setdefault(row.unit_id, []).append(row)
    found: list[Line] = []
    for unit_id, own in by_unit.items():
        unit = session.get(Unit, unit_id)
        if unit is None or people.belongs(session, unit_id, person_id) is None:
            continue
        found += _lines_of(session, unit, own, now)
    return sorted(found, key=lambda line: _order(line))


def _lines_of(session: Session, unit: Unit, own: list[Nudge], now: datetime) -> list[Line]:
    today = now.astimezone(units.zone(unit)).date()
    about, kinds = {row.family_id for row in own if row.family_id}, {row.kind for row in own}
    known = facts.of_unit(session, unit, today, about, kinds)
    found = nudge_rules.due(known, None, date.max)
    by_key = {nudges.key_of(one): one for one in found}
    by_thing = {one.thing: one for one in found}
    acted = [one for one in found if one.kind == "action"]
    return [
        Line(
            row,
            unit,
            known,
            by_thing.get(_thing(row)) if row.given else by_key.get(nudges.key_of(row)),
            also=tuple(str(one.what) for one in acted if is_same_task(one, row)),
        )
        for row in own
    ]


def _thing(row: Nudge) -> tuple[str, str, date]:
    return row.kind, row.subject, row.due_on


def joined(found: Iterable[Line]) -> list[Line]:
    """One task is one line: an open action that is what another open line asks for is told with that."""
    every = list(found)
    asked = [line.row for line in every if line.is_open]
    return [line for line in every if not any(_told_by(line, row) for row in asked)]


def _told_by(action: Line, row: Nudge) -> bool:
    return action.due is not None and action.row.kind == "action" and is_same_task(action.due, row)


def is_same_task(action: Due, row: Nudge) -> bool:
    """Whether an action is the task that a reminder of another kind asks for, of the same person for a family."""
    words = kind(row.kind).same_as
    same = (action.family_id, action.person_id) == (row.family_id, row.person_id)
    text = str(action.what).casefold()
    return same and any(word.casefold() in text for word in words)


def _order(line: Line) -> tuple[bool, tuple[bool, bool, bool, int, date], str]:
    return not line.is_open, how_pressing(line.row, line.today), line.row.id


def how_pressing(row: Nudge, today: date) -> tuple[bool, bool, bool, int, date]:
    """Sorts the most pressing first, by the row alone."""
    like = Due(row.kind, row.subject, row.person_id, row.due_on, row.first_on, statutory=row.statutory)
    return nudge_rules.pressing(like, today)


def grouped(session: Session, found: Iterable[Line]) -> Mapping[str, list[Line]]:
    """By family, in the order of each one's most pressing line; what is nobody's family comes under the unit."""
    groups: dict[str, list[Line]] = {}
    for line in found:
        groups.setdefault(_title(session, line), []).append(line)
    return groups


def _title(session: Session, line: Line) -> str:
    family = families.by_id(session, line.row.family_id)
    return families.body(session, family).ref if family else f"{nudges_wording.OF_THE_UNIT}: {line.unit.name}"


def blocks(session: Session, found: list[Line], reader: str, *, day: date | None = None) -> list[Block]:
    """Lines with their buttons, by family. `reader` is whose message it is; `day` names it."""
    drawn: list[Block] = []
    short = sum(line.is_open for line in found) > MENUS
    for title, own in grouped(session, found).items():
        drawn.append(say(Strong(text=title)))
        for line in own:
            drawn += _one(session, line, reader, day, short)
    return drawn


def named(session: Session, line: Line, reader: str) -> Block:
    """The reminder in one line, with the family it is about."""
    return say(Strong(text=f"{_title(session, line)}: "), sentence_of(session, line, reader))


def _one(session: Session, line: Line, reader: str, day: date | None, short: bool) -> list[Block]:
    sentence = sentence_of(session, line, reader)
    if not line.is_open:
        return [small(f"{how_it_stands(session, line)}: {sentence}")]
    return [Text(spans=(sentence,)), buttons(session, line, day, short=short)]


def how_it_stands(session: Session, line: Line) -> str:
    """What has become of a reminder, in a few words."""
    row = line.row
    if line.due is None and row.state in (NudgeState.OPEN, NudgeState.SNOOZED):
        return nudges_wording.state_words(NudgeState.SETTLED, None, False, "")
    return nudges_wording.state_words(row.state, row.snoozed_until, row.sent, people.name_of(session, row.handed_to_id))


def sentence_of(session: Session, line: Line, reader: str) -> str:
    """The line in words; whose it is where it is not the reader's own, and the action that is the same task."""
    row, due = line.row, line.due
    rule = kind(row.kind)
    what = nudge_buttons.what_words(session, due, row)
    if due is None:
        return nudges_wording.settled_words(rule, what, row.due_on)
    sentence = nudges_wording.line_words(rule, what, row.due_on, due.day, line.today)
    sentence += nudges_wording.same_task(line.also)
    if row.person_id != reader:
        return nudges_wording.for_somebody(people.name_of(session, row.person_id), _why(session, line)) + sentence
    if row.escalated and row.given:
        return nudges_wording.TAKEN_UP.format(who=people.name_of(session, row.from_id)) + sentence
    if row.given:
        return nudges_wording.HANDED_BY.format(who=people.name_of(session, row.from_id)) + sentence
    return sentence


def _why(session: Session, line: Line) -> str:
    """Why somebody else reads it; "" where they asked for it themselves."""
    whose = line.row.person_id
    if any(one.person_id == whose and one.is_away(line.today) for one in line.known.members):
        return "away"
    return "out_of_reach" if unreached.out_of_reach(session, [whose], line.today) else ""


def warnings(session: Session, found: Iterable[Line]) -> list[Block]:
    """Said once, at the end and before it happens: which manager will be told of what that is still open, and when."""
    told: dict[str, list[tuple[date, str]]] = {}
    for line in found:
        if (soon := _will_be_told(line)) is not None:
            day, manager = soon
            told.setdefault(people.name_of(session, manager), []).append((day, _title(session, line)))
    if not told:
        return []
    return [small(nudges_wording.will_be_told({who: sorted(set(about)) for who, about in told.items()}))]


def _will_be_told(line: Line) -> tuple[date, str] | None:
    """The day and the manager, once the person is to hear so."""
    row, began = line.row, line.known.began_on
    if not line.is_open or row.escalated or row.given:
        return None
    since = nudge_rules.warned_from(row.kind, row.due_on, began)
    on = nudge_rules.taken_up_on(row.kind, row.due_on, began)
    to = whom_to_tell(line.known, row)
    if since is None or on is None or to is None or line.today < since:
        return None
    return max(on, after_working_days(line.today, 1)), to


def whom_to_tell(known: Known, row: Nudge) -> str | None:
    """The manager this is taken to; never the person it is with."""
    escalation = kind(row.kind).escalate
    found = nudge_rules.managers(known, escalation.to) if escalation else []
    return next((one for one in found if one != row.person_id), None)


def buttons(session: Session, line: Line, day: date | None, *, short: bool = False) -> Buttons:
    """Do it now, done, and everything else: in a menu, or where the message is long behind one button."""
    row = line.row
    args = {"nudge": row.id, "unit": row.unit_id} | ({"day": day.isoformat()} if day else {})
    taken_up = row.escalated and row.given
    own = nudge_buttons.look_buttons(row) if taken_up else nudge_buttons.do_buttons(session, line.due, row)
    if taken_up or nudge_buttons.may_be_done_by_hand(row):
        own.append(
            Button(action="nudge.done", label=nudges_wording.SEEN if taken_up else nudges_wording.DONE, args=args)
        )
    last = Button(action="nudge.not_now", label=nudges_wording.NOT_NOW, args=args) if short else _later(row, args)
    return Buttons(items=(*own, last))


def choice_buttons(row: Nudge) -> Buttons:
    """What the menu offers, as buttons."""
    args = {"nudge": row.id, "unit": row.unit_id}
    return Buttons(
        items=tuple(
            Button(action="nudge.later", label=nudges_wording.CHOICES[code], args={**args, "chosen": code})
            for code in _choices(row)
        )
    )


def _choices(row: Nudge) -> tuple[str, ...]:
    if row.escalated and row.given:
        return ("tomorrow", "date", "not_mine")
    first = ("sent",) if kind(row.kind).sent else ()
    last = () if row.statutory else ("not_needed",)
    return (*first, "tomorrow", "meeting", "date", "not_mine", *last)


def _later(row: Nudge, args: dict[str, str]) -> Menu:
    choices = tuple(Choice(value=code, label=nudges_wording.CHOICES[code]) for code in _choices(row))
    return Menu(action="nudge.later", label=nudges_wording.NOT_NOW, choices=choices, args=args)
