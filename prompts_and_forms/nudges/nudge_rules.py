"""Given what is known of a unit: what is due, for whom, and when it is said. Pure: days come in as arguments.

Sources: the service's clinical manual (measures, reviews, supervision), the unit's own protocols for complex child in
need families (drift), and the dates people keep. What a date rests on in law is in timescales.yaml.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from prompts_and_forms.days.closed_time import open_time, open_time_of
from prompts_and_forms.days.meeting_days import MeetingDay
from prompts_and_forms.days.working_days import after_working_days, is_working_day, on_or_before, working_days_between
from prompts_and_forms.meeting.drift import last_moved
from prompts_and_forms.nudges.nudge_facts import ActionKnown, DiscussionKnown, Due, Expected, FamilyKnown, Known, What
from prompts_and_forms.nudges.nudge_kinds import Kind, kind
from prompts_and_forms.states import DiscussionState
from prompts_and_forms.unit import who as who_rules

CONSULTATION_DAYS = 7
"""A first consultation usually comes before the family's first unit meeting, and units meet weekly."""
TRACKED_WITHIN = 10
"""Working days: sessions are usually a fortnight apart, and each leaves a line on the tracking form by itself."""
MEETINGS_AHEAD = 5
SINCE = frozenset({"drift", "tracking_quiet"})
"""Kinds that count the time since something: they leave out the time a family was closed themselves."""
OF_THE_MEETING = frozenset(
    {"concern_told", "unfinished", "confirm", "copy", "action", "agreement", "consultation", "tracking"}
    | {"tracking_quiet", "drift", "meeting_tomorrow", "meeting_holiday"}
)
"""Kinds that rest on meetings, actions and agreements alone, and on nothing that other parts of the record expect."""
FIRST_HOUR = 8
LAST_HOUR = 18
"""Nothing is sent in the evening: it waits for the next morning."""
TAKEN_UP_AGAIN = 5
"""Working days after which a manager hears again of what stays open with somebody: they see it, others do it."""
MANAGERS = {
    "team_manager": ("team_manager", "group_manager", "clinical_manager"),
    "clinical_manager": ("clinical_manager", "clinical_group_manager", "team_manager", "group_manager"),
    "group_manager": ("group_manager", "team_manager"),
}
"""Who is told, in this order: the first role somebody in the unit has."""


def due(known: Known, since: date | None, until: date) -> list[Due]:
    """All that is open and first said after `since` (None = ever) and not later than `until`; once for each person."""
    found: dict[tuple[str, str, date, str], Due] = {}
    for one in _all(known):
        if one.first_on <= until and (since is None or since < one.first_on):
            found.setdefault((*one.thing, one.person_id), one)
    return list(found.values())


def _all(known: Known) -> Iterator[Due]:
    """Everything due. What fell into the time a family was closed is due when it is opened again."""
    closed = {family.family_id: family.closed for family in known.families if family.closed}
    for one in _every(known):
        spans = () if one.kind in SINCE else closed.get(one.family_id or "", ())
        on = open_time(one.due_on, spans)
        if on == one.due_on:
            yield one
        else:
            day = one.day if one.day != one.due_on else on
            yield from _made(one.kind, one.subject, (one.person_id,), on, one.family_id, one.what, day, one.statutory)


def _every(known: Known) -> Iterator[Due]:
    families = {family.family_id: family for family in known.families}
    for action in known.actions:
        yield from _action(known, families.get(action.family_id), action)
    for discussion in known.discussions:
        yield from _discussion(known, discussion)
    yield from _meetings(known)
    for family in known.families:
        yield from _consultation(known, family)
        yield from _tracking(known, family)
        yield from _drift(known, family)
    for agreement in known.agreements:
        on = after_working_days(agreement.offered_on, 1)
        for side in agreement.missing:
            who = agreement.may.get(side, ())
            yield from _made("agreement", agreement.id, who, on, agreement.family_id, agreement.text)
    for expected in known.expected:
        yield from _expected(known, families.get(expected.family_id or ""), expected)
    for meeting in known.meetings:
        yield from _next_meeting(known, meeting)


# ---- the rules


