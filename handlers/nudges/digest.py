"""The morning message: what is due is worked out, put together for each person, drawn from the record when it is sent.

One message a person a day at the time they chose; what cannot wait comes at once. Pressing edits it in place.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers.messages import own_agenda_key
from handlers.nudges import drawing
from handlers.nudges.drawing import Line
from handlers.reach import note_read
from handlers.render import Rendering, renders
from handlers.routes import after, button, by_itself, tick
from handlers.turn import Answer, EventKind, Note, Nothing, Refused, Turn
from prompts_and_forms.card import Block, Button, Buttons, Card, Strong, card, say, small
from prompts_and_forms.days.reading import as_day
from prompts_and_forms.nudges import nudge_rules
from prompts_and_forms.nudges import wording as nudges_wording
from prompts_and_forms.nudges.nudge_facts import Due, Known
from prompts_and_forms.nudges.nudge_kinds import kind
from prompts_and_forms.states import NudgeState
from storage.database.tables import Person, Unit
from storage.database.tables_nudges import Nudge, NudgePreference, NudgeSaid
from storage.database.vault import cannot_read
from storage.database.watching import touched
from storage.decisions import actions
from storage.family import families
from storage.messages import outbox
from storage.messages.outbox import ECHO, MEETING, NUDGE, PRESSED
from storage.messages.posts import find_post, find_posts
from storage.nudges import facts, nudges
from storage.unit import people, units

AHEAD = timedelta(days=35)
"""A plan reaches so far; it is made anew when less than `ENOUGH` of it is left."""
ENOUGH = timedelta(days=28)
WHOLE_UNITS_A_TICK = 5
"""Planning a unit anew takes a moment, and people wait behind it."""
EDITED_FOR = timedelta(days=7)
"""An older message is no longer edited."""
TYPED = (EventKind.MESSAGE, EventKind.EDITED, EventKind.DELETED)
SOON = timedelta(seconds=20)
"""While a family is discussed much is written about it: its reminders are drawn again this late, once for all of it."""
AGENDA = "meeting_tomorrow"
"""Whoever hears that the meeting is near gets its agenda, in a message of its own."""


# ---- what is due: the plan


@tick("nudges")
def every_minute(turn: Turn) -> Answer:
    """Brings the plan in line with what changed, then puts together the messages whose time has come."""
    plan_units(turn)
    put_together(turn)
    return Nothing()


def plan_units(turn: Turn) -> None:
    """Units whose plan runs out are planned anew, a few at a time; of the others only the families that changed."""
    kept = nudges.plans(turn.session)
    looked = [plan.looked_at for plan in kept.values() if plan.looked_at <= turn.now]
    changed = nudges.changed_since(turn.session, min(looked)) if looked else {}
    up_to_date: list[str] = []
    anew = 0
    for unit in units.every_unit(turn.session):
        if units.is_closed(unit):
            continue
        today, plan = turn.today(unit), kept.get(unit.id)
        if plan is None or plan.until < today + ENOUGH or plan.looked_at > turn.now:
            about, whole = frozenset[str](), True
        else:
            about, whole = changed[unit.id].since(plan.looked_at) if unit.id in changed else (frozenset(), False)
        if not whole:
            if about and plan is not None:
                _plan_by_itself(turn, unit, about, plan.until)
            up_to_date.append(unit.id)
        elif anew < WHOLE_UNITS_A_TICK:
            anew += 1
            _plan_by_itself(turn, unit, None, today + AHEAD)
            nudges.keep_plan(turn.session, unit.id, today + AHEAD, turn.now)
    nudges.keep_looked(turn.session, up_to_date, turn.now)


def _plan_by_itself(turn: Turn, unit: Unit, about: Collection[str] | None, until: date) -> None:
    """Plans a unit; where that fails each family by itself, so that one keeps no other from its reminders."""
    if by_itself(turn, f"plan of unit {unit.id}", partial(plan_unit, turn, unit, about, until)):
        return
    if about is None:
        about = [family.id for family in families.open_families(turn.session, unit.id)]
    for family_ids in ((), *((family_id,) for family_id in sorted(about))):
        part = f"plan of family {family_ids[0]}" if family_ids else f"plan of unit {unit.id} itself"
        by_itself(turn, part, partial(plan_unit, turn, unit, family_ids, until))


def plan_unit(turn: Turn, unit: Unit, family_ids: Collection[str] | None, until: date) -> list[str]:
    """Plans a unit, or some of its families; answers the ids of what is new. What cannot wait is said at once.

    What is open for a family whose record cannot be read stays open: nobody can say that it is done.
    """
    known = facts.of_unit(turn.session, unit, turn.today(unit), family_ids)
    found = nudge_rules.due(known, None, date.max)
    if family_ids is not None:
        found = [one for one in found if one.family_id is None or one.family_id in family_ids]
    damaged = {family_id for _unit, family_id in cannot_read(turn.session).values() if family_id}
    held = [row for row in nudges.live(turn.session, [unit.id], family_ids) if row.family_id not in damaged]
    new = nudges.settle_and_add(turn.session, unit.id, held, found, until)
    if any(one.at_once for one in found):
        here = facts.people_known(turn.session, unit, known.today)
        for row in nudges.live(turn.session, [unit.id], family_ids, by=known.today):
            if row.id in new and kind(row.kind).at_once:
                say_at_once(turn, here, row)
    return new


def say_at_once(turn: Turn, known: Known, row: Nudge) -> None:
    """Says one reminder now, to its person or to who covers for them."""
    hearer = nudge_rules.hearer(known, row.person_id, known.today, must=True)
    person = people.by_id(turn.session, hearer)
    if person is None:
        return
    nudges.mark_said(turn.session, [nudges.Saying(row, person.id, known.today)])
    show_one(turn.session, row.id, person, turn.now)


def show_one(session: Session, nudge_id: str, person: Person, now: datetime) -> None:
    """Asks for the message with this one reminder."""
    outbox.show(session, one_key(person.id, nudge_id), now=now, chat_user=person.chat_user, priority=MEETING)


def show_morning(session: Session, person: Person, day: date, now: datetime) -> None:
    """That day's message; where it was sent already it is drawn again."""
    outbox.show(session, digest_key(person.id, day), now=now, chat_user=person.chat_user, priority=NUDGE)


