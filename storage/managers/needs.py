"""What waits for a manager in clinical work, in all their units at once: three questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select

from prompts_and_forms.clinical import pathway
from prompts_and_forms.states import FamilyStatus, WorkState
from storage.database.bodies import EpisodeBody, MeasureBody
from storage.database.tables import Family
from storage.database.tables_clinical import Episode
from storage.database.tables_measures import Measure
from storage.database.vault import unseal

ALERTS_FOR = timedelta(days=60)
TIER_3_ROLES = frozenset({"clinical_manager", "group_manager", "clinical_group_manager", "team_manager"})
NEEDS_A_PERSON = ("yes", "unsure")


@dataclass(frozen=True)
class Need:
    """`what`: confirm, differ, tier_3 or risk; about one family of one unit."""

    what: str
    unit_id: str
    family_id: str


def of_manager(session: Session, roles: Mapping[str, frozenset[str]], now: datetime) -> list[Need]:
    """Everything that waits for somebody with these roles, by unit, the most pressing first."""
    found = [*_alerts(session, roles, now), *_work(session, roles)]
    order = ("risk", "tier_3", "confirm", "differ")
    return sorted(found, key=lambda one: (order.index(one.what), one.unit_id, one.family_id))


def _work(session: Session, roles: Mapping[str, frozenset[str]]) -> list[Need]:
    waiting = col(Episode.state).in_((WorkState.TO_CONFIRM, WorkState.URGENT_TIER3))
    wanted = (
        select(Episode)
        .join(Family, col(Family.id) == col(Episode.family_id))
        .where(col(Episode.unit_id).in_(roles), Family.status == FamilyStatus.OPEN)
        .where(or_(waiting, col(Episode.differ_step) > 0))
    )
    found = []
    for row in session.exec(wanted):
        mine = roles[row.unit_id]
        if row.state == WorkState.TO_CONFIRM and mine & set(pathway.state(row.state).turn):
            found.append(Need("confirm", row.unit_id, row.family_id))
        if row.state == WorkState.URGENT_TIER3 and mine & TIER_3_ROLES and _waits_for_plan(session, row):
            found.append(Need("tier_3", row.unit_id, row.family_id))
        if row.differ_step and pathway.DIFFER_ROLES[row.differ_step - 1] in mine:
            found.append(Need("differ", row.unit_id, row.family_id))
    return found


def _waits_for_plan(session: Session, row: Episode) -> bool:
    return "tier3_plan" in unseal(session, row, EpisodeBody).awaiting


def _alerts(session: Session, roles: Mapping[str, frozenset[str]], now: datetime) -> list[Need]:
    since = datetime.combine((now - ALERTS_FOR).date(), time(), UTC)
    wanted = select(Measure).where(
        col(Measure.unit_id).in_(roles),
        col(Measure.replaced_by_id).is_(None),
        col(Measure.alert_read_at).is_(None),
        Measure.recorded_at >= since,
    )
    rows = [row for row in session.exec(wanted) if unseal(session, row, MeasureBody).alert in NEEDS_A_PERSON]
    return [Need("risk", unit_id, family_id) for unit_id, family_id in {(row.unit_id, row.family_id) for row in rows}]
