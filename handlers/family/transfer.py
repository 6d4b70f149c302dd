"""A family is to go to another unit: its lead asks, and can take that back until the day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from handlers import documents, reach
from handlers.entries import recording
from handlers.family import transfer_messages
from handlers.family.looked import may_ask
from handlers.forms.asking import ask, submits
from handlers.routes import button
from handlers.turn import Answer, Done, Note, Refused, Turn, Wrong
from prompts_and_forms.card import Block, Button, Buttons, Choice, Menu, card, say
from prompts_and_forms.family import transfer_wording as wording
from prompts_and_forms.states import TransferState
from storage.database.bodies import TransferBody
from storage.database.columns import new_id
from storage.database.tables import Family, Unit
from storage.database.tables_machinery import Draft, FamilyMove
from storage.family import families, transfers
from storage.unit import units


@button("family.transfer", opens=True)
def begin(turn: Turn) -> Answer:
    """Which unit it is to go to; where it is asked already, how that stands."""
    family = _family(turn)
    there = transfers.live_of(turn.session, family.id)
    if there is not None:
        return Note(card(wording.NOTICE, *_standing(turn, there)))
    here = turn.here()
    others = [one for one in units.every_unit(turn.session) if one.id != here.id and not units.is_closed(one)]
    if not others:
        raise Refused(wording.NO_OTHER_UNIT)
    choices = tuple(Choice(value=one.id, label=one.name) for one in others[: documents.MOST])
    menu = Menu(action="transfer.unit", label=wording.WHERE_TO, choices=choices, args={"family": family.id})
    label = families.label(turn.session, family, here)
    return Note(card(wording.NOTICE, say(wording.CHOOSE_UNIT.format(family=label)), Buttons(items=(menu,))))


@button("transfer.unit", opens=True)
def choose_unit(turn: Turn) -> Answer:
    """The form that asks the other unit."""
    family = _family(turn)
    unit = _other(turn, turn.event.args.get("chosen"))
    transfer_messages.must_have_somebody(turn, unit, [family])
    return ask(turn, "family_move", family_id=family.id, args={"to": unit.id})


@submits("family_move")
def keep(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """The request is saved, and whoever can say yes hears of it at once."""
    family = _family(turn, draft.family_id)
    there = transfers.live_of(turn.session, family.id)
    if there is not None:
        return Done(card(wording.NOTICE, *_standing(turn, there)))
    unit = _other(turn, draft.args.get("to"))
    asked = transfer_messages.must_have_somebody(turn, unit, [family])
    if wrong := meeting_faults(answers, date.fromisoformat(answers["on"])):
        return Wrong(wrong)
    move = request(turn, family, unit, answers, together=new_id())
    recording.keep(turn, draft, answers, subject_id=move.id)
    transfer_messages.ask(turn, move, asked)
    return Done(card(wording.NOTICE, say(wording.ASKED_FOR.format(unit=unit.name))))


def request(turn: Turn, family: Family, unit: Unit, answers: dict[str, Any], *, together: str) -> FamilyMove:
    """One family's request, as the form says."""
    said = TransferBody(**{name: str(answers.get(name) or "") for name in ("why", "works", "ring")})
    return transfers.ask(
        turn.session,
        family,
        unit.id,
        said,
        on=date.fromisoformat(answers["on"]),
        meeting_at=meeting_time(turn, answers),
        together=together,
        by_id=turn.actor().id,
        now=turn.now,
    )


def day_of(answers: dict[str, Any]) -> date:
    """The day a form says the family moves."""
    return date.fromisoformat(answers["on"])


def meeting_faults(answers: dict[str, Any], on: date) -> dict[str, str]:
    """What is odd about the day the two units meet."""
    if answers.get("meeting_at") and not answers.get("meeting_on"):
        return {"meeting_on": wording.TIME_NEEDS_DAY}
    if answers.get("meeting_on") and date.fromisoformat(answers["meeting_on"]) > on:
        return {"meeting_on": wording.MEETING_LATE}
    return {}


def meeting_time(turn: Turn, answers: dict[str, Any]) -> datetime | None:
    """When the two units meet; midnight means that only the day is known."""
    if not answers.get("meeting_on"):
        return None
    said = f"{answers['meeting_on']}T{answers.get('meeting_at') or '00:00'}"
    return datetime.fromisoformat(said).replace(tzinfo=turn.zone()).astimezone(UTC)


@button("transfer.withdraw", opens=True)
def withdraw(turn: Turn) -> Answer:
    """Either unit takes it back until the day; the other one hears."""
    move = transfers.get(turn.session, turn.event.args.get("transfer"))
    if move is None or move.state not in transfers.LIVE:
        raise Refused(wording.GONE)
    family = families.by_id(turn.session, move.family_id)
    if family is None or not transfer_messages.may_speak(turn, move):
        raise Refused(wording.NOT_FOR_YOU)
    transfers.answer(turn.session, move, TransferState.WITHDRAWN, "", by_id=turn.actor().id, now=turn.now)
    transfer_messages.tell(turn, move)
    return Note(card(wording.NOTICE, say(wording.WITHDRAWN)))


def _standing(turn: Turn, move: FamilyMove) -> list[Block]:
    unit = turn.session.get_one(Unit, move.to_unit_id)
    when = transfer_messages.meeting_words(move, turn.here())
    blocks: list[Block] = [say(wording.status(move.state, unit.name, move.on, when))]
    if move.state == TransferState.ASKED:
        blocks.append(say(_waits_for(turn, unit, move)))
    if move.state == TransferState.ACCEPTED and transfers.is_held_up(turn.session, move):
        blocks.append(say(wording.HELD_UP))
    args = {"transfer": move.id, "unit": move.from_unit_id}
    back = Button(action="transfer.withdraw", label=wording.WITHDRAW, args=args)
    pack = documents.buttons("handover", move.id, unit=move.from_unit_id)
    return [*blocks, Buttons(items=(back, *transfer_messages.named(pack)))]


def _waits_for(turn: Turn, unit: Unit, move: FamilyMove) -> str:
    """Since when, and for whom; those who are asked are reminded by themselves."""
    together = [one.family_id for one in transfers.asked_together(turn.session, move)]
    able = transfers.who_may_answer(turn.session, unit, together, turn.today(unit))
    return wording.waits_for(move.asked_at.astimezone(turn.zone()).date(), able[0].name if able else "")


def _other(turn: Turn, unit_id: str | None) -> Unit:
    unit = units.by_id(turn.session, unit_id) if unit_id else None
    if unit is None or unit.id == turn.here().id or units.is_closed(unit):
        raise Refused(wording.NO_SUCH_UNIT)
    return unit


def _family(turn: Turn, family_id: str | None = None) -> Family:
    family = reach.family(turn, family_id or turn.event.args.get("family"))
    if not may_ask(turn.unit, turn.membership):
        raise Refused(wording.NOT_FOR_YOU)
    if not transfers.can_be_read(turn.session, family):
        raise Refused(wording.UNREADABLE)
    return family
