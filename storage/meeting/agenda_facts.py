"""What the agenda's rules need of every open family, in a fixed number of questions however long the history."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from prompts_and_forms.days.reading import as_day
from prompts_and_forms.states import ActionStatus, FamilyStatus
from storage.clinical import clinical_work
from storage.clinical.clinical_work import ClinicalWork
from storage.database.bodies import ChildBody, FamilyBody
from storage.database.tables import Action, Child, Family
from storage.database.vault import unseal
from storage.family import families, spells, transfers
from storage.family.spells import Spell
from storage.meeting import meetings


@dataclass(frozen=True)
class KnownFamily:
    """One family as the agenda sees it. `least_seen_on` is the child seen longest ago; None = a child never seen.

    `newest_seen_on` is the last visit to any of them, `last_done_on` the day an action was last finished. `came_on`:
    from another unit, `leaves_on`: to another one.
    """

    family: Family
    body: FamilyBody
    work: ClinicalWork
    least_seen_on: date | None
    has_children: bool
    most_carried: int
    concern: bool
    carried_from_last: bool
    newest_seen_on: date | None = None
    last_done_on: date | None = None
    plan_start: date | None = None
    leaves_on: date | None = None
    came_on: date | None = None


def known_families(session: Session, unit_id: str, today: date) -> list[KnownFamily]:
    """What the agenda's rules need to know of each open family."""
    return _known(session, unit_id, families.open_families(session, unit_id))


def known_family(session: Session, family: Family) -> KnownFamily | None:
    """The same of one family; None where it is closed."""
    return _known(session, family.unit_id, [family])[0] if family.status == FamilyStatus.OPEN else None


def _known(session: Session, unit_id: str, rows: list[Family]) -> list[KnownFamily]:
    ids = [f.id for f in rows]
    seen: dict[str, list[date | None]] = defaultdict(list)
    for child in session.exec(select(Child).where(col(Child.family_id).in_(ids), col(Child.active))):
        if not unseal(session, child, ChildBody).unborn:
            seen[child.family_id].append(child.last_seen_on)
    work, spell = clinical_work.of_families(session, ids), spells.of_families(session, rows)
    carried, done = _most_carried_and_last_done(session, ids)
    last = meetings.last_closed(session, unit_id)
    waiting = set(meetings.families_not_reached(session, last.id)) if last else set()
    concern = meetings.families_with_concern(session, unit_id, last.day) if last else set()
    leaves = transfers.leaving(session, unit_id)
    known = []
    for family in rows:
        dates = seen.get(family.id, [])
        known.append(
            KnownFamily(
                family=family,
                body=families.body(session, family),
                work=work[family.id],
                least_seen_on=None if not dates or None in dates else min(d for d in dates if d),
                has_children=bool(dates),
                most_carried=carried.get(family.id, 0),
                concern=family.id in concern,
                carried_from_last=family.id in waiting,
                newest_seen_on=max((day for day in dates if day), default=None),
                last_done_on=done.get(family.id),
                plan_start=_plan_start(families.body(session, family), spell[family.id]),
                leaves_on=leaves.get(family.id),
                came_on=as_day((families.body(session, family).transferred or {}).get("on")),
            )
        )
    return known


def _most_carried_and_last_done(session: Session, ids: list[str]) -> tuple[dict[str, int], dict[str, date]]:
    """By family: how often an open action was carried over at most, and when one was last finished."""
    by_status = select(Action.family_id, Action.status, func.max(Action.carried_over), func.max(Action.closed_on))
    by_status = by_status.where(
        col(Action.family_id).in_(ids), col(Action.status).in_((ActionStatus.OPEN, ActionStatus.DONE))
    )
    carried, done = {}, {}
    for family_id, status, most, last in session.exec(by_status.group_by(Action.family_id, Action.status)):
        if status == ActionStatus.OPEN:
            carried[family_id] = most
        elif last is not None:
            done[family_id] = last
    return carried, done


def _plan_start(body: FamilyBody, spell: Spell) -> date | None:
    """The day named for the start of the plan; where it was that of an earlier one, when this one began."""
    named = body.dates.get("plan_start")
    return spell.began(named) if named is not None else None
