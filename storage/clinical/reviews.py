"""Reviews that were held, and which are due: a fixed number of questions for however many families. No commit here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from prompts_and_forms.clinical import review_rules
from prompts_and_forms.clinical.review_rules import OF_CATEGORY, DueReview, KeptDue, Kind
from prompts_and_forms.days import timescale_file
from prompts_and_forms.days.timescales import Due, Rule
from prompts_and_forms.states import AgreementStatus
from storage.clinical import clinical_work
from storage.clinical.clinical_work import ClinicalWork
from storage.database.bodies import AgreementBody, ChildBody, FamilyBody, ReviewBody
from storage.database.columns import new_id
from storage.database.rows import insert_once
from storage.database.tables import Agreement, AgreementVersion, Child, Family, Unit
from storage.database.tables_measures import Review, RuleEdition
from storage.database.vault import Scope, seal, unseal
from storage.family import families, spells
from storage.family.spells import Spell
from storage.unit import people, units

SUPERVISED = "clinician"


@dataclass(frozen=True)
class Held:
    """A review as somebody recorded it."""

    kind: Kind
    held_on: date
    subject_id: str | None = None
    chaired_by_id: str | None = None
    next_on: date | None = None


# ---- what is due


def due_of_family(session: Session, family: Family) -> list[DueReview]:
    """Every review of one family, the most pressing first."""
    return due_of_families(session, [family], {family.id: families.body(session, family)})[family.id]


def due_of_families(
    session: Session, held: Sequence[Family], bodies: Mapping[str, FamilyBody]
) -> dict[str, list[DueReview]]:
    """The same for many families at once."""
    rules = timescale_file.rules()
    facts = _facts(session, held, bodies)
    return {family.id: review_rules.of_family(facts[family.id], rules) for family in held}


CLINICAL = (Kind.SIX_SESSIONS, Kind.AGREEMENT, Kind.PERMISSION, Kind.SUPERVISION, Kind.CLINICAL_STAFF)
"""Kinds that belong to the clinical work, whatever plan the family has."""
OF_A_PLAN = ("plan_start", "looked_after_since", "last_review")


def due_of_unit(session: Session, unit: Unit) -> list[DueReview]:
    """Supervision of each clinician, and the clinical staff meeting.

    The first of each is counted from the day the person joined or the unit came to the bot, whichever is later.
    """
    rules = timescale_file.rules()
    rows = _rows(session, col(Review.unit_id) == unit.id, col(Review.family_id).is_(None))
    began = unit.created_at.astimezone(units.zone(unit)).date()
    asked: list[tuple[Kind, str, date]] = [
        (Kind.SUPERVISION, person.id, max(began, membership.joined_on or began))
        for membership, person in people.members(session, unit.id)
        if SUPERVISED in membership.roles
    ]
    found = []
    for kind, subject, start in [*asked, (Kind.CLINICAL_STAFF, "", began)]:
        mine = [row for row in rows if row.kind == kind and (row.subject_id or "") == subject]
        days = tuple(row.held_on for row in mine)
        found.append(review_rules.of_unit(kind, subject, days, mine[-1].next_on if mine else None, rules, start))
    return found


def _facts(
    session: Session, held: Sequence[Family], bodies: Mapping[str, FamilyBody]
) -> dict[str, review_rules.Family]:
    ids = [family.id for family in held]
    rows: dict[str, list[Review]] = defaultdict(list)
    for row in _rows(session, col(Review.family_id).in_(ids)):
        rows[row.family_id or ""].append(row)
    spell, made = spells.of_families(session, held), _agreements(session, ids)
    seen: dict[str, list[review_rules.Child]] = defaultdict(list)
    wanted = select(Child).where(col(Child.family_id).in_(ids), col(Child.active)).order_by(col(Child.position))
    for child in session.exec(wanted):
        if not unseal(session, child, ChildBody).unborn:
            seen[child.family_id].append(review_rules.Child(child.id, child.last_seen_on))
    work = clinical_work.of_families(session, ids)
    return {
        id_: _one(family, bodies[id_], work[id_], rows[id_], spell[id_], made, seen)
        for id_, family in zip(ids, held, strict=True)
    }


def _one(
    family: Family,
    body: FamilyBody,
    work: ClinicalWork,
    rows: list[Review],
    spell: Spell,
    made: Mapping[str, tuple[review_rules.Agreement, ...]],
    seen: Mapping[str, list[review_rules.Child]],
) -> review_rules.Family:
    days: dict[str, tuple[date, ...]] = {}
    booked: dict[str, date] = {}
    kept: dict[str, KeptDue] = {}
    for row in rows:
        if _is_of_before(row, spell):
            continue
        key = f"{row.kind}:{row.subject_id}" if row.subject_id else row.kind
        days[key] = (*days.get(key, ()), row.held_on)
        booked.pop(key, None)
        if row.next_on:
            booked[key] = row.next_on
        if row.rule_id:
            kept[key] = KeptDue(row.held_on, row.due_on, row.plan_by, row.rule_id, row.edition)
    if work.reviewed_on:
        days[Kind.SIX_SESSIONS] = tuple(sorted({*days.get(Kind.SIX_SESSIONS, ()), work.reviewed_on}))
    return review_rules.Family(
        id=family.id,
        category=family.category,
        category_since=spell.since,
        dates={name: day for name, day in body.dates.items() if name not in OF_A_PLAN or spell.counts(day)},
        held=days,
        kept_due=kept,
        booked=booked,
        sessions=work.session_days,
        review_after_sessions=work.review_after,
        work_ended=work.ended_on,
        permission=body.permission,
        agreements=made.get(family.id, ()),
        children=tuple(seen.get(family.id, ())),
        visiting_days=family.visiting_days,
        allocated_on=family.allocated_on,
    )


def _is_of_before(row: Review, spell: Spell) -> bool:
    """Whether it belongs to an earlier plan, or to an earlier time of being looked after."""
    return row.kind not in CLINICAL and not spell.counts(row.held_on)


def _agreements(session: Session, ids: Sequence[str]) -> dict[str, tuple[review_rules.Agreement, ...]]:
    wanted = (
        select(Agreement, AgreementVersion)
        .join(AgreementVersion, col(AgreementVersion.agreement_id) == col(Agreement.id))
        .where(col(Agreement.family_id).in_(ids), Agreement.status == AgreementStatus.ACTIVE)
        .where(col(AgreementVersion.no) == col(Agreement.current))
    )
    found: dict[str, tuple[review_rules.Agreement, ...]] = {}
    for agreement, version in session.exec(wanted):
        after = unseal(session, version, AgreementBody).review.get("after_sessions")
        one = review_rules.Agreement(
            agreement.id, agreement.made_on, agreement.review_on, after if isinstance(after, int) else None
        )
        found[agreement.family_id] = (*found.get(agreement.family_id, ()), one)
    return found


# ---- what was held


def record(
    session: Session,
    *,
    unit_id: str,
    family: Family | None,
    held: Held,
    body: ReviewBody,
    by_id: str,
    now: datetime,
    entry_id: str | None = None,
) -> Review:
    """Keeps a review with the due date of the next one, and the family's key dates with it."""
    due = next_due(session, family, held)
    row = Review(
        unit_id=unit_id,
        family_id=family.id if family else None,
        subject_id=held.subject_id,
        kind=held.kind,
        held_on=held.held_on,
        chaired_by_id=held.chaired_by_id,
        next_on=held.next_on,
        due_on=due.on if due else None,
        plan_by=due.plan_by if due else None,
        rule_id=due.rule.id if due else "",
        edition=due.rule.edition if due else "",
        recorded_by_id=by_id,
        recorded_at=now,
        entry_id=entry_id,
    )
    seal(session, row, body, Scope.family(family.id) if family else Scope.unit(unit_id))
    session.add(row)
    session.flush()
    if due:
        remember(session, due.rule, now)
    if family is not None:
        _key_dates(session, family, held)
    return row


