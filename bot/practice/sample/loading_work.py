"""Keeping a unit file: ideas, agreements, actions and earlier meetings."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import SQLModel

from bot.practice.sample.loading import Loading
from bot.practice.sample.unit_format import (
    ActionPart,
    ContractPart,
    DiscussedThen,
    HypothesisPart,
    MeetingPart,
    with_dates,
)
from prompts_and_forms.states import (
    ActionStatus,
    AgreementStatus,
    DiscussionState,
    ItemState,
    MeetingState,
    MemberStatus,
)
from storage.database.bodies import (
    ActionBody,
    AgreementBody,
    Body,
    HypothesisBody,
    HypothesisChangeBody,
    ReflectionBody,
    TextBody,
)
from storage.database.tables import (
    Action,
    ActionChange,
    AgendaItem,
    Agreement,
    AgreementVersion,
    Attendance,
    Discussion,
    Hypothesis,
    HypothesisChange,
    Meeting,
    Reflection,
)
from storage.database.vault import Scope, Sealed, seal
from storage.unit.people import OUTSIDE

LAST_STAGE = {"full": "close", "light": "l_next"}
NOON = time(12)


def keep_hypotheses(loading: Loading) -> None:
    """Writes the ideas of the file."""
    for part in loading.file.hypotheses:
        _hypothesis(loading, part)


def keep_agreements(loading: Loading) -> None:
    """Writes the agreements of the file."""
    for part in loading.file.contracts:
        _agreement(loading, part)


def keep_actions(loading: Loading) -> None:
    """Writes the actions of the file."""
    for part in loading.file.actions:
        _action(loading, part)


def keep_meetings(loading: Loading) -> None:
    """Writes the earlier meetings of the file."""
    for part in loading.file.meetings:
        _meeting(loading, part)


def _hypothesis(loading: Loading, part: HypothesisPart) -> None:
    at = _moment(loading, part.raised.on(loading.day), NOON)
    idea = Hypothesis(
        slug=part.id,
        family_id=loading.families[part.family],
        status=part.status,
        offered_by_id=loading.person(part.owner),
        offered_outside=part.owner == OUTSIDE,
        raised_on=part.raised.on(loading.day),
        test_due_on=loading.on(part.review),
        riskiest=part.riskiest_if_dropped,
        recorded_at=at,
    )
    body = HypothesisBody(**part.model_dump(include=set(HypothesisBody.model_fields)))
    _seal_and_add(loading, idea, body)
    loading.hypotheses[part.id] = idea.id
    change = HypothesisChange(
        hypothesis_id=idea.id, at=at, by_id=idea.offered_by_id, what="offered", status=part.status
    )
    _seal_and_add(loading, change, HypothesisChangeBody(), idea.family_id)


def _agreement(loading: Loading, part: ContractPart) -> None:
    made_on = part.made.on(loading.day)
    at = _moment(loading, made_on, NOON)
    agreement = Agreement(
        slug=part.id,
        family_id=loading.families[part.family],
        status=part.status,
        made_on=made_on,
        review_on=_day(with_dates(part.review, loading.day).get("date")),
    )
    loading.session.add(agreement)
    loading.session.flush()
    loading.agreements[part.id] = agreement.id
    version = AgreementVersion(agreement_id=agreement.id, no=1, offered_by_id=loading.person(part.lead), at=at)
    if part.status != AgreementStatus.OFFERED:
        version.social_work_by_id, version.social_work_at = _social_worker(loading, part), at
        version.clinical_by_id, version.clinical_at = _clinician(loading, part), at
    _seal_and_add(loading, version, _agreement_body(loading, part), agreement.family_id)
    _reflection(loading, part, agreement, at)


def _agreement_body(loading: Loading, part: ContractPart) -> AgreementBody:
    held = part.model_dump(include=set(AgreementBody.model_fields) - {"permission_signed"})
    held = with_dates({name: value for name, value in held.items() if value is not None}, loading.day)
    for name in ("lead", "safeguarding_by", "asks", "observes"):
        if name in held:
            held[name] = loading.who(held[name])
    held["roles"] = [{**role, "member": loading.who(role.get("member"))} for role in held.get("roles", [])]
    if "by" in held.get("notes", {}):
        held["notes"]["by"] = loading.who(held["notes"]["by"])
    return AgreementBody(**held, permission_signed=loading.on(part.permission_signed))


def _reflection(loading: Loading, part: ContractPart, agreement: Agreement, at: datetime) -> None:
    """The clinician's own view of the boundary: under the person's key, never with the agreement."""
    person_id = _clinician(loading, part) or loading.person(part.lead)
    if part.boundary_check is None or person_id is None:
        return
    reflection = Reflection(
        person_id=person_id,
        unit_id=loading.unit.id,
        agreement_id=agreement.id,
        reading=part.boundary_check.reading,
        at=at,
    )
    seal(loading.session, reflection, ReflectionBody(note=part.boundary_check.note), Scope.person(person_id))
    loading.session.add(reflection)
    loading.session.flush()


def _action(loading: Loading, part: ActionPart) -> None:
    action = Action(
        slug=part.id,
        family_id=loading.families[part.family],
        owner_id=loading.person(part.owner),
        owner_outside=part.owner == OUTSIDE,
        created_on=part.created.on(loading.day),
        original_due_on=loading.on(part.original_due),
        due_on=loading.on(part.due),
        carried_over=part.carried_over,
        status=part.status,
        closed_on=loading.on(part.closed),
        plan_outcome=part.plan_outcome,
    )
    _seal_and_add(loading, action, ActionBody(**part.model_dump(include=set(ActionBody.model_fields))))
    loading.actions[part.id] = action.id
    _action_change(loading, action, "made", action.created_on, action.original_due_on)
    if part.status != ActionStatus.OPEN:
        _action_change(loading, action, part.status, action.closed_on or action.created_on, action.due_on)


def _action_change(loading: Loading, action: Action, what: str, on: date, due_on: date | None) -> None:
    at = _moment(loading, on, NOON)
    change = ActionChange(action_id=action.id, at=at, what=what, due_on=due_on, owner_id=action.owner_id)
    _seal_and_add(loading, change, TextBody(), action.family_id)


def _meeting(loading: Loading, part: MeetingPart) -> None:
    """An earlier meeting, closed, with each family it discussed as a closed and confirmed discussion."""
    day = part.on(loading.day)
    opened = _moment(loading, day, time.fromisoformat(loading.unit.start))
    closed = opened + timedelta(minutes=max(loading.unit.length_minutes, sum(d.minutes for d in part.discussed)))
    chair = loading.person(part.chair)
    meeting = Meeting(
        unit_id=loading.unit.id,
        day=day,
        extra=part.extra,
        state=MeetingState.CLOSED,
        opened_at=opened,
        opened_by_id=chair,
        closed_at=closed,
        facilitator_id=chair,
    )
    _add(loading, meeting)
    for state, people in (("present", part.present), ("apologies", part.apologies)):
        for person_id in dict.fromkeys(loading.person(who) for who in people):
            if person_id is not None:
                loading.session.add(Attendance(meeting_id=meeting.id, person_id=person_id, state=state))
    started = opened
    for position, discussed in enumerate(part.discussed, start=1):
        started = _discussed(loading, meeting, part, position, discussed, started)
    loading.session.flush()


def _discussed(
    loading: Loading, meeting: Meeting, part: MeetingPart, position: int, then: DiscussedThen, started: datetime
) -> datetime:
    """One family of an earlier meeting; returns when it was over."""
    over = started + timedelta(minutes=then.minutes)
    family_id = loading.families[then.family]
    item = AgendaItem(
        meeting_id=meeting.id,
        family_id=family_id,
        position=position,
        kind=then.kind,
        rule_kind=then.kind,
        minutes=then.minutes,
        state=ItemState.DONE,
    )
    loading.session.add(item)
    stage = LAST_STAGE[then.kind]
    discussion = Discussion(
        meeting_id=meeting.id,
        family_id=family_id,
        unit_id=loading.unit.id,
        kind=then.kind,
        first_kind=then.kind,
        stage=stage,
        state=DiscussionState.CLOSED,
        present=[found for found in (loading.person(who) for who in part.present) if found],
        visited=[stage],
        started_at=started,
        stage_at=started,
        closed_at=over,
        confirmed_at=over,
        confirmed_by_id=meeting.facilitator_id,
        copied_at=over,
    )
    loading.session.add(discussion)
    return over


def _clinician(loading: Loading, part: ContractPart) -> str | None:
    """Who stands for the clinical side: the clinician with a role in it, else the family's, else the unit's."""
    named = [str(role.get("member")) for role in part.roles] + [part.lead or ""]
    family = next((f for f in loading.file.families if f.ref == part.family), None)
    named.append(str(family.clinical.get("clinician")) if family else "")
    named += [member.id for member in loading.file.members if member.status != MemberStatus.LEFT]
    return next((loading.person(who) for who in named if _has_role(loading, who, "clinician")), None)


def _social_worker(loading: Loading, part: ContractPart) -> str | None:
    """Who stands for social work: somebody with a role in it who is no clinician, else the unit's lead."""
    named = [str(role.get("member")) for role in part.roles]
    named += [member.id for member in loading.file.members if member.unit_lead]
    return next(
        (loading.person(w) for w in named if w in loading.people and not _has_role(loading, w, "clinician")), None
    )


def _has_role(loading: Loading, slug: str, role: str) -> bool:
    member = loading.member(slug)
    return member is not None and role in member.roles


def _moment(loading: Loading, day: date, at: time) -> datetime:
    return datetime.combine(day, at, ZoneInfo(loading.unit.timezone)).astimezone(UTC)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _add(loading: Loading, row: SQLModel) -> None:
    loading.session.add(row)
    loading.session.flush()


def _seal_and_add(loading: Loading, row: Any, body: Body, family_id: str | None = None) -> None:
    sealed: Sealed = row
    seal(loading.session, sealed, body, Scope.family(family_id or row.family_id))
    _add(loading, row)