def one_key(person_id: str, nudge_id: str) -> str:
    """The name of the message with one reminder."""
    return str(nudges.own_key(person_id, "nudge", nudge_id))


def digest_key(person_id: str, day: date) -> str:
    """The name of one person's morning message."""
    return str(nudges.own_key(person_id, "digest", day.isoformat()))


# ---- the morning


@dataclass(frozen=True)
class Reader:
    """Somebody whose message is put together now."""

    person: Person
    day: date
    left_out: frozenset[str]
    hears: bool


def put_together(turn: Turn) -> None:
    """One message for everybody whose time it is, once a day."""
    readers, units_there = _whose_time_it_is(turn)
    if not readers:
        return
    nudges.mark_digested(turn.session, readers, next(iter(readers.values())).day)
    told: list[nudges.Saying] = []
    for unit in units_there.values():
        by_itself(turn, f"messages of unit {unit.id}", partial(_put_together, turn, unit, readers, told))
    for person_id in sorted({one.person_id for one in told}):
        show_morning(turn.session, readers[person_id].person, readers[person_id].day, turn.now)
    for one in told:
        if one.row.kind == AGENDA:
            key = own_agenda_key(one.person_id, one.row.unit_id, one.row.due_on)
            chat_user = readers[one.person_id].person.chat_user
            outbox.show(turn.session, key, now=turn.now, chat_user=chat_user, priority=NUDGE)


def _put_together(turn: Turn, unit: Unit, readers: dict[str, Reader], told: list[nudges.Saying]) -> None:
    today = turn.today(unit)
    held = nudges.live(turn.session, [unit.id], by=today)
    if held:
        known = facts.people_known(turn.session, unit, today)
        held += _take_up(turn, known, held)
        told += _say(turn, known, held, readers)


def _whose_time_it_is(turn: Turn) -> tuple[dict[str, Reader], dict[str, Unit]]:
    """Readers by id, and the units they are in. The day and hour are those of a person's first unit, by name."""
    everywhere = turn.now.astimezone(ZoneInfo("Etc/GMT-14")).date()
    readers: dict[str, Reader] = {}
    units_there: dict[str, Unit] = {}
    for person, _place, unit, chosen in nudges.people_without_digest(turn.session, everywhere):
        if person.id not in readers:
            reader = _reader(turn, person, unit, chosen)
            if reader is None:
                continue
            readers[person.id] = reader
        if not units.is_closed(unit):
            units_there[unit.id] = unit
    return readers, units_there


