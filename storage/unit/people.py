"""People and their places in units. Nothing here commits; a membership is found whatever its status, so that somebody
who left can be told so; ask `belongs` where only present members count.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import String, bindparam, cast, or_
from sqlmodel import Session, col, select

from prompts_and_forms.nudges.nudge_facts import Member
from prompts_and_forms.states import MemberStatus
from prompts_and_forms.typed import same_name
from prompts_and_forms.unit import who
from storage.database.tables import Membership, Person, Unit
from storage.turn import known

ROLES = (
    "consultant_social_worker",
    "social_worker",
    "childrens_practitioner",
    "unit_coordinator",
    "clinician",
    "clinical_manager",
    "team_manager",
    "group_manager",
    "clinical_group_manager",
)
MANAGER_ROLES = frozenset(who.MANAGER_ROLES)
UNKNOWN_NAME = "someone"
OUTSIDE = "outside"
"""The one value a person may have beside a member's id: somebody who is not in the unit."""

BY_CHAT_USER = select(Person).where(Person.chat_user == bindparam("chat_user"))
PLACE = select(Membership).where(
    Membership.unit_id == bindparam("unit_id"), Membership.person_id == bindparam("person_id")
)
"""Asked with every event, so made once."""


def by_id(session: Session, person_id: str | None) -> Person | None:
    """None for nobody and for an unknown person."""
    return session.get(Person, person_id) if person_id else None


def by_chat_user(session: Session, chat_user: str) -> Person | None:
    """The person behind a chat account, or None for somebody the bot was never told about."""
    if not chat_user:
        return None
    return session.exec(BY_CHAT_USER, params={"chat_user": chat_user}).first()


def by_name(session: Session, name: str) -> Person | None:
    """The one person of that name; None when there are several, because a guess would be a mistake."""
    found = [person for person in session.exec(select(Person)) if same_name(person.name, name)]
    return found[0] if len(found) == 1 else None


def name_of(session: Session, person_id: str | None) -> str:
    """A name to show; "someone" when nobody is known."""
    person = by_id(session, person_id)
    return person.name if person else UNKNOWN_NAME


def membership(session: Session, unit_id: str, person_id: str) -> Membership | None:
    """The place of a person in a unit, also when they left (`status` says so)."""
    where = {"unit_id": unit_id, "person_id": person_id}
    asked = ("place", unit_id, person_id)
    return known.once(session, (Membership,), asked, lambda: session.exec(PLACE, params=where).first())


def belongs(session: Session, unit_id: str, person_id: str | None) -> Membership | None:
    """The place of somebody who is in the unit now (at work or on leave); None once they left."""
    found = membership(session, unit_id, person_id) if person_id else None
    return found if found and found.status != MemberStatus.LEFT else None


def members(session: Session, unit_id: str, *, include_left: bool = False) -> list[tuple[Membership, Person]]:
    """Everyone in the unit, the lead first, then people of the unit, then linked managers, each by name."""
    everyone = known.once(session, (Membership, Person), ("members", unit_id), lambda: _everyone(session, unit_id))
    return [one for one in everyone if include_left or one[0].status != MemberStatus.LEFT]


def _everyone(session: Session, unit_id: str) -> list[tuple[Membership, Person]]:
    wanted = (
        select(Membership, Person)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(Membership.unit_id == unit_id)
        .order_by(col(Membership.unit_lead).desc(), col(Membership.linked), col(Person.name), col(Person.id))
    )
    found = [(member, person) for member, person in session.exec(wanted)]
    for member, person in found:
        known.learn(session, (Membership,), ("place", unit_id, person.id), member)
    return found


def with_role(session: Session, unit_id: str, role: str) -> list[Person]:
    """The people who have this role in the unit now."""
    return [person for member, person in members(session, unit_id) if role in member.roles]


def has_a_place(session: Session, person_id: str) -> bool:
    """Whether somebody is, or ever was, in a unit."""
    return session.exec(select(Membership.id).where(Membership.person_id == person_id).limit(1)).first() is not None


def give_account(session: Session, person: Person, chat_user: str) -> None:
    """From now on this account is theirs. Somebody who only once asked from it, and is in no unit, gives it up."""
    other = by_chat_user(session, chat_user)
    if other is not None:
        other.chat_user = f"given up:{other.id}"
        session.add(other)
        session.flush()
    person.chat_user = chat_user
    session.add(person)
    session.flush()


