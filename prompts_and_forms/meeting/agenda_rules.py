"""Which families are discussed in full and which light, in what order, and what to do when time is short.

The reasons for a full discussion are those of the meeting script; their numbers are the unit's settings. The rule only
proposes: people choose, and the reason stays shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from prompts_and_forms.days import visiting
from prompts_and_forms.meeting import agenda_wording, drift

AROUND_MINUTES = 25
"""Opening, break and close."""
COMING_DATES = ("next_review", "conference", "ccin_meeting", "court")
NOT_DISCUSSED_DAYS = 21
"""A family not discussed for this long is said to be, whatever else holds."""

Reason = dict[str, Any]
"""What led to something: a code, with numbers and names of dates. Never anything a person wrote."""


@dataclass(frozen=True)
class Settings:
    """What a unit may choose. Fourteen days, fifteen months, six weeks and "carried twice" are suggestions."""

    date_soon_days: int = 14
    no_full_weeks: int = 6
    stuck_after: int = 2
    long_plan_months: int = 15
    full_minutes: int = 20
    light_minutes: int = 5

    @classmethod
    def of(cls, chosen: Mapping[str, Any]) -> Settings:
        """The unit's own numbers where it chose any; what is not a number above zero is left at the usual one."""
        written = {name: str(chosen.get(name, "")) for name in cls.__dataclass_fields__}
        return cls(**{name: int(text) for name, text in written.items() if text.isdecimal() and int(text) > 0})


@dataclass(frozen=True)
class FamilyFacts:
    """What the rule looks at. `coming` are dates by name (COMING_DATES), `missed` the names of statutory dates gone by.

    `least_seen_on` is the child seen longest ago; None with `has_children` = a child nobody has seen yet.
    `visiting_days` is the plan's own interval in days, None for the usual one of the category.
    """

    family_id: str
    reference: str = ""
    category: str = ""
    last_discussed_on: date | None = None
    last_full_on: date | None = None
    first_since_consultation: bool = False
    concern_since_last: bool = False
    coming: Mapping[str, date] = field(default_factory=dict)
    missed: Sequence[str] = ()
    has_children: bool = False
    least_seen_on: date | None = None
    visiting_days: int | None = None
    most_carried: int = 0
    measure_worse: bool = False
    measure_very_high: bool = False
    plan_start: date | None = None
    carried_from_last: bool = False
    asked_full: bool = False
    leaves_on: date | None = None
    came_lately: bool = False
    """It came from another unit and was not discussed in full since. `leaves_on`: the day it goes to another one."""
    moved: Sequence[date | None] = ()
    """When something last moved: a full discussion, a visit, a finished action, the allocation."""
    asked_for: Sequence[str] = ()
    """What people asked for since the last meeting, by id."""
    light: bool = False
    first: bool = False
    leave: bool = False
    """What the coordinator wants of the next agenda; what never waits is not left out or made light."""


@dataclass(frozen=True)
class PlannedItem:
    """One family on the agenda: full or light, why, and for how long. `left` for another day, with its line."""

    family_id: str
    kind: str
    reasons: list[Reason]
    minutes: int
    rule_kind: str = ""
    left: bool = False


@dataclass(frozen=True)
class AgendaPlan:
    """`over_by` = minutes beyond the meeting's length (0 when it fits); `proposal` says in words what could be done.

    `hold_light` are families whose reasons could wait for another week's full discussion, `extra` those for an extra
    meeting in the week.
    """

    items: tuple[PlannedItem, ...]
    over_by: int
    proposal: str
    hold_light: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


CALLS_FOR_FULL = frozenset(
    {
        "new",
        "first_since_consultation",
        "concern",
        "date_soon",
        "date_missed",
        "child_not_seen",
        "child_never_seen",
        "stuck",
        "measure_worse",
        "measure_very_high",
        "long_plan",
        "no_full",
        "never_full",
        "asked",
        "asked_for",
        "moved_here",
        "moves_away",
    }
)
URGENT = frozenset({"concern"})
OVERDUE = frozenset(
    {"date_missed", "child_not_seen", "child_never_seen", "not_discussed", "new", "moved_here", "moves_away"}
)
CAN_WAIT = frozenset({"no_full", "never_full", "long_plan", "not_discussed", "carried_from_last", "drifting"})
"""Reasons that alone do not stand in the way of a light discussion when time is short."""


