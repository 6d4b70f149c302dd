"""What is due by the rules of how long things stay. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import exists, func, or_
from sqlmodel import Session, col, select

from prompts_and_forms.retention import wording
from prompts_and_forms.retention.rules import Known, Retention, Verdict, What, years_later
from prompts_and_forms.states import DiscussionState, DraftState, FamilyStatus, MeetingState
from storage.database import chain
from storage.database.tables import AgendaItem, CategoryChange, Contribution, Discussion, Entry, Family, Meeting
from storage.database.tables_machinery import Audit, Draft
from storage.database.tables_retention import CopiedAll
from storage.database.watching import ONLY_LOOKED
from storage.family import families
from storage.retention import holds

Kept = TypeVar("Kept", Draft, Discussion)
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
    known = Known(_categories(session, family), _closed_on(session, family), _turn_18(session, family.id))
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
    if since is None or session.exec(_not_copied(family_id).limit(1)).first() is not None:
        return False
    return not _recorded_since(session, family_id, since)


def _recorded_since(session: Session, family_id: str, since: CopiedAll) -> bool:
    """Whether anything was recorded after everything was said to be copied.

    The order of the audit's lines tells, for the clock may have been set since; what has no line is told by its time.
    """
    entries = col(Entry.form).not_in(PRIVATE_FORMS)
    recorded = list(session.exec(select(Entry.id).where(Entry.family_id == family_id, entries)))
    late = set(
        session.exec(select(Entry.id).where(Entry.family_id == family_id, entries, col(Entry.recorded_at) > since.at))
    )
    typed = select(Contribution.id).where(Contribution.family_id == family_id)
    said = list(session.exec(typed))
    late |= set(session.exec(typed.where(col(Contribution.said_at) > since.at)))
    copied = _numbers(session, family_id, CopiedAll.__tablename__)
    rows = set(session.exec(select(CopiedAll.id).where(CopiedAll.family_id == family_id)))
    if not rows <= set(copied):
        return bool(late)
    last = max(max(numbers) for row_id, numbers in copied.items() if row_id in rows)
    written = _numbers(session, family_id, "entry") | _numbers(session, family_id, "contribution")
    return any(max(written[one]) > last if one in written else one in late for one in (*recorded, *said))


def _numbers(session: Session, family_id: str, kind: str) -> dict[str, list[int]]:
    """For each row of a family of this kind the numbers of the lines that say it was written."""
    lines = chain.LINES.c
    wanted = sa.select(lines.row_id, lines.no).where(
        lines.family_id == family_id, lines.row_kind == kind, lines.what.not_in(ONLY_LOOKED), lines.no.is_not(None)
    )
    found: dict[str, list[int]] = {}
    for row_id, no in session.connection().execute(wanted):
        found.setdefault(row_id, []).append(no)
    return found


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


def due_drafts(session: Session, rules: Retention, today: date, unit_id: str | None = None) -> list[Draft]:
    """Forms somebody began and never sent, older than the council's rule; none while it has no rule, none on hold."""
    before = _before(rules, What.DRAFTS, today)
    if before is None:
        return []
    wanted = select(Draft).where(Draft.state == DraftState.OPEN, col(Draft.saved_at) < before)
    if unit_id is not None:
        wanted = wanted.where(Draft.unit_id == unit_id)
    found = session.exec(wanted.order_by(col(Draft.saved_at), col(Draft.id)))
    return _not_held(session, found, today)


def due_chat(session: Session, rules: Retention, today: date, unit_id: str | None = None) -> list[Discussion]:
    """Discussions copied so long ago that their posts may go from chat; none while there is no rule, none on hold.

    None either of which anything was recorded after it was copied, nor one that is still talked about.
    """
    before = _before(rules, What.CHAT, today)
    if before is None:
        return []
    said = exists().where(
        col(Contribution.discussion_id) == Discussion.id, col(Contribution.said_at) > Discussion.copied_at
    )
    recorded = exists().where(col(Entry.discussion_id) == Discussion.id, col(Entry.recorded_at) > Discussion.copied_at)
    over = col(Discussion.state) == DiscussionState.CLOSED
    wanted = select(Discussion).where(over, col(Discussion.copied_at) < before, ~said, ~recorded)
    if unit_id is not None:
        wanted = wanted.where(Discussion.unit_id == unit_id)
    found = session.exec(wanted.order_by(col(Discussion.copied_at), col(Discussion.id)))
    return _not_held(session, found, today)


def _not_held(session: Session, found: Iterable[Kept], today: date) -> list[Kept]:
    """Those no hold is on; a family that went to another unit is held by that unit's holds, too."""
    held = holds.all_in_force(session, today)
    free = []
    for one in found:
        family = session.get(Family, one.family_id) if held else None
        its_units = {one.unit_id, family.unit_id if family else one.unit_id}
        if not any(holds.covers(held, unit_id, one.family_id) for unit_id in its_units):
            free.append(one)
    return free


def _before(rules: Retention, what: What, today: date) -> datetime | None:
    """What is older than this is due; None while the council has no rule."""
    rule = next((one for one in rules.about(what, today) if one.is_set), None)
    if rule is None:
        return None
    first = years_later(today, -rule.years) if rule.years else today - timedelta(days=rule.days or 0)
    return datetime.combine(first, time(), UTC)


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


def _closed_on(session: Session, family: Family) -> date | None:
    """The day it was closed, or of its last meeting where that was later: a clock may have stood wrong that day."""
    if family.status != FamilyStatus.CLOSED or family.closed_on is None:
        return None
    days = select(func.max(Meeting.day)).join(Discussion, col(Discussion.meeting_id) == Meeting.id)
    last = session.exec(days.where(Discussion.family_id == family.id)).first()
    return max(family.closed_on, last) if last is not None else family.closed_on


def _turn_18(session: Session, family_id: str) -> tuple[date | None, ...]:
    return tuple(known.turns_18 for _row, known in families.children(session, family_id, include_gone=True))
