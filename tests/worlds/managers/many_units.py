"""A manager of many units with many families each, put into the database in bulk: making them is not what is tried."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert
from sqlmodel import Session

from prompts_and_forms.states import ActionStatus, FamilyStatus
from storage.database.bodies import ActionBody, FamilyBody
from storage.database.columns import new_id
from storage.database.tables import Action, Family, Person, Unit
from storage.database.tables_nudges import Nudge, NudgePlan
from storage.database.vault import Scope, ref_index, seal
from storage.unit import people, units

NOW = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
MANAGER = "U0MANAGER"
LONG = (
    "Talk with the school about who rings home in the morning, and agree with the family what is said, so that nobody "
    "hears it twice and the children know it too."
)


def manager_of(session: Session, how_many: int, families: int, *, actions: int = 2) -> Person:
    """A team manager linked to so many units; in each an overdue action of theirs and things due for them."""
    boss = people.add_person(session, chat_user=MANAGER, name="Bola")
    for number in range(how_many):
        unit = units.add_unit(session, name=f"Unit {number:03}", channel=f"C{number:05}", now=NOW - timedelta(days=99))
        unit.weekday = number % 5
        membership = people.add_member(
            session, unit_id=unit.id, person_id=boss.id, roles=["team_manager"], on=date(2026, 1, 5)
        )
        membership.linked, membership.in_meeting = True, False
        _families(session, unit, boss, number, families, actions)
        session.add(NudgePlan(unit_id=unit.id, until=TODAY + timedelta(days=30), looked_at=NOW))
    session.flush()
    return boss


def _families(session: Session, unit: Unit, boss: Person, number: int, count: int, actions: int) -> None:
    held = []
    for place in range(count):
        family = Family(
            id=new_id(),
            unit_id=unit.id,
            ref_index="",
            category="child_in_need",
            status=FamilyStatus.OPEN,
            allocated_on=TODAY - timedelta(days=60),
            last_discussed_on=TODAY - timedelta(days=3 + 9 * (place % 2)),
            last_full_on=TODAY - timedelta(days=20),
        )
        ref = f"{chr(65 + place % 26)}{number:02}{place:02}{chr(65 + number % 26)}"
        family.ref_index = ref_index(session, f"{ref}{number}")
        seal(session, family, FamilyBody(ref=ref, initials="AB"), Scope.family(family.id))
        held.append(family)
    session.connection().execute(insert(Family), [one.model_dump() for one in held])
    for family in held[:actions]:
        action = Action(
            family_id=family.id,
            owner_id=boss.id,
            created_on=TODAY - timedelta(days=20),
            due_on=TODAY - timedelta(days=5),
            status=ActionStatus.OPEN,
        )
        seal(session, action, ActionBody(text=LONG), Scope.family(family.id))
        session.add(action)
        session.add(
            Nudge(
                unit_id=unit.id,
                person_id=boss.id,
                family_id=family.id,
                kind="action",
                subject=action.id,
                due_on=TODAY - timedelta(days=5),
                first_on=TODAY - timedelta(days=5),
            )
        )