NEVER_WAITS = frozenset(
    {"concern", "date_missed", "child_not_seen", "child_never_seen", "carried_from_last", "asked", "asked_for"}
)
"""A family with one of these is never proposed for another day."""


def reasons(family: FamilyFacts, settings: Settings, today: date) -> list[Reason]:
    """Everything that holds for a family today, most pressing first."""
    return [
        *_of_the_day(family, today),
        *_of_dates(family, settings, today),
        *_of_the_child(family, today),
        *_of_the_work(family, settings, today),
        *_of_the_meeting(family, settings, today),
    ]


def _of_the_day(family: FamilyFacts, today: date) -> Iterable[Reason]:
    if family.concern_since_last:
        yield {"code": "concern"}
    if family.carried_from_last:
        yield {"code": "carried_from_last"}
    if family.last_discussed_on is None:
        yield {"code": "new"}
    elif family.first_since_consultation:
        yield {"code": "first_since_consultation"}
    if family.came_lately:
        yield {"code": "moved_here"}
    if family.leaves_on is not None:
        yield {"code": "moves_away", "days": max(0, (family.leaves_on - today).days)}


def _of_dates(family: FamilyFacts, settings: Settings, today: date) -> Iterable[Reason]:
    for name in family.missed:
        on = family.coming.get(name)
        yield {"code": "date_missed", "name": name} | ({"days": (today - on).days} if on else {})
    for name, on in sorted(family.coming.items(), key=lambda pair: pair[1]):
        days = (on - today).days
        if 0 <= days <= settings.date_soon_days:
            yield {"code": "date_soon", "name": name, "days": days}


def _of_the_child(family: FamilyFacts, today: date) -> Iterable[Reason]:
    if not family.has_children:
        return
    if family.least_seen_on is None:
        yield {"code": "child_never_seen"}
        return
    by = visiting.see_by(family.category, family.least_seen_on, family.visiting_days)
    if by is not None and by < today:
        yield {"code": "child_not_seen", "days": (today - family.least_seen_on).days}


def _of_the_work(family: FamilyFacts, settings: Settings, today: date) -> Iterable[Reason]:
    if family.most_carried >= settings.stuck_after:
        yield {"code": "stuck", "count": family.most_carried}
    if family.measure_worse:
        yield {"code": "measure_worse"}
    if family.measure_very_high:
        yield {"code": "measure_very_high"}
    if family.category == visiting.CHILD_PROTECTION and family.plan_start is not None:
        months = whole_months(family.plan_start, today)
        if today > add_months(family.plan_start, settings.long_plan_months):
            yield {"code": "long_plan", "months": months}


