"""The figures managers see, each one pure function: facts and a day go in, a numerator and a denominator come out.

What each of them says in words, and how it is counted, is in wording.py; small numbers are shown by small_numbers.py.
Not one of them is about a worker.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from prompts_and_forms.clinical.pathway import load as pathway
from prompts_and_forms.clinical.review_rules import Kind
from prompts_and_forms.days.timescales import months_later
from prompts_and_forms.days.working_days import after_working_days
from prompts_and_forms.managers.facts import EpisodeFact, FormFact, UnitFacts
from prompts_and_forms.measures import added_value
from prompts_and_forms.measures.change import Verdict
from prompts_and_forms.measures.planning import END, START, State
from prompts_and_forms.meeting.drift import MAY_DRIFT

WEEK, SIX_WEEKS = timedelta(days=7), timedelta(days=42)
QUARTER = timedelta(days=91)
"""Thirteen weeks."""
FELL_DUE = timedelta(days=90)
SDQ_WITHIN = timedelta(days=14)
ONE_SIDE_DAYS, COPY_DAYS = 5, 2
"""Working days."""
CARRIED = 2
SUPERVISION = "supervision"
CCIN = "complex_child_in_need"
UP = ("child_protection", "looked_after")
"""Where a complex child in need family goes when it goes up: child protection, or court and care."""
LEAST_FOR_AN_AVERAGE = 10


@dataclass(frozen=True)
class Part:
    """A piece of a figure, or a column beside it: a code, how many, and of how many where that makes sense."""

    code: str
    count: int
    of: int | None = None


@dataclass(frozen=True)
class Figure:
    """`count` of `of`. `parts` make it up, `apart` stands beside it and is in neither. `average` has its own `over`.

    `families` are those the numerator (or, where it says what is missing, the gap) is about.
    """

    id: str
    count: int
    of: int
    parts: tuple[Part, ...] = ()
    apart: tuple[Part, ...] = ()
    average: Decimal | None = None
    over: int = 0
    families: tuple[str, ...] = ()


# ---- the meeting


def discussed_week(facts: UnitFacts, day: date) -> Figure:
    """Open families discussed in the seven days up to yesterday, of those that came a week ago or more.

    Today does not count yet: before the meeting it would show none, and after it two weeks at once.
    """
    return _discussed("discussed_week", facts, day, WEEK, full=False)


def full_discussion(facts: UnitFacts, day: date) -> Figure:
    """The same for full discussions in six weeks."""
    return _discussed("full_discussion", facts, day, SIX_WEEKS, full=True)


def _discussed(name: str, facts: UnitFacts, day: date, within: timedelta, *, full: bool) -> Figure:
    about = [
        one
        for one in facts.families
        if one.is_open(day) and one.allocated_on is not None and one.allocated_on <= day - within
    ]
    gap = [one for one in about if not any(day - within <= on < day for on in (one.full if full else one.discussed))]
    return Figure(name, len(about) - len(gap), len(about), families=tuple(one.id for one in gap))


def drift(facts: UnitFacts, day: date) -> Figure:
    """Child in need families that have stood still for the set time; those nothing is known of stand apart."""
    about = [one for one in facts.families if one.is_open(day) and one.category in MAY_DRIFT]
    known = [one for one in about if one.moved_on is not None]
    still = [one for one in known if one.moved_on and (day - one.moved_on).days // 7 >= facts.drift_weeks]
    unknown = Part("nothing_known", len(about) - len(known))
    return Figure("drift", len(still), len(known), apart=(unknown,), families=tuple(one.id for one in still))


# ---- reviews and visits


def reviews_late(facts: UnitFacts, day: date) -> Figure:
    """Reviews that are late now, by kind, the one that waits longest first."""
    longest: dict[str, date] = {}
    for one in facts.late:
        longest[one.kind] = min(one.since, longest.get(one.kind, one.since))
    count = Counter(one.kind for one in facts.late)
    kinds = sorted(longest, key=lambda kind: (longest[kind], kind))
    parts = tuple(Part(kind, count[kind]) for kind in kinds)
    days = tuple(Part(f"longest:{kind}", (day - longest[kind]).days) for kind in kinds)
    of = len(facts.late)
    return Figure("reviews_late", of, of, parts=parts, apart=days, families=_each(one.family_id for one in facts.late))


def reviews_on_time(facts: UnitFacts, day: date) -> Figure:
    """Reviews held on or before the day they were due, of all that fell due in 90 days, held or not."""
    fell = [one for one in facts.reviews if day - FELL_DUE < one.due_on <= day]
    held = [one for one in fell if one.held_on is not None and one.held_on <= one.due_on]
    late = _each(one.family_id for one in fell if one not in held)
    return Figure("reviews_on_time", len(held), len(fell), families=late)


def children_seen(facts: UnitFacts, day: date) -> Figure:
    """Children seen within their interval, of those with one; children without an interval stand apart."""
    about = [one for one in facts.children if one.interval]
    seen = [one for one in about if one.seen_on is not None and one.see_by is not None and one.see_by >= day]
    none = Part("no_interval", len(facts.children) - len(about))
    gap = _each(one.family_id for one in about if one not in seen)
    return Figure("children_seen", len(seen), len(about), apart=(none,), families=gap)


# ---- the clinical work


def caseload(facts: UnitFacts, day: date) -> Figure:
    """Open pieces of clinical work by where they are on the pathway."""
    about = [one for one in facts.episodes if one.current and not one.over]
    count = Counter(one.state for one in about)
    parts = tuple(Part(state, count[state]) for state in pathway().states if count[state])
    return Figure("caseload", len(about), len(about), parts=parts)


def throughput(facts: UnitFacts, day: date) -> Figure:
    """Pieces of work begun and ended in thirteen weeks, and the median weeks from consultation to first session."""
    begun = [one for one in facts.episodes if _in_quarter(one.started_on, day)]
    ended = [one for one in facts.episodes if _in_quarter(one.ended_on, day)]
    waits = [
        (one.sessions[0] - one.consulted_on).days
        for one in facts.episodes
        if one.sessions and one.consulted_on is not None and _in_quarter(one.sessions[0], day)
    ]
    average = Decimal(str(round(median(waits) / 7, 1))) if len(waits) >= LEAST_FOR_AN_AVERAGE else None
    parts = (Part("begun", len(begun)), Part("ended", len(ended)))
    return Figure("throughput", len(begun), len(begun), parts=parts, average=average, over=len(waits))


def tracking(facts: UnitFacts, day: date) -> Figure:
    """Lines of the tracking form in thirteen weeks and the families they are about, by kind, method and theme."""
    lines = [one for one in facts.lines if _in_quarter(one.on, day) and one.kind != SUPERVISION]
    groups: list[tuple[str, str | None]] = []
    for one in lines:
        codes = [f"kind:{one.kind}", *([f"method:{one.method}"] if one.method else []), *_themes(one.themes)]
        groups += [(code, one.family_id) for code in codes]
    lines_of, families_of = Counter(code for code, _ in groups), Counter(code for code, about in set(groups) if about)
    parts = tuple(Part(code, lines_of[code], families_of[code]) for code in sorted(lines_of))
    return Figure("tracking", len(lines), len(lines), parts=parts, apart=(Part("families", _families(lines)),))


def _themes(themes: Iterable[str]) -> list[str]:
    return sorted({f"theme:{theme}" for theme in themes})


def _families(lines: Iterable[object]) -> int:
    return len({getattr(one, "family_id", None) for one in lines} - {None})


def assessment(facts: UnitFacts, day: date) -> Figure:
    """Pieces of work with a session whose assessment has both signatures, of those with a session."""
    about = [one for one in _open_work(facts) if one.sessions]
    signed = [one for one in about if one.signed]
    return Figure("assessment", len(signed), len(about), families=_each(o.family_id for o in about if not o.signed))


def six_sessions(facts: UnitFacts, day: date) -> Figure:
    """Rounds of six sessions whose review was held before the seventh, of all rounds that reached six."""
    reached, held, gaps = 0, 0, []
    for one in _open_work(facts):
        for sessions, review in _rounds(one):
            if len(sessions) < one.review_after:
                continue
            reached += 1
            if review is not None and len(sessions) == one.review_after:
                held += 1
            else:
                gaps.append(one.family_id)
    return Figure("six_sessions", held, reached, families=_each(gaps))


def _rounds(one: EpisodeFact) -> Iterator[tuple[list[date], date | None]]:
    """The sessions up to each review, with its day; last those since the last review."""
    left = list(one.sessions)
    for review in one.reviews:
        own = [day for day in left if day <= review]
        left = left[len(own) :]
        yield own, review
    yield left, None


def _open_work(facts: UnitFacts) -> list[EpisodeFact]:
    return [one for one in facts.episodes if one.current and not one.over]


# ---- questionnaires


def sdq_start(facts: UnitFacts, day: date) -> Figure:
    """First SDQs that came within 14 days of the first session, of those expected of open work that began by then."""
    due = [
        one
        for one in facts.forms
        if one.measure == "SDQ" and one.point == START
        if one.first_session is not None and one.first_session <= day - SDQ_WITHIN
        if one.ended_on is None or one.ended_on > day
    ]
    school = [one for one in due if one.state is State.WAITING_FOR_PERMISSION]
    about = [one for one in due if one not in school]
    reason = [one for one in about if one.state is State.NOT_COMPLETED]
    came = [one for one in about if _came(one)]
    apart = (Part("reason", len(reason)), Part("school", len(school)))
    gap = _each(one.family_id for one in about if one not in came)
    return Figure("sdq_start", len(came), len(about), apart=apart, families=gap)


def _came(one: FormFact) -> bool:
    first, done = one.first_session, one.done_on
    return one.state is State.DONE and first is not None and done is not None and done <= first + SDQ_WITHIN


def sdq_pairs(facts: UnitFacts, day: date) -> Figure:
    """SDQs of the start with their partner of the end, of the pairs expected of work that ended in thirteen weeks."""
    about = _ended_forms(facts, "SDQ", day)
    count = Counter(_pair_code(one) for one in about)
    apart = tuple(Part(code, count[code]) for code in ("reason", "school", "no_form", "missing"))
    gap = _each(one.family_id for one in about if not one.paired)
    return Figure("sdq_pairs", count["pair"], len(about), apart=apart, families=gap)


def _pair_code(one: FormFact) -> str:
    if one.paired:
        return "pair"
    codes = {
        State.NOT_COMPLETED: "reason",
        State.WAITING_FOR_PERMISSION: "school",
        State.NO_LONGER_FITS: "no_form",
    }
    return codes.get(one.state, "missing")


CHANGED = {Verdict.IMPROVED: "better", Verdict.NO_RELIABLE_CHANGE: "same", Verdict.DETERIORATED: "worse"}


def sdq_change(facts: UnitFacts, day: date) -> Figure:
    """How each scale of the SDQ changed in those pairs, parents and young people only; added value of all pairs."""
    about = [one for one in _ended_forms(facts, "SDQ", day) if one.paired and one.asked_of in ("parent", "self")]
    said = [(scale, CHANGED[verdict]) for one in about for scale, verdict in one.verdicts if verdict in CHANGED]
    total = Counter(scale for scale, _ in said)
    parts = tuple(
        Part(f"{scale}:{how}", said.count((scale, how)), total[scale])
        for scale in sorted(total)
        for how in CHANGED.values()
    )
    service = added_value.service(facts.pairs)
    return Figure("sdq_change", len(about), len(about), parts=parts, average=service.mean, over=service.children)


def chi_esq(facts: UnitFacts, day: date) -> Figure:
    """CHI-ESQs that came back, of those expected at the end of work that ended in thirteen weeks."""
    about = _ended_forms(facts, "CHI_ESQ", day)
    back = [one for one in about if one.state is State.DONE]
    return Figure("chi_esq", len(back), len(about), families=_each(o.family_id for o in about if o not in back))


def _ended_forms(facts: UnitFacts, measure: str, day: date) -> list[FormFact]:
    return [
        one for one in facts.forms if one.measure == measure and one.point == END and _in_quarter(one.ended_on, day)
    ]


# ---- the unit


def supervision(facts: UnitFacts, day: date) -> Figure:
    """Clinicians who had supervision in the past month, of those who were at work for some of it."""
    since = months_later(day, -1)
    about = [
        one
        for one in facts.clinicians
        if (one.joined_on is None or one.joined_on <= day)
        and not (one.leave is not None and one.leave[0] <= since and day <= one.leave[1])
    ]
    had = [one for one in about if any(since <= on <= day for on in one.supervised)]
    return Figure("supervision", len(had), len(about))


def actions_overdue(facts: UnitFacts, day: date) -> Figure:
    """Open actions whose day has passed, of all open actions; never by person."""
    still = [one for one in facts.actions if one.is_open(day)]
    late = [one for one in still if (due := one.due(day)) is not None and due < day]
    return Figure("actions_overdue", len(late), len(still), families=_each(one.family_id for one in late))


def actions_carried(facts: UnitFacts, day: date) -> Figure:
    """Open actions that were carried over twice or more, of all open actions."""
    still = [one for one in facts.actions if one.is_open(day)]
    stuck = [one for one in still if sum(on <= day for on in one.carried) >= CARRIED]
    return Figure("actions_carried", len(stuck), len(still), families=_each(one.family_id for one in stuck))


def agreements(facts: UnitFacts, day: date) -> Figure:
    """Agreements with a side missing for more than five working days, of all that wait for a side."""
    waiting = [
        one
        for one in facts.agreements
        if one.offered_on <= day
        and not (one.ended_on is not None and one.ended_on <= day)
        and any(on is None or on > day for on in (one.social_work_on, one.clinical_on))
    ]
    long = [one for one in waiting if after_working_days(one.offered_on, ONE_SIDE_DAYS) < day]
    return Figure("agreements", len(long), len(waiting), families=_each(one.family_id for one in long))


def not_copied(facts: UnitFacts, day: date) -> Figure:
    """Records confirmed more than two working days ago and not copied, of all confirmed so in thirteen weeks."""
    old = [
        one
        for one in facts.records
        if _in_quarter(one.confirmed_on, day) and after_working_days(one.confirmed_on, COPY_DAYS) < day
    ]
    missing = [one for one in old if one.copied_on is None or one.copied_on > day]
    return Figure("not_copied", len(missing), len(old), families=_each(one.family_id for one in missing))


def ccin_flow(facts: UnitFacts, day: date) -> Figure:
    """Complex child in need in thirteen weeks: who came in, went up, down, was closed, is still in; and its reviews."""
    count: Counter[str] = Counter()
    still = []
    for family in facts.families:
        before = ""
        for on, category in family.categories:
            if _in_quarter(on, day) and before != category:
                if category == CCIN:
                    count["entered"] += 1
                elif before == CCIN:
                    count["up" if category in UP else "down"] += 1
            before = category
        if family.closed_on is not None and _in_quarter(family.closed_on, day) and family.category == CCIN:
            count["closed"] += 1
        if family.is_open(day) and family.category == CCIN:
            still.append(family.id)
    due = [one for one in facts.reviews if one.kind == Kind.CCIN_REVIEW and _in_quarter(one.due_on, day)]
    good = [one for one in due if one.held_on is not None and one.held_on <= one.due_on and one.chaired]
    parts = tuple(Part(code, count[code]) for code in ("entered", "up", "down", "closed"))
    apart = (Part("still_in", len(still)),)
    return Figure("ccin_flow", len(good), len(due), parts=parts, apart=apart, families=tuple(still))


# ---- all of them

FIGURES: tuple[Callable[[UnitFacts, date], Figure], ...] = (
    discussed_week,
    full_discussion,
    drift,
    reviews_late,
    reviews_on_time,
    children_seen,
    caseload,
    throughput,
    tracking,
    assessment,
    six_sessions,
    sdq_start,
    sdq_pairs,
    sdq_change,
    chi_esq,
    supervision,
    actions_overdue,
    actions_carried,
    agreements,
    not_copied,
    ccin_flow,
)
BACKWARDS = (
    "discussed_week",
    "full_discussion",
    "reviews_on_time",
    "throughput",
    "tracking",
    "supervision",
    "actions_overdue",
    "actions_carried",
    "agreements",
    "not_copied",
)
"""Figures that can be counted for a day that has passed: what they rest on is dated."""


def all_figures(facts: UnitFacts, day: date) -> list[Figure]:
    """Every figure of a unit on a day, in the order people read them."""
    return [one(facts, day) for one in FIGURES]


def earlier(facts: UnitFacts, day: date) -> dict[str, Figure]:
    """The figures of a day that has passed, as far as they can be counted backwards."""
    return {one.__name__: one(facts, day) for one in FIGURES if one.__name__ in BACKWARDS}


def weeks(day: date, count: int = 13) -> list[date]:
    """The same weekday of the last weeks, oldest first, `day` last."""
    return [day - WEEK * back for back in reversed(range(count))]


def _in_quarter(on: date | None, day: date) -> bool:
    return on is not None and day - QUARTER < on <= day


def _each(family_ids: Iterable[str]) -> tuple[str, ...]:
    """Each family once, in the order they come."""
    return tuple(dict.fromkeys(one for one in family_ids if one))
