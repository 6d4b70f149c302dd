"""Who is in the unit: adding, changing, leave, leaving, and the emergency contacts."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from handlers import messages
from handlers.forms.asking import ask, submits
from handlers.routes import button
from handlers.turn import Answer, Done, Note, Refused, Turn, Wrong
from handlers.unit import new_lead
from prompts_and_forms.card import Block, Bullets, Buttons, Card, Choice, Menu, Span, Strong, card, say, small
from prompts_and_forms.meeting.wording import names_words
from prompts_and_forms.states import MemberStatus
from prompts_and_forms.typed import is_empty
from prompts_and_forms.unit import wording as unit_wording
from storage.database.tables import Membership, Person, Unit
from storage.database.tables_machinery import Draft
from storage.meeting import chair, meetings
from storage.unit import names, people, units

MENTION = re.compile(r"<@(\w+)(?:\|([^<>]*))?>")
Line = tuple[Span, ...]


def must_arrange(turn: Turn, unit: Unit) -> None:
    """Raises Refused, naming whom to ask, for somebody who may not change the unit."""
    if people.may_arrange(unit, turn.membership):
        return
    who = [p.name for membership, p in people.members(turn.session, unit.id) if people.may_arrange(unit, membership)]
    raise Refused(
        unit_wording.NOT_YOURS_TO_ARRANGE.format(who=names_words(who) if who else unit_wording.SOMEBODY_IN_THE_UNIT)
    )


# ---- the people, shown


def people_lines(turn: Turn, unit: Unit) -> tuple[Line, ...]:
    """One line for each member of the unit: name, roles, leave."""
    today = turn.today(unit)
    return tuple(_line(unit, membership, person, today) for membership, person in people.members(turn.session, unit.id))


def _line(unit: Unit, membership: Membership, person: Person, today: date) -> Line:
    words = [unit_wording.roles_words(membership.roles) or unit_wording.NO_PART_YET]
    if membership.unit_lead:
        words.append(unit_wording.LEADS_THE_UNIT)
    if unit.deputy_id == person.id:
        words.append("deputy")
    if membership.linked:
        words.append(unit_wording.LINKED_MANAGER)
    if people.is_on_leave(membership, today):
        words.append(unit_wording.leave_words(membership.leave_from, membership.leave_until))
    elif membership.leave_from and membership.leave_from > today:
        words.append(
            unit_wording.WILL_BE_ON_LEAVE.format(
                leave=unit_wording.leave_words(membership.leave_from, membership.leave_until)
            )
        )
    return Strong(text=person.name), f": {', '.join(words)}"


def members_card(turn: Turn, unit: Unit, *first: Block) -> Card:
    """The members of the unit, with the menus to change them for those who may."""
    blocks: list[Block] = [
        *first,
        Bullets(title=unit_wording.PEOPLE_IN.format(unit=unit.name), items=people_lines(turn, unit)),
    ]
    if people.may_arrange(unit, turn.membership):
        who = tuple(Choice(value=p.id, label=p.name) for _place, p in people.members(turn.session, unit.id))
        args = {"unit": unit.id}
        blocks.append(
            Buttons(
                items=(
                    Menu(action="unit.member", label=unit_wording.CHANGE_SOMEBODY, choices=who, args=args),
                    Menu(action="unit.leaver", label=unit_wording.SOMEBODY_LEAVES_THE_UNIT, choices=who, args=args),
                )
            )
        )
        blocks.append(small(unit_wording.HOW_TO_ADD))
    return card(unit_wording.PEOPLE_IN.format(unit=unit.name), *blocks)


@button("unit.members", opens=True)
def show_members(turn: Turn) -> Answer:
    """The members of the unit."""
    return Note(members_card(turn, turn.here()))


# ---- adding and changing


def mentioned(turn: Turn, text: str) -> list[tuple[str, str]]:
    """(chat user, name shown) of everybody named with an @; a bare @name is looked up among the people known."""
    if turn.event.facts.mentions:
        return [(user, "") for user in turn.event.facts.mentions]
    found = [(user, shown or "") for user, shown in MENTION.findall(text)]
    if found or not text.strip().startswith("@"):
        return found
    person = people.by_name(turn.session, text.strip().removeprefix("@"))
    return [(person.chat_user, person.name)] if person else []


def ask_to_add(turn: Turn, text: str) -> Answer:
    """The form of a member, for the one person named with the command."""
    unit = turn.here()
    must_arrange(turn, unit)
    named = mentioned(turn, text)
    if not named:
        raise Refused(unit_wording.WHO_TO_ADD)
    if len(named) > 1:
        raise Refused(unit_wording.ONE_AT_A_TIME)
    chat_user, shown = named[0]
    return _ask_member(turn, unit, chat_user, people.by_chat_user(turn.session, chat_user), shown)


@button("unit.member", opens=True)
def change_member(turn: Turn) -> Answer:
    """The form of the member chosen, with what is recorded."""
    unit = turn.here()
    must_arrange(turn, unit)
    _place, person = somebody(turn, unit)
    return _ask_member(turn, unit, person.chat_user, person, person.name)


def somebody(turn: Turn, unit: Unit) -> tuple[Membership, Person]:
    """Who a press is about, and their place in the unit."""
    person = people.by_id(turn.session, turn.event.args.get("chosen") or turn.event.args.get("person"))
    membership = people.belongs(turn.session, unit.id, person.id) if person else None
    if person is None or membership is None:
        raise Refused(unit_wording.NOT_IN_THE_UNIT.format(who=person.name if person else unit_wording.THIS_PERSON))
    return membership, person


def _ask_member(turn: Turn, unit: Unit, chat_user: str, person: Person | None, shown: str) -> Answer:
    membership = people.belongs(turn.session, unit.id, person.id) if person else None
    known: dict[str, Any] = {"name": (names.given_name(person) if person else "") or shown or None}
    if person is not None and person.profession:
        known["profession"] = person.profession
    if membership is not None:
        known.update(
            roles=membership.roles,
            unit_lead=membership.unit_lead,
            deputy=unit.deputy_id == membership.person_id,
            linked=membership.linked,
            in_meeting=membership.in_meeting,
            joined=_iso(membership.joined_on),
            leave_from=_iso(membership.leave_from),
            leave_until=_iso(membership.leave_until),
        )
    return ask(turn, "unit_member", unit_id=unit.id, answers=known, args={"chat_user": chat_user})


@submits("unit_member")
def keep_member(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves a member's roles and leave; somebody who can arrange the unit must remain."""
    unit = turn.here()
    must_arrange(turn, unit)
    wrong = _leave_faults(answers)
    if answers.get("unit_lead") and answers.get("deputy"):
        wrong["deputy"] = unit_wording.LEAD_AND_DEPUTY
    if wrong:
        return Wrong(wrong)
    person = people.by_chat_user(turn.session, draft.args["chat_user"])
    if person is None:
        person = people.add_person(turn.session, chat_user=draft.args["chat_user"], name="")
    named = _name(turn, unit, person, answers)
    membership = people.add_member(
        turn.session, unit_id=unit.id, person_id=person.id, roles=answers["roles"], on=turn.today(unit)
    )
    _set_place(turn, unit, membership, answers)
    somebody_must_arrange(turn, unit)
    _into_the_open_meeting(turn, unit, membership)
    names.tell_apart(turn.session, unit.id)
    if named:
        return Done(members_card(turn, unit))
    return Done(members_card(turn, unit, say(unit_wording.NAMED_ELSEWHERE.format(who=person.name))))