def unit_lead(session: Session, unit_id: str) -> Person | None:
    """Who holds case responsibility."""
    return next((person for member, person in members(session, unit_id) if member.unit_lead), None)


def deputy(session: Session, unit_id: str) -> Person | None:
    """Who stands in for the lead; None when nobody is named or the one named has left."""
    unit = session.get(Unit, unit_id)
    if unit is None or belongs(session, unit_id, unit.deputy_id) is None:
        return None
    return by_id(session, unit.deputy_id)


def ig_contact(session: Session, unit: Unit) -> Person | None:
    """Who hears when a family is opened in an emergency, beside the lead: the unit's contact for such questions."""
    membership = belongs(session, unit.id, unit.settings.get("ig_contact") or None)
    return by_id(session, membership.person_id) if membership is not None else None


def coordinators(session: Session, unit_id: str) -> list[Person]:
    """The unit's coordinators."""
    return with_role(session, unit_id, "unit_coordinator")


def clinical_managers(session: Session, unit_id: str) -> list[Person]:
    """The unit's clinical managers."""
    return with_role(session, unit_id, "clinical_manager")


def clinicians(session: Session, unit_id: str) -> list[Person]:
    """The unit's clinicians."""
    return with_role(session, unit_id, "clinician")


def units_of(session: Session, person_id: str) -> list[tuple[Membership, Unit]]:
    """The units a person belongs to now, by name; nothing of a unit they left."""
    wanted = (
        select(Membership, Unit)
        .join(Unit, col(Unit.id) == col(Membership.unit_id))
        .where(Membership.person_id == person_id, Membership.status != MemberStatus.LEFT)
        .order_by(col(Unit.name), col(Unit.id))
    )
    return [(member, unit) for member, unit in session.exec(wanted)]


def is_on_leave(member: Membership, day: date) -> bool:
    """Leave dates decide; without them, what the unit file said."""
    if member.leave_from is None and member.leave_until is None:
        return member.status == MemberStatus.ON_LEAVE
    started = member.leave_from is None or member.leave_from <= day
    return started and (member.leave_until is None or day <= member.leave_until)


def is_manager(member: Membership) -> bool:
    """Whether this is a manager of the unit, in it or linked to it."""
    return member.linked or bool(MANAGER_ROLES & set(member.roles))


def may_arrange(unit: Unit, member: Membership | None) -> bool:
    """Who may change the unit itself: coordinator, unit lead, deputy, linked managers."""
    if member is None or member.status == MemberStatus.LEFT:
        return False
    return (
        member.unit_lead
        or "unit_coordinator" in member.roles
        or member.linked
        or (unit.deputy_id is not None and unit.deputy_id == member.person_id)
    )


def add_person(session: Session, *, chat_user: str, name: str, profession: str = "", slug: str = "") -> Person:
    """A person the bot has not known yet."""
    person = Person(chat_user=chat_user, name=name, profession=profession, slug=slug)
    session.add(person)
    session.flush()
    return person


def add_member(session: Session, *, unit_id: str, person_id: str, roles: list[str], on: date) -> Membership:
    """A new place, or the old one taken up again by somebody who had left.

    The unit somebody is in first is the one that gives them their name.
    """
    member, person = membership(session, unit_id, person_id), by_id(session, person_id)
    if person is not None and person.name and person.named_in is None:
        before = units_of(session, person_id)
        person.named_in = before[0][1].id if before else unit_id
        session.add(person)
    if member is None:
        member = Membership(unit_id=unit_id, person_id=person_id, joined_on=on)
    if member.status == MemberStatus.LEFT:
        member.status, member.left_on, member.joined_on = MemberStatus.ACTIVE, None, on
    member.roles = roles
    session.add(member)
    session.flush()
    return member


def leave_unit(session: Session, member: Membership, on: date) -> None:
    """From now on this person sees nothing of the unit and neither leads nor deputises; what they wrote stays."""
    member.status, member.left_on, member.unit_lead = MemberStatus.LEFT, on, False
    member.leave_from = member.leave_until = None
    unit = session.get(Unit, member.unit_id)
    if unit is not None and unit.deputy_id == member.person_id:
        unit.deputy_id = None
        session.add(unit)
    session.add(member)
    session.flush()


