"""What a unit's families can be found by, opened in memory for one unit (decision 002). Nothing here commits."""

from __future__ import annotations

from collections import defaultdict

from sqlmodel import Session, col, select

from prompts_and_forms.finding.families import Known, matching
from storage.database.bodies import CarerBody, ChildBody
from storage.database.tables import Carer, Child, Family, Unit
from storage.database.vault import open_keys, unseal
from storage.family import families
from storage.unit import people


def meant(session: Session, unit: Unit, text: str) -> list[Family]:
    """The unit's open families a text can mean, by reference; in four questions."""
    held = families.open_families(session, unit.id)
    open_keys(session, held)
    initials = _initials(session, [family.id for family in held])
    workers = {person.id: person.name for _place, person in people.members(session, unit.id, include_left=True)}
    known = []
    for family in held:
        body = families.body(session, family)
        mine = (*([body.initials] if body.initials else []), *initials[family.id])
        known.append(Known(family.id, body.ref, mine, family.category, workers.get(family.lead_worker_id or "", "")))
    by_id = {family.id: family for family in held}
    return [by_id[family_id] for family_id in matching(known, text)]


def _initials(session: Session, ids: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for child in session.exec(select(Child).where(col(Child.family_id).in_(ids), col(Child.active))):
        found[child.family_id].append(unseal(session, child, ChildBody).initials)
    for carer in session.exec(select(Carer).where(col(Carer.family_id).in_(ids), col(Carer.active))):
        found[carer.family_id].append(unseal(session, carer, CarerBody).initials)
    return found
