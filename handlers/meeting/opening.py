"""Opening the weekly meeting and saying who is here. /meeting and the board's people buttons."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from handlers import messages
from handlers.beforehand import adding, agenda_card
from handlers.beforehand import rota as rota_handlers
from handlers.forms.asking import ask, prefills, submits
from handlers.guards import refuse_where_others_read, still_open
from handlers.meeting import agenda as meeting_agenda
from handlers.meeting import board, closing, moving
from handlers.render import Rendering, renders
from handlers.routes import button, command, tick
from handlers.turn import Answer, Done, Note, Nothing, Refused, Turn
from handlers.unit import ending
from prompts_and_forms.card import Bullets, Button, Buttons, Card, card, say
from prompts_and_forms.days import day_words
from prompts_and_forms.meeting import wording as meeting_wording
from prompts_and_forms.nudges import nudge_rules
from prompts_and_forms.states import MeetingState
from storage.database.tables import Meeting, Person, Unit
from storage.database.tables_machinery import Draft
from storage.meeting import chair, meetings, rota
from storage.messages import outbox
from storage.unit import people, units


@command("/meeting")
def meeting_command(turn: Turn) -> Answer:
    """Everything `/meeting` does."""
    word = " ".join(turn.event.text.split()).lower()
    if word == "help":
        return Note(help_card())
    turn.here()
    if word in ("", "open", "start", "board"):
        return open_or_show(turn)
    if word == "agenda":
        return Note(agenda_card.next_card(turn))
    if word == "rota":
        return Note(rota_handlers.rota_card(turn))
    if word.partition(" ")[0] == "add":
        return adding.from_command(turn, turn.event.text.strip()[len("add") :])
    if word == "move":
        return moving.move(turn)
    if word == "close":
        meeting = meetings.open_meeting(turn.session, turn.here().id)
        if meeting is None:
            raise Refused(meeting_wording.NONE_OPEN_HERE)
        return closing.ask_to_close(turn, meeting)
    return Note(help_card(meeting_wording.not_known(turn.event.text.strip())))


def help_card(first: str = meeting_wording.WEEKLY_MEETING) -> Card:
    """What `/meeting` can do, after a first sentence."""
    return card(meeting_wording.HOW, say(first), Bullets(items=tuple((line,) for line in meeting_wording.MEETING_HELP)))


def open_or_show(turn: Turn) -> Answer:
    """Opens today's meeting; shows the one going on; asks about a forgotten one or a second one today."""
    unit = turn.here()
    refuse_where_others_read(turn)
    going_on = meetings.open_meeting(turn.session, unit.id)
    if going_on is not None and going_on.day < turn.today():
        return Note(forgotten_card(going_on))
    if going_on is not None:
        messages.redraw_board(turn, going_on.id)
        return Note(
            card(
                meeting_wording.IS_OPEN,
                say(meeting_wording.ALREADY_OPEN),
            )
        )
    if units.is_closed(unit):
        raise Refused(ending.closed_words(unit))
    if not units.contacts(turn.session, unit.id):
        raise Refused(meeting_wording.NO_CONTACTS)
    if any(not m.extra for m in meetings.on_day(turn.session, unit.id, turn.today())) and not turn.event.args.get(
        "extra"
    ):
        again = Button(
            action="meeting.open", label=meeting_wording.OPEN_AN_EXTRA_MEETING, args={"unit": unit.id, "extra": "1"}
        )
        return Note(
            card(
                meeting_wording.CLOSED_TODAY,
                say(meeting_wording.AN_EXTRA_ONE_CAN_BE_HELD),
                Buttons(items=(again,)),
            )
        )
    open_now(turn, unit)
    return Nothing()


@button("meeting.open", posts_here=True)
def open_button(turn: Turn) -> Answer:
    """Opens the meeting, or shows the board of the one that is open."""
    return open_or_show(turn)


