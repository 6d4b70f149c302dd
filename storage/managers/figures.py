"""Gathers what the figures of a unit are counted from: a fixed number of questions, however many families it has.

Families closed to whoever asks are not there (hiding.py), so they are in no figure and on no list of theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import select as columns_of
from sqlmodel import Session, col, select

from prompts_and_forms.clinical.pathway import state
from prompts_and_forms.days.reading import as_day
from prompts_and_forms.managers.facts import (
    ActionFact,
    AgreementFact,
    ChildFact,
    ClinicianFact,
    EpisodeFact,
    FamilyFact,
    LateFact,
    LineFact,
    RecordFact,
    UnitFacts,
)
from prompts_and_forms.managers.figures import QUARTER
from prompts_and_forms.meeting.drift import last_moved
from prompts_and_forms.nudges.nudge_facts import DRIFT_WEEKS
from prompts_and_forms.states import (
    AgreementStatus,
    DiscussionState,
    FamilyStatus,
    MeetingState,
    MemberStatus,
    SigningState,
    WorkState,
)
from storage.clinical import reviews
from storage.database.bodies import ChildBody, EpisodeBody, FamilyBody, TrackingBody
from storage.database.tables import (
    Action,
    ActionChange,
    Agreement,
    AgreementVersion,
    CategoryChange,
    Child,
    Discussion,
    Entry,
    Family,
    Meeting,
    Membership,
    Unit,
)
from storage.database.tables_clinical import Episode, Signing, TrackingEntry
from storage.database.tables_measures import Review
from storage.database.vault import open_keys, unseal
from storage.decisions import actions
from storage.managers import forms, review_days
from storage.measures import measures
from storage.unit import people, units

LOOK_BACK = timedelta(days=2) + 2 * QUARTER
"""Thirteen weeks before each of the last thirteen."""
SUPERVISED = "clinician"


def of_unit(session: Session, unit: Unit, today: date) -> UnitFacts:
    """All the figures of one unit are counted from."""
    held = list(session.exec(select(Family).where(Family.unit_id == unit.id).order_by(col(Family.id))))
    open_keys(session, held)
    bodies = {family.id: unseal(session, family, FamilyBody) for family in held}
    still = [family for family in held if family.status == FamilyStatus.OPEN]
    ids = [family.id for family in held]
    due = reviews.due_of_families(session, still, bodies)
    rows = reviews.of_unit(session, unit.id)
    episodes = _episodes(session, unit.id, rows, {family.id for family in still})
    staff = [one for one in reviews.due_of_unit(session, unit) if one.kind in review_days.LATE]
    late = [*(one for own in due.values() for one in own if one.kind in review_days.LATE), *staff]
    return UnitFacts(
        families=_families(session, unit, held, bodies),
        children=_children(session, still, due),
        reviews=review_days.fell_due(session, unit, held, bodies, rows, due),
        late=tuple(LateFact(one.kind, one.family, one.day) for one in late if one.day and one.is_late(today)),
        episodes=episodes,
        lines=_lines(session, unit.id, today),
        forms=forms.of_families(session, held, bodies, today),
        pairs=tuple(measures.parent_pairs(session, [unit.id])),
        clinicians=_clinicians(session, unit, rows),
        actions=_actions(session, unit, ids),
        agreements=_agreements(session, unit, ids),
        records=_records(session, unit, today),
        drift_weeks=int(unit.settings.get("no_full_weeks") or DRIFT_WEEKS),
    )


# ---- families


def _families(
    session: Session, unit: Unit, held: Sequence[Family], bodies: Mapping[str, FamilyBody]
) -> tuple[FamilyFact, ...]:
    ids = [family.id for family in held]
    days, full = _discussed(session, unit.id)
    seen, done = _last_seen(session, ids), actions.last_done(session, ids)
    changes: dict[str, list[tuple[date, str]]] = defaultdict(list)
    wanted = select(CategoryChange).where(col(CategoryChange.family_id).in_(ids))
    for row in session.exec(wanted.order_by(col(CategoryChange.recorded_at), col(CategoryChange.id))):
        changes[row.family_id].append((row.from_on or date.min, row.category))
    return tuple(
        FamilyFact(
            id=family.id,
            category=family.category,
            allocated_on=family.allocated_on,
            closed_on=family.closed_on if family.status == FamilyStatus.CLOSED else None,
            closed=bodies[family.id].closed_time(),
            discussed=_with(days.get(family.id, ()), family.last_discussed_on, family.last_full_on),
            full=_with(full.get(family.id, ()), family.last_full_on),
            moved_on=last_moved(family.category, (family.last_full_on, seen.get(family.id), done.get(family.id))),
            categories=tuple(sorted(changes[family.id], key=lambda change: change[0])),
        )
        for family in held
    )


def _discussed(session: Session, unit_id: str) -> tuple[dict[str, list[date]], dict[str, list[date]]]:
    """The meeting days on which each family was discussed, and discussed in full."""
    wanted = (
        columns_of(Discussion.family_id, Discussion.kind, Meeting.day)  # type: ignore[call-overload]
        .join(Meeting, col(Meeting.id) == col(Discussion.meeting_id))
        .where(Discussion.unit_id == unit_id, Discussion.state != DiscussionState.PARKED)
    )
    days: dict[str, list[date]] = defaultdict(list)
    full: dict[str, list[date]] = defaultdict(list)
    for family_id, kind, day in session.execute(wanted):
        days[family_id].append(day)
        if kind == "full":
            full[family_id].append(day)
    return days, full


def _last_seen(session: Session, ids: Sequence[str]) -> dict[str, date]:
    found: dict[str, date] = {}
    for child in session.exec(select(Child).where(col(Child.family_id).in_(ids), col(Child.active))):
        if child.last_seen_on is not None:
            found[child.family_id] = max(child.last_seen_on, found.get(child.family_id, date.min))
    return found


def _children(
    session: Session, still: Sequence[Family], due: Mapping[str, Sequence[review_days.DueReview]]
) -> tuple[ChildFact, ...]:
    by = {one.subject: one.on for own in due.values() for one in own if one.kind is review_days.Kind.VISIT}
    wanted = select(Child).where(col(Child.family_id).in_([one.id for one in still]), col(Child.active))
    families = {family.id: family for family in still}
    return tuple(
        ChildFact(
            child.family_id,
            child.last_seen_on,
            interval=review_days.has_interval(families[child.family_id]),
            see_by=by.get(child.id),
        )
        for child in session.exec(wanted.order_by(col(Child.family_id), col(Child.position)))
        if not unseal(session, child, ChildBody).unborn
    )


# ---- clinical work


def _episodes(session: Session, unit_id: str, rows: Sequence[Review], still: set[str]) -> tuple[EpisodeFact, ...]:
    held: dict[str, list[date]] = defaultdict(list)
    for row in rows:
        if row.kind == review_days.Kind.SIX_SESSIONS:
            held[row.family_id or ""].append(row.held_on)
    signed = _signed(session, unit_id)
    wanted = select(Episode).where(Episode.unit_id == unit_id)
    found = session.exec(wanted.order_by(col(Episode.family_id), col(Episode.no))).all()
    facts = []
    for family_id, group in groupby(found, key=lambda one: one.family_id):
        own = list(group)
        for episode, after in zip(own, [*own[1:], None], strict=True):
            until = after.started_on if after is not None else None
            facts.append(_episode(session, episode, until, held[family_id], signed[family_id], still))
    return tuple(facts)


def _episode(
    session: Session,
    episode: Episode,
    until: date | None,
    reviewed: Sequence[date],
    signed: Sequence[date],
    still: set[str],
) -> EpisodeFact:
    """One piece of work; `until` is when the next one of the family began."""
    since, before = episode.started_on or date.min, until or date.max
    body = unseal(session, episode, EpisodeBody)
    sessions = sorted(day for row in body.sessions if (day := as_day(row.get("date"))))
    own = {day for day in (*reviewed, episode.reviewed_on) if day is not None and since <= day < before}
    first, nothing = (sessions[0] if sessions else None), episode.state == WorkState.NONE and not sessions
    return EpisodeFact(
        family_id=episode.family_id,
        state=episode.state,
        current=until is None and episode.family_id in still,
        over=state(episode.state).over or nothing,
        clinician_id=episode.clinician_id,
        started_on=None if nothing else episode.started_on or episode.commissioned_on or first,
        consulted_on=episode.consulted_on,
        ended_on=episode.ended_on,
        sessions=tuple(sessions),
        reviews=tuple(sorted(own)),
        review_after=episode.review_after,
        signed=any(since <= day < before for day in signed),
    )


def _signed(session: Session, unit_id: str) -> dict[str, list[date]]:
    """The days on which each family's assessments that both have signed were written."""
    wanted = (
        select(Signing.family_id, Entry.recorded_at)
        .join(Entry, col(Entry.id) == col(Signing.entry_id))
        .where(Signing.unit_id == unit_id, Signing.state == SigningState.SIGNED, Entry.form == "assessment")
    )
    found: dict[str, list[date]] = defaultdict(list)
    for family_id, at in session.exec(wanted):
        found[family_id or ""].append(at.date())
    return found