def _name(turn: Turn, unit: Unit, person: Person, answers: dict[str, Any]) -> bool:
    """Name and profession as they were typed, where this unit gives them; answers whether they are so now."""
    if names.may_name(turn.session, person, unit):
        person.profession = answers.get("profession", person.profession)
    return names.give_name(turn.session, person, answers["name"], unit)


def _into_the_open_meeting(turn: Turn, unit: Unit, membership: Membership) -> None:
    """Somebody added while the unit meets is in that meeting from now on."""
    meeting = meetings.open_meeting(turn.session, unit.id)
    if meeting is None or not membership.in_meeting or people.is_on_leave(membership, turn.today(unit)):
        return
    known = {person.id for group in meetings.attendance(turn.session, meeting.id).values() for person in group}
    if membership.person_id not in known:
        meetings.set_attendance(turn.session, meeting.id, {membership.person_id: "present"})
        messages.redraw_board(turn, meeting.id)


def _set_place(turn: Turn, unit: Unit, membership: Membership, answers: dict[str, Any]) -> None:
    before = people.unit_lead(turn.session, unit.id)
    membership.linked = bool(answers.get("linked", False))
    membership.in_meeting = bool(answers.get("in_meeting", not membership.linked))
    membership.joined_on = _day(answers.get("joined")) or membership.joined_on
    _set_leave(membership, answers)
    membership.unit_lead = bool(answers.get("unit_lead", False))
    turn.session.add(membership)
    turn.session.flush()
    if membership.unit_lead:
        people.make_lead(turn.session, membership)
        new_lead.tell(turn, unit, membership, before)
    if answers.get("deputy"):
        unit.deputy_id = membership.person_id
    elif unit.deputy_id == membership.person_id:
        unit.deputy_id = None
    turn.session.add(unit)
    turn.session.flush()