def open_now(turn: Turn, unit: Unit) -> Meeting:
    """A new meeting with who chairs, who writes, who is here and the agenda; its board takes the old one's pin."""
    session, day = turn.session, turn.today()
    memberships = [
        (membership, person) for membership, person in people.members(session, unit.id) if membership.in_meeting
    ]
    here = {person.id for membership, person in memberships if not people.is_on_leave(membership, day)}
    before = meetings.last_closed(session, unit.id)
    weekly = not meetings.on_day(session, unit.id, day)
    turns = {one.person_id for one in rota.duties(session, unit, day, 1)} & here if weekly else set()
    meeting = meetings.start(
        session,
        unit_id=unit.id,
        day=day,
        now=turn.now,
        opened_by=turn.actor().id,
        facilitator=next(iter(turns), None) or chair.chair_of(session, unit, here, day, turn.actor().id),
        writer=chair.writer_of(session, unit, here, day),
    )
    states = {p.id: "on_leave" if people.is_on_leave(membership, day) else "present" for membership, p in memberships}
    meetings.set_attendance(session, meeting.id, states)
    meeting_agenda.build(turn, meeting)
    outbox.show(session, messages.board_key(meeting.id), now=turn.now, channel=unit.channel)
    outbox.pin(session, messages.board_key(meeting.id), now=turn.now)
    if before is not None:
        outbox.unpin(session, messages.board_key(before.id), now=turn.now)
    return meeting


# ---- who is here, who facilitates


@button("meeting.everyone")
def everyone_is_here(turn: Turn) -> Answer:
    """One press: everybody of the unit who is not on leave is here."""
    meeting = still_open(turn)
    unit = turn.session.get(Unit, meeting.unit_id)
    memberships = people.members(turn.session, meeting.unit_id)
    here = [
        p
        for membership, p in memberships
        if membership.in_meeting and not people.is_on_leave(membership, turn.today(unit))
    ]
    meetings.set_attendance(turn.session, meeting.id, {person.id: "present" for person in here})
    return _who_is_here_said(turn, meeting)


def _who_is_here_said(turn: Turn, meeting: Meeting) -> Answer:
    meeting.here_said_at = turn.now
    turn.session.add(meeting)
    messages.redraw_board(turn, meeting.id)
    return Nothing()


@button("meeting.people", opens=True)
def ask_who_is_here(turn: Turn) -> Answer:
    """The form of who is here, who sent apologies, who chairs and who writes."""
    meeting = still_open(turn)
    return ask(
        turn, "who_is_here", meeting_id=meeting.id, answers=_who_is_here(turn, meeting), args={"meeting": meeting.id}
    )


def _who_is_here(turn: Turn, meeting: Meeting) -> dict[str, Any]:
    found = meetings.attendance(turn.session, meeting.id)
    return {
        "present": [p.id for p in found["present"]],
        "apologies": [p.id for p in found["apologies"]],
        "facilitator": meeting.facilitator_id,
        "writer": meeting.writer_id,
    }


@prefills("who_is_here")
def known_people(turn: Turn, family_id: str | None, discussion_id: str | None, args: dict[str, str]) -> dict[str, Any]:
    """What the form of who is here starts with."""
    meeting = turn.session.get(Meeting, turn.event.args.get("meeting", ""))
    if meeting is None:
        raise Refused(meeting_wording.STALE_BOARD)
    return _who_is_here(turn, meeting)


