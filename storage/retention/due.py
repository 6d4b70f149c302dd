"""What is due by the rules of how long things stay. Nothing here changes anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import exists, func, or_
from sqlmodel import Session, col, select

from prompts_and_forms.retention import wording
from prompts_and_forms.retention.rules import Known, Retention, Verdict, What, years_later
from prompts_and_forms.states import DiscussionState, DraftState, FamilyStatus, MeetingState
from storage.database.tables import AgendaItem, CategoryChange, Contribution, Discussion, Entry, Family, Meeting
from storage.database.tables_machinery import Audit, Draft
from storage.database.tables_retention import CopiedAll
from storage.family import families
from storage.retention import holds

PRIVATE_FORMS = ("reflection",)
"""Never copied anywhere."""
FINISHED = (DiscussionState.AWAITING, DiscussionState.CLOSED)


@dataclass(frozen=True)
class Due:
    """Where a family stands. `stops`: in words, why it cannot go now; empty: it is on the list."""

    family: Family
    verdict: Verdict
    stops: tuple[str, ...]

    @property
    def is_due(self) -> bool:
        """Whether somebody may confirm that it goes."""
        return not self.stops


def of_family(session: Session, family: Family, rules: Retention, today: date) -> Due:
    """Whether a family is due, by which rule and from when, and what stops it."""
    known = Known(_categories(session, family), _closed_on(family), _turn_18(session, family.id))
    verdict = rules.family(known, today)
    stops = [verdict.why] if verdict.on is None else []
    if verdict.on is not None and verdict.on > today:
        stops.append(wording.not_yet(verdict.on))
    if not is_copied(session, family.id):
        stops.append(wording.NOT_COPIED)
    if holds.on_family(session, family, today):
        stops.append(wording.UNDER_HOLD)
    if is_in_meeting(session, family.id):
        stops.append(wording.MEETING_ON)
    return Due(family, verdict, tuple(stops))


def due_families(session: Session, rules: Retention, today: date, unit_id: str | None = None) -> list[Due]:
    """The families somebody may confirm now, the longest due first."""
    wanted = select(Family).where(Family.status == FamilyStatus.CLOSED)
    if unit_id is not None:
        wanted = wanted.where(Family.unit_id == unit_id)
    found = [of_family(session, family, rules, today) for family in session.exec(wanted)]
    return sorted((one for one in found if one.is_due), key=lambda one: (one.verdict.on or date.max, one.family.id))


def is_copied(session: Session, family_id: str) -> bool:
    """Whether everything about a family is marked as copied: each discussion, and what was recorded outside them."""
    since = copied_all(session, family_id)
    if since is None:
        return False
    entries = col(Entry.form).not_in(PRIVATE_FORMS)
    later: tuple[Any, ...] = (
        select(Entry.id).where(Entry.family_id == family_id, entries, col(Entry.recorded_at) > since.at),
        select(Contribution.id).where(Contribution.family_id == family_id, col(Contribution.said_at) > since.at),
        _not_copied(family_id),
    )
    return not any(session.exec(one.limit(1)).first() for one in later)


def copied_all(session: Session, family_id: str) -> CopiedAll | None:
    """When somebody last said that everything is in the case file."""
    wanted = select(CopiedAll).where(CopiedAll.family_id == family_id).order_by(col(CopiedAll.at).desc())
    return session.exec(wanted.limit(1)).first()


def not_copied_discussions(session: Session, family_id: str) -> int:
    """How many discussions are not marked as copied."""
    return len(session.exec(_not_copied(family_id)).all())


def _not_copied(family_id: str) -> Any:
    recorded = exists().where(col(Entry.discussion_id) == Discussion.id)
    said = exists().where(col(Contribution.discussion_id) == Discussion.id)
    belongs = or_(col(Discussion.state).in_(FINISHED), col(Discussion.stopped_at).is_not(None), recorded, said)
    return select(Discussion.id).where(Discussion.family_id == family_id, col(Discussion.copied_at).is_(None), belongs)


def is_in_meeting(session: Session, family_id: str) -> bool:
    """Whether a meeting that is open now is about the family, or a discussion of it goes on."""
    on_agenda = (
        select(AgendaItem.id)
        .join(Meeting, col(Meeting.id) == AgendaItem.meeting_id)
        .where(AgendaItem.family_id == family_id, Meeting.state == MeetingState.OPEN)
    )
    found = session.exec(on_agenda.limit(1)).first() is not None
    return found or families.is_being_discussed(session, family_id)


# ---- what is no family


def due_drafts(session: Session, rules: Retention, today: date) -> list[Draft]:
    """Forms somebody began and never sent, older than the council's rule; none while it has no rule."""
    rule = next((one for one in rules.about(What.DRAFTS, today) if one.is_set), None)
    if rule is None or rule.days is None:
        return []
    before = datetime.combine(today - timedelta(days=rule.days), time(), UTC)
    wanted = select(Draft).where(Draft.state == DraftState.OPEN, col(Draft.saved_at) < before)
    return list(session.exec(wanted.order_by(col(Draft.saved_at))))


def due_chat(session: Session, rules: Retention, today: date) -> list[Discussion]:
    """Discussions copied so long ago that their posts may go from chat; none while there is no rule."""
    rule = next((one for one in rules.about(What.CHAT, today) if one.is_set), None)
    if rule is None or rule.days is None:
        return []
    before = datetime.combine(today - timedelta(days=rule.days), time(), UTC)
    wanted = select(Discussion).where(col(Discussion.copied_at) < before)
    return list(session.exec(wanted.order_by(col(Discussion.copied_at))))


def due_audit(session: Session, rules: Retention, today: date) -> int:
    """How many lines of who has looked are older than the council's rule."""
    rule = next((one for one in rules.about(What.AUDIT, today) if one.is_set), None)
    if rule is None or not rule.years:
        return 0
    before = datetime.combine(years_later(today, -rule.years), time(), UTC)
    return session.exec(select(func.count()).select_from(Audit).where(col(Audit.at) < before)).one()


def _categories(session: Session, family: Family) -> frozenset[str]:
    wanted = select(CategoryChange.category).where(CategoryChange.family_id == family.id)
    return frozenset([family.category, *session.exec(wanted)])


def _closed_on(family: Family) -> date | None:
    return family.closed_on if family.status == FamilyStatus.CLOSED else None


def _turn_18(session: Session, family_id: str) -> tuple[date | None, ...]:
    return tuple(known.turns_18 for _row, known in families.children(session, family_id, include_gone=True))
