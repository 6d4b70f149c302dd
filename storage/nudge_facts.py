"""What the rules of nudges need to know of a unit, in a fixed number of questions however long its history.

`family_ids` narrows it to some families, for a plan of what changed only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from prompts_and_forms import nudge_rules as rules
from prompts_and_forms.nudge_rules import ActionKnown, AgreementKnown, DiscussionKnown, FamilyKnown, Known, Member
from storage.bodies import ActionBody, AgreementBody, ChildBody, FamilyBody
from storage.nudge_expected import expected
from storage.tables import (
    Action,
    Agreement,
    AgreementVersion,
    Child,
    Discussion,
    Entry,
    Family,
    Meeting,
    Membership,
    Unit,
)
from storage.vault import unseal

LOOK_BACK = timedelta(days=60)
"""Older discussions are no longer chased: by then the next ones have taken their place."""
SOCIAL_WORK = frozenset({"consultant_social_worker", "social_worker"})
CLINICAL = frozenset({"clinician", "clinical_manager"})
SCHOOLS = ("school", "college", "nursery")
COMING = ("next_review", "conference", "next_core_group", "ccin_meeting")
SHORT = 160


def known(session: Session, unit: Unit, today: date, family_ids: Collection[str] | None = None) -> Known:
    """All that the rules look at, of the whole unit or of some families."""
    held = _families(session, unit, family_ids)
    bodies = {family.id: unseal(session, family, FamilyBody) for family in held}
    ids = list(bodies)
    members = _members(session, unit)
    return Known(
        unit_id=unit.id,
        today=today,
        members=members,
        families=_family_facts(session, unit, held, bodies),
        actions=_actions(session, ids),
        agreements=_agreements(session, ids, bodies, members),
        discussions=_discussions(session, unit, ids, today),
        expected=expected(session, unit, today, held, bodies),
        meetings_on=meetings_ahead(session, unit, today),
        drift_weeks=int(unit.settings.get("no_full_weeks") or rules.DRIFT_WEEKS),
    )


def _families(session: Session, unit: Unit, family_ids: Collection[str] | None) -> list[Family]:
    wanted = select(Family).where(Family.unit_id == unit.id, Family.status == "open")
    if family_ids is not None:
        wanted = wanted.where(col(Family.id).in_(family_ids))
    return list(session.exec(wanted))


def _members(session: Session, unit: Unit) -> tuple[Member, ...]:
    wanted = select(Membership).where(Membership.unit_id == unit.id, Membership.status != "left")
    return tuple(
        Member(
            person_id=place.person_id,
            roles=frozenset(place.roles),
            unit_lead=place.unit_lead,
            deputy=unit.deputy_id == place.person_id,
            on_leave=place.status == "on_leave",
            leave_from=place.leave_from,
            leave_until=place.leave_until,
            cover_id=place.cover_id,
        )
        for place in session.exec(wanted.order_by(col(Membership.linked), col(Membership.joined_on), Membership.id))
    )


# ---- families


def _family_facts(
    session: Session, unit: Unit, held: list[Family], bodies: dict[str, FamilyBody]
) -> tuple[FamilyKnown, ...]:
    ids = list(bodies)
    seen, at_school = _children(session, ids)
    done = _done(session, ids)
    tracked = _tracked(session, unit, ids)
    return tuple(
        _one_family(family, bodies[family.id], seen, family.id in at_school, done.get(family.id), tracked)
        for family in held
    )


def _one_family(
    family: Family,
    body: FamilyBody,
    seen: dict[str, date],
    at_school: bool,
    done: date | None,
    tracked: dict[str, date],
) -> FamilyKnown:
    clinical, permission = body.clinical, body.permission
    scope = [str(one) for one in permission.get("scope") or []]
    return FamilyKnown(
        family_id=family.id,
        category=family.category,
        allocated_on=family.allocated_on,
        lead_worker_id=family.lead_worker_id,
        clinician_id=_text(clinical.get("clinician")),
        clinical_state=str(clinical.get("state") or ""),
        consulted_on=_day(clinical.get("initial_consultation")),
        commissioned_on=_day(clinical.get("commissioning_meeting")),
        sessions=tuple(day for one in clinical.get("sessions") or [] if (day := _session_day(one)) is not None),
        review_after=int(clinical.get("review_after_sessions") or 6),
        reviewed_on=_day(clinical.get("last_review")),
        next_session=_day(clinical.get("next_session")),
        tracked_on=tracked.get(family.id),
        at_school=at_school,
        school_permission=permission.get("status") == "signed" and any(s in one for one in scope for s in SCHOOLS),
        last_full_on=family.last_full_on,
        last_seen_on=seen.get(family.id),
        last_done_on=done,
        coming={name: on for name, on in body.dates.items() if on is not None and name in COMING},
    )


def _session_day(one: Any) -> date | None:
    """A session as it was loaded or written: {"number", "date"} or {"number", "days"} made into a day, or a day."""
    if isinstance(one, dict):
        return next((day for key in ("date", "on", "days") if (day := _day(one.get(key))) is not None), None)
    return _day(one)


def _children(session: Session, ids: list[str]) -> tuple[dict[str, date], set[str]]:
    """When a child of the family was last seen, and which families have one at school."""
    seen: dict[str, date] = {}
    at_school: set[str] = set()
    for child in session.exec(select(Child).where(col(Child.family_id).in_(ids), col(Child.active))):
        if child.last_seen_on is not None:
            seen[child.family_id] = max(child.last_seen_on, seen.get(child.family_id, date.min))
        if child.family_id not in at_school and unseal(session, child, ChildBody).school:
            at_school.add(child.family_id)
    return seen, at_school


def _tracked(session: Session, unit: Unit, ids: list[str]) -> dict[str, date]:
    """The day on which clinical work was last written down for each family."""
    newest = (
        select(Entry.family_id, func.max(Entry.recorded_at))
        .where(col(Entry.family_id).in_(ids), Entry.form == "tracking_entry")
        .group_by(col(Entry.family_id))
    )
    zone = ZoneInfo(unit.timezone)
    return {str(family_id): _aware(at).astimezone(zone).date() for family_id, at in session.exec(newest)}


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _done(session: Session, ids: list[str]) -> dict[str, date]:
    """When an action of each family was last finished."""
    newest = (
        select(Action.family_id, func.max(Action.closed_on))
        .where(col(Action.family_id).in_(ids), Action.status == "done")
        .group_by(Action.family_id)
    )
    return {family_id: day for family_id, day in session.exec(newest) if day is not None}


# ---- what is open


def _actions(session: Session, ids: list[str]) -> tuple[ActionKnown, ...]:
    wanted = select(Action).where(
        col(Action.family_id).in_(ids), Action.status == "open", col(Action.due_on).is_not(None)
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
    session: Session, ids: list[str], bodies: dict[str, FamilyBody], members: tuple[Member, ...]
) -> tuple[AgreementKnown, ...]:
    wanted = (
        select(Agreement, AgreementVersion)
        .join(AgreementVersion, col(AgreementVersion.agreement_id) == col(Agreement.id))
        .where(
            col(Agreement.family_id).in_(ids),
            Agreement.status != "ended",
            col(AgreementVersion.no) == col(Agreement.current),
        )
    )
    found = []
    for agreement, version in session.exec(wanted):
        body = unseal(session, version, AgreementBody)
        missing = _missing(agreement, version)
        clinician = _text(bodies[agreement.family_id].clinical.get("clinician"))
        found.append(
            AgreementKnown(
                id=agreement.id,
                family_id=agreement.family_id,
                offered_on=version.at.date(),
                missing=missing,
                may={side: _may(side, version, body, members, clinician) for side in missing},
                lead_id=body.lead,
                review_on=agreement.review_on if agreement.status == "active" else None,
                text=_short(body.focus),
            )
        )
    return tuple(found)


def _missing(agreement: Agreement, version: AgreementVersion) -> tuple[str, ...]:
    if agreement.status != "offered":
        return ()
    sides = (("social_work", version.social_work_by_id), ("clinical", version.clinical_by_id))
    return tuple(side for side, by_id in sides if by_id is None)


def _may(
    side: str, version: AgreementVersion, body: AgreementBody, members: Iterable[Member], clinician: str | None
) -> tuple[str, ...]:
    """Who is asked for a side: those named in the agreement, else the unit lead or the clinician. Nobody twice."""
    taken = version.clinical_by_id if side == "social_work" else version.social_work_by_id
    able = [one for one in members if one.person_id != taken and _speaks(one, side)]
    named = {body.lead, *(row.get("member") for row in body.roles)}
    chosen = [one for one in able if one.person_id in named]
    if not chosen and side == "social_work":
        chosen = [one for one in able if one.unit_lead]
    if not chosen and side == "clinical":
        chosen = [one for one in able if one.person_id == clinician] or [o for o in able if "clinician" in o.roles]
    return tuple(one.person_id for one in (chosen or able)[:2])


def _speaks(member: Member, side: str) -> bool:
    if side == "social_work":
        return member.unit_lead or bool(SOCIAL_WORK & member.roles)
    return bool(CLINICAL & member.roles)


def _discussions(session: Session, unit: Unit, ids: list[str], today: date) -> tuple[DiscussionKnown, ...]:
    wanted = (
        select(Discussion, Meeting)
        .join(Meeting, col(Meeting.id) == col(Discussion.meeting_id))
        .where(Discussion.unit_id == unit.id, col(Discussion.family_id).in_(ids), Meeting.day >= today - LOOK_BACK)
        .order_by(col(Meeting.day))
    )
    rows = list(session.exec(wanted))
    told = _told(session, [row.id for row, _meeting in rows if row.state == "stopped"])
    newest: dict[str, date] = {}
    for row, meeting in rows:
        if row.state != "parked":
            newest[row.family_id] = meeting.day
    zone = ZoneInfo(unit.timezone)
    return tuple(
        DiscussionKnown(
            id=row.id,
            family_id=row.family_id,
            kind=row.kind,
            day=meeting.day,
            state=row.state,
            over=meeting.state == "closed",
            lead_id=row.lead_id,
            stopped_on=row.stopped_at.astimezone(zone).date() if row.stopped_at else None,
            told=row.stopped_at is not None and told.get(row.id, datetime.min.replace(tzinfo=UTC)) >= row.stopped_at,
            copied=row.copied_at is not None,
            later=newest.get(row.family_id, date.min) > meeting.day,
        )
        for row, meeting in rows
    )


def _told(session: Session, stopped: list[str]) -> dict[str, datetime]:
    """When it was last written down who was told, for each stopped discussion."""
    found: dict[str, datetime] = defaultdict(lambda: datetime.min.replace(tzinfo=UTC))
    if not stopped:
        return found
    wanted = select(Entry.discussion_id, Entry.recorded_at).where(
        col(Entry.discussion_id).in_(stopped), Entry.form == "stop", col(Entry.replaced_by_id).is_(None)
    )
    for discussion_id, at in session.exec(wanted):
        if discussion_id is not None:
            found[discussion_id] = max(found[discussion_id], at)
    return found


def meetings_ahead(session: Session, unit: Unit, today: date) -> tuple[date, ...]:
    """The unit's next meetings after today; without a weekday, counted on from the last one."""
    last = None
    if unit.weekday is None:
        last = session.exec(
            select(func.max(Meeting.day)).where(Meeting.unit_id == unit.id, col(Meeting.extra).is_(False))
        ).first()
    return rules.meetings_ahead(last, unit.every_days, unit.weekday, today)


# ---- reading bodies


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None


def _text(value: Any) -> str | None:
    return str(value) if value else None


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else line[: SHORT - 3].rstrip() + "..."
