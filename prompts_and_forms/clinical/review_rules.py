"""Which reviews are due, by what rule, and who is asked. Pure: what is known goes in, what is due comes out.

Sources: timescales.yaml names them rule by rule. A date booked for a review is shown beside the last day the rule
allows; neither takes the other's place. A due date kept with a review stays, also when its rule changes later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from prompts_and_forms.days.timescales import Due, Rule, Rules, due_by_sessions
from prompts_and_forms.days.visiting import CHILD_PROTECTION, see_by
from prompts_and_forms.days.visiting import RULES as VISIT_RULES

FIRST_CORE_GROUP_ONLY = timedelta(days=28)
"""A core group booked later than this after the plan began is not the first: that one was before the bot came."""
FIRST_REVIEW_LATEST = timedelta(days=60)
"""A first looked-after review lies within 20 working days; a last review later than this is not the first."""
CONSENT = ("signed", "part_signed", "verbal", "out_of_date")


class Kind(StrEnum):
    CONFERENCE = "conference"
    CORE_GROUP = "core_group"
    COMPLEX_CASE = "complex_case"
    CIN_REVIEW = "cin_review"
    CIN_MANAGER = "cin_manager"
    CCIN_REVIEW = "ccin_review"
    LAC_REVIEW = "lac_review"
    SIX_SESSIONS = "six_sessions"
    AGREEMENT = "agreement"
    PERMISSION = "permission"
    VISIT = "visit"
    SUPERVISION = "supervision"
    CLINICAL_STAFF = "clinical_staff"


OF_CATEGORY = {
    CHILD_PROTECTION: Kind.CONFERENCE,
    "child_in_need": Kind.CIN_REVIEW,
    "complex_child_in_need": Kind.CCIN_REVIEW,
    "looked_after": Kind.LAC_REVIEW,
}
"""The review a plan of that category is saved on course by; its dates are the family's last and next review."""
OF_THE_UNIT = (Kind.SUPERVISION, Kind.CLINICAL_STAFF)
ASKED = {
    Kind.CCIN_REVIEW: "team_manager",
    Kind.CIN_MANAGER: "team_manager",
    Kind.COMPLEX_CASE: "group_manager",
    Kind.SIX_SESSIONS: "clinician",
    Kind.AGREEMENT: "clinician",
    Kind.SUPERVISION: "clinical_manager",
    Kind.CLINICAL_STAFF: "clinical_manager",
    Kind.PERMISSION: "lead_worker",
    Kind.VISIT: "lead_worker",
}
"""Who sees to it; everything else is the lead worker's."""


@dataclass(frozen=True)
class Child:
    id: str
    seen_on: date | None = None


@dataclass(frozen=True)
class Agreement:
    id: str
    made_on: date
    review_on: date | None = None
    after_sessions: int | None = None


@dataclass(frozen=True)
class KeptDue:
    """A due date as it was worked out when the last review was recorded, with the edition of its rule."""

    start: date
    on: date | None
    plan_by: date | None
    rule_id: str
    edition: str


@dataclass(frozen=True)
class Family:
    """What is known of a family. `dates` are its named key dates; `held` the days of recorded reviews, oldest first."""

    id: str
    category: str
    category_since: date | None = None
    dates: Mapping[str, date | None] = field(default_factory=dict)
    held: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    kept_due: Mapping[str, KeptDue] = field(default_factory=dict)
    booked: Mapping[str, date] = field(default_factory=dict)
    sessions: tuple[date, ...] = ()
    review_after_sessions: int | None = None
    work_ended: date | None = None
    permission: Mapping[str, Any] = field(default_factory=dict)
    agreements: tuple[Agreement, ...] = ()
    children: tuple[Child, ...] = ()
    visiting_days: int | None = None
    allocated_on: date | None = None


@dataclass(frozen=True)
class DueReview:
    """`on`: the last day the rule allows; `plan_by`: the last working day up to it; `booked`: the day somebody set.

    `start`: the day its clock started. All three days None = nothing is known yet ("no date kept").
    """

    kind: Kind
    family: str = ""
    subject: str = ""
    start: date | None = None
    on: date | None = None
    plan_by: date | None = None
    booked: date | None = None
    rule_id: str = ""
    edition: str = ""
    statutory: bool = False

    @property
    def day(self) -> date | None:
        """The day to look at first: what is booked, as long as that is in time; else the last day in time."""
        if self.booked and self.on:
            return min(self.booked, self.on)
        return self.booked or self.on

    @property
    def asked(self) -> str:
        """Who is asked to arrange it, by role."""
        return ASKED.get(self.kind, "lead_worker")

    def is_late(self, today: date) -> bool:
        """Whether its day has gone by."""
        return self.day is not None and self.day < today

    def booked_too_late(self) -> bool:
        """Whether the day somebody set is after the last one the rule allows."""
        return self.booked is not None and self.on is not None and self.booked > self.on