def _reader(turn: Turn, person: Person, unit: Unit, chosen: NudgePreference | None) -> Reader | None:
    """None while it is not their time, or when this day's message was put together."""
    local = turn.local_now(unit)
    wanted = chosen or nudges.usual_preference(person.id)
    if chosen is not None and chosen.digested_on is not None and chosen.digested_on >= local.date():
        return None
    if not nudge_rules.is_a_day_for_it(local.date(), wanted.days) or local.hour >= nudge_rules.LAST_HOUR:
        return None
    if f"{local:%H:%M}" < wanted.at:
        return None
    return Reader(person, local.date(), frozenset(wanted.left_out), True)


def _take_up(turn: Turn, known: Known, held: list[Nudge]) -> list[Nudge]:
    """What stayed open too long goes to a manager too; the person it is with has heard so before."""
    fresh: list[Nudge] = []
    for row in held:
        if row.state != NudgeState.OPEN or row.escalated:
            continue
        there = nudge_rules.hearer(known, row.person_id, known.today, must=must_be_heard(row)) is not None
        last = nudge_rules.taken_up_on(row.kind, row.due_on, known.began_on)
        if row.given or not nudge_rules.is_taken_up(last, known.today, row.warned_on, reachable=there):
            continue
        manager = drawing.whom_to_tell(known, row)
        row.escalated = True
        turn.session.add(row)
        made = nudges.give(turn.session, row, manager, escalated=True) if manager else None
        new = nudges.get(turn.session, made) if made else None
        if new is not None:
            fresh.append(new)
    return fresh


def _say(turn: Turn, known: Known, held: list[Nudge], readers: dict[str, Reader]) -> list[nudges.Saying]:
    """Notes what is said to whom today, and answers it."""
    told: list[nudges.Saying] = []
    for row in held:
        if _is_told_with_another(turn, row, held):
            continue
        warn_from = _warn_from(known, row)
        times = (row.said_on, row.snoozed_until, warn_from)
        if not nudge_rules.to_be_said(row.kind, row.due_on, known.today, *times, taken_up=row.given and row.escalated):
            continue
        must = must_be_heard(row)
        warned = warn_from is not None and warn_from <= known.today
        for one in nudge_rules.hearers(known, row.person_id, known.today, readers, must=must):
            if not _left_out(row, readers[one]):
                told.append(nudges.Saying(row, one, readers[one].day, warned))
    nudges.mark_said(turn.session, told)
    return told


def _is_told_with_another(turn: Turn, row: Nudge, held: list[Nudge]) -> bool:
    """An action that is the task of another reminder of the same person is not said on mornings of its own."""
    beside = [one for one in held if one.family_id == row.family_id and one.state == NudgeState.OPEN]
    beside = [one for one in beside if kind(one.kind).same_as and one.first_on <= turn.today()]
    action = actions.by_id(turn.session, row.subject) if row.kind == "action" and beside else None
    if action is None:
        return False
    words = actions.words(turn.session, action).text
    about = Due(row.kind, row.subject, row.person_id, row.due_on, row.first_on, row.family_id, what=words)
    return any(drawing.is_same_task(about, one) for one in beside)


def _warn_from(known: Known, row: Nudge) -> date | None:
    """The day from which the person still has to hear that a manager will be told; None for what came from another."""
    if row.given or row.escalated or row.warned_on is not None:
        return None
    return nudge_rules.warned_from(row.kind, row.due_on, known.began_on)


def must_be_heard(row: Nudge) -> bool:
    """Whether it waits for nobody's leave. While the lead is away somebody else gives the unit's yes."""
    return row.statutory or kind(row.kind).at_once or row.kind == "confirm"


def _left_out(row: Nudge, reader: Reader) -> bool:
    return kind(row.kind).group in reader.left_out and not row.statutory and not row.given


# ---- drawing


@renders("person:{person_id}/digest:{day}")
def draw_digest(view: Rendering, person_id: str, day: str) -> Card | None:
    """What is still open of that day's message; None when nothing was left before it was sent."""
    on = date.fromisoformat(day)
    found = drawing.lines(view.session, nudges.said_on(view.session, person_id, on), person_id, view.now)
    posted = find_post(view.session, digest_key(person_id, on)) is not None
    if not posted:
        found = [line for line in found if line.is_open]
    if not found:
        return card(nudges_wording.NOTHING_LEFT, say(nudges_wording.NOTHING_LEFT)) if posted else None
    return _digest(view.session, found, person_id, on)


