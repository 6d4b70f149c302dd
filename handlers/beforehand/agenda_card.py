"""The next agenda before its meeting: for whoever asks, for the coordinator the day before, and for the channel."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from handlers import documents, messages
from handlers.family import transfer_messages
from handlers.meeting import agenda as meeting_agenda
from handlers.meeting import agenda_items
from handlers.render import Rendering, renders
from handlers.routes import button
from handlers.turn import Answer, Note, Turn
from handlers.unit import people as unit_people
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Span, Strong, card, say, small
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.meeting import agenda_wording, beforehand_wording, moving_wording, rota_wording
from prompts_and_forms.meeting import wording as meeting_wording
from prompts_and_forms.meeting.agenda_rules import AgendaPlan, PlannedItem
from storage.database.tables import Membership, Unit
from storage.family import families
from storage.meeting import agenda_wishes, meeting_days, rota
from storage.messages import outbox
from storage.unit import people, units


def next_card(turn: Turn) -> Card:
    """The next agenda as it is now, for whoever asks."""
    unit = turn.here()
    return draw(turn.session, unit, turn.today(unit), turn.membership)


def draw(session: Session, unit: Unit, today: date, reader: Membership | None, day: date | None = None) -> Card:
    """The agenda of the next meeting, or of the one on `day`. Without a `reader` it is for the unit's channel."""
    coming = meeting_days.coming(session, unit, today)
    on = day or (coming.day if coming else None)
    plan = meeting_agenda.planned(session, unit, on or today)
    blocks: list[Block] = [say(Strong(text=beforehand_wording.title(on, unit.start)))]
    if coming is not None and coming.holiday and on == coming.day:
        blocks.append(say(moving_wording.next_words(coming, unit.start, today)))
    blocks += facilitator_words(session, unit, today, reader)
    if plan.items:
        lines = tuple(_line(session, item) for item in plan.items)
        blocks.append(Bullets(items=lines))
    else:
        blocks.append(say(beforehand_wording.NO_FAMILIES))
    if items := agenda_wishes.items(agenda_wishes.live(session, unit.id)):
        also = tuple((agenda_items.also_words(session, wish),) for wish in items)
        blocks.append(Bullets(title=agenda_wording.ALSO, items=also))
    blocks += transfer_messages.agenda_lines(session, unit)
    blocks += _length(session, unit, plan, may_fit=reader is not None and people.may_arrange(unit, reader))
    if on is None:
        blocks.append(small(beforehand_wording.NO_DAY))
    return card(beforehand_wording.NOTICE, *blocks, *_buttons(unit, reader))


def facilitator_words(session: Session, unit: Unit, today: date, reader: Membership | None) -> list[Block]:
    """Whose turn it is to facilitate the next meeting, where people take turns."""
    found = rota.duties(session, unit, today, 1)
    mine = reader.person_id if reader else ""
    return [
        say(rota_wording.MINE if one.person_id == mine else rota_wording.facilitates(_name(session, one.person_id)))
        for one in found
    ]


def _name(session: Session, person_id: str) -> str:
    return people.name_of(session, person_id).partition(" ")[0]


def rota_button(unit: Unit) -> Button:
    """Whose turn it is, and swapping one's own."""
    return Button(action="rota.show", label=rota_wording.SHOW, args={"unit": unit.id})


def _line(session: Session, item: PlannedItem) -> tuple[Span, ...]:
    why = "; ".join(agenda_items.why_words(session, item.reasons))
    kind = beforehand_wording.LEFT if item.left else f"{meeting_wording.KIND_WORDS[item.kind]}, {item.minutes} min"
    changed = item.kind != item.rule_kind and not item.left
    return (
        Strong(text=families.label_of(session, item.family_id)),
        f", {kind}",
        f" ({why})" if why else "",
        beforehand_wording.rule_said(meeting_wording.KIND_WORDS[item.rule_kind]) if changed else "",
    )