def of_family(family: Family, rules: Rules) -> list[DueReview]:
    """Every review a family has coming or open, the most pressing first; what has no date comes last."""
    found = [
        *_plan_review(family, rules),
        *_core_group(family, rules),
        *_triggers(family, rules),
        *_clinical(family, rules),
        *_permission(family, rules),
        *_visits(family, rules),
    ]
    return sorted(found, key=lambda one: (one.day is None, one.day or date.max, one.kind, one.subject))


def of_unit(
    kind: Kind,
    subject: str,
    held: tuple[date, ...],
    booked: date | None,
    rules: Rules,
    start: date | None = None,
) -> DueReview:
    """Supervision of one person, or the clinical staff meeting (`subject` ""); the first is counted from `start`."""
    rule_id = "supervision_monthly" if kind is Kind.SUPERVISION else "clin_staff_3m"
    due = _due(rules, rule_id, held[-1] if held else start)
    return _review(kind, "", subject, due, booked if booked and (not held or booked > held[-1]) else None)


def next_due(kind: Kind, category: str, held: tuple[date, ...], start: date | None, rules: Rules) -> Due | None:
    """The due date that follows a review of a plan, a core group, supervision or a staff meeting; None for others."""
    last = held[-1] if held else None
    match kind:
        case Kind.CONFERENCE:
            return _due(rules, "rcpc_later_6m", last) if last else _due(rules, "rcpc_first_3m", start)
        case Kind.LAC_REVIEW:
            return _looked_after(rules, held, start)
        case Kind.CIN_REVIEW:
            return _due(rules, "cin_review", last or start)
        case Kind.CCIN_REVIEW:
            return _due(rules, "ccin_review_3m", last or start)
        case Kind.CORE_GROUP:
            return _due(rules, "core_group_next", last) if last else _due(rules, "core_group_10wd", start)
        case Kind.CIN_MANAGER:
            return _due(rules, "cin_manager_6m", last or start)
        case Kind.SUPERVISION:
            return _due(rules, "supervision_monthly", last)
        case Kind.CLINICAL_STAFF:
            return _due(rules, "clin_staff_3m", last)
        case _:
            return None


def _looked_after(rules: Rules, held: tuple[date, ...], start: date | None) -> Due | None:
    if not held:
        return _due(rules, "lac_first_review_20wd", start)
    only_first = len(held) == 1 and start is not None and held[0] - start <= FIRST_REVIEW_LATEST
    return _due(rules, "lac_second_review_3m" if only_first else "lac_later_review_6m", held[-1])


def _plan_review(family: Family, rules: Rules) -> Iterator[DueReview]:
    kind = OF_CATEGORY.get(family.category)
    if kind is None:
        return
    start = family.dates.get("plan_start") or family.category_since
    if kind is Kind.LAC_REVIEW:
        start = family.dates.get("looked_after_since") or family.category_since or start
    named = family.dates.get("last_review")
    held = _with(family.held.get(kind, ()), named if named and (start is None or named >= start) else None)
    booked = _later(family, held, family.booked.get(kind), *_booked(family, kind))
    yield _held_or_kept(family, kind, held, start, booked, rules)


def _booked(family: Family, kind: Kind) -> tuple[date | None, ...]:
    named = {Kind.CONFERENCE: ("next_review", "conference"), Kind.CCIN_REVIEW: ("next_review", "ccin_meeting")}
    return tuple(family.dates.get(name) for name in named.get(kind, ("next_review",)))


def _core_group(family: Family, rules: Rules) -> Iterator[DueReview]:
    if family.category != CHILD_PROTECTION:
        return
    start = family.dates.get("plan_start") or family.category_since
    held = family.held.get(Kind.CORE_GROUP, ())
    booked = _later(family, held, family.booked.get(Kind.CORE_GROUP), family.dates.get("next_core_group"))
    if not held and start and booked and booked - start > FIRST_CORE_GROUP_ONLY:
        yield DueReview(Kind.CORE_GROUP, family.id, booked=booked)
        return
    yield _held_or_kept(family, Kind.CORE_GROUP, held, start, booked, rules)


def _triggers(family: Family, rules: Rules) -> Iterator[DueReview]:
    start = family.dates.get("plan_start") or family.category_since
    if start is None:
        return
    if family.category == CHILD_PROTECTION and not family.held.get(Kind.COMPLEX_CASE):
        yield _review(Kind.COMPLEX_CASE, family.id, "", rules.due("cp_18m_complex", start), None)
    if family.category == "child_in_need":
        held = family.held.get(Kind.CIN_MANAGER, ())
        yield _held_or_kept(family, Kind.CIN_MANAGER, held, start, None, rules)


