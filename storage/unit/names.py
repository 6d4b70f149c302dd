"""What people are called: a name belongs to the unit that gave it, and two people of one name are told apart.

`Person.given` is the name as it was typed. `Person.name`, which everything shows, has the part or else the account
beside it while somebody of the same unit is called the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlmodel import Session, col, select

from prompts_and_forms.states import MemberStatus
from prompts_and_forms.typed import name_key, tidy
from prompts_and_forms.unit import wording as unit_wording
from storage.database.tables import Membership, Person, Unit

Place = tuple[Membership, Person]


def given_name(person: Person) -> str:
    """The name as it was typed, with nothing beside it."""
    return person.given or person.name


def may_name(session: Session, person: Person, unit: Unit) -> bool:
    """Whether this unit gives the person their name: not while another unit they are in has given it."""
    if not given_name(person):
        return True
    here = [member.unit_id for member in _places(session, person)]
    if person.named_in in here:
        return person.named_in == unit.id
    return not here or here[0] == unit.id


def give_name(session: Session, person: Person, typed: str, unit: Unit) -> bool:
    """Gives the person this name where the unit may; answers whether they are called so now."""
    wanted = tidy(typed)
    if may_name(session, person, unit):
        person.given = person.name = wanted
        person.named_in = unit.id
        session.add(person)
        session.flush()
    return name_key(given_name(person)) == name_key(wanted)


def tell_apart(session: Session, unit_id: str) -> None:
    """Brings the names of a unit's people up to date: the same name twice has the part or the account beside it."""
    for _place, person in _everybody(session, unit_id):
        wanted = _told_apart(session, person)
        if wanted != person.name:
            person.given, person.name = given_name(person), wanted
            session.add(person)
    session.flush()


def _told_apart(session: Session, person: Person) -> str:
    given = given_name(person)
    for mine in _places(session, person, with_left=True):
        same = [one for one in _everybody(session, mine.unit_id) if _is_called(one[1], given)]
        if len(same) > 1:
            return _beside(given, mine, person, same)
    return given


def _beside(given: str, mine: Membership, person: Person, same: Sequence[Place]) -> str:
    """The name with the person's part; with the account where somebody of that name has the same part."""
    parts = Counter(unit_wording.roles_words(member.roles) for member, _other in same)
    part = unit_wording.roles_words(mine.roles)
    return f"{given} ({part if part and parts[part] == 1 else person.chat_user})"


def _is_called(person: Person, name: str) -> bool:
    return bool(name) and name_key(given_name(person)) == name_key(name)


def _everybody(session: Session, unit_id: str) -> list[Place]:
    wanted = select(Membership, Person).join(Person, col(Person.id) == col(Membership.person_id))
    return [(member, one) for member, one in session.exec(wanted.where(Membership.unit_id == unit_id))]


def _places(session: Session, person: Person, *, with_left: bool = False) -> list[Membership]:
    """The person's places, that of the unit they work in first, the oldest first."""
    wanted = select(Membership).where(Membership.person_id == person.id)
    if not with_left:
        wanted = wanted.where(Membership.status != MemberStatus.LEFT)
    return list(session.exec(wanted.order_by(col(Membership.linked), col(Membership.joined_on), col(Membership.id))))
