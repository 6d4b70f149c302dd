"""Which questionnaires are due, for whom and when: at the start and at the end of each piece of clinical work.

Source: the clinical manual. SDQ at the first meeting (family, school, others who know the child; the young person from
11) and again at the end from the same people; CHI-ESQ at the end; the carer's yearly SDQ for a child who is looked
after. School is asked only with permission to share. Pure: what is known goes in, what is due comes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from prompts_and_forms.days.timescales import Due, Rules, months_later
from prompts_and_forms.measures import catalogue

START, DURING, END, YEARLY = "start", "during", "end", "yearly"
POINTS = {START: "at the start", DURING: "on the way", END: "at the end", YEARLY: "yearly"}

EARLY = timedelta(days=90)
"""A form from this long before the first meeting still belongs to the start of the work."""
BEFORE_THE_END = timedelta(days=30)
"""A form from this long before the work ended still belongs to its end."""
SCHOOLS = ("school", "college", "nursery")
YEARLY_AGES = (4, 16)
RETURN_DAY = (3, 31)


class State(StrEnum):
    COMING = "coming"
    DUE = "due"
    WAITING_FOR_PERMISSION = "waiting_for_permission"
    DONE = "done"
    NOT_COMPLETED = "not_completed"


@dataclass(frozen=True)
class Child:
    """`id` as the caller knows the child. `carer`: who of the family is asked first, by initials or key."""

    id: str
    age: int | None = None
    at_school: bool = False
    unborn: bool = False
    carer: str = ""


@dataclass(frozen=True)
class Work:
    """A piece of clinical work with the family; `started` is its first meeting with them. None = not (yet)."""

    started: date | None = None
    ended: date | None = None


@dataclass(frozen=True)
class Kept:
    """A result that is kept, or (`completed` False) a reason why there is none."""

    child: str
    measure: str
    version: str
    point: str
    on: date
    informant: str = ""
    completed: bool = True


@dataclass(frozen=True)
class Planned:
    """`asked_of` is the kind of informant, `informant` who it is as far as known. `again_on`: ask a second time.

    `sent_on`: given out on that day and not back yet.
    """

    child: str
    measure: str
    version: str
    asked_of: str
    point: str
    due_on: date
    state: State
    informant: str = ""
    again_on: date | None = None
    rule_id: str = ""
    edition: str = ""
    sent_on: date | None = None

    @property
    def is_open(self) -> bool:
        return self.state in (State.COMING, State.DUE, State.WAITING_FOR_PERMISSION)


def planned(
    work: Work,
    children: Sequence[Child],
    kept: Iterable[Kept],
    permission: Mapping[str, Any],
    rules: Rules,
    today: date,
    looked_after_since: date | None = None,
) -> list[Planned]:
    """Everything planned for one family, done or not, by day. Nothing is planned before clinical work has begun."""
    seen = _Seen(work, tuple(kept), covers_school(permission, today), rules, today)
    found = [*_starts(seen, children), *_ends(seen, children), *_yearly(seen, children, looked_after_since)]
    return sorted(found, key=lambda one: (one.due_on, one.child, one.measure, one.version))


def due_measures(found: Iterable[Planned], *, until: date, since: date | None = None) -> list[Planned]:
    """What is still open and was or becomes due (or due to be asked for again) between two days, both included."""
    return [
        one
        for one in found
        if one.is_open
        and any(day <= until and (since is None or since <= day) for day in (one.due_on, one.again_on) if day)
    ]


def covers_school(permission: Mapping[str, Any], today: date) -> bool:
    """Whether school may be asked: permission to share that is signed, in force and names it."""
    ends, withdrawn = _day(permission.get("ends")), _day(permission.get("withdrawn"))
    if permission.get("status") != "signed" or withdrawn is not None or (ends is not None and ends < today):
        return False
    scope = [str(one).casefold() for one in permission.get("scope") or []]
    return any(name in one for one in scope for name in SCHOOLS)


def sdq_version(asked_of: str, age: int | None) -> str:
    """The SDQ form for that informant and age; "" where there is none (self-report below 11)."""
    if age is None or age < 2:
        return ""
    if age >= 18:
        return "self_18" if asked_of == "self" else "informant_18"
    if asked_of == "self":
        return "self_11_17" if age >= 11 else ""
    return f"{asked_of}_2_4" if age < 4 else f"{asked_of}_4_17"


def chi_version(asked_of: str, age: int | None) -> str:
    if asked_of == "parent":
        return "parent"
    if age is None or age < 9 or age > 18:
        return ""
    return "self_9_11" if age < 12 else "self_12_18"


@dataclass(frozen=True)
class _Seen:
    work: Work
    kept: tuple[Kept, ...]
    school_allowed: bool
    rules: Rules
    today: date

    def at(self, point: str) -> list[Kept]:
        """What is kept for that point of this piece of work, oldest first."""
        started, ended = self.work.started, self.work.ended
        if started is None:
            return []
        since = started - EARLY if point == START else (ended or self.today) - BEFORE_THE_END
        until = ended or date.max
        found = [k for k in self.kept if k.point == point and since <= k.on and (point == END or k.on <= until)]
        return sorted(found, key=lambda one: one.on)


def _starts(seen: _Seen, children: Sequence[Child]) -> list[Planned]:
    """First ones; what never came back is no longer asked for once the work has ended."""
    if seen.work.started is None:
        return []
    due = seen.rules.due("sdq_first", seen.work.started)
    again = seen.rules.due("sdq_again_2w", seen.work.started)
    done = seen.at(START)
    found = [
        _one(seen, child, "SDQ", version, asked_of, START, due, again, done)
        for child in children
        for asked_of, version in _asked(child)
        if due is not None
    ]
    over = seen.work.ended is not None and seen.work.ended <= seen.today
    return [one for one in found if not (over and one.is_open)]


def _ends(seen: _Seen, children: Sequence[Child]) -> list[Planned]:
    ended = seen.work.ended
    due = seen.rules.due("sdq_end", ended) if ended else None
    again = seen.rules.due("chi_again_2w", ended) if ended else None
    if ended is None or due is None:
        return []
    first = {(k.child, k.version.split("_")[0]): k for k in seen.at(START) if k.measure == "SDQ" and k.completed}
    done = seen.at(END)
    found = []
    for child in children:
        for asked_of, version in _asked(child):
            before = first.get((child.id, asked_of))
            if first and before is None:
                continue
            chosen = before.version if before and _still_fits(before.version, child.age) else version
            name = before.informant if before else ""
            found.append(_one(seen, child, "SDQ", chosen, asked_of, END, due, again, done, name))
    return [*found, *_experience(seen, children, {k.child for k in first.values()}, done)]


def _experience(seen: _Seen, children: Sequence[Child], worked_with: set[str], done: list[Kept]) -> list[Planned]:
    """CHI-ESQ: from each child or young person from 9, and once from the parent or carer."""
    ended = seen.work.ended
    due = seen.rules.due("chi_end", ended) if ended else None
    again = seen.rules.due("chi_again_2w", ended) if ended else None
    about = [child for child in children if not child.unborn and (not worked_with or child.id in worked_with)]
    if due is None or not about:
        return []
    wanted = [(about[0], "parent", "parent")]
    wanted += [(child, "self", version) for child in about if (version := chi_version("self", child.age))]
    anybody = {k.version for k in done if k.measure == "CHI_ESQ" and k.version == "parent"}
    found = []
    for child, asked_of, version in wanted:
        one = _one(seen, child, "CHI_ESQ", version, asked_of, END, due, again, done)
        if asked_of == "parent" and anybody and one.is_open:
            continue
        found.append(one)
    return found


def _yearly(seen: _Seen, children: Sequence[Child], looked_after_since: date | None) -> list[Planned]:
    """The carer's SDQ for children looked after for 12 months or more on 31 March, aged 4 to 16."""
    if looked_after_since is None:
        return []
    day = date(seen.today.year, *RETURN_DAY)
    day = day if day >= seen.today else months_later(day, 12)
    due = seen.rules.due("lac_sdq_annual", months_later(day, -12))
    if due is None or months_later(looked_after_since, 12) > day:
        return []
    this_year = [k for k in seen.kept if k.point == YEARLY and months_later(day, -12) < k.on <= day]
    about = [child for child in children if child.age is not None and YEARLY_AGES[0] <= child.age <= YEARLY_AGES[1]]
    return [_one(seen, child, "SDQ", "parent_4_17", "parent", YEARLY, due, None, this_year) for child in about]


