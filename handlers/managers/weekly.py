"""The managers' message of the week: what needs them first, then the figures with a week ago beside them.

Its notice names no family. It is drawn when it is sent, so a family closed to the reader is in no line and no number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from sqlmodel import Session

from handlers.home import your_units
from handlers.managers import figures_card, numbers
from handlers.nudges import drawing, pressing
from handlers.render import Rendering, renders
from handlers.routes import button, by_itself, tick
from handlers.turn import Answer, Event, EventKind, Note, Nothing, Refused, Turn
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Choice, Menu, Span, Strong, card, say, small
from prompts_and_forms.managers import figures as rules
from prompts_and_forms.managers import wording
from prompts_and_forms.managers.facts import together
from prompts_and_forms.managers.weekly_rules import is_due
from storage.database.audit import audit
from storage.database.tables import Membership, Person, Unit
from storage.family import families
from storage.managers import figures as gathered
from storage.managers import needs
from storage.messages import outbox
from storage.messages.outbox import NUDGE
from storage.unit import choices, people, units

MOST_NEEDS = 10
WHOLE_FIGURES = 20
"""Of more units the message has a line each, and the figures are behind the button."""
EVERY_MINUTES = 5
NEEDS = {
    "confirm": wording.CONFIRM_ALLOCATION,
    "differ": wording.YOUR_STEP,
    "tier_3": wording.TIER_3,
    "risk": wording.RISK_ANSWER,
}
Places = Sequence[tuple[Membership, Unit]]


def key_of(person_id: str, day: date) -> str:
    """Where the message of a week lies."""
    return f"figures:{person_id}/{day.isoformat()}"


@tick("figures", every_minutes=EVERY_MINUTES)
def every_week(turn: Turn) -> Answer:
    """Asks for the message of everybody whose time has come; who reads which unit is written down before it goes."""
    for person, mine in managers(turn):
        by_itself(turn, f"figures for {person.id}", partial(_put_together, turn, person, mine))
    return Nothing()


def managers(turn: Turn) -> list[tuple[Person, Places]]:
    """Everybody who is a manager of units that go on, with their places in them."""
    found: dict[str, tuple[Person, list[tuple[Membership, Unit]]]] = {}
    for membership, unit, person in people.managers_everywhere(turn.session):
        if units.is_closed(unit):
            continue
        found.setdefault(person.id, (person, []))[1].append((membership, unit))
    return [(person, mine) for person, mine in found.values()]


def _put_together(turn: Turn, person: Person, mine: Places) -> None:
    membership, unit = mine[0]
    local = turn.local_now(unit)
    chosen = choices.of_person(turn.session, person.id)
    day, at, last = (chosen.figures_day, chosen.figures_at, chosen.figures_on) if chosen else (0, "08:30", None)
    if not is_due(local, day, at, last) or people.is_on_leave(membership, local.date()):
        return
    choices.mark_figures(turn.session, person.id, local.date())
    for _place, own in mine:
        audit(turn.session, at=turn.now, what=numbers.READ, row=own, person_id=person.id, unit_id=own.id)
    key = key_of(person.id, local.date())
    outbox.show(turn.session, key, now=turn.now, chat_user=person.chat_user, priority=NUDGE)


@renders("figures:{person_id}/{day}")
def draw(view: Rendering, person_id: str, day: str) -> Card | None:
    """The message, for the units the person manages when it is sent; None where there are none any more."""
    person = people.by_id(view.session, person_id)
    if person is None:
        return None
    event = Event(id="", kind=EventKind.TICK, at=view.now, chat_user=person.chat_user)
    turn = Turn(session=view.session, event=event, now=view.now, person=person)
    mine = _of_person(view.session, person)
    if not mine:
        return None
    return card(wording.WEEKLY_NOTICE, *_needs(turn, person, mine), *_figures(turn, person, mine), *_ways(turn, mine))


def _of_person(session: Session, person: Person) -> Places:
    held = people.units_of(session, person.id)
    return [
        (membership, unit) for membership, unit in held if people.is_manager(membership) and not units.is_closed(unit)
    ]


def _needs(turn: Turn, person: Person, mine: Places) -> list[Block]:
    """At most ten lines: what waits in clinical work, then what is due for them."""
    roles = {unit.id: frozenset(membership.roles) for membership, unit in mine}
    names = {unit.id: unit for _place, unit in mine}
    waiting = needs.of_manager(turn.session, roles, turn.now)
    lines = [_line(turn, names[one.unit_id], one.family_id, NEEDS[one.what], len(mine)) for one in waiting]
    due = pressing.due_now(turn, person, mine, max(MOST_NEEDS - len(lines), 0))
    for line in due.lines:
        sentence = drawing.sentence_of(turn.session, line, person.id)
        lines.append(_line(turn, line.unit, line.row.family_id, sentence, len(mine)))
    if not lines:
        return [say(wording.NOTHING_NEEDS_YOU)]
    left = len(waiting) + due.count - min(len(lines), MOST_NEEDS)
    more = [small(wording.more_words(left))] if left > 0 else []
    return [Bullets(title=wording.NEEDS_YOU, items=tuple(lines[:MOST_NEEDS])), *more]


def _line(turn: Turn, unit: Unit, family_id: str | None, sentence: str, count: int) -> tuple[Span, ...]:
    family = families.by_id(turn.session, family_id)
    label = families.label(turn.session, family, unit) if family else ""
    parts = [part for part in (unit.name if count > 1 or not label else "", label) if part]
    return Strong(text=f"{', '.join(parts)}: "), sentence


def _figures(turn: Turn, person: Person, mine: Places) -> list[Block]:
    if len(mine) > WHOLE_FIGURES:
        return your_units.blocks(turn, person, list(mine))
    day = turn.today(mine[0][1])
    facts = together([gathered.of_unit(turn.session, unit, turn.today(unit)) for _place, unit in mine])
    title = wording.TITLE.format(unit=mine[0][1].name)
    if len(mine) > 1:
        title = wording.TITLE_TOGETHER.format(count=len(mine))
    found, before = rules.all_figures(facts, day), rules.earlier(facts, day - rules.WEEK)
    return [say(Strong(text=title)), figures_card.table(found, before), figures_card.chart(facts, day)]


def _ways(turn: Turn, mine: Places) -> list[Block]:
    if len(mine) == 1:
        figures = Button(action="figures.show", label=wording.ALL_FIGURES, args={"unit": mine[0][1].id})
    else:
        figures = Button(action="figures.together", label=wording.ALL_FIGURES)
    times = [(number, at) for number in range(len(wording.DAYS)) for at in wording.TIMES]
    options = tuple(
        Choice(value=f"{number}-{at}", label=wording.WHEN_CHOICE.format(day=wording.DAYS[number], at=at))
        for number, at in times
    )
    never = Choice(value="never", label=wording.NEVER)
    when = Menu(action="figures.when", label=wording.WHEN, choices=(*options, never))
    chosen = choices.of_person(turn.session, turn.actor().id)
    if chosen is not None and chosen.sheet_off:
        sheet = Button(action="figures.sheet_on", label=wording.SHEET_EACH_MONTH)
    else:
        sheet = Button(action="figures.sheet_off", label=wording.NO_SHEET_EACH_MONTH)
    return [Buttons(items=(figures, when, sheet))]


@button("figures.when", opens=True)
def choose_when(turn: Turn) -> Answer:
    """The day and time the message comes, or that it does not."""
    numbers.managed(turn)
    said = turn.event.args.get("chosen", "")
    number, _, at = said.partition("-")
    if said == "never":
        choices.choose_figures(turn.session, turn.actor().id, None, wording.TIMES[1])
        return Note(card(wording.WHEN, say(wording.WHEN_NEVER)))
    if at not in wording.TIMES or number not in map(str, range(len(wording.DAYS))):
        raise Refused(wording.GONE)
    choices.choose_figures(turn.session, turn.actor().id, int(number), at)
    return Note(card(wording.WHEN, say(wording.WHEN_KEPT.format(day=wording.DAYS[int(number)], at=at))))
