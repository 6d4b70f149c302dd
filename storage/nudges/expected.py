"""What other parts of the record expect of people: questionnaires, risk answers, signatures, reviews, supervision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import Session, col, select

from prompts_and_forms.clinical.review_rules import DueReview, Kind
from prompts_and_forms.days.reading import as_day
from prompts_and_forms.days.working_days import after_working_days
from prompts_and_forms.measures.planning import YEARLY, Planned, State
from prompts_and_forms.nudges.nudge_facts import Expected, FormsToCome, Signature
from prompts_and_forms.states import TransferState
from storage.clinical import reviews, signings
from storage.clinical.clinical_work import ClinicalWork
from storage.clinical.episodes import REFERRAL
from storage.database.bodies import FamilyBody, MeasureBody
from storage.database.tables import Family, Unit
from storage.database.tables_machinery import FamilyAccess, FamilyMove
from storage.database.tables_measures import Measure
from storage.database.tables_retention import SubjectRequest
from storage.database.vault import unseal
from storage.family import transfers
from storage.measures import planned as measures_planned
from storage.subject import requests
from storage.unit import people, units

SENT_BACK = timedelta(days=14)
"""A form that was given out is asked about again after two weeks."""
SIGN_WITHIN = 1
READ_WITHIN = 3
"""Working days: whoever wrote a form signs it the next day; the second to sign has to read it first."""
ANSWER_WITHIN = 2
"""Working days in which another unit's question about a family is answered, before anybody is reminded."""
ALERTS_FOR = timedelta(days=60)
ID = 32
"""Letters of a person's id; who referred may also be a word ("outside")."""
NEEDS_A_PERSON = ("yes", "unsure")
OF_KIND = {
    Kind.SIX_SESSIONS: "sixth_session",
    Kind.AGREEMENT: "agreement_review",
    Kind.VISIT: "visit",
    Kind.PERMISSION: "permission_review",
    Kind.SUPERVISION: "supervision",
    Kind.CLINICAL_STAFF: "supervision",
}


def expected(
    session: Session,
    unit: Unit,
    today: date,
    held: Sequence[Family],
    bodies: Mapping[str, FamilyBody],
    work: Mapping[str, ClinicalWork],
) -> tuple[Expected, ...]:
    """Everything expected for these families, and of the unit itself."""
    found = [*_alerts(session, list(bodies), today), *_unsigned(session, unit, work)]
    for family_id, planned in measures_planned.of_families(session, held, bodies, today).items():
        found += _questionnaires(family_id, planned)
    found += _referrals(work)
    for family_id, due in reviews.due_of_families(session, held, bodies).items():
        found += _reviews(family_id, due)
    found += [
        *_subject_access(session, unit),
        *_closed_families(session, list(bodies)),
        *_asked_for(session, unit, today),
    ]
    found += [one for review in reviews.due_of_unit(session, unit) for one in _review("", review, unit.id)]
    return tuple(found)


def _alerts(session: Session, ids: Sequence[str], today: date) -> Iterator[Expected]:
    since = datetime.combine(today - ALERTS_FOR, time(), UTC)
    wanted = select(Measure).where(
        col(Measure.family_id).in_(ids),
        col(Measure.replaced_by_id).is_(None),
        col(Measure.alert_read_at).is_(None),
        Measure.recorded_at >= since,
    )
    for row in session.exec(wanted):
        if unseal(session, row, MeasureBody).alert in NEEDS_A_PERSON:
            on = row.recorded_at.date()
            yield Expected("risk_item", row.id, on, ("lead", "clinician"), row.measure, row.family_id)


def _subject_access(session: Session, unit: Unit) -> Iterator[Expected]:
    """Answers to requests to see the record, also of families that are closed; none while the clock stands still."""
    wanted = (
        select(SubjectRequest)
        .join(Family, col(Family.id) == SubjectRequest.family_id)
        .where(Family.unit_id == unit.id, col(SubjectRequest.sent_on).is_(None))
    )
    for row in session.exec(wanted):
        on = requests.due(row)
        if on is not None:
            yield Expected("subject_access", row.id, on, (row.responsible_id,), "", row.family_id)


def _asked_for(session: Session, unit: Unit, today: date) -> Iterator[Expected]:
    """Families another unit would like this one to take, once for all that were asked for together; none is named.

    Whoever can say yes and may see them all: the lead, then the deputy, then a manager.
    """
    together: dict[str, list[FamilyMove]] = defaultdict(list)
    for move in transfers.of_units(session, unit.id):
        if move.to_unit_id == unit.id and move.state == TransferState.ASKED:
            together[move.together].append(move)
    for moves in together.values():
        seeing = transfers.who_may_answer(session, unit, [one.family_id for one in moves], today)
        first = min(moves, key=lambda one: (one.asked_at, one.id))
        on = after_working_days(first.asked_at.astimezone(units.zone(unit)).date(), ANSWER_WITHIN)
        theirs = session.get_one(Unit, first.from_unit_id)
        if seeing:
            yield Expected("transfer", first.id, on, (seeing[0].id,), theirs.name)