def _clinical(family: Family, rules: Rules) -> Iterator[DueReview]:
    last = max(family.held.get(Kind.SIX_SESSIONS, ()), default=None)
    if family.work_ended is None and family.sessions:
        due = _by_sessions(rules, "clin_review_6", family.sessions, last, family.review_after_sessions)
        if due is not None:
            yield _review(Kind.SIX_SESSIONS, family.id, "", due, None)
    for agreement in family.agreements:
        key = f"{Kind.AGREEMENT}:{agreement.id}"
        held = max(family.held.get(key, ()), default=None)
        booked = family.booked.get(key) or agreement.review_on
        booked = booked if booked and (held is None or booked > held) else None
        since = max(held or agreement.made_on, agreement.made_on) - timedelta(days=0 if held else 1)
        due = _by_sessions(rules, "agreement_review_6", family.sessions, since, agreement.after_sessions)
        due = None if booked else due
        if booked or due:
            yield _review(Kind.AGREEMENT, family.id, agreement.id, due, booked)


def _permission(family: Family, rules: Rules) -> Iterator[DueReview]:
    said = family.permission
    signed, ends = _day(said.get("signed")), _day(said.get("ends"))
    if said.get("status") not in CONSENT or said.get("withdrawn") or not (signed or ends):
        return
    looked = max([day for day in (signed, *family.held.get(Kind.PERMISSION, ())) if day], default=None)
    yield _review(Kind.PERMISSION, family.id, "", rules.due("permission_review_12m", looked) if looked else None, ends)


def _visits(family: Family, rules: Rules) -> Iterator[DueReview]:
    """When each child is to be seen; one who was never seen, counted from the plan or the allocation."""
    rule_id = VISIT_RULES.get(family.category, "")
    for child in family.children:
        start = child.seen_on or _never_seen_since(family)
        if start is None:
            yield DueReview(Kind.VISIT, family.id, child.id, rule_id=rule_id)
        elif family.visiting_days is not None:
            on = see_by(family.category, start, family.visiting_days)
            yield DueReview(Kind.VISIT, family.id, child.id, start=start, on=on, plan_by=on)
        else:
            yield _review(Kind.VISIT, family.id, child.id, rules.due(rule_id, start), None)


def _never_seen_since(family: Family) -> date | None:
    """The later of the day the plan began and the day the family came to the unit: before, it was for others."""
    days = (family.dates.get("plan_start") or family.category_since, family.allocated_on)
    return max((day for day in days if day is not None), default=None)


def _held_or_kept(
    family: Family, kind: Kind, held: tuple[date, ...], start: date | None, booked: date | None, rules: Rules
) -> DueReview:
    """The due date kept with the last recorded review, when there is one; otherwise worked out now."""
    kept = family.kept_due.get(kind)
    if kept is not None and held and kept.start == held[-1]:
        rule = rules.rule(kept.rule_id, kept.start)
        return DueReview(
            kind, family.id, "", kept.start, kept.on, kept.plan_by, booked, kept.rule_id, kept.edition,
            statutory=rule.statutory if rule else False,
        )  # fmt: skip
    return _review(kind, family.id, "", next_due(kind, family.category, held, start, rules), booked)


def _review(kind: Kind, family: str, subject: str, due: Due | None, booked: date | None) -> DueReview:
    if due is None:
        return DueReview(kind, family, subject, booked=booked)
    return DueReview(
        kind, family, subject, due.start, due.on, due.plan_by, booked, due.rule.id, due.rule.edition, due.rule.statutory
    )


def _by_sessions(
    rules: Rules, rule_id: str, sessions: tuple[date, ...], since: date | None, limit: int | None
) -> Due | None:
    rule = rules.rule(rule_id, sessions[0]) if sessions else None
    if rule is None:
        return None
    own: Rule = rule.model_copy(update={"limit": limit}) if limit else rule
    due = due_by_sessions(own, sessions, since)
    return Due(rule, due.start, due.on, due.plan_by) if due else None


def _later(family: Family, held: tuple[date, ...], *days: date | None) -> date | None:
    """The earliest day somebody set that no held review has used up."""
    last = held[-1] if held else date.min
    return min((day for day in days if day and day > last), default=None)


def _with(held: tuple[date, ...], named: date | None) -> tuple[date, ...]:
    return tuple(sorted({*held, named})) if named else tuple(sorted(set(held)))


def _due(rules: Rules, rule_id: str, start: date | None) -> Due | None:
    return rules.due(rule_id, start) if start else None


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if isinstance(value, str) and value else None
