"""The managers' figures counted again, slowly and plainly, one thing after the other, by nobody's clever way."""

from __future__ import annotations

from datetime import date, timedelta

from prompts_and_forms.days.working_days import is_working_day
from prompts_and_forms.managers.facts import FamilyFact, UnitFacts
from prompts_and_forms.measures.planning import State


def days_back(day: date, count: int) -> list[date]:
    """The last `count` days, today among them."""
    return [day - timedelta(days=back) for back in range(count)]


def working_days_since(start: date, day: date) -> int:
    """Working days after `start`, up to the day before `day`."""
    found, one = 0, start + timedelta(days=1)
    while one < day:
        found += is_working_day(one)
        one += timedelta(days=1)
    return found


def is_open(family: FamilyFact, day: date) -> bool:
    for since, until in family.closed:
        if since <= day and day < until:
            return False
    return family.closed_on is None or family.closed_on > day


def recount(facts: UnitFacts, day: date) -> dict[str, tuple[int, int]]:
    """Numerator and denominator of every figure."""
    parts = (_families, _reviews, _clinical, _forms, _unit)
    return {name: value for part in parts for name, value in part(facts, day).items()}


def _families(facts: UnitFacts, day: date) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for name, within in (("discussed_week", 7), ("full_discussion", 42)):
        yes = of = 0
        for family in facts.families:
            if not is_open(family, day) or family.allocated_on is None:
                continue
            if (day - family.allocated_on).days < within:
                continue
            of += 1
            days = family.discussed if name == "discussed_week" else family.full
            yes += any(1 <= (day - on).days <= within for on in days)
        found[name] = yes, of
    still = known = 0
    for family in facts.families:
        if is_open(family, day) and family.category in ("child_in_need", "complex_child_in_need") and family.moved_on:
            known += 1
            still += (day - family.moved_on).days >= 7 * facts.drift_weeks
    found["drift"] = still, known
    seen = of = 0
    for child in facts.children:
        if child.interval:
            of += 1
            seen += child.seen_on is not None and child.see_by is not None and not child.see_by < day
    found["children_seen"] = seen, of
    return found


def _reviews(facts: UnitFacts, day: date) -> dict[str, tuple[int, int]]:
    window = days_back(day, 90)
    on_time = of = 0
    for one in facts.reviews:
        if one.due_on in window:
            of += 1
            on_time += one.held_on is not None and not one.held_on > one.due_on
    good = due = 0
    for one in facts.reviews:
        if one.kind == "ccin_review" and one.due_on in days_back(day, 91):
            due += 1
            good += one.chaired and one.held_on is not None and not one.held_on > one.due_on
    late = len(list(facts.late))
    return {"reviews_late": (late, late), "reviews_on_time": (on_time, of), "ccin_flow": (good, due)}


def _clinical(facts: UnitFacts, day: date) -> dict[str, tuple[int, int]]:
    quarter = days_back(day, 91)
    work = [one for one in facts.episodes if one.current and not one.over]
    begun = len([one for one in facts.episodes if one.started_on in quarter])
    lines = len([one for one in facts.lines if one.on in quarter and one.kind != "supervision"])
    with_session = [one for one in work if len(one.sessions) > 0]
    held = reached = 0
    for one in work:
        since_review, reviews = 0, list(one.reviews)
        for session in [*one.sessions, date.max]:
            while reviews and reviews[0] < session:
                reviews.pop(0)
                if since_review >= one.review_after:
                    reached += 1
                    held += since_review == one.review_after
                since_review = 0
            since_review += session is not date.max
        reached += since_review >= one.review_after
    return {
        "caseload": (len(work), len(work)),
        "throughput": (begun, begun),
        "tracking": (lines, lines),
        "assessment": (len([one for one in with_session if one.signed]), len(with_session)),
        "six_sessions": (held, reached),
    }


def _forms(facts: UnitFacts, day: date) -> dict[str, tuple[int, int]]:
    quarter = days_back(day, 91)
    first = came = expected = pairs = back = asked = changed = 0
    for one in facts.forms:
        if one.measure == "SDQ" and one.point == "start":
            if one.first_session is None or (day - one.first_session).days < 14:
                continue
            if one.state is State.WAITING_FOR_PERMISSION or (one.ended_on is not None and one.ended_on <= day):
                continue
            first += 1
            if one.state is State.DONE and one.done_on is not None:
                came += (one.done_on - one.first_session).days <= 14
        if one.point == "end" and one.ended_on in quarter:
            if one.measure == "SDQ":
                expected += 1
                pairs += one.paired
                changed += one.paired and one.asked_of != "teacher" and one.asked_of != "other"
            elif one.measure == "CHI_ESQ":
                asked += 1
                back += one.state is State.DONE
    return {
        "sdq_start": (came, first),
        "sdq_pairs": (pairs, expected),
        "sdq_change": (changed, changed),
        "chi_esq": (back, asked),
    }


def _unit(facts: UnitFacts, day: date) -> dict[str, tuple[int, int]]:
    month_back = day
    while not (month_back.day == day.day and month_back != day):
        month_back -= timedelta(days=1)
    had = clinicians = 0
    for one in facts.clinicians:
        if one.joined_on is not None and one.joined_on > day:
            continue
        if one.leave is not None and one.leave[0] <= month_back and one.leave[1] >= day:
            continue
        clinicians += 1
        had += any(month_back <= on <= day for on in one.supervised)
    overdue = carried = still = 0
    for action in facts.actions:
        if action.created_on > day or (action.closed_on is not None and action.closed_on <= day):
            continue
        still += 1
        due = None
        for since, on in action.dues:
            if since <= day:
                due = on
        overdue += due is not None and due < day
        carried += len([on for on in action.carried if on <= day]) >= 2
    waiting = long = 0
    for agreement in facts.agreements:
        if agreement.offered_on > day or (agreement.ended_on is not None and agreement.ended_on <= day):
            continue
        sides = [on for on in (agreement.social_work_on, agreement.clinical_on) if on is not None and on <= day]
        if len(sides) < 2:
            waiting += 1
            long += working_days_since(agreement.offered_on, day) >= 5
    old = missing = 0
    for record in facts.records:
        if record.confirmed_on in days_back(day, 91) and working_days_since(record.confirmed_on, day) >= 2:
            old += 1
            missing += record.copied_on is None or record.copied_on > day
    return {
        "supervision": (had, clinicians),
        "actions_overdue": (overdue, still),
        "actions_carried": (carried, still),
        "agreements": (long, waiting),
        "not_copied": (missing, old),
    }
