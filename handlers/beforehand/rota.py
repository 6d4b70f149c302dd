"""Whose turn it is to facilitate, and swapping a turn: one press, and the other's yes."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers.beforehand import agenda_card
from handlers.forms.asking import ask, submits
from handlers.render import Rendering, renders
from handlers.routes import button
from handlers.turn import Answer, Done, Note, Refused, Turn, Wrong
from handlers.unit import people as unit_people
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Choice, Menu, card, say, small
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.meeting import beforehand_wording, rota_wording
from storage.database.tables import Unit
from storage.database.tables_decisions import RotaSwap
from storage.database.tables_machinery import Draft
from storage.meeting import meeting_days, rota
from storage.meeting.rota import Duty
from storage.messages import outbox
from storage.unit import people, units

FORM = "rota"


@button("rota.show", opens=True)
def show(turn: Turn) -> Answer:
    """Whose turn the next meetings are, with what the reader can do about it."""
    return Note(rota_card(turn))


def rota_card(turn: Turn) -> Card:
    """The next turns; one's own with a menu to swap it, and for whoever arranges the unit who takes turns."""
    unit = turn.here()
    found = rota.duties(turn.session, unit, turn.today(unit))
    blocks: list[Block] = []
    if found:
        lines = tuple((rota_wording.turn_words(d.day, _name(turn, d.person_id), swapped=d.swapped),) for d in found)
        blocks.append(Bullets(title=rota_wording.TITLE, items=lines))
    else:
        no_day = bool(rota.takers(turn.session, unit))
        blocks.append(say(beforehand_wording.NO_DAY if no_day else rota_wording.NO_ROTA))
    items: list[Button | Menu] = list(_swap(turn, unit, found))
    if people.may_arrange(unit, turn.membership):
        items.append(Button(action="rota.choose", label=rota_wording.CHOOSE, args={"unit": unit.id}))
    return card(rota_wording.TITLE, *blocks, *((Buttons(items=tuple(items)),) if items else ()))


def _swap(turn: Turn, unit: Unit, found: list[Duty]) -> tuple[Menu, ...]:
    """The menu for one's own next turn: with whom, and which day one would take on."""
    mine = next((d for d in found if d.person_id == turn.actor().id), None)
    others = [d for d in found if d.person_id != turn.actor().id]
    if mine is None or not others:
        return ()
    choices = tuple(
        Choice(value=d.usual.isoformat(), label=rota_wording.choice_words(_name(turn, d.person_id), d.day))
        for d in others
    )
    args = {"unit": unit.id, "day": mine.usual.isoformat()}
    return (Menu(action="rota.swap", label=rota_wording.SWAP, choices=choices, args=args),)


def _name(turn: Turn, person_id: str) -> str:
    return people.name_of(turn.session, person_id).partition(" ")[0]


# ---- who takes turns


@button("rota.choose", opens=True)
def choose(turn: Turn) -> Answer:
    """Asks who takes turns."""
    unit = turn.here()
    unit_people.must_arrange(turn, unit)
    return ask(turn, FORM, unit_id=unit.id, answers={"people": rota.takers(turn.session, unit)})


