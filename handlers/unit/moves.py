"""A unit moves to another channel, or somebody to another account: everything goes with them, and history says so."""

from __future__ import annotations

from handlers.guards import refuse_where_others_read
from handlers.render import Rendering, renders
from handlers.routes import button
from handlers.turn import Answer, Note, Refused, Turn
from handlers.unit import people as unit_people
from prompts_and_forms.card import Button, Buttons, Card, Choice, Menu, card, say
from prompts_and_forms.unit import moves_wording as wording
from prompts_and_forms.unit import set_up_wording
from prompts_and_forms.unit import wording as unit_wording
from storage.database.audit import audit
from storage.database.tables import Person, Unit
from storage.meeting import meetings
from storage.messages import outbox, posts
from storage.unit import history, names, people, units
from storage.unit.history import Was

# ---- another account


def ask_account(turn: Turn, text: str) -> Answer:
    """Whose new account was named."""
    unit = turn.here()
    unit_people.must_arrange(turn, unit)
    named = unit_people.mentioned(turn, text)
    if len(named) != 1:
        raise Refused(wording.WHO_HAS_IT)
    account = named[0][0]
    _refuse_taken(turn, account)
    who = tuple(Choice(value=one.id, label=one.name) for _place, one in people.members(turn.session, unit.id))
    menu = Menu(
        action="unit.account", label=wording.WHOSE_MENU, choices=who, args={"unit": unit.id, "account": account}
    )
    return Note(card(wording.TITLE, say(wording.WHOSE_IS_IT), Buttons(items=(menu,))))


def _refuse_taken(turn: Turn, account: str) -> None:
    owner = people.by_chat_user(turn.session, account)
    if owner is not None and people.has_a_place(turn.session, owner.id):
        raise Refused(wording.IS_TAKEN.format(who=owner.name))


@button("unit.account", opens=True)
def sure(turn: Turn) -> Answer:
    """Asks before a person's place in the bot goes to another chat account."""
    unit, person = _whose(turn)
    args = {"unit": unit.id, "person": person.id, "account": turn.event.args.get("account", "")}
    label = wording.GIVE_IT.format(who=person.name)
    give = Button(action="unit.account_now", label=label, args=args, style="primary")
    return Note(card(wording.TITLE, say(wording.SURE.format(who=person.name)), Buttons(items=(give,))))


def _whose(turn: Turn) -> tuple[Unit, Person]:
    unit = turn.here()
    unit_people.must_arrange(turn, unit)
    person = people.by_id(turn.session, turn.event.args.get("chosen") or turn.event.args.get("person"))
    if person is None or people.belongs(turn.session, unit.id, person.id) is None:
        raise Refused(unit_wording.NOT_IN_THE_UNIT.format(who=person.name if person else unit_wording.THIS_PERSON))
    return unit, person


@button("unit.account_now", opens=True)
def give_account(turn: Turn) -> Answer:
    """The person has the new account, with all that is saved and all that waits; those who look after the unit hear."""
    unit, person = _whose(turn)
    account = turn.event.args.get("account", "")
    old = person.chat_user
    if account and account != old:
        _refuse_taken(turn, account)
        people.give_account(turn.session, person, account)
        outbox.follow_account(turn.session, old, account)
        posts.lose_posts_of(turn.session, f"person:{person.id}/")
        was = Was("account", old, turn.today(unit), turn.actor().id, person.id)
        history.add(turn.session, unit, was)
        names.tell_apart(turn.session, unit.id)
        audit(
            turn.session, at=turn.now, what="account replaced", row=person, person_id=turn.actor().id, unit_id=unit.id
        )
        _tell(turn, person)
    return Note(card(wording.TITLE, say(wording.DONE.format(who=person.name))))


def _tell(turn: Turn, person: Person) -> None:
    """Those who look after each unit the person is in, and the person."""
    event_id = turn.event.id.replace("/", "-")
    for _place, unit in people.units_of(turn.session, person.id):
        told = [*people.whom_to_tell(turn.session, unit, turn.today(unit)), person]
        for other in {one.id: one for one in told if one.id != turn.actor().id}.values():
            key = f"unit:{unit.id}/account:{person.id}:{turn.actor().id}/{event_id}/to:{other.id}"
            outbox.say(turn.session, key, now=turn.now, chat_user=other.chat_user)


@renders("unit:{unit_id}/account:{person_id}:{by_id}/{event_id}/to:{reader_id}")
def draw_account(
    view: Rendering, unit_id: str, person_id: str, by_id: str, event_id: str, reader_id: str
) -> Card | None:
    """Tells one person whose place went to another chat account, and who did it."""
    unit, person = units.by_id(view.session, unit_id), people.by_id(view.session, person_id)
    if unit is None or person is None or people.belongs(view.session, unit_id, reader_id) is None:
        return None
    by = people.name_of(view.session, by_id)
    return card(wording.TITLE, say(wording.TOLD.format(who=person.name, unit=unit.name, by=by)))


# ---- another channel


def ask_unit(turn: Turn) -> Answer:
    """In a private channel no unit meets in: which of the units somebody looks after is to meet here."""
    if turn.event.in_direct_message or not turn.event.channel:
        raise Refused(unit_wording.SET_UP_IN_CHANNEL)
    if turn.event.facts.people is None:
        raise Refused(set_up_wording.CANNOT_SEE)
    mine = people.units_of(turn.session, turn.actor().id)
    able = [unit for membership, unit in mine if people.may_arrange(unit, membership)]
    if not able:
        raise Refused(wording.NO_UNIT_OF_YOURS)
    here = tuple(
        Button(action="unit.move_here", label=wording.MEETS_HERE.format(unit=unit.name), args={"unit": unit.id})
        for unit in able
    )
    return Note(card(wording.MOVED_TITLE, say(wording.WHICH_UNIT), Buttons(items=here)))


@button("unit.move_here", posts_here=True, opens=True)
def move_here(turn: Turn) -> Answer:
    """The unit meets in this channel from now on; not during a meeting, and not where another unit meets."""
    unit, channel = turn.here(), turn.event.channel
    unit_people.must_arrange(turn, unit)
    refuse_where_others_read(turn, except_colleagues=True)
    there = units.by_channel(turn.session, channel)
    if there is not None or turn.event.in_direct_message or not channel:
        raise Refused(wording.TAKEN.format(unit=there.name) if there else unit_wording.SET_UP_IN_CHANNEL)
    if meetings.open_meeting(turn.session, unit.id) is not None:
        raise Refused(wording.MEETING_OPEN.format(unit=unit.name))
    history.add(turn.session, unit, Was("channel", unit.channel, turn.today(unit), turn.actor().id))
    outbox.follow_unit(turn.session, unit.channel, channel)
    unit.channel = channel
    turn.session.add(unit)
    turn.session.flush()
    key = f"unit:{unit.id}/meets_here:{turn.event.id.replace('/', '-')}"
    outbox.say(turn.session, key, now=turn.now, channel=channel)
    return Note(card(wording.MOVED_TITLE, say(wording.HERE_NOW.format(unit=unit.name))))


@renders("unit:{unit_id}/meets_here:{event_id}")
def draw_meets_here(view: Rendering, unit_id: str, event_id: str) -> Card | None:
    """Says in the new channel that the unit meets here."""
    unit = units.by_id(view.session, unit_id)
    return card(wording.MOVED_TITLE, say(wording.HERE_NOW.format(unit=unit.name))) if unit else None