@submits("who_is_here")
def keep_who_is_here(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves who is here; nobody can be here and away."""
    meeting = turn.session.get(Meeting, draft.meeting_id or "")
    if meeting is None or meeting.state == MeetingState.CLOSED:
        raise Refused(meeting_wording.MEETING_CLOSED)
    present, apologies = answers.get("present") or [], answers.get("apologies") or []
    both = set(present) & set(apologies)
    if both:
        names = meeting_wording.names_words(sorted(people.name_of(turn.session, i) for i in both))
        raise Refused(meeting_wording.HERE_OR_AWAY.format(names=names))
    states = dict.fromkeys(apologies, "apologies") | dict.fromkeys(present, "present")
    meetings.set_attendance(turn.session, meeting.id, states)
    meeting.facilitator_id = answers.get("facilitator") or meeting.facilitator_id
    meeting.writer_id = answers.get("writer") or meeting.writer_id
    _who_is_here_said(turn, meeting)
    return Done()


@button("meeting.timer")
def toggle_timer(turn: Turn) -> Answer:
    """Shows or hides the time on the board."""
    meeting = still_open(turn)
    meeting.hide_timer = not meeting.hide_timer
    turn.session.add(meeting)
    messages.redraw_board(turn, meeting.id)
    return Nothing()


@button("meeting.break")
def take_a_break(turn: Turn) -> Answer:
    """Says on the board and in one line until when; nothing else waits for it."""
    meeting = still_open(turn)
    chosen = turn.event.args.get("chosen", "10")
    if chosen not in {str(minutes) for minutes in meeting_wording.BREAKS}:
        raise Refused(meeting_wording.STALE_BOARD)
    minutes = int(chosen)
    meeting.break_until = turn.now + timedelta(minutes=minutes)
    turn.session.add(meeting)
    key = f"meeting:{meeting.id}/break:{int(meeting.break_until.timestamp())}"
    outbox.say(turn.session, key, now=turn.now, channel=turn.here().channel, thread=messages.board_key(meeting.id))
    messages.redraw_board(turn, meeting.id)
    return Nothing()


@renders("meeting:{meeting_id}/break:{until}")
def draw_break(view: Rendering, meeting_id: str, until: str) -> Card | None:
    """Until when the break goes."""
    meeting = view.session.get(Meeting, meeting_id)
    unit = view.session.get(Unit, meeting.unit_id) if meeting else None
    if unit is None:
        return None
    ends = datetime.fromtimestamp(int(until), board.zone(unit))
    return card(meeting_wording.BREAK_NOTICE, say(meeting_wording.break_words(f"{ends:%H:%M}")))


# ---- a meeting nobody closed


def forgotten_card(meeting: Meeting) -> Card:
    """What to do about a meeting nobody closed."""
    day = day_words.with_weekday(meeting.day)
    args = {"meeting": meeting.id}
    return card(
        meeting_wording.STILL_OPEN_TITLE,
        say(meeting_wording.FORGOTTEN.format(day=day)),
        Buttons(
            items=(
                Button(action="meeting.close", label=meeting_wording.CLOSE_THAT_MEETING, args=args, style="primary"),
                Button(action="meeting.resume", label=meeting_wording.CARRY_ON_WITH_IT, args=args),
            )
        ),
    )


@button("meeting.resume", opens=True)
def resume(turn: Turn) -> Answer:
    """Carries on with a meeting that was left open; today nobody is asked again."""
    meeting = still_open(turn)
    meeting.forgotten_told_on = turn.today()
    turn.session.add(meeting)
    messages.redraw_board(turn, meeting.id)
    return Note(card(meeting_wording.GOES_ON, say(meeting_wording.GOES_ON_WHERE_IT_WAS)))


@tick("forgotten meetings", every_minutes=10)
def notice_forgotten(turn: Turn) -> Answer:
    """From the next working morning on, facilitator and coordinator are asked once a day about a meeting left open."""
    for meeting in meetings.open_meetings(turn.session):
        unit = turn.session.get(Unit, meeting.unit_id)
        if unit is None:
            continue
        local = turn.local_now(unit)
        told = meeting.forgotten_told_on
        if meeting.day >= local.date() or (told is not None and told >= local.date()):
            continue
        if not nudge_rules.is_time_for_it(local):
            continue
        for person in _who_should_know(turn, unit, meeting):
            key = f"person:{person.id}/forgotten:{meeting.id}:{local.date().isoformat()}"
            outbox.say(turn.session, key, now=turn.now, chat_user=person.chat_user)
        meeting.forgotten_told_on = local.date()
        turn.session.add(meeting)
    return Nothing()


def _who_should_know(turn: Turn, unit: Unit, meeting: Meeting) -> list[Person]:
    today = turn.today(unit)
    asked = [*people.coordinators(turn.session, unit.id), people.by_id(turn.session, meeting.facilitator_id)]
    memberships = {person.id: membership for membership, person in people.members(turn.session, unit.id)}
    here = [
        one for one in asked if one and one.id in memberships and not people.is_on_leave(memberships[one.id], today)
    ]
    return people.with_stand_in(turn.session, unit, here, today)


@renders("person:{person_id}/forgotten:{meeting_id}:{day}")
def draw_forgotten(view: Rendering, person_id: str, meeting_id: str, day: str) -> Card | None:
    """The message about a meeting left open; nothing once it is closed."""
    meeting = view.session.get(Meeting, meeting_id)
    if meeting is None or meeting.state == MeetingState.CLOSED:
        return None
    return forgotten_card(meeting)
