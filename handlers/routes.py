"""Which handler answers which event, and the one door all events come through."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

from handlers import belonging, guards, shown
from handlers.turn import Answer, Done, Event, EventKind, Note, Nothing, NoUnit, Refused, Turn, Wrong
from prompts_and_forms import wording as general_wording
from prompts_and_forms.card import card, say
from prompts_and_forms.days.working_days import bank_holiday
from prompts_and_forms.nudges import nudge_kinds
from prompts_and_forms.states import MemberStatus
from prompts_and_forms.typed import all_keepable, command_words, keepable
from prompts_and_forms.unit import wording as unit_wording
from storage.database.looking import look_on
from storage.database.rows import NotThere
from storage.database.tables import Membership
from storage.database.vault import VaultTrouble, cannot_read, show_what_opens
from storage.database.watching import watch
from storage.messages import outbox
from storage.messages.events_seen import first_time
from storage.messages.outbox import ASKED_BY
from storage.turn.known import keep_in_mind
from storage.unit import choices, people

Handler = Callable[[Turn], Answer]

MODULES = (
    "handlers.forms.asking",
    "handlers.meeting.opening",
    "handlers.meeting.moving",
    "handlers.meeting.agenda",
    "handlers.meeting.closing",
    "handlers.beforehand.adding",
    "handlers.beforehand.changing",
    "handlers.beforehand.rota",
    "handlers.meeting.board",
    "handlers.meeting.discussion",
    "handlers.meeting.stages.stage",
    "handlers.meeting.stages.stage_card",
    "handlers.meeting.more",
    "handlers.meeting.from_note",
    "handlers.meeting.contributions",
    "handlers.concern.stop",
    "handlers.concern.cards",
    "handlers.concern.told",
    "handlers.concern.safety",
    "handlers.concern.visit",
    "handlers.meeting.next_date",
    "handlers.meeting.quick_round",
    "handlers.meeting.finish",
    "handlers.afterwards.own_work",
    "handlers.afterwards.copies",
    "handlers.remarks",
    "handlers.decisions.hypothesis",
    "handlers.decisions.agreement",
    "handlers.decisions.action",
    "handlers.decisions.action_owners",
    "handlers.decisions.role",
    "handlers.meeting.family_voices",
    "handlers.meeting.conversation",
    "handlers.decisions.disagreement",
    "handlers.meeting.changed",
    "handlers.meeting.record_message",
    "handlers.entries.plain_records",
    "handlers.clinical.permission",
    "handlers.clinical.signing",
    "handlers.clinical.work",
    "handlers.clinical.moves",
    "handlers.clinical.urgent",
    "handlers.clinical.different_views",
    "handlers.clinical.ccin",
    "handlers.clinical.tracking",
    "handlers.entries.mistake",
    "handlers.family.timeline",
    "handlers.forms.listing",
    "handlers.documents",
    "handlers.family.genogram",
    "handlers.family.family_group",
    "handlers.family.access",
    "handlers.family.looked",
    "handlers.retention.page",
    "handlers.retention.erasing",
    "handlers.family.letter",
    "handlers.family.transfer",
    "handlers.family.transfer_answer",
    "handlers.family.transfer_day",
    "handlers.subject.page",
    "handlers.subject.review",
    "handlers.unit.command",
    "handlers.unit.which",
    "handlers.unit.leaving",
    "handlers.unit.new_lead",
    "handlers.unit.ending",
    "handlers.unit.moves",
    "handlers.unit.calendar",
    "handlers.family.command",
    "handlers.unit.membership",
    "handlers.unit.not_posted",
    "handlers.unit.restored",
    "handlers.unit.unreadable",
    "handlers.nudges.digest",
    "handlers.nudges.command",
    "handlers.nudges.unreachable",
    "handlers.finding.find",
    "handlers.managers.figures_card",
    "handlers.managers.monthly",
    "handlers.managers.sheet",
    "handlers.managers.weekly",
    "handlers.home.tab",
    "handlers.imports.sent_lists",
    "handlers.measures.overview",
    "handlers.clinical.review",
)

_named: dict[tuple[EventKind, str], Handler] = {}
_any: dict[EventKind, Handler] = {}
_ticks: dict[str, tuple[int, Handler]] = {}
_open_to_all: set[tuple[EventKind, str]] = set()
_posts_here: set[str] = set()
_opens: set[str] = set()
_after: list[Callable[[Turn], None]] = []
_not_opened: list[Callable[[Turn], None]] = []
_which_unit: list[Handler] = []
_named_unit: list[Callable[[Turn, Answer], Answer]] = []
_loaded = False

FAULTS = "parts that failed"
"""Where a turn of the clock leaves what failed, for the log: name of the part and error."""
SET_UP, MOVE = ("/unit", "unit"), "move"
"""The command and the form that set a unit up, and the word after the command that brings one into another channel."""
TYPED = (EventKind.MESSAGE, EventKind.EDITED)
IN_THE_OPEN = ("help", "urgent")
"""What is asked after a command and answered in an open channel too: it shows no record, or it cannot wait."""


def _register(kind: EventKind, name: str, open_to_all: bool) -> Callable[[Handler], Handler]:
    def keep(handler: Handler) -> Handler:
        if (kind, name) in _named and _named[kind, name].__module__ != handler.__module__:
            raise ValueError(f"two handlers for {kind} {name}")
        _named[kind, name] = handler
        if open_to_all:
            _open_to_all.add((kind, name))
        return handler

    return keep


def command(name: str, *, open_to_all: bool = False) -> Callable[[Handler], Handler]:
    """A slash command. `open_to_all` lets somebody in who is not a member of the channel's unit."""
    return _register(EventKind.COMMAND, name, open_to_all)


