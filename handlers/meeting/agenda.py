"""The agenda: built by the rules, changed by people. The rule's own reason stays shown."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from handlers import messages
from handlers.guards import refuse_where_others_read, still_open
from handlers.meeting import board
from handlers.meeting.agenda_items import append, facts, why_words
from handlers.meeting.discussion import discussion_for
from handlers.routes import button
from handlers.turn import Answer, Note, Nothing, Refused, Turn
from prompts_and_forms.card import Button, Buttons, Choice, Menu, Strong, card, say, small
from prompts_and_forms.meeting import agenda_rules, agenda_wording
from prompts_and_forms.meeting import wording as meeting_wording
from prompts_and_forms.states import DiscussionState, FamilyStatus, ItemState
from storage.database.tables import AgendaItem, Family, Meeting, Unit
from storage.family import families
from storage.meeting import agenda_wishes, meetings
from storage.meeting.agenda_facts import known_families


def plan(turn: Turn, unit: Unit) -> agenda_rules.AgendaPlan:
    """The agenda as today's rules would make it."""
    return planned(turn.session, unit, turn.today(unit))


def planned(session: Session, unit: Unit, today: date) -> agenda_rules.AgendaPlan:
    """What the rules propose for a meeting held today."""
    known = known_families(session, unit.id, today)
    wishes = agenda_wishes.by_family(agenda_wishes.live(session, unit.id))
    found = [facts(k, today, wishes.get(k.family.id, ())) for k in known]
    return agenda_rules.plan(found, unit.settings, today, unit.length_minutes)


def build(turn: Turn, meeting: Meeting) -> None:
    """Writes the agenda of a meeting that just opened. An extra meeting starts empty."""
    if meeting.extra:
        return
    unit = turn.here()
    for position, item in enumerate(plan(turn, unit).items, start=1):
        meetings.add_item(
            turn.session,
            meeting_id=meeting.id,
            family_id=item.family_id,
            position=position,
            kind=item.kind,
            rule_kind=item.rule_kind,
            reasons=item.reasons,
            minutes=item.minutes,
            state=ItemState.PARKED if item.left else ItemState.TO_COME,
        )
    agenda_wishes.meeting_opened(turn.session, meeting)


# ---- starting a family


@button("agenda.start", posts_here=True)
def start_family(turn: Turn) -> Answer:
    """Starts a family from the board; one that is under way or finished is refused, not started twice."""
    meeting = still_open(turn)
    refuse_where_others_read(turn)
    family_id = turn.event.args.get("chosen") or turn.event.args.get("family", "")
    held = meetings.discussion_of(turn.session, meeting.id, family_id)
    if held is not None and held.state not in (DiscussionState.PARKED,):
        raise Refused(meeting_wording.STALE_BOARD)
    discussion_for(turn, meeting, family_id)
    return Nothing()


# ---- changing the agenda


@button("agenda.change", opens=True)
def choose_family(turn: Turn) -> Answer:
    """The menus of families whose place on the agenda can change, and of those that can be added."""
    meeting = still_open(turn)
    on_it = meetings.items(turn.session, meeting.id)
    changeable = [i.family_id for i in on_it if i.state in (ItemState.TO_COME, ItemState.PARKED)]
    listed = set(meetings.families_of(turn.session, meeting.id))
    missing = [f.id for f in families.open_families(turn.session, meeting.unit_id) if f.id not in listed]
    menus: list[Menu | Button] = []
    args = {"meeting": meeting.id}
    for action, label, ids in (
        ("agenda.pick", agenda_wording.ON_THE_AGENDA, changeable),
        ("agenda.add", agenda_wording.ADD_A_FAMILY, missing),
    ):
        if ids:
            choices = tuple(Choice(value=i, label=families.label_of(turn.session, i)) for i in ids[:100])
            menus.append(Menu(action=action, label=label, choices=choices, args=args))
    if not menus:
        raise Refused(agenda_wording.NOTHING_LEFT_TO_CHANGE)
    return Note(card(agenda_wording.CHANGE_THE_AGENDA, say(meeting_wording.CHOOSE_FAMILY), Buttons(items=tuple(menus))))


@button("agenda.pick", opens=True)
def choose_change(turn: Turn) -> Answer:
    """What can be done with one family on the agenda, and why it is on it."""
    item = _item(turn, turn.event.args.get("chosen", ""))
    args = {"meeting": item.meeting_id, "family": item.family_id}
    other = "light" if item.kind == "full" else "full"
    buttons = [
        Button(
            action="agenda.hold",
            label=agenda_wording.MAKE_IT.format(kind=meeting_wording.KIND_WORDS[other]),
            args={**args, "kind": other},
        ),
        Button(action="agenda.move", label=agenda_wording.FIRST, args={**args, "to": "first"}),
        Button(action="agenda.move", label=agenda_wording.ONE_EARLIER, args={**args, "to": "earlier"}),
        Button(action="agenda.move", label=agenda_wording.ONE_LATER, args={**args, "to": "later"}),
        Button(action="agenda.move", label=agenda_wording.LAST, args={**args, "to": "last"}),
        Button(
            action="agenda.park",
            label=agenda_wording.BRING_BACK if item.state == ItemState.PARKED else agenda_wording.PARK_FOR_TODAY,
            args=args,
        ),
    ]
    reasons = "; ".join(why_words(turn.session, item.reasons)) or agenda_wording.NO_SPECIAL_REASON
    return Note(
        card(
            agenda_wording.CHANGE_THE_AGENDA,
            say(
                Strong(text=families.label_of(turn.session, item.family_id)),
                f": {meeting_wording.KIND_WORDS[item.kind]}, {item.minutes} minutes.",
            ),
            small(
                agenda_wording.THE_RULE_SAID.format(kind=meeting_wording.KIND_WORDS[item.rule_kind], reasons=reasons)
            ),
            Buttons(items=tuple(buttons)),
        )
    )


