"""What people see of an immediate concern: the window of whoever pressed, the thread, under the board, and by message.

999 and the unit's contacts come first everywhere. What is posted names no family: the thread does that, and the board.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers.emergency import contact_blocks, told_words
from handlers.render import Rendering, renders
from prompts_and_forms.card import Block, Button, Buttons, Card, Heading, Strong, say, small
from prompts_and_forms.days import timescale_file
from prompts_and_forms.meeting import concern_wording, discussion_wording
from prompts_and_forms.states import DiscussionState
from storage.database.tables import Discussion, Entry, Membership, Person, Unit
from storage.family import families
from storage.forms import entries
from storage.meeting import meetings, stops
from storage.meeting.stops import Stop
from storage.unit import people, units

DUTY = "abuse_report"


def key_in_thread(discussion: Discussion, number: int) -> str:
    """The card of one stop in the family's own thread; a discussion may stop more than once."""
    return f"discussion:{discussion.id}/stop:{number}"


def key_under_board(discussion: Discussion, number: int) -> str:
    """The same stop, told in the thread of the meeting's board."""
    return f"meeting:{discussion.meeting_id}/stop:{discussion.id}:{number}"


def key_of_message(person: Person, discussion: Discussion, number: int) -> str:
    """The same stop, told to one person in their direct messages."""
    return f"person:{person.id}/stopped:{discussion.id}:{number}"


def who_hears(session: Session, unit: Unit, at: datetime, by_id: str | None) -> list[Person]:
    """The unit lead, the deputy and the linked managers; while none of them is there, somebody who is.

    Whoever pressed knows already.
    """
    found = [
        person
        for membership, person in people.members(session, unit.id)
        if _leads(unit, membership) or membership.linked
    ]
    return people.with_stand_in(session, unit, found, at.astimezone(units.zone(unit)).date(), but=by_id)


def who_may_undo(session: Session, discussion: Discussion, stop: Stop) -> list[Person]:
    """Whoever pressed, the unit lead and the deputy."""
    unit = session.get(Unit, discussion.unit_id)
    memberships = people.members(session, discussion.unit_id)
    return [
        person
        for membership, person in memberships
        if person.id == stop.by_id or (unit is not None and _leads(unit, membership))
    ]


def _leads(unit: Unit, membership: Membership) -> bool:
    return membership.unit_lead or (unit.deputy_id is not None and unit.deputy_id == membership.person_id)


def call_first(session: Session, unit_id: str) -> list[Block]:
    """999, then whom to call; below them the duty to report, where the council has put that rule in force."""
    duty = [small(discussion_wording.STOP_DUTY)] if timescale_file.rules().is_in_force(DUTY) else []
    return [say(Strong(text=discussion_wording.STOP_FIRST)), *contact_blocks(session, unit_id), *duty]


def zone_of(session: Session, discussion: Discussion) -> ZoneInfo:
    """The time zone of the discussion's unit, for the times on its cards."""
    unit = session.get(Unit, discussion.unit_id)
    return units.zone(unit)


def waits(session: Session, discussion: Discussion, stop: Stop) -> bool:
    """Whether this stop is still on and nobody has written down yet who was told."""
    last = stop.until is None and stop.mistake_at is None
    return last and discussion.state == DiscussionState.STOPPED and not stops.told_since(session, discussion.id, stop)


def told_lines(session: Session, discussion: Discussion, stop: Stop) -> list[str]:
    """Who was told and when, a line each."""
    found = stops.told_since(session, discussion.id, stop)
    return [told_words(session, row) for entry in found for row in entries.answers(session, entry).get("told") or []]


def true_now(session: Session, discussion: Discussion) -> str:
    """What an old button of a stop says once the family is no longer stopped."""
    stop = stops.latest(session, discussion.id)
    lines = told_lines(session, discussion, stop) if stop else []
    now = concern_wording.NOW[discussion.state]
    if discussion.state == DiscussionState.CLOSED and discussion.confirmed_at is not None:
        at = discussion.confirmed_at.astimezone(zone_of(session, discussion))
        now = concern_wording.confirmed(people.name_of(session, discussion.confirmed_by_id), at)
    return concern_wording.true_now(families.ref_of(session, discussion.family_id), lines, now)


def how_it_is(session: Session, discussion: Discussion, stop: Stop) -> list[Block]:
    """Who raised it, and what came of it: told, by mistake, or still to be done, with the buttons for that."""
    zone = zone_of(session, discussion)
    blocks: list[Block] = [say(concern_wording.raised(people.name_of(session, stop.by_id), stop.at.astimezone(zone)))]
    if stop.mistake_at is not None:
        name = people.name_of(session, stop.mistake_by_id)
        return [*blocks, say(concern_wording.mistaken(name, stop.mistake_at.astimezone(zone)))]
    lines = told_lines(session, discussion, stop)
    if lines:
        return [*blocks, say(concern_wording.told(lines))]
    if not waits(session, discussion, stop):
        return blocks
    return [*blocks, say(concern_wording.THEN), *buttons(discussion)]