def button(
    action: str, *, open_to_all: bool = False, posts_here: bool = False, opens: bool = False
) -> Callable[[Handler], Handler]:
    """A press or a choice. `posts_here`: it puts records into this channel, so who reads there must be known first.

    `opens`: it may open a form or a window, which some platforms have to know before it is pressed.
    """
    if posts_here:
        _posts_here.add(action)
    if opens:
        _opens.add(action)
    return _register(EventKind.BUTTON, action, open_to_all)


def shortcut(name: str, *, open_to_all: bool = False) -> Callable[[Handler], Handler]:
    """Registers the answer to a shortcut on a message."""
    return _register(EventKind.SHORTCUT, name, open_to_all)


def message(name: str) -> Callable[[Handler], Handler]:
    """A message that brings something of this name, such as a list."""
    return _register(EventKind.MESSAGE, name, True)


def on(kind: EventKind) -> Callable[[Handler], Handler]:
    """The handler of every event of a kind that has no name of its own (messages, home, joins, forms)."""

    def keep(handler: Handler) -> Handler:
        _any[kind] = handler
        return handler

    return keep


def tick(name: str, *, every_minutes: int = 1) -> Callable[[Handler], Handler]:
    """Runs on the clock. The handler must be harmless when run twice."""

    def keep(handler: Handler) -> Handler:
        _ticks[name] = (every_minutes, handler)
        return handler

    return keep


def after(listener: Callable[[Turn], None]) -> Callable[[Turn], None]:
    """Runs at the end of every turn of a person that was not refused, in the same transaction."""
    if listener not in _after:
        _after.append(listener)
    return listener


def not_opened(listener: Callable[[Turn], None]) -> Callable[[Turn], None]:
    """Runs at the end of a turn in which a kept text did not open, whether or not the turn was refused."""
    if listener not in _not_opened:
        _not_opened.append(listener)
    return listener


def asks_which_unit(handler: Handler) -> Handler:
    """Answers a command in a direct message that could mean any of the person's units."""
    _which_unit[:] = [handler]
    return handler


def names_unit(finish: Callable[[Turn, Answer], Answer]) -> Callable[[Turn, Answer], Answer]:
    """Finishes the answer to a command for a unit that was chosen before."""
    _named_unit[:] = [finish]
    return finish


def again(turn: Turn) -> Answer:
    """The command in the turn's event, answered for the unit that was chosen meanwhile."""
    return _dispatch(turn)


def load() -> None:
    """Imports the handler modules once, so that their decorators have run, and reads what a first event waits for."""
    global _loaded
    if _loaded:
        return
    for name in MODULES:
        importlib.import_module(name)
    nudge_kinds.load()
    bank_holiday(datetime.now(UTC).date())
    _loaded = True


def handled(kind: EventKind) -> frozenset[str]:
    """The names of this kind that somebody handles."""
    load()
    return frozenset(name for one, name in _named if one is kind)


def asks_who_reads(event: Event) -> bool:
    """Whether it must be known who reads the channel before this is answered: it shows or posts records there."""
    load()
    return event.kind is EventKind.COMMAND or (event.kind is EventKind.BUTTON and event.name in _posts_here)


def asks_who_is_there(event: Event) -> bool:
    """Whether it must be known who is in the channel: a unit is set up there, or comes to meet there."""
    return event.name in SET_UP and event.text.strip().casefold() in ("", MOVE)


def opens(action: str) -> bool:
    """Whether a press may open a form or a window."""
    load()
    return action in _opens


def handle(session: Session, event: Event, now: datetime) -> Answer:
    """One event, once. The caller commits when this returns, and rolls back when it raises."""
    load()
    show_what_opens(session)
    event = as_typed(event)
    if not first_time(session, event.id, event.at):
        return Done() if event.kind is EventKind.SUBMIT else Nothing()
    if event.kind is not EventKind.TICK:
        keep_in_mind(session)
        outbox.gather(session)
    turn = _turn(session, event, now)
    session.info[ASKED_BY] = event.chat_user
    watch(
        session,
        at=now,
        person_id=turn.person.id if turn.person else None,
        unit_id=turn.unit.id if turn.unit else None,
        through=f"{event.kind} {event.name}".strip(),
    )
    answer = _tick(turn) if event.kind is EventKind.TICK else _one(turn)
    if cannot_read(session):
        for noticed in _not_opened:
            noticed(turn)
    outbox.put_in(session, last=True)
    return answer