@submits(FORM)
def save(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """These take turns from the next meeting on."""
    unit = turn.here()
    unit_people.must_arrange(turn, unit)
    chosen = set(answers.get("people") or [])
    here = [person.id for _place, person in people.members(turn.session, unit.id)]
    if gone := chosen - set(here):
        return Wrong({"people": rota_wording.LEFT.format(who=people.name_of(turn.session, sorted(gone)[0]))})
    listed = sorted(chosen, key=lambda one: people.name_of(turn.session, one).casefold())
    if listed != rota.takers(turn.session, unit):
        rota.choose(turn.session, unit, listed, by_id=turn.actor().id, on=turn.today(unit))
        agenda_card.redraw(turn, unit)
    return Done(rota_card(turn))


# ---- swapping


@button("rota.swap", opens=True)
def swap(turn: Turn) -> Answer:
    """Asks somebody to swap; nothing changes until they say yes."""
    unit = turn.here()
    found = {d.usual.isoformat(): d for d in rota.duties(turn.session, unit, turn.today(unit))}
    mine, theirs = found.get(turn.event.args.get("day", "")), found.get(turn.event.args.get("chosen", ""))
    if mine is None or mine.person_id != turn.actor().id or theirs is None or theirs.person_id == mine.person_id:
        raise Refused(rota_wording.NOT_YOURS)
    who = _name(turn, theirs.person_id)
    for asked in rota.open_swaps(turn.session, unit.id, mine.usual):
        if (asked.asked_id, asked.other_usual) == (theirs.person_id, theirs.usual):
            raise Refused(rota_wording.ASKED_ALREADY.format(who=who))
    _show(turn, rota.ask_swap(turn.session, unit, mine, theirs, now=turn.now))
    return Note(card(rota_wording.TITLE, say(rota_wording.asked(who))))


@button("rota.yes", opens=True)
def say_yes(turn: Turn) -> Answer:
    """Swapped, where both turns are still as they were."""
    return _answer(turn, yes=True)


@button("rota.no", opens=True)
def say_no(turn: Turn) -> Answer:
    """Nothing changes; whoever asked hears it."""
    return _answer(turn, yes=False)


def _answer(turn: Turn, *, yes: bool) -> Answer:
    unit = turn.here()
    row = rota.swap_of(turn.session, turn.event.args.get("swap", ""))
    if row is None or row.unit_id != unit.id:
        raise Refused(decisions_wording.GONE)
    if row.asked_id != turn.actor().id:
        raise Refused(rota_wording.NOT_ASKED.format(who=_name(turn, row.asked_id)))
    if row.state != rota.ASKED:
        raise Refused(rota_wording.ANSWERED)
    now = {d.usual: d.person_id for d in rota.duties(turn.session, unit, turn.today(unit), most=60)}
    if yes and (now.get(row.usual), now.get(row.other_usual)) != (row.asked_by_id, row.asked_id):
        raise Refused(rota_wording.CHANGED)
    others = rota.answer(turn.session, row, yes=yes, now=turn.now)
    for one in (row, *others):
        _show(turn, one)
    asker = people.by_id(turn.session, row.asked_by_id)
    if asker is not None:
        outbox.say(turn.session, f"person:{asker.id}/swapped:{row.id}", now=turn.now, chat_user=asker.chat_user)
    if yes:
        agenda_card.redraw(turn, unit)
    days = _days(unit, row)
    return Note(
        card(
            rota_wording.TITLE,
            say(rota_wording.i_answered(_name(turn, row.asked_by_id), yes=yes, theirs=days[0], yours=days[1])),
        )
    )


def _days(unit: Unit | None, row: RotaSwap) -> tuple[date, date]:
    """The day of whoever asked, and of whoever was asked, also where the meeting was moved."""
    return meeting_days.day_of(unit, row.usual), meeting_days.day_of(unit, row.other_usual)


def _show(turn: Turn, row: RotaSwap) -> None:
    """The question to the other, or what came of it."""
    person = people.by_id(turn.session, row.asked_id)
    if person is not None:
        key = f"person:{person.id}/swap:{row.id}"
        outbox.show(turn.session, key, now=turn.now, chat_user=person.chat_user)


@renders("person:{person_id}/swap:{swap_id}")
def draw_question(view: Rendering, person_id: str, swap_id: str) -> Card | None:
    """The question with its two answers; afterwards what came of it."""
    row = rota.swap_of(view.session, swap_id)
    if row is None or people.belongs(view.session, row.unit_id, person_id) is None:
        return None
    who = people.name_of(view.session, row.asked_by_id).partition(" ")[0]
    mine, theirs = _days(units.by_id(view.session, row.unit_id), row)
    if row.state == rota.OVER:
        return card(rota_wording.TITLE, small(rota_wording.ANSWERED))
    if row.state != rota.ASKED:
        said = rota_wording.i_answered(who, yes=row.state == rota.YES, theirs=mine, yours=theirs)
        return card(rota_wording.TITLE, say(said))
    args = {"unit": row.unit_id, "swap": row.id}
    yes = Button(action="rota.yes", label=rota_wording.YES, args=args, style="primary")
    no = Button(action="rota.no", label=rota_wording.NO, args=args)
    return card(rota_wording.TITLE, say(rota_wording.question(who, mine, theirs)), Buttons(items=(yes, no)))


@renders("person:{person_id}/swapped:{swap_id}")
def draw_answer(view: Rendering, person_id: str, swap_id: str) -> Card | None:
    """What came of it, for whoever asked."""
    row = rota.swap_of(view.session, swap_id)
    unit = units.by_id(view.session, row.unit_id) if row else None
    if row is None or unit is None or people.belongs(view.session, row.unit_id, person_id) is None:
        return None
    mine, theirs = _days(unit, row)
    who = people.name_of(view.session, row.asked_id).partition(" ")[0]
    said = rota_wording.answered(who, yes=row.state == rota.YES, mine=mine, theirs=theirs)
    return card(rota_wording.TITLE, say(said), small(unit.name))