def _item(turn: Turn, family_id: str) -> AgendaItem:
    meeting = still_open(turn)
    item = meetings.item_of(turn.session, meeting.id, family_id)
    if item is None or item.state not in (ItemState.TO_COME, ItemState.PARKED):
        raise Refused(meeting_wording.STALE_BOARD)
    return item


@button("agenda.hold")
def hold(turn: Turn) -> Answer:
    """Full or light as the meeting wants; anyone may ask. What the rule said stays on the board."""
    item = _item(turn, turn.event.args.get("family", ""))
    unit = turn.here()
    item.kind = "full" if turn.event.args.get("kind") == "full" else "light"
    item.minutes = agenda_rules.minutes_for(item.kind, unit.settings)
    item.asked_by_id = turn.actor().id
    turn.session.add(item)
    messages.redraw_board(turn, item.meeting_id)
    return Nothing()


@button("agenda.move")
def move(turn: Turn) -> Answer:
    """The family at its new place among those still to come."""
    item = _item(turn, turn.event.args.get("family", ""))
    order = meetings.items(turn.session, item.meeting_id)
    waiting = [i for i in order if i.state in (ItemState.TO_COME, ItemState.PARKED)]
    at = next(n for n, i in enumerate(waiting) if i.id == item.id)
    places = {"first": 0, "earlier": max(0, at - 1), "later": at + 1, "last": len(waiting)}
    to = places.get(turn.event.args.get("to", ""), at)
    waiting.insert(min(to, len(waiting) - 1), waiting.pop(at))
    moved = iter(waiting)
    meetings.reorder(
        turn.session, [next(moved) if i.state in (ItemState.TO_COME, ItemState.PARKED) else i for i in order]
    )
    messages.redraw_board(turn, item.meeting_id)
    return Nothing()


@button("agenda.park")
def park(turn: Turn) -> Answer:
    """Parks a family for today, or brings it back."""
    item = _item(turn, turn.event.args.get("family", ""))
    item.state = ItemState.TO_COME if item.state == ItemState.PARKED else ItemState.PARKED
    turn.session.add(item)
    messages.redraw_board(turn, item.meeting_id)
    return Nothing()


@button("agenda.add")
def add(turn: Turn) -> Answer:
    """Puts an open family of the unit at the end of the agenda."""
    meeting = still_open(turn)
    family = turn.session.get(Family, turn.event.args.get("chosen", ""))
    if family is None or family.unit_id != meeting.unit_id or family.status != FamilyStatus.OPEN:
        raise Refused(agenda_wording.FAMILY_UNKNOWN_HERE)
    if meetings.item_of(turn.session, meeting.id, family.id) is not None:
        raise Refused(agenda_wording.ON_IT_ALREADY)
    append(turn, meeting, family.id, turn.actor().id)
    messages.redraw_board(turn, meeting.id)
    return Nothing()


@button("agenda.item_done")
def item_done(turn: Turn) -> Answer:
    """Something on the agenda that is no family was talked about."""
    meeting = still_open(turn)
    wish = agenda_wishes.get(turn.session, turn.event.args.get("chosen", ""))
    if wish is None or wish.unit_id != meeting.unit_id or wish.family_id is not None or wish.ended_at is not None:
        raise Refused(meeting_wording.STALE_BOARD)
    agenda_wishes.end(turn.session, wish, how="done", by_id=turn.actor().id, now=turn.now)
    messages.redraw_board(turn, meeting.id)
    return Nothing()


@button("agenda.fit")
def fit(turn: Turn) -> Answer:
    """Does what the board proposes: some families light, some left for another day. Anyone can change it back."""
    meeting = still_open(turn)
    unit = turn.session.get(Unit, meeting.unit_id)
    assert unit is not None
    items = meetings.items(turn.session, meeting.id)
    hold_light, extra = board.could_wait(unit, items, board.minutes_over(meeting, unit, items))
    if not hold_light and not extra:
        raise Refused(meeting_wording.STALE_BOARD)
    for item in items:
        if item.family_id in hold_light:
            item.kind = "light"
            item.minutes = agenda_rules.minutes_for("light", unit.settings)
        elif item.family_id in extra:
            item.state = ItemState.PARKED
        turn.session.add(item)
    messages.redraw_board(turn, meeting.id)
    return Nothing()