def next_due(session: Session, family: Family | None, held: Held) -> Due | None:
    """When the next one of its kind is due by the rules, once this one is held; None where no rule says."""
    days: tuple[date, ...] = (held.held_on,)
    start: date | None = None
    if family is not None:
        body = families.body(session, family)
        spell = spells.of_families(session, [family])[family.id]
        rows = [row for row in of_family(session, family.id) if row.kind == held.kind]
        earlier = [row.held_on for row in rows if not _is_of_before(row, spell)]
        known = body.dates.get("last_review") if OF_CATEGORY.get(family.category) is held.kind else None
        days = tuple(sorted({*earlier, held.held_on, *([known] if known and spell.counts(known) else [])}))
        days = days[: days.index(held.held_on) + 1]
        name = "looked_after_since" if held.kind is Kind.LAC_REVIEW else "plan_start"
        start = spell.began(body.dates.get(name))
    category = family.category if family else ""
    return review_rules.next_due(held.kind, category, days, start, timescale_file.rules())


def of_family(session: Session, family_id: str) -> list[Review]:
    """Reviews that were recorded, oldest first."""
    return _rows(session, col(Review.family_id) == family_id)


def of_unit(session: Session, unit_id: str) -> list[Review]:
    """Every review recorded in a unit, its families' and its own."""
    return _rows(session, col(Review.unit_id) == unit_id)


