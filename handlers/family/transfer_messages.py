"""Who hears of a family that goes to another unit, and what they read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers import documents
from handlers.family.looked import may_ask
from handlers.render import Rendering, renders
from handlers.routes import button
from handlers.turn import Answer, Note, Refused, Turn
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Heading, Quote, card, say
from prompts_and_forms.days import day_words
from prompts_and_forms.family import transfer_wording as wording
from prompts_and_forms.states import MemberStatus, TransferState
from prompts_and_forms.unit import wording as unit_wording
from storage.database.tables import Family, Person, Unit
from storage.database.tables_machinery import FamilyMove
from storage.family import families, transfers
from storage.messages import outbox
from storage.unit import people, units

MOST_PACKS = 20


def must_have_somebody(turn: Turn, unit: Unit, held: Sequence[Family]) -> list[Person]:
    """Whom to ask in that unit; raises Refused where there is nobody, or nobody who may see these families."""
    if not people.who_can_say_yes(turn.session, unit):
        raise Refused(wording.NOBODY_TO_ASK.format(unit=unit.name))
    seeing = transfers.who_may_answer(turn.session, unit, [family.id for family in held], turn.today(unit))
    if not seeing:
        raise Refused(wording.NOT_ABOUT_THIS.format(unit=unit.name))
    places = {membership.person_id: membership for membership, _person in people.members(turn.session, unit.id)}
    there = [one for one in seeing if not people.is_on_leave(places[one.id], turn.today(unit))] or seeing
    return [one for one in there if places[one.id].unit_lead or unit.deputy_id == one.id] or there[:1]


def may_speak(turn: Turn, move: FamilyMove) -> bool:
    """Whether somebody speaks for one of the two units."""
    return any(_speaks_for(turn, unit_id) for unit_id in (move.from_unit_id, move.to_unit_id))


def may_answer(turn: Turn, move: FamilyMove) -> bool:
    """Whether somebody speaks for the unit that is asked."""
    return _speaks_for(turn, move.to_unit_id)


def _speaks_for(turn: Turn, unit_id: str) -> bool:
    unit, membership = units.by_id(turn.session, unit_id), people.belongs(turn.session, unit_id, turn.actor().id)
    return (
        unit is not None
        and membership is not None
        and membership.status != MemberStatus.LEFT
        and may_ask(unit, membership)
    )


def meeting_words(move: FamilyMove, unit: Unit) -> str:
    """When the two units meet; "" where no day is set."""
    if move.meeting_at is None:
        return ""
    at = move.meeting_at.astimezone(ZoneInfo(unit.timezone))
    day = day_words.of_this_year(at.date())
    return day if (at.hour, at.minute) == (0, 0) else f"{day} at {at:%H:%M}"


def named(items: Iterable[Button]) -> tuple[Button, ...]:
    """Buttons of a document under the name of the pack."""
    return tuple(one.model_copy(update={"label": wording.PACK.format(form=one.label)}) for one in items)


# ---- asked


def asked_key(move: FamilyMove, person_id: str) -> str:
    """The address of a request for one person."""
    return f"transfer:{move.id}/asked/to:{person_id}"


def ask(turn: Turn, move: FamilyMove, asked: Iterable[Person]) -> None:
    """The request, for those who can answer it: one message, however many families."""
    for person in asked:
        outbox.show(turn.session, asked_key(move, person.id), now=turn.now, chat_user=person.chat_user)


@renders("transfer:{move_id}/asked/to:{reader_id}")
def draw_asked(view: Rendering, move_id: str, reader_id: str) -> Card | None:
    """The request while it is open; afterwards what became of it."""
    session = view.session
    move = transfers.get(session, move_id)
    return _request(session, move, reader_id) if move is not None else None


@button("transfer.show", opens=True)
def show_request(turn: Turn) -> Answer:
    """A request somebody was reminded of, with what answers it."""
    move = transfers.get(turn.session, turn.event.args.get("transfer"))
    if move is not None and not may_answer(turn, move):
        raise Refused(wording.NOT_YOURS_TO_ANSWER.format(unit=turn.session.get_one(Unit, move.to_unit_id).name))
    shown = _request(turn.session, move, turn.actor().id) if move is not None else None
    if shown is None:
        raise Refused(wording.GONE)
    return Note(shown)


def _request(session: Session, move: FamilyMove, reader_id: str) -> Card | None:
    """None for somebody who cannot answer for the unit that is asked."""
    ours, theirs = session.get_one(Unit, move.to_unit_id), session.get_one(Unit, move.from_unit_id)
    membership = people.belongs(session, ours.id, reader_id)
    if membership is None or not may_ask(ours, membership):
        return None
    every = transfers.asked_together(session, move)
    if move.state != TransferState.ASKED:
        return card(wording.NOTICE, *_became(session, move, every), *_may_take_back(move))
    blocks: list[Block] = [
        Heading(text=wording.heading(ours.name, len(every))),
        say(wording.asks(people.name_of(session, move.asked_by_id), theirs.name, move.on, meeting_words(move, ours))),
        Bullets(items=tuple((_line(session, one),) for one in every)),
    ]
    why = transfers.words(session, move).why
    if why:
        blocks.append(Quote(text=why, by=people.name_of(session, move.asked_by_id)))
    args = {"transfer": move.id, "unit": ours.id}
    first = (
        Button(action="transfer.accept", label=wording.ACCEPT, args=args, style="primary"),
        Button(action="transfer.decline", label=wording.DECLINE, args=args),
    )
    packs = [Buttons(items=named(documents.buttons("handover", one.id, unit=ours.id))) for one in every[:MOST_PACKS]]
    return card(wording.NOTICE, *blocks, Buttons(items=first), *packs)


def _may_take_back(move: FamilyMove) -> list[Block]:
    """Until the day a yes can be taken back."""
    if move.state != TransferState.ACCEPTED:
        return []
    args = {"transfer": move.id, "unit": move.to_unit_id}
    return [Buttons(items=(Button(action="transfer.withdraw", label=wording.WITHDRAW, args=args),))]


def _line(session: Session, move: FamilyMove) -> str:
    family = families.by_id(session, move.family_id)
    if family is None:
        return ""
    children = len(families.children(session, family.id))
    label = families.label_of(session, family.id)
    return wording.family_line(label, unit_wording.category_words(family.category), children)


def _became(session: Session, move: FamilyMove, every: Sequence[FamilyMove]) -> list[Block]:
    labels = [families.label_of(session, one.family_id) for one in every]
    who, unit = people.name_of(session, move.answered_by_id), session.get_one(Unit, move.to_unit_id)
    blocks: list[Block] = [say(wording.answered(move.state, who, labels, unit.name, move.on))]
    said = transfers.words(session, move).answer
    return [*blocks, Quote(text=said, by=who)] if said else blocks


# ---- answered


def tell(turn: Turn, move: FamilyMove) -> None:
    """Everybody it concerns hears what became of the request; the request itself says so too."""
    session = turn.session
    every = transfers.asked_together(session, move)
    told: dict[str, Person] = {}
    for unit_id in (move.from_unit_id, move.to_unit_id):
        unit = session.get_one(Unit, unit_id)
        told |= {one.id: one for one in people.whom_to_tell(session, unit, turn.today(unit))}
    for person_id in (move.asked_by_id, *(_lead_worker(session, one) for one in every)):
        person = people.by_id(session, person_id)
        told |= {person.id: person} if person else {}
    for person in people.who_can_say_yes(session, session.get_one(Unit, move.to_unit_id)):
        outbox.show_again(session, asked_key(every[0], person.id), now=turn.now)
    for person in told.values():
        if person.id != turn.actor().id:
            key = f"transfer:{move.id}/{move.state}/to:{person.id}"
            outbox.say(session, key, now=turn.now, chat_user=person.chat_user)


def _lead_worker(session: Session, move: FamilyMove) -> str | None:
    family = families.by_id(session, move.family_id)
    return family.lead_worker_id if family else None


@renders("transfer:{move_id}/accepted/to:{reader_id}")
def draw_accepted(view: Rendering, move_id: str, reader_id: str) -> Card | None:
    """That it was accepted, with the pack for both units' leads."""
    return _told(view, move_id, reader_id, TransferState.ACCEPTED)