def _closed_families(session: Session, ids: Sequence[str]) -> Iterator[Expected]:
    """Families that are closed to somebody: whoever set it looks again on the day they named."""
    wanted = select(FamilyAccess).where(
        col(FamilyAccess.family_id).in_(ids),
        col(FamilyAccess.ended_at).is_(None),
        col(FamilyAccess.review_on).is_not(None),
    )
    first: dict[str, FamilyAccess] = {}
    for row in session.exec(wanted.order_by(col(FamilyAccess.review_on), col(FamilyAccess.id))):
        first.setdefault(row.family_id, row)
    for row in first.values():
        on = row.review_on
        assert on is not None
        yield Expected("access_review", row.family_id, on, (row.by_id,), "", row.family_id)


def _unsigned(session: Session, unit: Unit, work: Mapping[str, ClinicalWork]) -> Iterator[Expected]:
    """Forms that wait for a signature: of whoever wrote it, then of the second who signs; nobody signs twice."""
    waiting = [one for one in signings.waiting(session, unit.id) if one[1].family_id in work]
    memberships = people.members(session, unit.id) if waiting else []
    zone = units.zone(unit)
    for signing, entry in waiting:
        role = signings.missing(signing)[0]
        done = {one["person"] for one in signing.signed}
        able = [person.id for membership, person in memberships if role in membership.roles and person.id not in done]
        last = max((datetime.fromisoformat(one["at"]) for one in signing.signed), default=entry.recorded_at)
        on = after_working_days(last.astimezone(zone).date(), READ_WITHIN if done else SIGN_WITHIN)
        asked: tuple[str, ...] = tuple(able[:1]) or ("unit_coordinator",)
        if not done and able:
            clinician = work[entry.family_id or ""].clinician_id
            asked = tuple([one for one in (entry.recorded_by_id, clinician) if one in able][:1]) or asked
        how = "nobody" if not able else "asked" if done else "own"
        yield Expected("assessment", f"{signing.root_id}:{role}", on, asked, Signature(how, entry.id), entry.family_id)


def _referrals(work: Mapping[str, ClinicalWork]) -> Iterator[Expected]:
    """Referrals without an answer, once the day it was expected by has come: who referred, and who answers for it."""
    for family_id, done in work.items():
        panel = done.body.panel
        on = as_day(panel.get("decision_expected"))
        if on is None or REFERRAL not in done.body.awaiting:
            continue
        referrer = str(panel.get("referrer") or "")
        asked = (referrer, "lead") if len(referrer) == ID else ("clinician", "lead")
        yield Expected("referral", f"{family_id}:{panel.get('referred') or ''}", on, asked, "", family_id)


def _questionnaires(family_id: str, planned: Sequence[Planned]) -> Iterator[Expected]:
    """One line for each measure and point of a family, however many children and informants it has."""
    groups: dict[tuple[str, str], list[Planned]] = defaultdict(list)
    for one in planned:
        if one.state is State.WAITING_FOR_PERMISSION:
            groups["permission", one.point].append(one)
        elif one.is_open:
            groups[one.measure, one.point].append(one)
    for (measure, point), own in groups.items():
        kind = "permission" if measure == "permission" else "chi" if measure == "CHI_ESQ" else "sdq"
        asked = ("lead_worker",) if point == YEARLY else ("clinician",)
        only = (own[0].child, own[0].version if len(own) == 1 else "") if len({one.child for one in own}) == 1 else ()
        what = FormsToCome(measure, point, len(own), *only)
        yield Expected(kind, f"{family_id}:{measure}:{point}", min(map(_asked_on, own)), asked, what, family_id)


def _asked_on(one: Planned) -> date:
    return max(one.due_on, one.sent_on + SENT_BACK) if one.sent_on else one.due_on


def _reviews(family_id: str, due: Sequence[DueReview]) -> Iterator[Expected]:
    """The review after six sessions is also the moment to look at the agreement: it is asked for once."""
    both = any(one.kind is Kind.SIX_SESSIONS and one.day for one in due)
    visits = [one for one in due if one.kind is Kind.VISIT and one.day]
    for review in due:
        if review.kind is not Kind.VISIT and not (both and review.kind is Kind.AGREEMENT):
            yield from _review(family_id, review, family_id)
    if visits:
        first = min(visits, key=lambda one: one.day or date.max)
        yield from _review(family_id, first, family_id)


def _review(family_id: str, review: DueReview, about: str) -> Iterator[Expected]:
    if review.day is None:
        return
    kind = OF_KIND.get(review.kind, "review")
    subject = about if review.kind is Kind.VISIT else f"{about}:{review.kind}:{review.subject}"
    if review.kind is Kind.AGREEMENT:
        subject = review.subject
    asked: tuple[str, ...] = (review.asked,)
    if review.kind is Kind.CCIN_REVIEW:
        asked = ("lead_worker", review.asked)
    if review.kind is Kind.SUPERVISION:
        asked = (review.subject, review.asked)
    yield Expected(kind, subject, review.day, asked, review.kind.value, family_id or None, review.statutory)