def buttons(discussion: Discussion) -> list[Block]:
    """For a stop that still waits."""
    args = {"discussion": discussion.id}
    say_who = Button(
        action="form.open", label=discussion_wording.SAY_WHO, args={**args, "form": "stop"}, style="primary"
    )
    return [Buttons(items=(say_who, Button(action="stop.mistake", label=concern_wording.BY_MISTAKE, args=args)))]


def in_window(session: Session, discussion: Discussion, by: Person | None) -> Card:
    """What whoever pressed sees at once, without scrolling."""
    stop = stops.latest(session, discussion.id)
    ref = families.ref_of(session, discussion.family_id)
    unit = session.get(Unit, discussion.unit_id)
    at = stop.at if stop else discussion.started_at
    others = [one.name for one in who_hears(session, unit, at, by.id if by else None)] if unit else []
    first = concern_wording.stopped(ref)
    if others:
        first = f"{first} {concern_wording.heard(others)}"
    return Card(
        notice=discussion_wording.STOP_NOTICE,
        blocks=(
            *call_first(session, discussion.unit_id),
            say(first),
            *(how_it_is(session, discussion, stop) if stop else ()),
            *(_to_write_down(session, stop) if stop else ()),
        ),
    )


def _to_write_down(session: Session, stop: Stop) -> list[Block]:
    """The way back to a form that said yes and not yet what was seen or heard: a yes waits for no other answer."""
    said = session.get(Entry, stop.about) if stop.about and stop.mistake_at is None else None
    if said is None:
        return []
    newest = entries.newest_of(session, said)
    if entries.answers(session, newest).get("what_was_heard"):
        return []
    return [Buttons(items=(Button(action="entry.edit", label=concern_wording.WRITE_DOWN, args={"entry": newest.id}),))]


# ---- drawn when they are sent


def _stop_number(session: Session, discussion_id: str, number: str) -> tuple[Discussion, Stop] | None:
    discussion = session.get(Discussion, discussion_id)
    found = [stop for stop in stops.of_discussion(session, discussion_id) if str(stop.number) == number]
    return (discussion, found[0]) if discussion is not None and found else None


@renders("discussion:{discussion_id}/stop:{number}")
def draw_in_thread(view: Rendering, discussion_id: str, number: str) -> Card | None:
    """Contacts first, then what happens; always a new message of its own."""
    found = _stop_number(view.session, discussion_id, number)
    if found is None:
        return None
    return Card(
        notice=discussion_wording.STOP_NOTICE,
        blocks=(
            Heading(text=discussion_wording.STOP_TITLE),
            *call_first(view.session, found[0].unit_id),
            *how_it_is(view.session, *found),
        ),
    )


@renders("meeting:{meeting_id}/stop:{discussion_id}:{number}")
def draw_under_board(view: Rendering, meeting_id: str, discussion_id: str, number: str) -> Card | None:
    """The same for whoever looks at the channel; which family it is, only the board says."""
    found = _stop_number(view.session, discussion_id, number)
    if found is None or meetings.get(view.session, meeting_id).unit_id != found[0].unit_id:
        return None
    return Card(
        notice=discussion_wording.STOP_NOTICE,
        blocks=(
            Heading(text=discussion_wording.STOP_TITLE),
            *call_first(view.session, found[0].unit_id),
            say(concern_wording.BOARD_FIRST),
            *how_it_is(view.session, *found),
        ),
    )


@renders("person:{person_id}/stopped:{discussion_id}:{number}")
def draw_message(view: Rendering, person_id: str, discussion_id: str, number: str) -> Card | None:
    """By direct message to the lead, the deputy and linked managers: the reference and no more of the family."""
    found = _stop_number(view.session, discussion_id, number)
    if found is None or people.belongs(view.session, found[0].unit_id, person_id) is None:
        return None
    ref = families.ref_of(view.session, found[0].family_id)
    return Card(
        notice=concern_wording.message_notice(ref),
        blocks=(
            Heading(text=concern_wording.message_title(ref)),
            *call_first(view.session, found[0].unit_id),
            *how_it_is(view.session, *found),
        ),
    )


@renders("discussion:{discussion_id}/held")
def draw_held(view: Rendering, discussion_id: str) -> Card | None:
    """Stands in for a family's first message while others can read the channel: the contacts need a thread now."""
    if view.session.get(Discussion, discussion_id) is None:
        return None
    return Card(
        notice=discussion_wording.STOP_NOTICE,
        blocks=(Heading(text=discussion_wording.STOP_TITLE), say(discussion_wording.HELD_BACK)),
    )


def mistakes_in_words(session: Session, discussion: Discussion) -> list[str]:
    """Each press by mistake, for the record."""
    zone = zone_of(session, discussion)

    def at(when: datetime) -> datetime:
        return when.astimezone(zone)

    return [
        concern_wording.mistake_line(
            people.name_of(session, stop.by_id),
            at(stop.at),
            people.name_of(session, stop.mistake_by_id),
            at(stop.mistake_at),
        )
        for stop in stops.of_discussion(session, discussion.id)
        if stop.mistake_at is not None
    ]
