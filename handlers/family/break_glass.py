"""In an emergency a linked manager reads a family of another unit for an hour. Its unit hears at once."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from handlers.family.family_card import family_card
from handlers.forms.asking import ask, submits
from handlers.reach import note_read
from handlers.render import Rendering, renders
from handlers.turn import Answer, Done, Note, Refused, Turn, Wrong
from prompts_and_forms.card import Buttons, Card, Menu, card, say
from prompts_and_forms.decisions.wording import unknown_reference
from prompts_and_forms.unit import break_glass_wording as wording
from prompts_and_forms.unit import wording as unit_wording
from storage.database.hiding import reveal
from storage.database.tables import Family, Unit
from storage.database.tables_machinery import Draft, FamilyAccess
from storage.family import access, families
from storage.messages import outbox
from storage.unit import people, units


def command(turn: Turn, ref: str) -> Answer:
    """Asks why; while the hour lasts, shows the family again."""
    _must_be_linked(turn)
    family = _elsewhere(turn, ref) if ref else None
    row = access.opened(turn.session, family.id, turn.actor().id, turn.now) if family else None
    if family is not None and row is not None:
        return Note(_page(turn, family, row))
    return ask(turn, "break_glass", answers={"ref": ref} if ref else None)


@submits("break_glass")
def keep(turn: Turn, _draft: Draft, answers: dict[str, Any]) -> Answer:
    """Opens it: the reason is saved first, and the unit is told in the same turn."""
    _must_be_linked(turn)
    ref = str(answers["ref"]).strip()
    family = _elsewhere(turn, ref)
    if family is None:
        return Wrong({"ref": unknown_reference(unit_wording.short(ref))})
    if people.belongs(turn.session, family.unit_id, turn.actor().id):
        return Wrong({"ref": wording.OWN_UNIT.format(ref=unit_wording.short(ref))})
    me, why = turn.actor().id, str(answers["why"]).strip()
    row = access.open_in_emergency(turn.session, family, person_id=me, reason=why, now=turn.now)
    unit = units.by_id(turn.session, family.unit_id)
    for person in _who_hears(turn, unit) if unit else ():
        key = f"family:{family.id}/emergency:{row.id}/to:{person.id}"
        outbox.say(turn.session, key, now=turn.now, chat_user=person.chat_user, priority=outbox.MEETING)
    return Done(_page(turn, family, row))


@renders("family:{family_id}/emergency:{row_id}/to:{reader_id}")
def draw(view: Rendering, family_id: str, row_id: str, reader_id: str) -> Card | None:
    """Who opened it, when and why, for those who look after its unit."""
    row, family = view.session.get(FamilyAccess, row_id), families.by_id(view.session, family_id)
    unit = units.by_id(view.session, family.unit_id) if family else None
    if row is None or family is None or unit is None or people.belongs(view.session, unit.id, reader_id) is None:
        return None
    at = row.from_at.astimezone(ZoneInfo(unit.timezone))
    label = families.label(view.session, family, unit)
    who = people.name_of(view.session, row.person_id)
    said = wording.told(who, label, f"{at:%H:%M}", access.reason(view.session, row))
    return card(wording.NOTICE, say(said), say(wording.WHAT_NOW))


def _must_be_linked(turn: Turn) -> None:
    if not any(membership.linked for membership, _unit in people.units_of(turn.session, turn.actor().id)):
        raise Refused(wording.FOR_MANAGERS)


def _elsewhere(turn: Turn, ref: str) -> Family | None:
    """The family of that reference in whatever unit; none that is closed to the person."""
    found = families.anywhere(turn.session, ref)
    if found is None or found.id in access.closed_to(turn.session, turn.actor().id):
        return None
    reveal(turn.session, found.id)
    return found


def _who_hears(turn: Turn, unit: Unit) -> list[Any]:
    heard = people.whom_to_tell(turn.session, unit, turn.today(unit))
    more = (people.deputy(turn.session, unit.id), people.ig_contact(turn.session, unit))
    for one in more:
        if one is not None and one not in heard:
            heard.append(one)
    return heard


def _page(turn: Turn, family: Family, row: FamilyAccess) -> Card:
    """The family's page to read, without anything to press."""
    note_read(turn, family)
    unit = units.by_id(turn.session, family.unit_id)
    assert unit is not None
    turn.unit, turn.membership = unit, None
    shown = family_card(turn, family, unit)
    until = (row.from_at + access.EMERGENCY).astimezone(turn.zone(unit))
    blocks = [block for block in shown.blocks if not isinstance(block, (Buttons, Menu))]
    return card(shown.notice, say(wording.UNTIL.format(until=f"{until:%H:%M}")), *blocks)