def _digest(session: Session, found: list[Line], person_id: str, on: date) -> Card:
    """One screen: the most pressing things with their buttons, the rest behind one, and at the end who will be told."""
    still = drawing.joined(line for line in found if line.is_open)
    settled = [line for line in found if not line.is_open]
    first = len(still) if len(still) <= drawing.ONE_SCREEN else drawing.FIRST
    hello: list[Block] = [say(Strong(text=nudges_wording.greeting(len(still))), f" {nudges_wording.hello(len(still))}")]
    if not still:
        hello = [say(nudges_wording.NOTHING_LEFT)]
    return card(
        nudges_wording.notice(len(still)),
        *hello,
        *drawing.blocks(session, [*still[:first], *settled[: drawing.MOST_SETTLED]], person_id, day=on),
        *_the_rest(session, still[first:], len(still), on),
        *drawing.warnings(session, still),
        small(nudges_wording.CHANGE_WHEN),
    )


def _the_rest(session: Session, rest: list[Line], count: int, on: date) -> list[Block]:
    """How many more things there are for each family, and the button that shows them all."""
    if not rest:
        return []
    counted = {title: len(own) for title, own in drawing.grouped(session, rest).items()}
    label = nudges_wording.SHOW_ALL.format(count=count)
    every = Button(action="nudge.all", label=label, args={"day": on.isoformat()})
    return [say(nudges_wording.and_more(counted)), Buttons(items=(every,))]


@button("nudge.all", opens=True)
def show_all(turn: Turn) -> Answer:
    """Everything of that morning that is still open, by family, for the person whose message it is."""
    person, day = turn.actor(), as_day(turn.event.args.get("day"))
    rows = nudges.said_on(turn.session, person.id, day) if day else []
    found = drawing.joined(line for line in drawing.lines(turn.session, rows, person.id, turn.now) if line.is_open)
    if not found:
        raise Refused(nudges_wording.NOTHING_LEFT)
    for line in found:
        family = families.by_id(turn.session, line.row.family_id)
        if family is not None:
            note_read(turn, family, "listed")
    return Note(card(nudges_wording.notice(len(found)), *all_blocks(turn.session, found, person.id)))


def all_blocks(session: Session, found: list[Line], person_id: str) -> list[Block]:
    """As many lines as a message holds, by family, and at the end who will be told."""
    blocks = drawing.blocks(session, found[: drawing.MOST_LINES], person_id)
    if len(found) > drawing.MOST_LINES:
        blocks.append(say(nudges_wording.more_on_home(len(found) - drawing.MOST_LINES)))
    return [*blocks, *drawing.warnings(session, found)]


@renders("person:{person_id}/nudge:{nudge_id}")
def draw_one(view: Rendering, person_id: str, nudge_id: str) -> Card | None:
    """What could not wait for the morning."""
    row = nudges.get(view.session, nudge_id)
    found = drawing.lines(view.session, [row], person_id, view.now) if row else []
    posted = find_post(view.session, one_key(person_id, nudge_id)) is not None
    if not found or not (posted or found[0].is_open):
        return None
    blocks = drawing.blocks(view.session, found, person_id)
    first = [say(nudges_wording.AT_ONCE_HELLO)] if found[0].is_open else []
    return card(nudges_wording.NOTICE_ONCE, *first, *blocks, *drawing.warnings(view.session, found))


def redraw(turn: Turn, nudge_ids: Collection[str]) -> None:
    """Asks for the messages these are in to be drawn again: somebody has just pressed in one of them."""
    keys = {
        key: said.person_id
        for said in _recent(turn, nudge_ids)
        for key in (digest_key(said.person_id, said.day), one_key(said.person_id, said.nudge_id))
    }
    for key in sorted(find_posts(turn.session, keys)):
        person = people.by_id(turn.session, keys[key])
        if person is not None:
            _draw_again(turn, key, person.chat_user, PRESSED, turn.now)


def _recent(turn: Turn, nudge_ids: Collection[str]) -> list[NudgeSaid]:
    return nudges.said_where(turn.session, nudge_ids, turn.today() - EDITED_FOR)


def _draw_again(turn: Turn, key: str, chat_user: str, priority: int, due_at: datetime) -> None:
    outbox.show(turn.session, key, now=turn.now, chat_user=chat_user, priority=priority, due_at=due_at)


@after
def redraw_touched(turn: Turn) -> None:
    """Something was written about a family: messages that remind of it soon show how it stands.

    What people type does nothing that anybody is reminded of.
    """
    found = touched(turn.session) if turn.event.kind not in TYPED else set()
    if found:
        mine = turn.person.id if turn.person and turn.event.kind is EventKind.SUBMIT else ""
        for key, person_id, chat_user in nudges.posted_about(turn.session, found, turn.today() - EDITED_FOR):
            own = person_id == mine
            _draw_again(turn, key, chat_user, PRESSED if own else ECHO, turn.now if own else turn.now + SOON)