def _one(turn: Turn) -> Answer:
    """What a person did: all of it, or nothing and a sentence why."""
    session, event = turn.session, turn.event
    look_on(session)
    try:
        with session.begin_nested():
            answer = _dispatch(turn)
            session.flush()
            for listener in _after:
                listener(turn)
            shown.note(turn, answer)
            return answer
    except Refused as refused:
        answer = _refusal(event, refused.sentence)
    except NotThere:
        answer = _refusal(event, general_wording.UNKNOWN_PRESS)
    except VaultTrouble as trouble:
        sentence = trouble.sentence
        answer = Note(card(general_wording.A_NOTE, say(sentence))) if event.kind in TYPED else _refusal(event, sentence)
    shown.note(turn, answer)
    return answer


def as_typed(event: Event) -> Event:
    """The event with words that can be saved: no halves of characters, and nothing unseen in the words of a command."""
    text = keepable(event.text)
    return replace(
        event,
        text=command_words(text) if event.kind is EventKind.COMMAND else text,
        args=all_keepable(event.args),
        values=all_keepable(event.values),
        facts=all_keepable(event.facts),
    )


def _tick(turn: Turn) -> Answer:
    minute = int(turn.event.at.timestamp()) // 60
    for name, (every, handler) in _ticks.items():
        if minute % every == 0:
            by_itself(turn, name, partial(handler, turn))
    return Nothing()


def by_itself(turn: Turn, part: str, work: Callable[[], object]) -> bool:
    """Does one part of what the clock asks for; whether it worked. Where it fails the other parts still go on.

    Trouble with the database itself is everybody's, so it is raised.
    """
    try:
        with turn.session.begin_nested():
            work()
    except (DBAPIError, StaleDataError):
        raise
    except Exception as fault:
        turn.session.info.setdefault(FAULTS, []).append((part, fault))
        return False
    return True


def _dispatch(turn: Turn) -> Answer:
    event = turn.event
    handler = _named.get((event.kind, event.name)) or _any.get(event.kind)
    if handler is None:
        if event.kind is EventKind.BUTTON:
            raise Refused(general_wording.UNKNOWN_PRESS)
        return Nothing()
    gated = event.kind in (EventKind.COMMAND, EventKind.BUTTON, EventKind.SHORTCUT, EventKind.SUBMIT, EventKind.CHANGE)
    if (
        gated
        and turn.unit is not None
        and not is_inside(turn.membership)
        and (event.kind, event.name) not in _open_to_all
    ):
        raise Refused(unit_wording.NOT_IN_UNIT)
    if gated and (
        len(belonging.units_named(turn.session, event)) > 1 or belonging.names_no_family(turn.session, event)
    ):
        raise Refused(general_wording.UNKNOWN_PRESS)
    first_word = event.text.strip().casefold().partition(" ")[0]
    if event.kind is EventKind.COMMAND and first_word not in IN_THE_OPEN and not event.in_direct_message:
        guards.refuse_where_others_read(turn, except_colleagues=True)
    return _in_one_unit(turn, handler)


def _in_one_unit(turn: Turn, handler: Handler) -> Answer:
    """Where a command in a direct message needs a unit and the person has several, they are asked which one."""
    if turn.chosen:
        try:
            with turn.session.begin_nested():
                answer = handler(turn)
        except Refused as refused:
            answer = Note(card(general_wording.A_NOTE, say(refused.sentence)))
        return _named_unit[0](turn, answer)
    direct = turn.event.kind is EventKind.COMMAND and turn.event.in_direct_message
    if not direct or turn.unit is not None or turn.person is None:
        return handler(turn)
    try:
        with turn.session.begin_nested():
            return handler(turn)
    except NoUnit:
        if len(people.active_units(turn.session, turn.person.id)) < 2:
            raise
        return _which_unit[0](turn)


def is_inside(membership: Membership | None) -> bool:
    """Whether somebody may see and do things in the unit: a member or linked manager who has not left."""
    return membership is not None and membership.status != MemberStatus.LEFT


def _refusal(event: Event, sentence: str) -> Answer:
    if event.kind is EventKind.SUBMIT:
        first = next(iter(event.values), "")
        return Wrong({first: sentence})
    if event.kind in (EventKind.COMMAND, EventKind.BUTTON, EventKind.SHORTCUT, EventKind.CHANGE):
        return Note(card(general_wording.A_NOTE, say(sentence)))
    return Nothing()


def _turn(session: Session, event: Event, now: datetime) -> Turn:
    person = belonging.who(session, event)
    unit = belonging.unit_of(session, event)
    chosen = False
    if unit is None and person is not None and event.kind is EventKind.COMMAND and event.in_direct_message:
        own = {one.id: one for one in people.active_units(session, person.id)}
        meant = choices.unit_meant(session, person.id, now) if len(own) > 1 else None
        chosen = meant in own
        unit = own[meant or ""] if chosen else next(iter(own.values())) if len(own) == 1 else None
    membership = people.membership(session, unit.id, person.id) if unit and person else None
    return Turn(session=session, event=event, now=now, person=person, unit=unit, membership=membership, chosen=chosen)