def somebody_must_arrange(turn: Turn, unit: Unit) -> None:
    """Raises Refused (and so undoes the change) when nobody would be left who may change the unit."""
    if not any(people.may_arrange(unit, membership) for membership, _person in people.members(turn.session, unit.id)):
        raise Refused(unit_wording.NOBODY_TO_ARRANGE)


# ---- leave


def ask_leave(turn: Turn, text: str) -> Answer:
    """Your own leave; somebody else's for those who look after the unit."""
    unit = turn.here()
    person = turn.actor()
    if text.strip():
        must_arrange(turn, unit)
        named = mentioned(turn, text)
        found = people.by_chat_user(turn.session, named[0][0]) if len(named) == 1 else None
        if found is None:
            raise Refused(unit_wording.NOT_IN_THE_UNIT.format(who=unit_wording.THIS_PERSON))
        person = found
    membership = people.belongs(turn.session, unit.id, person.id)
    if membership is None:
        raise Refused(unit_wording.NOT_IN_THE_UNIT.format(who=person.name))
    known = {
        "leave_from": _iso(membership.leave_from),
        "leave_until": _iso(membership.leave_until),
        "cover": membership.cover_id if people.belongs(turn.session, unit.id, membership.cover_id) else None,
    }
    return ask(turn, "unit_leave", unit_id=unit.id, answers=known, args={"person": person.id})