def by_id(session: Session, review_id: str | None) -> Review | None:
    """None for an unknown review."""
    return session.get(Review, review_id) if review_id else None


def body(session: Session, row: Review) -> ReviewBody:
    """What was written about a review."""
    return unseal(session, row, ReviewBody)


def remember(session: Session, rule: Rule, now: datetime) -> None:
    """Keeps the words of a rule, so that a due date kept by it can be explained when the rule has changed."""
    said = rule.model_dump(mode="json", by_alias=True)
    values = {"id": new_id(), "rule_id": rule.id, "edition": rule.edition, "first_used_at": now, "said": said}
    insert_once(session, RuleEdition, values, "rule_id", "edition")


def rule_words(session: Session, rule_id: str, edition: str, start: date) -> tuple[str, bool]:
    """What a rule said when a due date was worked out by it, and whether it says something else now."""
    now = timescale_file.rules().rule(rule_id, start)
    if now is not None and now.edition == edition:
        return now.in_words(), False
    kept = session.exec(
        select(RuleEdition).where(RuleEdition.rule_id == rule_id, RuleEdition.edition == edition)
    ).first()
    return (Rule.model_validate(kept.said).in_words(), True) if kept else ("", now is not None)


def _key_dates(session: Session, family: Family, held: Held) -> None:
    """The family's page says the same: last and next review, next core group, permission looked at."""
    known = families.body(session, family)
    dates = dict(known.dates)
    if OF_CATEGORY.get(family.category) is held.kind:
        if (dates.get("last_review") or date.min) > held.held_on:
            return
        dates |= {"last_review": held.held_on, "next_review": held.next_on}
        for name in ("conference",) if held.kind is Kind.CONFERENCE else ("ccin_meeting",):
            if (dates.get(name) or date.max) <= held.held_on:
                dates[name] = None
    elif held.kind is Kind.CORE_GROUP:
        dates["next_core_group"] = held.next_on
    else:
        return
    families.keep_body(session, family, known.model_copy(update={"dates": dates}))


def _rows(session: Session, *which: Any) -> list[Review]:
    wanted = select(Review).where(*which, col(Review.replaced_by_id).is_(None))
    return list(session.exec(wanted.order_by(col(Review.held_on), col(Review.recorded_at), col(Review.id))))