@renders("transfer:{move_id}/declined/to:{reader_id}")
def draw_declined(view: Rendering, move_id: str, reader_id: str) -> Card | None:
    """That the other unit said no, and why."""
    return _told(view, move_id, reader_id, TransferState.DECLINED)


@renders("transfer:{move_id}/withdrawn/to:{reader_id}")
def draw_withdrawn(view: Rendering, move_id: str, reader_id: str) -> Card | None:
    """That it was taken back."""
    return _told(view, move_id, reader_id, TransferState.WITHDRAWN)


def _told(view: Rendering, move_id: str, reader_id: str, state: TransferState) -> Card | None:
    """For people of the family's unit and who can say yes what became of it; for the others that a family comes."""
    session = view.session
    move = transfers.get(session, move_id)
    if move is None or move.state != state:
        return None
    ours, theirs = session.get_one(Unit, move.to_unit_id), session.get_one(Unit, move.from_unit_id)
    membership = people.belongs(session, ours.id, reader_id)
    if people.belongs(session, theirs.id, reader_id) or (membership is not None and may_ask(ours, membership)):
        blocks = _became(session, move, transfers.asked_together(session, move))
        if state == TransferState.ACCEPTED:
            unit = theirs if people.belongs(session, theirs.id, reader_id) else ours
            blocks.append(Buttons(items=named(documents.buttons("handover", move.id, unit=unit.id))))
        return card(wording.NOTICE, *blocks)
    if membership is None or state != TransferState.ACCEPTED:
        return None
    return card(wording.NOTICE, say(wording.comes_line(theirs.name, move.on, meeting_words(move, ours)) + "."))


# ---- on the agenda of both


def agenda_lines(session: Session, unit: Unit) -> list[Block]:
    """What moves between this unit and another one, for everybody in it: its own families by name alone."""
    lines = tuple((one,) for one in moving_lines(session, unit))
    return [Bullets(title=wording.COMING_TITLE, items=lines)] if lines else []


def moving_lines(session: Session, unit: Unit) -> list[str]:
    """A sentence for each family that is agreed to come or to go."""
    lines = []
    for move in transfers.of_units(session, unit.id):
        if move.state != TransferState.ACCEPTED:
            continue
        when = meeting_words(move, unit)
        other = session.get_one(Unit, move.to_unit_id if move.from_unit_id == unit.id else move.from_unit_id)
        if move.from_unit_id == unit.id:
            lines.append(wording.leaves_line(families.label_of(session, move.family_id), other.name, move.on, when))
        else:
            lines.append(wording.comes_line(other.name, move.on, when))
    return lines