def _length(session: Session, unit: Unit, plan: AgendaPlan, *, may_fit: bool) -> list[Block]:
    """Whether it fits. Where it does not: which families may wait, and for whoever arranges it one button for that."""
    if plan.over_by <= 0:
        return [small(beforehand_wording.FITS)] if plan.items else []
    light, extra = ([families.label_of(session, one) for one in found] for found in (plan.hold_light, plan.extra))
    words = meeting_wording.over_words(plan.over_by, light, extra)
    blocks: list[Block] = [say(Strong(text=meeting_wording.TOO_LONG), words)]
    if may_fit and (light or extra):
        fit = Button(action="next.fit", label=meeting_wording.FIT, args={"unit": unit.id})
        blocks.append(Buttons(items=(fit,)))
    return blocks


def add_button(unit: Unit) -> Button:
    """Anybody adds a family, an item or a reason."""
    return Button(action="next.add", label=beforehand_wording.ADD, args={"unit": unit.id})


def show_button(unit: Unit) -> Button:
    """The agenda as it is now."""
    return Button(action="next.show", label=beforehand_wording.SHOW, args={"unit": unit.id})


def _buttons(unit: Unit, reader: Membership | None) -> list[Block]:
    """In the channel only adding; for a reader also changing it, and papers for a day without the chat."""
    first = [add_button(unit)]
    if reader is None:
        return [Buttons(items=tuple(first))]
    args = {"unit": unit.id}
    first.append(Button(action="next.change", label=beforehand_wording.CHANGE, args=args))
    first.append(rota_button(unit))
    if people.may_arrange(unit, reader):
        first.insert(0, Button(action="next.send", label=beforehand_wording.SEND, args=args, style="primary"))
    scripts = (
        Button(action="document.choose", label=label, args={"what": "script", "row": kind, "unit": unit.id})
        for kind, label in documents_wording.PAPER.items()
    )
    papers = (*documents.buttons("agenda", "", unit=unit.id), *scripts)
    return [Buttons(items=tuple(first)), Buttons(items=papers)]


@button("next.show", opens=True)
def show(turn: Turn) -> Answer:
    """The next agenda, for whoever pressed."""
    return Note(next_card(turn))


@button("next.send", opens=True)
def send(turn: Turn) -> Answer:
    """Posts the agenda in the unit's channel, or brings the one that is there up to date."""
    unit = turn.here()
    unit_people.must_arrange(turn, unit)
    day = next_day(turn, unit)
    outbox.show(turn.session, messages.agenda_key(unit.id, day), now=turn.now, channel=unit.channel)
    return Note(card(beforehand_wording.NOTICE, say(beforehand_wording.SENT)))


def next_day(turn: Turn, unit: Unit) -> date | None:
    """The day of the unit's next meeting; None for a unit without a day."""
    coming = meeting_days.coming(turn.session, unit, turn.today(unit))
    return coming.day if coming else None


def redraw(turn: Turn, unit: Unit) -> None:
    """Something about the next agenda changed: wherever it lies it says so."""
    day = next_day(turn, unit)
    outbox.show_again(turn.session, messages.agenda_key(unit.id, day), now=turn.now)
    for _place, person in people.members(turn.session, unit.id):
        outbox.show_again(turn.session, messages.own_agenda_key(person.id, unit.id, day), now=turn.now)


@renders("unit:{unit_id}/agenda:{day}")
def draw_in_channel(view: Rendering, unit_id: str, day: str) -> Card | None:
    """The agenda everybody in the channel reads."""
    unit = units.by_id(view.session, unit_id)
    return draw(view.session, unit, _today(view, unit), None, _day(day)) if unit else None


@renders("person:{person_id}/agenda:{unit_id}/{day}")
def draw_for_one(view: Rendering, person_id: str, unit_id: str, day: str) -> Card | None:
    """The coordinator's own copy, to send or change; None for somebody who has left."""
    unit = units.by_id(view.session, unit_id)
    membership = people.belongs(view.session, unit_id, person_id)
    return draw(view.session, unit, _today(view, unit), membership, _day(day)) if unit and membership else None


def _today(view: Rendering, unit: Unit) -> date:
    return view.now.astimezone(units.zone(unit)).date()


def _day(day: str) -> date | None:
    return None if day == messages.NO_DAY else date.fromisoformat(day)