def _action(known: Known, family: FamilyKnown | None, action: ActionKnown) -> Iterator[Due]:
    if action.due_on is None or action.outside:
        return iter(())
    owner = _first(known, action.owner_id, family.lead_worker_id if family else None, lead(known))
    return _made("action", action.id, owner, action.due_on, action.family_id, action.text)


def _discussion(known: Known, discussion: DiscussionKnown) -> Iterator[Due]:
    """What one discussion leaves open; its yes and its copy are asked for with the others of that meeting."""
    about = (discussion.family_id, "", discussion.day)
    if discussion.state == DiscussionState.STOPPED and not discussion.told and discussion.stopped_on is not None:
        who = _first(known, lead(known), discussion.lead_id)
        yield from _made("concern_told", discussion.id, who, discussion.stopped_on, *about)
    if discussion.over and discussion.state in (DiscussionState.OPEN, DiscussionState.PARKED) and not discussion.later:
        who = _first(known, discussion.lead_id, lead(known))
        yield from _made("unfinished", discussion.id, who, after_working_days(discussion.day, 1), *about)


def _meetings(known: Known) -> Iterator[Due]:
    """One line a meeting for the lead's yes, and one for what is not in the case file yet."""
    waiting: dict[tuple[str, str, date], int] = {}
    for one in known.discussions:
        if one.state in (DiscussionState.READ_BACK, DiscussionState.AWAITING):
            key = ("confirm", one.meeting_id, one.day)
            waiting[key] = waiting.get(key, 0) + 1
        if one.over and one.state in (DiscussionState.AWAITING, DiscussionState.CLOSED) and not one.copied:
            key = ("copy", one.meeting_id, one.day)
            waiting[key] = waiting.get(key, 0) + 1
    for (kind_id, meeting_id, day), count in waiting.items():
        who = _first(known, lead(known))
        if kind_id == "copy":
            who = with_role(known, "unit_coordinator") or who
        yield from _made(kind_id, meeting_id, who, after_working_days(day, 1), None, str(count), day)


def _next_meeting(known: Known, meeting: MeetingDay) -> Iterator[Due]:
    """Whoever looks after the agenda hears of a meeting to come; of one on a bank holiday in time to move it."""
    who = with_role(known, "unit_coordinator") or _first(known, lead(known))
    kind_id = "meeting_holiday" if meeting.holiday else "meeting_tomorrow"
    return _made(kind_id, known.unit_id, who, meeting.day, None, meeting.holiday)


def _expected(known: Known, family: FamilyKnown | None, expected: Expected) -> Iterator[Due]:
    who = [found for asked in expected.people for found in _part(known, family, asked)]
    people = list(dict.fromkeys(who)) or _first(known, family.lead_worker_id if family else None, lead(known))
    made = _made(expected.kind, expected.subject, people, expected.due_on, expected.family_id, expected.what)
    yield from (replace(one, statutory=one.statutory or expected.statutory) for one in made)


def _part(known: Known, family: FamilyKnown | None, asked: str) -> list[str]:
    """Who has a part: the family's own lead worker or clinician, a manager, or the person named."""
    if asked == "lead":
        return _first(known, lead(known))
    if asked == "lead_worker":
        return _first(known, family.lead_worker_id if family else None, lead(known))
    if asked == "clinician":
        return clinician(known, family)
    if asked in MANAGERS:
        return _first(known, *managers(known, asked))
    return _first(known, asked, *with_role(known, asked))


def _consultation(known: Known, family: FamilyKnown) -> Iterator[Due]:
    if family.consulted_on is not None or family.allocated_on is None:
        return
    on = family.allocated_on + timedelta(days=CONSULTATION_DAYS)
    yield from _made("consultation", family.family_id, clinician(known, family), on, family.family_id)


def _tracking(known: Known, family: FamilyKnown) -> Iterator[Due]:
    """A planned session that nothing is written down about, or work under way that left no line for two weeks."""
    planned, last = family.next_session, _last(family.tracked_on, *family.session_days)
    about = (clinician(known, family), family.family_id)
    if planned is not None and (last is None or last < planned):
        yield from _made("tracking", family.family_id, about[0], after_working_days(planned, 1), about[1], day=planned)
    elif family.working_since is not None:
        day = open_time_of(_last(last, family.working_since, known.began_on), family.closed)
        assert day is not None
        on = after_working_days(day, TRACKED_WITHIN)
        yield from _made("tracking_quiet", family.family_id, about[0], on, about[1], day=day)


