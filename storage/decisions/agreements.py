"""Joint working agreements between social work and clinical work, version by version.

A version is offered, and counts once each side has confirmed it. A change is a new version that both confirm again.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from sqlmodel import Session, col, select

from prompts_and_forms.states import AgreementStatus
from storage.database.audit import audit
from storage.database.bodies import AgreementBody
from storage.database.tables import Agreement, AgreementVersion, Family
from storage.database.vault import Scope, seal, unseal

Side = Literal["social_work", "clinical"]
CHOICE_LENGTH = 70
MOST_CHOICES = 80


def offer(
    session: Session,
    family_id: str,
    body: AgreementBody,
    *,
    by_id: str | None,
    made_on: date,
    now: datetime,
    discussion_id: str | None = None,
    review_on: date | None = None,
    slug: str = "",
) -> Agreement:
    """A new agreement, offered: neither side has confirmed."""
    agreement = Agreement(
        family_id=family_id, slug=slug, discussion_id=discussion_id, made_on=made_on, review_on=review_on
    )
    session.add(agreement)
    session.flush()
    _new_version(session, agreement, body, by_id=by_id, now=now)
    _audit(session, "agreement_offered", agreement, by_id, now)
    return agreement


def change(
    session: Session,
    agreement: Agreement,
    body: AgreementBody,
    *,
    by_id: str,
    now: datetime,
    review_on: date | None = None,
) -> AgreementVersion:
    """A new version of the same agreement, offered again; the versions before stay as they were."""
    agreement.current += 1
    agreement.status = AgreementStatus.OFFERED
    agreement.review_on = review_on
    session.add(agreement)
    session.flush()
    version = _new_version(session, agreement, body, by_id=by_id, now=now)
    _audit(session, "agreement_changed", agreement, by_id, now)
    return version


def confirm(session: Session, agreement: Agreement, side: Side, *, by_id: str, now: datetime) -> bool:
    """One side says yes to the current version. True when with it both have, and the agreement is active."""
    version = current(session, agreement)
    if side == "social_work":
        version.social_work_by_id, version.social_work_at = by_id, now
    else:
        version.clinical_by_id, version.clinical_at = by_id, now
    session.add(version)
    both = version.social_work_by_id is not None and version.clinical_by_id is not None
    if both:
        agreement.status = AgreementStatus.ACTIVE
        session.add(agreement)
    session.flush()
    _audit(session, f"agreement_confirmed_{side}", agreement, by_id, now)
    return both


def end(session: Session, agreement: Agreement, noticed: str, *, by_id: str, on: date, now: datetime) -> None:
    """The work is over; what was noticed stays with the last version."""
    version = current(session, agreement)
    body = words(session, agreement).model_copy(update={"noticed": noticed})
    seal(session, version, body, Scope.family(agreement.family_id))
    session.add(version)
    agreement.status = AgreementStatus.ENDED
    agreement.ended_on = on
    session.add(agreement)
    session.flush()
    _audit(session, "agreement_ended", agreement, by_id, now)


def by_id(session: Session, agreement_id: str) -> Agreement | None:
    """None for an unknown agreement."""
    return session.get(Agreement, agreement_id)


def versions(session: Session, agreement: Agreement) -> list[tuple[AgreementVersion, AgreementBody]]:
    """Every version, oldest first."""
    query = select(AgreementVersion).where(AgreementVersion.agreement_id == agreement.id)
    rows = session.exec(query.order_by(col(AgreementVersion.no)))
    return [(row, unseal(session, row, AgreementBody)) for row in rows]


def current(session: Session, agreement: Agreement) -> AgreementVersion:
    """The version that counts now."""
    query = select(AgreementVersion).where(
        AgreementVersion.agreement_id == agreement.id, AgreementVersion.no == agreement.current
    )
    return session.exec(query).one()


def words(session: Session, agreement: Agreement) -> AgreementBody:
    """The current version as it was written."""
    return unseal(session, current(session, agreement), AgreementBody)


def of_family(session: Session, family_id: str, *, only_running: bool = False) -> list[Agreement]:
    """The family's agreements, newest first; `only_running` leaves out those that ended."""
    query = select(Agreement).where(Agreement.family_id == family_id)
    if only_running:
        query = query.where(Agreement.status != AgreementStatus.ENDED)
    return list(session.exec(query.order_by(col(Agreement.made_on).desc(), col(Agreement.slug), col(Agreement.id))))


def offered_in(session: Session, discussion_id: str) -> list[Agreement]:
    """The agreements offered in a discussion."""
    query = select(Agreement).where(Agreement.discussion_id == discussion_id)
    return list(session.exec(query.order_by(col(Agreement.made_on), col(Agreement.slug), col(Agreement.id))))


def waiting(session: Session, unit_id: str) -> list[Agreement]:
    """Agreements of a unit that one side or both have still to confirm, oldest first."""
    query = (
        select(Agreement)
        .join(Family, col(Family.id) == col(Agreement.family_id))
        .where(Family.unit_id == unit_id, Agreement.status == AgreementStatus.OFFERED)
        .order_by(col(Agreement.made_on), col(Agreement.id))
    )
    return list(session.exec(query))


def choices(session: Session, family_id: str) -> list[tuple[str, str]]:
    """Agreements a form may point at: (id, focus), newest first; those that ended come last and say so."""
    query = (
        select(Agreement, AgreementVersion)
        .join(AgreementVersion, col(AgreementVersion.agreement_id) == col(Agreement.id))
        .where(Agreement.family_id == family_id, col(AgreementVersion.no) == col(Agreement.current))
        .order_by(col(Agreement.status) == AgreementStatus.ENDED, col(Agreement.made_on).desc(), col(Agreement.id))
        .limit(MOST_CHOICES)
    )
    return [
        (row.id, _short(row, unseal(session, version, AgreementBody).focus)) for row, version in session.exec(query)
    ]


def _short(agreement: Agreement, focus: str) -> str:
    text = " ".join(focus.split())
    short = text if len(text) <= CHOICE_LENGTH else text[: CHOICE_LENGTH - 3].rstrip() + "..."
    return f"(ended) {short}" if agreement.status == AgreementStatus.ENDED else short


def _new_version(
    session: Session, agreement: Agreement, body: AgreementBody, *, by_id: str | None, now: datetime
) -> AgreementVersion:
    version = AgreementVersion(agreement_id=agreement.id, no=agreement.current, offered_by_id=by_id, at=now)
    seal(session, version, body, Scope.family(agreement.family_id))
    session.add(version)
    session.flush()
    return version


def _audit(session: Session, what: str, agreement: Agreement, person_id: str | None, now: datetime) -> None:
    family = session.get(Family, agreement.family_id)
    audit(
        session,
        at=now,
        what=what,
        row=agreement,
        person_id=person_id,
        unit_id=family.unit_id if family else None,
        family_id=agreement.family_id,
    )