def _of_the_meeting(family: FamilyFacts, settings: Settings, today: date) -> Iterable[Reason]:
    yield from ({"code": "asked_for", "wish": wish} for wish in family.asked_for)
    if family.asked_full:
        yield {"code": "asked"}
    if weeks := drift.weeks_still(family.category, family.moved, today, settings.no_full_weeks):
        yield {"code": "drifting", "weeks": weeks}
    if family.last_discussed_on is None:
        return
    if family.last_full_on is None:
        yield {"code": "never_full"}
    elif today - family.last_full_on >= timedelta(weeks=settings.no_full_weeks):
        yield {"code": "no_full", "weeks": (today - family.last_full_on).days // 7}
    silent = (today - family.last_discussed_on).days
    if silent >= NOT_DISCUSSED_DAYS:
        yield {"code": "not_discussed", "weeks": silent // 7}


def minutes_for(kind: str, settings: Mapping[str, Any]) -> int:
    """How long a discussion of that kind is planned for in this unit."""
    chosen = Settings.of(settings)
    return chosen.full_minutes if kind == "full" else chosen.light_minutes


def full_reasons(found: Iterable[Reason]) -> list[Reason]:
    """Those reasons that ask for a full discussion."""
    return [reason for reason in found if reason["code"] in CALLS_FOR_FULL]


def plan(families: Sequence[FamilyFacts], settings: Mapping[str, Any], today: date, length: int) -> AgendaPlan:
    """The agenda as the rule would have it for a meeting of `length` minutes."""
    chosen = Settings.of(settings)
    placed: list[tuple[tuple[Any, ...], PlannedItem]] = []
    for family in families:
        found = reasons(family, chosen, today)
        rule = "full" if full_reasons(found) else "light"
        kind = "light" if family.light and not never_waits(found) else rule
        left = family.leave and not never_waits(found)
        item = PlannedItem(family.family_id, kind, found, minutes_for(kind, settings), rule, left)
        placed.append((_place(family, item, today), item))
    items = tuple(item for _, item in sorted(placed, key=lambda pair: pair[0]))
    there = [item for item in items if not item.left]
    over = AROUND_MINUTES + sum(item.minutes for item in there) - length
    hold_light, extra = ways_out(there, over, chosen)
    return AgendaPlan(items, max(0, over), agenda_wording.proposal(len(hold_light), len(extra)), hold_light, extra)


def _place(family: FamilyFacts, item: PlannedItem, today: date) -> tuple[Any, ...]:
    """Concerns, who is wanted first, who was not reached last time, what is overdue, full before light, reference."""
    codes = {reason["code"] for reason in item.reasons}
    if item.left:
        rank = 6
    elif codes & URGENT:
        rank = 0
    elif family.first:
        rank = 1
    elif family.carried_from_last:
        rank = 2
    elif codes & OVERDUE:
        rank = 3
    else:
        rank = 4 if item.kind == "full" else 5
    nearest = min((on for on in family.coming.values() if on >= today), default=date.max)
    return (
        rank,
        item.kind != "full",
        nearest,
        family.last_discussed_on or date.min,
        family.reference,
        family.family_id,
    )


def ways_out(items: Sequence[PlannedItem], over: int, settings: Settings) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which families could be held light, and which need an extra meeting when that is not enough; last ones first."""
    hold_light: list[str] = []
    extra: list[str] = []
    for item in reversed(items):
        if over > 0 and item.kind == "full" and {reason["code"] for reason in item.reasons} <= CAN_WAIT:
            hold_light.append(item.family_id)
            over -= settings.full_minutes - settings.light_minutes
    longest = max((weeks_silent(item.reasons) for item in items), default=0)
    for item in reversed(items):
        if over > 0 and may_wait(item.reasons, longest):
            extra.append(item.family_id)
            over -= settings.light_minutes if item.family_id in hold_light else item.minutes
    return tuple(name for name in hold_light if name not in extra), tuple(extra)


def weeks_silent(found: Iterable[Reason]) -> int:
    """For how many weeks a family has not been discussed, where that is a reason; 0 otherwise."""
    return max((int(reason.get("weeks") or 0) for reason in found if reason["code"] == "not_discussed"), default=0)


def never_waits(found: Iterable[Reason]) -> bool:
    """Whether one of these reasons keeps a family on the agenda whatever else there is to do."""
    return any(reason["code"] in NEVER_WAITS for reason in found)


def may_wait(found: Sequence[Reason], longest: int) -> bool:
    """Whether a family may wait for another day; never who waits longest (`longest` weeks) of those on the agenda."""
    codes = {reason["code"] for reason in found}
    waits_longest = longest > 0 and weeks_silent(found) == longest
    return not never_waits(found) and "new" not in codes and not waits_longest


def reason_words(reason: Mapping[str, Any]) -> str:
    """A reason as people say it: "review in 9 days", "action carried over twice"."""
    return agenda_wording.reason(reason)


def add_months(day: date, months: int) -> date:
    """The same day of the month later on, or the month's last day where there is none."""
    years, month = divmod(day.month - 1 + months, 12)
    first_after = date(day.year + years + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(day.year + years, month + 1, 1) + timedelta(days=day.day - 1), first_after - timedelta(days=1))


def whole_months(start: date, end: date) -> int:
    """Months that have passed wholly from `start` to `end`."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (add_months(start, months) > end)