@submits("unit_leave")
def keep_leave(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves somebody's leave and cover, one's own or, for those who may arrange the unit, another's."""
    unit = turn.here()
    person_id = draft.args.get("person") or turn.actor().id
    if person_id != turn.actor().id:
        must_arrange(turn, unit)
    wrong = _leave_faults(answers) | _cover_faults(turn, unit, person_id, answers.get("cover"))
    if wrong:
        return Wrong(wrong)
    membership = people.belongs(turn.session, unit.id, person_id)
    name = people.name_of(turn.session, person_id)
    if membership is None:
        raise Refused(unit_wording.NOT_IN_THE_UNIT.format(who=name))
    _set_leave(membership, answers)
    membership.cover_id = answers.get("cover")
    turn.session.add(membership)
    if people.is_on_leave(membership, turn.today(unit)):
        chair_in_place_of(turn, unit, person_id)
    words = f"{name}: {unit_wording.leave_words(membership.leave_from, membership.leave_until)}."
    if membership.cover_id is not None:
        words += f" {people.name_of(turn.session, membership.cover_id)} covers."
    if membership.leave_from is None:
        words = unit_wording.NO_LEAVE.format(name=name)
    return Done(card(unit_wording.LEAVE_IS_KEPT, say(words)))


def _leave_faults(answers: dict[str, Any]) -> dict[str, str]:
    start, end = answers.get("leave_from"), answers.get("leave_until")
    if end and not start:
        return {"leave_from": unit_wording.LEAVE_NEEDS_START}
    if start and end and end < start:
        return {"leave_until": unit_wording.LEAVE_BACKWARDS}
    return {}


def _cover_faults(turn: Turn, unit: Unit, person_id: str, cover: str | None) -> dict[str, str]:
    if cover is None:
        return {}
    if cover == person_id:
        return {"cover": unit_wording.COVER_IS_SELF}
    if people.belongs(turn.session, unit.id, cover) is None:
        return {"cover": unit_wording.COVER_LEFT.format(who=people.name_of(turn.session, cover))}
    return {}


def _set_leave(membership: Membership, answers: dict[str, Any]) -> None:
    membership.leave_from, membership.leave_until = _day(answers.get("leave_from")), _day(answers.get("leave_until"))
    membership.status = MemberStatus.ACTIVE


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def chair_in_place_of(turn: Turn, unit: Unit, person_id: str) -> None:
    """A meeting that is going on is chaired by somebody who is there."""
    meeting = chair.replace(turn.session, unit, person_id, turn.today(unit))
    if meeting is not None:
        messages.redraw_board(turn, meeting.id)


# ---- emergency contacts


@button("unit.contacts", opens=True)
def ask_contacts(turn: Turn) -> Answer:
    """The emergency contacts: as a form for those who may change them, as a list for everybody else."""
    unit = turn.here()
    kept = units.contacts(turn.session, unit.id)
    if not people.may_arrange(unit, turn.membership) and kept:
        lines = tuple((f"{c.who}: {c.how}",) for c in kept)
        return Note(card(unit_wording.EMERGENCY_CONTACTS, Bullets(title=unit_wording.EMERGENCY_CONTACTS, items=lines)))
    must_arrange(turn, unit)
    known = {"contacts": [{"who": c.who, "how": c.how} for c in kept]}
    return ask(turn, "unit_contacts", unit_id=unit.id, answers=known if kept else None)


@submits("unit_contacts")
def keep_contacts(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves the emergency contacts: one at least, none half filled."""
    unit = turn.here()
    must_arrange(turn, unit)
    rows = answers.get("contacts") or []
    if not rows:
        return Wrong({"contacts#0#who": unit_wording.CONTACTS_EMPTY})
    wrong = half_filled(turn.event.values)
    if wrong:
        return Wrong(wrong)
    units.set_contacts(turn.session, unit.id, [(row["who"], row["how"]) for row in rows])
    lines: tuple[Line, ...] = tuple((f"{row['who']}: {row['how']}",) for row in rows)
    return Done(card(unit_wording.CONTACTS_KEPT, Bullets(title=unit_wording.EMERGENCY_CONTACTS, items=lines)))


def half_filled(flat: dict[str, Any]) -> dict[str, str]:
    """The empty half of a row whose other half was filled in."""
    filled = {key.rsplit("#", 1)[0]: set[str]() for key in flat if key.startswith("contacts#")}
    for key, value in flat.items():
        row, _, half = key.rpartition("#")
        if row in filled and isinstance(value, str) and not is_empty(value):
            filled[row].add(half)
    missing = {row: {"who", "how"} - halves for row, halves in filled.items() if halves}
    return {f"{row}#{half}": unit_wording.BOTH_HALVES for row, halves in missing.items() for half in halves}