def _lines(session: Session, unit_id: str, today: date) -> tuple[LineFact, ...]:
    wanted = select(TrackingEntry).where(
        TrackingEntry.unit_id == unit_id,
        TrackingEntry.on > today - LOOK_BACK,
        col(TrackingEntry.taken_out_at).is_(None),
        TrackingEntry.kind != "supervision",
    )
    return tuple(
        LineFact(row.on, row.kind, row.family_id, row.method, tuple(unseal(session, row, TrackingBody).themes))
        for row in session.exec(wanted.order_by(col(TrackingEntry.on), col(TrackingEntry.id)))
    )


def _clinicians(session: Session, unit: Unit, rows: Sequence[Review]) -> tuple[ClinicianFact, ...]:
    held: dict[str, list[date]] = defaultdict(list)
    for row in rows:
        if row.kind == review_days.Kind.SUPERVISION:
            held[row.subject_id or ""].append(row.held_on)
    return tuple(
        ClinicianFact(person.id, membership.joined_on, _leave(membership), tuple(held[person.id]))
        for membership, person in people.members(session, unit.id)
        if SUPERVISED in membership.roles
    )


def _leave(membership: Membership) -> tuple[date, date] | None:
    if membership.leave_from is None and membership.leave_until is None:
        away = membership.status == MemberStatus.ON_LEAVE
        return (date.min, date.max) if away else None
    return membership.leave_from or date.min, membership.leave_until or date.max