def _drift(known: Known, family: FamilyKnown) -> Iterator[Due]:
    """No full discussion, visit or finished action for a set time (six weeks unless the unit chose otherwise)."""
    moved = (family.last_full_on, family.last_seen_on, family.last_done_on, family.allocated_on)
    last = open_time_of(last_moved(family.category, moved), family.closed)
    if last is None:
        return
    on = last + timedelta(weeks=known.drift_weeks)
    people = [*_first(known, lead(known)), *_first(known, *managers(known, "team_manager"))]
    weeks = str(max((known.today - last).days // 7, known.drift_weeks))
    yield from _made("drift", family.family_id, people, on, family.family_id, weeks)


def _last(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _made(
    kind_id: str,
    subject: str,
    people: Iterable[str],
    on: date,
    family_id: str | None,
    what: What = "",
    day: date | None = None,
    statutory: bool = False,
) -> Iterator[Due]:
    rule = kind(kind_id)
    first_on = after_working_days(on, -rule.before) if rule.before else on
    for person_id in people:
        yield Due(kind_id, subject, person_id, on, first_on, family_id, statutory or rule.statutory, what, day or on)


# ---- who


def lead(known: Known) -> str | None:
    """Who answers for the unit: its lead, and where it has none whoever comes next. Never nobody."""
    ranked = who_rules.in_order(known.members, who_rules.CONFIRMS)
    return ranked[0].person_id if ranked else None


def with_role(known: Known, role: str) -> list[str]:
    """The people of the unit in this role."""
    return [one.person_id for one in known.members if role in one.roles]


def clinician(known: Known, family: FamilyKnown | None) -> list[str]:
    """Who does the family's clinical work: their clinician, else the unit's, else whoever manages it."""
    own = family.clinician_id if family else None
    return _first(known, own, *with_role(known, "clinician"), *managers(known, "clinical_manager"))


def managers(known: Known, to: str) -> list[str]:
    """Those a thing is taken to, the nearest first; the unit lead where there is no manager."""
    found = [person_id for role in MANAGERS[to] for person_id in with_role(known, role)]
    first = lead(known)
    return list(dict.fromkeys([*found, *([first] if first else [])]))


def hearer(known: Known, person_id: str, day: date, *, must: bool) -> str | None:
    """Who hears on that day what is for this person: while they are away or out of reach the one who covers.

    Without a cover nobody while it can wait. `must` = it cannot wait: then the lead, the deputy, a coordinator, a
    manager or anybody else who is there, and where nobody is, the first of those on leave.
    """
    members = {member.person_id: member for member in known.members}
    asked, seen = members.get(person_id), set[str]()
    while asked is not None and not asked.hears(day) and asked.person_id not in seen:
        seen.add(asked.person_id)
        asked = members.get(asked.cover_id or "")
    if asked is not None and asked.person_id not in seen:
        return asked.person_id
    within_reach = [one for one in known.members if not one.out_of_reach]
    found = who_rules.who_hears(within_reach, day) if must else None
    return found.person_id if found else None


def hearers(known: Known, person_id: str, day: date, now: Collection[str], *, must: bool) -> list[str]:
    """Who of those whose time is `now` has it in their message; whoever is out of reach is tried again as well."""
    first = hearer(known, person_id, day, must=must)
    if first is not None and first not in now:
        return []
    itself = next((one for one in known.members if one.person_id == person_id), None)
    tried = itself is not None and itself.out_of_reach and not itself.is_away(day)
    both = [one for one in (first, person_id if tried else None) if one is not None]
    return [one for one in dict.fromkeys(both) if one in now]


def without(known: Known, person_id: str) -> Known:
    """The same unit, that person being out of reach."""
    members = (replace(one, out_of_reach=one.out_of_reach or one.person_id == person_id) for one in known.members)
    return replace(known, members=tuple(members))


def _first(known: Known, *wanted: str | None) -> list[str]:
    here = {member.person_id for member in known.members}
    return [one for one in wanted if one in here and one is not None][:1]


# ---- when


def last_say_day(kind_id: str, due_on: date, today: date) -> date | None:
    """The latest day up to `today` on which this is said: before, on and after the due day, as its kind has it.

    What is due on a weekend or bank holiday is said on the last working day before it, while it can still be done.
    """
    rule = kind(kind_id)
    days = [after_working_days(due_on, -rule.before) if rule.before else due_on]
    if not rule.once:
        days += [on_or_before(due_on), *_after_day(rule, due_on), *_round(rule, due_on, today)]
    return max((day for day in days if day <= today), default=None)


def _after_day(rule: Kind, due_on: date) -> tuple[date, ...]:
    return (after_working_days(due_on, rule.after),) if rule.after is not None else ()


def _round(rule: Kind, due_on: date, today: date) -> tuple[date, ...]:
    """The last of the days, every so many working days, on which it is said again."""
    every = rule.again
    rounds = working_days_between(due_on, today) // every if every and today > due_on else 0
    return (after_working_days(due_on, rounds * every),) if every and rounds else ()


def _just_said(rule: Kind, due_on: date, last: date, said_on: date) -> bool:
    """Whether it is only a round's turn, and it was said less than half a round before (after leave, or put off)."""
    if rule.again is None or last in (on_or_before(due_on), *_after_day(rule, due_on)) or last <= due_on:
        return False
    return working_days_between(said_on, last) * 2 < rule.again


def to_be_said(
    kind_id: str,
    due_on: date,
    today: date,
    said_on: date | None = None,
    snoozed_until: date | None = None,
    warn_from: date | None = None,
    *,
    taken_up: bool = False,
) -> bool:
    """Whether somebody hears of it today. What a holiday, weekend or leave got in the way of is said after it.

    `warn_from`: the day from which the person is to hear that a manager will be told, and has not heard yet.
    `taken_up`: it is told to a manager, who hears once and then once a week.
    """
    if kind(kind_id).once and due_on < today:
        return False
    if snoozed_until is not None and (said_on is None or said_on < snoozed_until):
        return snoozed_until <= today
    if warn_from is not None and warn_from <= today:
        return True
    if taken_up and said_on is not None:
        return working_days_between(said_on, today) >= TAKEN_UP_AGAIN
    last = last_say_day(kind_id, due_on, today)
    if last is None or said_on is None:
        return last is not None
    return said_on < last and not _just_said(kind(kind_id), due_on, last, said_on)


def taken_up_on(kind_id: str, due_on: date, began_on: date | None = None) -> date | None:
    """The day a manager is told, when it is still open; None for what is never taken further.

    What was late before the unit came to the bot counts from the day it came.
    """
    rule = kind(kind_id)
    start = max(due_on, began_on) if began_on else due_on
    return after_working_days(start, rule.escalate.after) if rule.escalate else None


def warned_from(kind_id: str, due_on: date, began_on: date | None = None) -> date | None:
    """The first day on which the person hears that a manager will be told."""
    last = taken_up_on(kind_id, due_on, began_on)
    return after_working_days(last, -1) if last else None


def is_taken_up(last: date | None, today: date, warned_on: date | None, *, reachable: bool) -> bool:
    """Whether a manager is told today, `last` being the day for it. Never before the person, if anybody can hear it."""
    if last is None or today < last:
        return False
    return not reachable or (warned_on is not None and warned_on < today)


def is_a_day_for_it(day: date, days: Collection[int]) -> bool:
    """A working day in England (Monday to Friday, no bank holiday) that the person chose."""
    return is_working_day(day) and day.weekday() in days


def is_time_for_it(local: datetime) -> bool:
    """Whether something may be said that nobody asked for just now: by day, on a working day."""
    return is_working_day(local.date()) and FIRST_HOUR <= local.hour < LAST_HOUR


def pressing(one: Due, today: date) -> tuple[bool, bool, bool, int, date]:
    """Sorts the most pressing first."""
    late = one.due_on < today
    return not one.at_once, not (one.statutory and late), not late, kind(one.kind).order, one.due_on