def make_lead(session: Session, member: Membership) -> None:
    """One lead a unit: whoever led before does so no longer."""
    for other, _person in members(session, member.unit_id):
        other.unit_lead = other.id == member.id
        session.add(other)
    session.flush()


def managers_everywhere(session: Session) -> list[tuple[Membership, Unit, Person]]:
    """Every manager's places in every unit, by person and the unit's name; in one question."""
    wanted = (
        select(Membership, Unit, Person)
        .join(Unit, col(Unit.id) == col(Membership.unit_id))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(Membership.status != MemberStatus.LEFT)
        .where(or_(col(Membership.linked), cast(col(Membership.roles), String).contains("manager")))
        .order_by(col(Person.id), col(Unit.name), col(Unit.id))
    )
    return [(membership, unit, person) for membership, unit, person in session.exec(wanted) if is_manager(membership)]


def who_can_say_yes(session: Session, unit: Unit) -> list[Person]:
    """Who takes a family for the unit: its lead, then the deputy, then its managers."""
    placed = [
        (membership, person)
        for membership, person in members(session, unit.id)
        if membership.unit_lead or unit.deputy_id == person.id or is_manager(membership)
    ]
    ranked = sorted(placed, key=lambda one: (not one[0].unit_lead, unit.deputy_id != one[1].id))
    return [person for _place, person in ranked]


def active_units(session: Session, person_id: str) -> list[Unit]:
    """The units a person belongs to now, by name."""
    return [unit for _place, unit in units_of(session, person_id)]


def as_member(member: Membership, unit: Unit) -> Member:
    """Somebody's place in the unit, as the rules about people see it."""
    return Member(
        person_id=member.person_id,
        roles=frozenset(member.roles),
        unit_lead=member.unit_lead,
        deputy=unit.deputy_id == member.person_id,
        linked=member.linked,
        on_leave=member.status == MemberStatus.ON_LEAVE,
        leave_from=member.leave_from,
        leave_until=member.leave_until,
        cover_id=member.cover_id,
    )


def in_unit(session: Session, unit: Unit) -> list[Member]:
    """Everybody in the unit, as the rules about people see them."""
    return [as_member(member, unit) for member, _person in members(session, unit.id)]


def who_confirms(session: Session, unit_id: str, today: date) -> Person | None:
    """Whom the bot asks for a yes: the lead, or who stands in for them that day."""
    unit = session.get(Unit, unit_id)
    found = who.who_confirms(in_unit(session, unit), today) if unit else None
    return by_id(session, found.person_id) if found else None


def may_confirm(session: Session, unit: Unit, person_id: str, today: date) -> bool:
    """The lead and the deputy at any time; while neither is there whoever stands in for them."""
    return who.may_confirm(in_unit(session, unit), person_id, today)


def who_hears(session: Session, unit: Unit, day: date, *, but: str | None = None) -> Person | None:
    """Who hears what concerns the whole unit: the lead, or the first of those who are there instead.

    `but` is somebody who knows already.
    """
    found = who.who_hears([one for one in in_unit(session, unit) if one.person_id != but], day)
    return by_id(session, found.person_id) if found else None


def with_stand_in(
    session: Session, unit: Unit, wanted: Iterable[Person | None], day: date, *, but: str | None = None
) -> list[Person]:
    """These people, each once; and, where none of them is there that day, who hears instead.

    `but` is somebody who knows already, and is none of them.
    """
    places = {one.person_id: one for one in in_unit(session, unit) if one.person_id != but}
    found = {one.id: one for one in wanted if one is not None and one.id in places}
    if not any(places[person_id].hears(day) for person_id in found):
        other = who_hears(session, unit, day, but=but)
        found |= {other.id: other} if other else {}
    return list(found.values())


def record_keepers(session: Session, unit: Unit, day: date) -> list[Person]:
    """Who looks after the unit's records: its coordinators, and while none of them is there who hears instead."""
    return with_stand_in(session, unit, coordinators(session, unit.id), day)


def whom_to_tell(session: Session, unit: Unit, today: date) -> list[Person]:
    """Coordinators and the lead, without those on leave; when that leaves nobody, who hears instead."""
    first = [
        person
        for member, person in members(session, unit.id)
        if (member.unit_lead or "unit_coordinator" in member.roles) and not is_on_leave(member, today)
    ]
    return with_stand_in(session, unit, first, today)
