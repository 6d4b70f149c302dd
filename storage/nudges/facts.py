"""What the rules of nudges need to know of a unit, in a fixed number of questions however long its history.

`family_ids` narrows it to some families, for a plan of what changed only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

from sqlmodel import Session, col, func, select

from prompts_and_forms.clinical import pathway
from prompts_and_forms.days import meeting_days
from prompts_and_forms.days.meeting_days import MeetingDay
from prompts_and_forms.days.working_days import ONE_DAY
from prompts_and_forms.nudges import nudge_rules
from prompts_and_forms.nudges.nudge_facts import (
    DRIFT_WEEKS,
    ActionKnown,
    AgreementKnown,
    DiscussionKnown,
    FamilyKnown,
    Known,
    Member,
)
from prompts_and_forms.states import (
    ActionStatus,
    AgreementStatus,
    DiscussionState,
    FamilyStatus,
    MeetingState,
    MemberStatus,
)
from prompts_and_forms.unit import who
from storage.clinical import clinical_work
from storage.clinical.clinical_work import ClinicalWork
from storage.clinical.tracking import STANDS
from storage.database.bodies import ActionBody, AgreementBody, FamilyBody
from storage.database.tables import (
    Action,
    Agreement,
    AgreementVersion,
    Child,
    Discussion,
    Family,
    Meeting,
    Membership,
    Unit,
)
from storage.database.tables_clinical import TrackingEntry
from storage.database.vault import open_keys, unseal
from storage.decisions import actions
from storage.meeting import discussions
from storage.meeting.meeting_days import rhythm
from storage.nudges import unreached
from storage.nudges.expected import expected
from storage.unit import people, units

LOOK_BACK = timedelta(days=60)
"""Older discussions are no longer chased: by then the next ones have taken their place."""
SHORT = 160


def of_unit(
    session: Session, unit: Unit, today: date, family_ids: Collection[str] | None = None, kinds: Collection[str] = ()
) -> Known:
    """All that the rules look at, of the whole unit or of some families; with `kinds` no more than these rest on."""
    beside = not kinds or not nudge_rules.OF_THE_MEETING.issuperset(kinds)
    held = _families(session, unit, family_ids)
    open_keys(session, held)
    bodies = {family.id: unseal(session, family, FamilyBody) for family in held}
    ids = list(bodies)
    members, work = _members(session, unit), clinical_work.of_families(session, ids)
    return Known(
        unit_id=unit.id,
        today=today,
        members=members,
        families=_family_facts(session, held, bodies, work),
        actions=_actions(session, ids),
        agreements=_agreements(session, ids, work, members),
        discussions=_discussions(session, unit, today),
        expected=expected(session, unit, today, held, bodies, work) if beside else (),
        meetings=_meetings_ahead(session, unit, today),
        began_on=_began(unit),
        drift_weeks=int(unit.settings.get("no_full_weeks") or DRIFT_WEEKS),
    )


def people_known(session: Session, unit: Unit, today: date) -> Known:
    """Only who is in the unit, who is away and who is out of reach."""
    members = _members(session, unit)
    lost = unreached.out_of_reach(session, [one.person_id for one in members], today)
    members = tuple(replace(one, out_of_reach=one.person_id in lost) for one in members)
    return Known(unit_id=unit.id, today=today, members=members, began_on=_began(unit))


def people_of_units(session: Session, days: Mapping[str, date]) -> dict[str, Known]:
    """The same for many units at once, each on its own day, in a few questions."""
    everywhere = select(Membership, Unit).join(Unit, col(Unit.id) == col(Membership.unit_id))
    wanted = everywhere.where(col(Membership.unit_id).in_(days), Membership.status != MemberStatus.LEFT)
    order = (col(Membership.linked), col(Membership.joined_on), col(Membership.id))
    places: dict[str, list[Member]] = {}
    began: dict[str, date] = {}
    for membership, unit in session.exec(wanted.order_by(*order)):
        places.setdefault(unit.id, []).append(people.as_member(membership, unit))
        began.setdefault(unit.id, _began(unit))
    lost: dict[date, frozenset[str]] = {}
    for today in set(days.values()):
        there = {one.person_id for unit_id, own in places.items() if days[unit_id] == today for one in own}
        lost[today] = unreached.out_of_reach(session, there, today)
    return {
        unit_id: Known(
            unit_id=unit_id,
            today=days[unit_id],
            members=tuple(replace(one, out_of_reach=one.person_id in lost[days[unit_id]]) for one in own),
            began_on=began[unit_id],
        )
        for unit_id, own in places.items()
    }


def _began(unit: Unit) -> date:
    return unit.created_at.astimezone(units.zone(unit)).date()


def _families(session: Session, unit: Unit, family_ids: Collection[str] | None) -> list[Family]:
    wanted = select(Family).where(Family.unit_id == unit.id, Family.status == FamilyStatus.OPEN)
    if family_ids is not None:
        wanted = wanted.where(col(Family.id).in_(family_ids))
    return list(session.exec(wanted))


def _members(session: Session, unit: Unit) -> tuple[Member, ...]:
    wanted = select(Membership).where(Membership.unit_id == unit.id, Membership.status != MemberStatus.LEFT)
    return tuple(
        people.as_member(membership, unit)
        for membership in session.exec(
            wanted.order_by(col(Membership.linked), col(Membership.joined_on), Membership.id)
        )
    )


# ---- families


def _family_facts(
    session: Session, held: list[Family], bodies: dict[str, FamilyBody], work: dict[str, ClinicalWork]
) -> tuple[FamilyKnown, ...]:
    ids = [family.id for family in held]
    seen, done, tracked = _seen(session, ids), actions.last_done(session, ids), _tracked(session, ids)
    return tuple(
        FamilyKnown(
            family_id=family.id,
            category=family.category,
            allocated_on=family.allocated_on,
            lead_worker_id=family.lead_worker_id,
            clinician_id=work[family.id].clinician_id,
            consulted_on=work[family.id].consulted_on,
            session_days=work[family.id].session_days,
            next_session=work[family.id].next_session,
            tracked_on=tracked.get(family.id),
            working_since=_working_since(work[family.id]),
            last_full_on=family.last_full_on,
            last_seen_on=seen.get(family.id),
            last_done_on=done.get(family.id),
            closed=bodies[family.id].closed_time(),
        )
        for family in held
    )


def _seen(session: Session, ids: list[str]) -> dict[str, date]:
    """When a child of each family was last seen."""
    newest = (
        select(Child.family_id, func.max(Child.last_seen_on))
        .where(col(Child.family_id).in_(ids), col(Child.active))
        .group_by(Child.family_id)
    )
    return {family_id: day for family_id, day in session.exec(newest) if day is not None}


def _tracked(session: Session, ids: list[str]) -> dict[str, date]:
    """The last day with a line on the tracking form, for each family. An action taken on is no work done yet."""
    newest = (
        select(TrackingEntry.family_id, func.max(TrackingEntry.on))
        .where(col(TrackingEntry.family_id).in_(ids), TrackingEntry.kind != "action", STANDS)
        .group_by(col(TrackingEntry.family_id))
    )
    return {str(family_id): day for family_id, day in session.exec(newest)}


def _working_since(work: ClinicalWork) -> date | None:
    """Since when clinical work with the family is under way, so that something of it is to be written down."""
    return work.started_on or work.consulted_on if work.state in pathway.UNDER_WAY else None


# ---- what is open


def _actions(session: Session, ids: list[str]) -> tuple[ActionKnown, ...]:
    wanted = select(Action).where(
        col(Action.family_id).in_(ids), Action.status == ActionStatus.OPEN, col(Action.due_on).is_not(None)
    )
    return tuple(
        ActionKnown(
            id=row.id,
            family_id=row.family_id,
            owner_id=row.owner_id,
            due_on=row.due_on,
            outside=row.owner_outside,
            text=_short(unseal(session, row, ActionBody).text),
        )
        for row in session.exec(wanted)
    )


def _agreements(
    session: Session, ids: list[str], work: dict[str, ClinicalWork], members: tuple[Member, ...]
) -> tuple[AgreementKnown, ...]:
    wanted = (
        select(Agreement, AgreementVersion)
        .join(AgreementVersion, col(AgreementVersion.agreement_id) == col(Agreement.id))
        .where(
            col(Agreement.family_id).in_(ids),
            Agreement.status == AgreementStatus.OFFERED,
            col(AgreementVersion.no) == col(Agreement.current),
        )
    )
    found = []
    for agreement, version in session.exec(wanted):
        body = unseal(session, version, AgreementBody)
        missing = _missing(version)
        clinician = work[agreement.family_id].clinician_id
        found.append(
            AgreementKnown(
                id=agreement.id,
                family_id=agreement.family_id,
                offered_on=version.at.date(),
                missing=missing,
                may={side: _may(side, version, body, members, clinician) for side in missing},
                text=_short(body.focus),
            )
        )
    return tuple(found)


def _missing(version: AgreementVersion) -> tuple[str, ...]:
    sides = (("social_work", version.social_work_by_id), ("clinical", version.clinical_by_id))
    return tuple(side for side, by_id in sides if by_id is None)


def _may(
    side: str, version: AgreementVersion, body: AgreementBody, members: Iterable[Member], clinician: str | None
) -> tuple[str, ...]:
    """Who is asked for a side: those named in the agreement, else the unit lead or the clinician. Nobody twice."""
    taken = version.clinical_by_id if side == "social_work" else version.social_work_by_id
    able = [one for one in members if one.person_id != taken and who.speaks_for(side, one.roles, one.unit_lead)]
    named = {body.lead, *(row.get("member") for row in body.roles)}
    chosen = [one for one in able if one.person_id in named]
    if not chosen and side == "social_work":
        chosen = [one for one in able if one.unit_lead]
    if not chosen and side == "clinical":
        chosen = [one for one in able if one.person_id == clinician] or [o for o in able if "clinician" in o.roles]
    return tuple(one.person_id for one in (chosen or able)[:2])


def _discussions(session: Session, unit: Unit, today: date) -> tuple[DiscussionKnown, ...]:
    wanted = (
        select(Discussion, Meeting)
        .join(Meeting, col(Meeting.id) == col(Discussion.meeting_id))
        .where(Discussion.unit_id == unit.id, Meeting.day >= max(today - LOOK_BACK, _began(unit)))
        .order_by(col(Meeting.day))
    )
    rows = list(session.exec(wanted))
    told = discussions.who_was_told(session, [row for row, _ in rows if row.state == DiscussionState.STOPPED])
    newest: dict[str, date] = {}
    for row, meeting in rows:
        if row.state != DiscussionState.PARKED:
            newest[row.family_id] = meeting.day
    zone = units.zone(unit)
    return tuple(
        DiscussionKnown(
            id=row.id,
            meeting_id=row.meeting_id,
            family_id=row.family_id,
            kind=row.kind,
            day=meeting.day,
            state=row.state,
            over=meeting.state == MeetingState.CLOSED,
            lead_id=row.lead_id,
            stopped_on=row.stopped_at.astimezone(zone).date() if row.stopped_at else None,
            told=row.id in told,
            copied=row.copied_at is not None,
            later=newest.get(row.family_id, date.min) > meeting.day,
        )
        for row, meeting in rows
    )


def _meetings_ahead(session: Session, unit: Unit, today: date) -> tuple[MeetingDay, ...]:
    """The unit's next meetings after today, those that fall on a bank holiday among them."""
    days = meeting_days.meeting_days(rhythm(session, unit), today + ONE_DAY)
    return tuple(islice(days, nudge_rules.MEETINGS_AHEAD))


# ---- reading bodies


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else line[: SHORT - 3].rstrip() + "..."
