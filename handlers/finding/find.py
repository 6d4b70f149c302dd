"""/find: words in one family's records or the unit's, with where and when; each family shown is in the audit first."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.reach import note_read
from handlers.routes import button, command
from handlers.turn import Answer, Note, Refused, Turn
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Choice, Menu, Strong, card, say, small
from prompts_and_forms.days import day_words
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.finding import wording
from prompts_and_forms.finding.words import Sought
from storage.database.audit import audit
from storage.database.tables import Family, Unit
from storage.family import families
from storage.finding import records
from storage.finding.records import Found, Reader
from storage.unit import choices, people

COMMAND = "/find"
MOST = 10


@command(COMMAND)
def find_command(turn: Turn) -> Answer:
    """Words in one family's records, where the first of them is its reference; else in the unit's."""
    text = turn.event.text.strip()
    if not text or text.casefold() == "help":
        lines = tuple((line,) for line in wording.HELP)
        return Note(card(wording.TITLE, say(wording.WHAT_FIND_CAN_DO), Bullets(items=lines)))
    unit = turn.here()
    choices.remember_words(turn.session, turn.actor().id, COMMAND, text)
    return _answer(turn, unit, text, 0)


@button("find.more", opens=True)
def show_more(turn: Turn) -> Answer:
    """The next places where the same words are."""
    unit = turn.here()
    name, text = choices.words(turn.session, turn.actor().id)
    start = turn.event.args.get("from", "")
    if name != COMMAND or not start.isdecimal() or len(start) > 6:
        raise Refused(wording.TYPE_AGAIN)
    return _answer(turn, unit, text, int(start))


def _answer(turn: Turn, unit: Unit, text: str, start: int) -> Answer:
    first, _, rest = text.partition(" ")
    family = families.by_ref(turn.session, unit.id, first) if rest.strip() else None
    sought = Sought.typed(rest if family is not None else text)
    if not sought.is_enough:
        raise Refused(wording.TOO_SHORT)
    membership, me = turn.membership, turn.actor()
    reader = Reader(me.id, manages=membership is not None and people.is_manager(membership))
    audit(turn.session, at=turn.now, what="searched", row=unit, person_id=me.id, unit_id=unit.id)
    found = records.search(turn.session, unit.id, sought, reader, family.id if family else None)
    if not found:
        return Note(card(wording.TITLE, say(wording.NOTHING)))
    shown = found[start : start + MOST]
    blocks: list[Block] = [say(Strong(text=wording.found_words(len(found))))]
    if family is not None:
        blocks.append(say(wording.OF_FAMILY.format(label=families.label(turn.session, family, unit))))
    blocks += _places(turn, unit, shown)
    left = len(found) - start - len(shown)
    if left > 0:
        args = {"unit": unit.id, "from": str(start + len(shown))}
        blocks.append(Buttons(items=(Button(action="find.more", label=wording.MORE.format(count=left), args=args),)))
    return Note(card(wording.TITLE, *blocks))


def _places(turn: Turn, unit: Unit, shown: Sequence[Found]) -> list[Block]:
    held = {
        family.id: family
        for family_id in dict.fromkeys(one.family_id for one in shown)
        if (family := families.by_id(turn.session, family_id)) is not None
    }
    for family in held.values():
        note_read(turn, family, "found")
    labels = {family_id: families.label(turn.session, family, unit) for family_id, family in held.items()}
    blocks: list[Block] = []
    for one in shown:
        label = labels.get(one.family_id or "", wording.OF_THE_UNIT)
        blocks.append(say(Strong(text=f"{label}: "), one.sentence))
        blocks.append(small(_where(turn, one)))
    return [*blocks, *_ways(unit, held, labels)]


def _where(turn: Turn, one: Found) -> str:
    what = decisions_wording.kept_title(one.form) if one.what == "form" else wording.WHATS[one.what]
    if one.at is None:
        return wording.WITHOUT_DAY.format(what=what)
    day = day_words.in_short(one.at.astimezone(turn.zone()).date())
    if one.by_id is None:
        return wording.WITHOUT_NAME.format(what=what, day=day)
    return wording.WHERE.format(what=what, day=day, who=people.name_of(turn.session, one.by_id))


def _ways(unit: Unit, held: dict[str, Family], labels: dict[str, str]) -> list[Block]:
    options = tuple(Choice(value=family_id, label=labels[family_id]) for family_id in held)
    menu = Menu(action="family.show", label=wording.CHOOSE, choices=options, args={"unit": unit.id})
    return [Buttons(items=(menu,))] if options else []