# ---- what was decided


def _actions(session: Session, unit: Unit, ids: Sequence[str]) -> tuple[ActionFact, ...]:
    zone = units.zone(unit)
    dues: dict[str, list[tuple[date, date | None]]] = defaultdict(list)
    carried: dict[str, list[date]] = defaultdict(list)
    changes = (
        columns_of(ActionChange.action_id, ActionChange.at, ActionChange.what, ActionChange.due_on)  # type: ignore[call-overload]
        .join(Action, col(Action.id) == col(ActionChange.action_id))
        .join(Family, col(Family.id) == col(Action.family_id))
        .where(Family.unit_id == unit.id)
    )
    for action_id, at, what, due_on in session.execute(changes.order_by(col(ActionChange.at), col(ActionChange.id))):
        on = _day(at, zone)
        dues[action_id].append((on, due_on))
        if what == "carried_over":
            carried[action_id].append(on)
    wanted = select(Action).where(col(Action.family_id).in_(ids)).order_by(col(Action.id))
    return tuple(
        ActionFact(
            row.family_id,
            row.created_on,
            row.closed_on,
            _dues(row, dues[row.id]),
            _carried(row, carried[row.id]),
        )
        for row in session.exec(wanted)
    )


def _dues(row: Action, changes: Sequence[tuple[date, date | None]]) -> tuple[tuple[date, date | None], ...]:
    """Its dates as they were set; what came with a file has only the first and the present one."""
    first = (row.created_on, row.original_due_on if changes else row.due_on)
    last = changes[-1][0] if changes else row.created_on
    return (first, *changes, (last, row.due_on))


def _carried(row: Action, known: Sequence[date]) -> tuple[date, ...]:
    """As often as the action says; those before the bot count from the day it was made."""
    return (*([row.created_on] * max(0, row.carried_over - len(known))), *known)[: row.carried_over]


def _agreements(session: Session, unit: Unit, ids: Sequence[str]) -> tuple[AgreementFact, ...]:
    zone = units.zone(unit)
    wanted = (
        select(Agreement, AgreementVersion)
        .join(AgreementVersion, col(AgreementVersion.agreement_id) == col(Agreement.id))
        .where(col(Agreement.family_id).in_(ids), col(AgreementVersion.no) == col(Agreement.current))
        .where(Agreement.status != AgreementStatus.ENDED)
        .order_by(col(Agreement.id))
    )
    return tuple(
        AgreementFact(
            agreement.family_id,
            _day(version.at, zone),
            _side(agreement, version.social_work_by_id, version.social_work_at, version.at, zone),
            _side(agreement, version.clinical_by_id, version.clinical_at, version.at, zone),
            agreement.ended_on,
        )
        for agreement, version in session.exec(wanted)
    )


def _side(
    agreement: Agreement, by_id: str | None, at: datetime | None, offered: datetime, zone: ZoneInfo
) -> date | None:
    """When a side said yes. One that is in force without a name came so with the family."""
    if at is not None:
        return _day(at, zone)
    return _day(offered, zone) if by_id is not None or agreement.status == AgreementStatus.ACTIVE else None


def _records(session: Session, unit: Unit, today: date) -> tuple[RecordFact, ...]:
    zone = units.zone(unit)
    wanted = (
        select(Discussion)
        .join(Meeting, col(Meeting.id) == col(Discussion.meeting_id))
        .where(Discussion.unit_id == unit.id, Meeting.state == MeetingState.CLOSED)
        .where(col(Discussion.confirmed_at).is_not(None), Meeting.day > today - LOOK_BACK)
        .order_by(col(Discussion.id))
    )
    return tuple(
        RecordFact(row.family_id, _day(row.confirmed_at, zone), _day(row.copied_at, zone) if row.copied_at else None)
        for row in session.exec(wanted)
        if row.confirmed_at is not None
    )


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _with(days: Sequence[date], *more: date | None) -> tuple[date, ...]:
    return tuple(sorted({*days, *(day for day in more if day is not None)}))
