"""The families a few letters can mean, to choose from: of this person's unit only."""

from __future__ import annotations

from handlers.reach import note_read
from handlers.turn import Note, Turn
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Choice, Menu, card, say, small
from prompts_and_forms.finding import wording
from prompts_and_forms.unit import wording as unit_wording
from storage.database.tables import Family, Unit
from storage.family import families
from storage.finding import families as finding
from storage.unit import people

MOST = 20
AS_BUTTONS = 4


def offered(turn: Turn, unit: Unit, text: str) -> Note | None:
    """The families that fit, each with its category and lead worker; None where none does."""
    found = finding.meant(turn.session, unit, text)
    if not found:
        return None
    shown = found[:MOST]
    labels = {family.id: families.label(turn.session, family, unit) for family in shown}
    for family in shown:
        note_read(turn, family, "listed")
    said = (wording.ONE_MATCH if len(found) == 1 else wording.MATCHES).format(typed=unit_wording.short(text))
    lines = tuple((_line(turn, family, labels[family.id]),) for family in shown)
    blocks: list[Block] = [say(said), Bullets(items=lines), Buttons(items=_ways(unit, labels))]
    if len(found) > MOST:
        blocks.append(small(wording.MORE_FIT.format(count=len(found) - MOST)))
    return Note(card(wording.TITLE, *blocks))


def _line(turn: Turn, family: Family, label: str) -> str:
    worker = people.name_of(turn.session, family.lead_worker_id) if family.lead_worker_id else wording.NOBODY
    return wording.FAMILY_LINE.format(label=label, category=unit_wording.category_words(family.category), worker=worker)


def _ways(unit: Unit, labels: dict[str, str]) -> tuple[Button | Menu, ...]:
    if len(labels) <= AS_BUTTONS:
        return tuple(
            Button(action="family.show", label=f"{wording.SHOW} {label}", args={"family": family_id, "unit": unit.id})
            for family_id, label in labels.items()
        )
    options = tuple(Choice(value=family_id, label=label) for family_id, label in labels.items())
    return (Menu(action="family.show", label=wording.CHOOSE, choices=options, args={"unit": unit.id}),)
