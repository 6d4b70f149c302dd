"""A unit splits, merges or closes: several families go to another unit at once; one without families can close."""

from __future__ import annotations

from typing import Any

from handlers.documents import MOST
from handlers.family import transfer, transfer_messages
from handlers.family.looked import may_ask
from handlers.forms.asking import ask, submits
from handlers.routes import button
from handlers.turn import Answer, Done, Note, Refused, Turn, Wrong
from prompts_and_forms.card import Block, Button, Buttons, Choice, Menu, card, say, small
from prompts_and_forms.days import day_words
from prompts_and_forms.family import transfer_wording
from prompts_and_forms.unit import leaving_wording as wording
from storage.database.columns import new_id
from storage.database.tables import Family, Unit
from storage.database.tables_machinery import Draft
from storage.family import families, transfers
from storage.meeting import meetings
from storage.unit import units


def blocks(turn: Turn, unit: Unit) -> list[Block]:
    """For the lead, the deputy and managers: moving families, closing, and opening again."""
    if not may_ask(unit, turn.membership):
        return []
    args = {"unit": unit.id}
    if units.is_closed(unit):
        again = Button(action="unit.reopen", label=wording.OPEN_AGAIN, args=args)
        return [say(closed_words(unit)), Buttons(items=(again,))]
    move = Button(action="unit.move_families", label=wording.MOVE_FAMILIES, args=args)
    return [Buttons(items=(move, Button(action="unit.close", label=wording.CLOSE, args=args)))]


def closed_words(unit: Unit) -> str:
    """That a unit does not meet any more, and since when."""
    day = units.closed_on(unit)
    return wording.IS_CLOSED.format(unit=unit.name, day=day_words.with_weekday(day) if day else "")


def _speaker(turn: Turn) -> Unit:
    unit = turn.here()
    if not may_ask(unit, turn.membership):
        raise Refused(transfer_wording.NOT_FOR_YOU)
    return unit


# ---- several families at once


@button("unit.move_families", opens=True)
def which_unit(turn: Turn) -> Answer:
    """Where they are to go."""
    unit = _speaker(turn)
    others = [one for one in units.every_unit(turn.session) if one.id != unit.id and not units.is_closed(one)]
    if not others:
        raise Refused(transfer_wording.NO_OTHER_UNIT)
    if not families.every_family(turn.session, unit.id):
        raise Refused(wording.EMPTY.format(unit=unit.name))
    choices = tuple(Choice(value=one.id, label=one.name) for one in others[:MOST])
    args = {"unit": unit.id}
    menu = Menu(action="unit.families_to", label=transfer_wording.WHERE_TO, choices=choices, args=args)
    return Note(card(transfer_wording.NOTICE, say(wording.CHOOSE_UNIT.format(unit=unit.name)), Buttons(items=(menu,))))


@button("unit.families_to", opens=True)
def which_families(turn: Turn) -> Answer:
    """The form: which of them, on which day, and why."""
    unit = _speaker(turn)
    to = _other(turn, unit, turn.event.args.get("chosen"))
    transfer_messages.must_have_somebody(turn, to, [])
    return ask(turn, "families_move", unit_id=unit.id, args={"to": to.id})


def _other(turn: Turn, unit: Unit, unit_id: str | None) -> Unit:
    found = units.by_id(turn.session, unit_id) if unit_id else None
    if found is None or found.id == unit.id or units.is_closed(found):
        raise Refused(transfer_wording.NO_SUCH_UNIT)
    return found


@submits("families_move")
def keep(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """One request for all of them: who can say yes there hears once, and says yes once."""
    unit = _speaker(turn)
    to = _other(turn, unit, draft.args.get("to"))
    chosen = _chosen(turn, unit, answers)
    if not chosen:
        return Wrong({"which": wording.NONE_CHOSEN})
    on_the_way = [families.label(turn.session, one, unit) for one in chosen if transfers.live_of(turn.session, one.id)]
    if on_the_way:
        return Wrong({"which": wording.ALL_ON_THE_WAY.format(families=", ".join(on_the_way))})
    if wrong := transfer.meeting_faults(answers, transfer.day_of(answers)):
        return Wrong(wrong)
    asked = transfer_messages.must_have_somebody(turn, to, chosen)
    together = new_id()
    moves = [transfer.request(turn, one, to, answers, together=together) for one in chosen]
    transfer_messages.ask(turn, moves[0], asked)
    labels = [families.label(turn.session, one, unit) for one in chosen]
    return Done(card(transfer_wording.NOTICE, say(wording.asked(to.name, labels))))


def _chosen(turn: Turn, unit: Unit, answers: dict[str, Any]) -> list[Family]:
    """Those that can be read; with "all of them" what is on its way already is left to its own request."""
    every = [one for one in families.every_family(turn.session, unit.id) if transfers.can_be_read(turn.session, one)]
    if answers["which"] == "every":
        return [one for one in every if transfers.live_of(turn.session, one.id) is None]
    wanted = set(answers.get("families") or [])
    return [one for one in every if one.id in wanted]


# ---- closing


@button("unit.close", opens=True)
def close(turn: Turn) -> Answer:
    """What closing means; or what has to be done first."""
    unit = _speaker(turn)
    _refuse_unfinished(turn, unit)
    now = Button(action="unit.close_now", label=wording.CLOSE, args={"unit": unit.id}, style="danger")
    return Note(
        card(wording.CLOSE_TITLE, say(wording.WHAT_CLOSING_MEANS.format(unit=unit.name)), Buttons(items=(now,)))
    )


def _refuse_unfinished(turn: Turn, unit: Unit) -> None:
    if meetings.open_meeting(turn.session, unit.id) is not None:
        raise Refused(wording.MEETING_OPEN.format(unit=unit.name))
    if transfers.of_units(turn.session, unit.id):
        raise Refused(wording.ON_THE_WAY.format(unit=unit.name))
    left = len(families.open_families(turn.session, unit.id))
    if left:
        raise Refused(wording.STILL_OPEN.format(unit=unit.name, count=wording.families_count(left)))


@button("unit.close_now", opens=True)
def close_now(turn: Turn) -> Answer:
    """It meets no more; what was recorded can still be read."""
    unit = _speaker(turn)
    _refuse_unfinished(turn, unit)
    units.choose(turn.session, unit, **{units.CLOSED_ON: turn.today(unit).isoformat()})
    said = wording.CLOSED.format(unit=unit.name)
    return Note(card(wording.CLOSE_TITLE, say(said), small(wording.WHAT_CLOSING_MEANS.format(unit=unit.name))))


@button("unit.reopen", opens=True)
def reopen(turn: Turn) -> Answer:
    """It meets again, as it did before."""
    unit = _speaker(turn)
    if units.is_closed(unit):
        units.choose(turn.session, unit, **{units.CLOSED_ON: ""})
    return Note(card(wording.CLOSE_TITLE, say(wording.OPENED.format(unit=unit.name))))