def _one(
    seen: _Seen,
    child: Child,
    measure: str,
    version: str,
    asked_of: str,
    point: str,
    due: Due,
    again: Due | None,
    done: Sequence[Kept],
    informant: str = "",
) -> Planned:
    mine = [k for k in done if (k.child, k.measure) == (child.id, measure) and _same_side(k.version, version)]
    on = due.on or due.start
    return Planned(
        child=child.id,
        measure=measure,
        version=version,
        asked_of=asked_of,
        point=point,
        due_on=on,
        state=_state(seen, mine, asked_of, on),
        informant=informant or (child.carer if asked_of == "parent" else ""),
        again_on=again.on if again else None,
        rule_id=due.rule.id,
        edition=due.rule.edition,
    )


def _state(seen: _Seen, mine: Sequence[Kept], asked_of: str, on: date) -> State:
    if any(k.completed for k in mine):
        return State.DONE
    if mine:
        return State.NOT_COMPLETED
    if asked_of == "teacher" and not seen.school_allowed:
        return State.WAITING_FOR_PERMISSION
    return State.DUE if on <= seen.today else State.COMING


def _asked(child: Child) -> list[tuple[str, str]]:
    """Who is asked for an SDQ about a child, with the form for each."""
    if child.unborn:
        return []
    sides = ["parent", *(["teacher"] if child.at_school else []), "self"]
    found = [(side, sdq_version(side, child.age)) for side in sides]
    if child.age is not None and child.age >= 18:
        return [("self", "self_18")]
    return [(side, version) for side, version in found if version]


def _same_side(version: str, other: str) -> bool:
    """Whether two forms ask the same kind of informant: a child who grew older keeps the plan's line."""
    return version.split("_")[0] == other.split("_")[0]


def _still_fits(version: str, age: int | None) -> bool:
    return catalogue.age_fault("SDQ", version, age) == "" if version in catalogue.get("SDQ").versions else False


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if isinstance(value, str) and value else None
