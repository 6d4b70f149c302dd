"""My units, a line each in alphabetical order; one opens in a window, its families and figures behind a button."""

from __future__ import annotations

from datetime import date

from handlers.family.command import list_card
from handlers.home import unit_blocks
from handlers.routes import button
from handlers.turn import Answer, Note, Refused, Turn, Window
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Choice, Menu, Span, Strong, card
from prompts_and_forms.home import room
from prompts_and_forms.home import wording as home_wording
from prompts_and_forms.managers import small_numbers
from prompts_and_forms.unit import which_wording
from storage.database.tables import Membership, Person, Unit
from storage.managers import rows
from storage.managers.rows import UnitRow
from storage.unit import people

Places = list[tuple[Membership, Unit]]
MOST_IN_A_WINDOW = 5


def blocks(turn: Turn, person: Person, mine: Places) -> list[Block]:
    """A line a unit with its numbers of today, never in the order of a number, and the ways into each."""
    found: dict[str, UnitRow] = {}
    for day, ids in _by_day(turn, mine).items():
        found |= rows.of_units(turn.session, ids, day)
    lines = tuple(_line(unit, found[unit.id]) for _place, unit in mine)
    items: tuple[Button | Menu, ...]
    managed = [unit for membership, unit in mine if people.is_manager(membership)]
    if len(mine) == 1:
        items = (Button(action="figures.show", label=home_wording.FIGURES, args={"unit": mine[0][1].id}),)
    else:
        choices = tuple(Choice(value=unit.id, label=unit.name) for _place, unit in mine)
        items = (Menu(action="home.unit", label=home_wording.OPEN_A_UNIT, choices=choices),)
    together = (Button(action="figures.together", label=home_wording.FIGURES),) if len(managed) > 1 else ()
    return [Bullets(title=home_wording.YOUR_UNITS, items=lines), Buttons(items=(*items, *together))]


def _by_day(turn: Turn, mine: Places) -> dict[date, list[str]]:
    """The units by what day it is where they are."""
    found: dict[date, list[str]] = {}
    for _place, unit in mine:
        found.setdefault(turn.today(unit), []).append(unit.id)
    return found


def _line(unit: Unit, row: UnitRow) -> tuple[Span, ...]:
    share = small_numbers.share(row.discussed, row.due)
    said = home_wording.unit_line(row.families, share, row.overdue, row.to_confirm, meeting=row.meeting)
    return Strong(text=unit.name), said


@button("home.unit", opens=True)
def open_unit(turn: Turn) -> Answer:
    """One unit in a window: its meeting, what needs me there, my actions."""
    person = turn.actor()
    wanted = turn.event.args.get("unit") or turn.event.args.get("chosen") or ""
    found = {unit.id: (membership, unit) for membership, unit in people.units_of(turn.session, person.id)}.get(wanted)
    if found is None:
        raise Refused(which_wording.NO_LONGER)
    return Window(found[1].name, unit_card(turn, person, *found))


def unit_card(turn: Turn, person: Person, membership: Membership, unit: Unit) -> Card:
    """What the window of a unit shows; its families are behind a button."""
    *parts, _families = unit_blocks.of_unit(turn, person, membership, unit, MOST_IN_A_WINDOW)
    ways = [Button(action="family.list", label=home_wording.ALL_FAMILIES, args={"unit": unit.id})]
    if people.is_manager(membership):
        ways.append(Button(action="figures.show", label=home_wording.FIGURES, args={"unit": unit.id}))
    return card(unit.name, *room.fitted(parts, [Buttons(items=tuple(ways))], []))


@button("family.list", opens=True)
def families_of_unit(turn: Turn) -> Answer:
    """Every open family of a unit."""
    unit = turn.here()
    shown = list_card(turn, unit)
    return Note(shown) if turn.event.channel else Window(unit.name, shown)
