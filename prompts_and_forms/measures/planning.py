"""Which questionnaires are due, for whom and when: at the start and at the end of each piece of clinical work.

Source: the clinical manual. SDQ at the first meeting (family, school, others who know the child; the young person from
11) and again at the end from the same people; CHI-ESQ at the end; the carer's yearly SDQ for a child who is looked
after. School is asked only with permission to share. Pure: what is known goes in, what is due comes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from prompts_and_forms.days import ages
from prompts_and_forms.days.ages import KnownAge
from prompts_and_forms.days.timescales import Due, Rules, months_later
from prompts_and_forms.days.working_days import on_or_before
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
    NO_LONGER_FITS = "no_longer_fits"


@dataclass(frozen=True)
class Child:
    """`id` as the caller knows the child. `carer`: who of the family is asked first, by initials or key.

    `age` is what was said, on the day `age_on` where one is known.
    """

    id: str
    age: int | None = None
    at_school: bool = False
    unborn: bool = False
    carer: str = ""
    months: int | None = None
    age_on: date | None = None
    turns_18: date | None = None

    def age_at(self, day: date) -> int | None:
        """The age on the day that counts for a questionnaire."""
        return ages.age_on(self._known, day)

    def may_be(self, day: date) -> tuple[int, int] | None:
        """The youngest and oldest the child can be on that day."""
        return ages.age_range(self._known, day)

    @property
    def _known(self) -> KnownAge:
        return KnownAge(self.age, self.months, self.age_on, self.turns_18)


@dataclass(frozen=True)
class Work:
    """A piece of clinical work with the family; `started` is its first meeting with them. None = not (yet)."""

    started: date | None = None
    ended: date | None = None


@dataclass(frozen=True)
class Kept:
    """A result that is saved, or (`completed` False) a reason why there is none."""

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
        """Whether it has still to be sent out."""
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
    """The version of the experience questionnaire for this informant; nothing where none is for that age."""
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
        """What is saved for that point of this piece of work, oldest first."""
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
        for asked_of, version in _asked(child, seen.work.started)
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
        for asked_of, version, name in _asked_again(child, first, ended):
            one = _one(seen, child, "SDQ", version, asked_of, END, due, again, done, name)
            found.append(one if one.state is State.DONE or _fits(child, version, ended) else _outgrown(one))
    return [*found, *_experience(seen, children, {k.child for k in first.values()}, done)]


def _asked_again(child: Child, first: Mapping[tuple[str, str], Kept], ended: date) -> Iterator[tuple[str, str, str]]:
    """Who is asked at the end, with the form and by whom: the people of the start; where nobody was asked, everybody.

    A child who grew out of the first form is asked about on the one for the new age; where there is none the line
    stays, and says so.
    """
    if not first:
        yield from ((asked_of, version, "") for asked_of, version in _asked(child, ended))
        return
    age = child.age_at(ended)
    for (child_id, side), before in first.items():
        if child_id != child.id:
            continue
        asked_of = "parent" if side == "informant" else side
        fits = _fits(child, before.version, ended)
        grown_up = age is not None and age >= ages.ADULT
        newer = "" if asked_of == "teacher" and grown_up else sdq_version(asked_of, age)
        version = before.version if fits else newer
        yield asked_of, version or before.version, before.informant


def _outgrown(one: Planned) -> Planned:
    """A line nobody can be asked any more, because the child is too old for the form."""
    return replace(one, state=State.NO_LONGER_FITS) if one.is_open else one


def _experience(seen: _Seen, children: Sequence[Child], worked_with: set[str], done: list[Kept]) -> list[Planned]:
    """CHI-ESQ: from each child or young person from 9, and once from the parent or carer."""
    ended = seen.work.ended
    due = seen.rules.due("chi_end", ended) if ended else None
    again = seen.rules.due("chi_again_2w", ended) if ended else None
    about = [child for child in children if not child.unborn and (not worked_with or child.id in worked_with)]
    if due is None or not about:
        return []
    wanted = [(about[0], "parent", "parent")]
    wanted += [(child, "self", version) for child in about if (version := chi_version("self", child.age_at(due.start)))]
    anybody = {k.version for k in done if k.measure == "CHI_ESQ" and k.version == "parent"}
    found = []
    for child, asked_of, version in wanted:
        one = _one(seen, child, "CHI_ESQ", version, asked_of, END, due, again, done)
        if asked_of == "parent" and anybody and one.is_open:
            continue
        found.append(one)
    return found


def _yearly(seen: _Seen, children: Sequence[Child], looked_after_since: date | None) -> list[Planned]:
    """The carer's SDQ for children looked after for 12 months or more on 31 March.

    Aged 4 to 16 on the day of the assessment (SSDA903): whoever turns 17 before that March is asked while still 16.
    """
    if looked_after_since is None:
        return []
    day = date(seen.today.year, *RETURN_DAY)
    day = day if day >= seen.today else months_later(day, 12)
    due = seen.rules.due("lac_sdq_annual", months_later(day, -12))
    if due is None or months_later(looked_after_since, 12) > day:
        return []
    this_year = [k for k in seen.kept if k.point == YEARLY and months_later(day, -12) < k.on <= day]
    found = []
    for child in children:
        last = _last_day_of_age(child, seen.today, day)
        if last is not None:
            by = due if last == day else replace(due, on=last, plan_by=on_or_before(last))
            found.append(_one(seen, child, "SDQ", "parent_4_17", "parent", YEARLY, by, None, this_year))
    return found


def _last_day_of_age(child: Child, today: date, day: date) -> date | None:
    """The last day up to `day` on which the child is of an age to be asked about; None where there is none any more."""
    if _is_between(child.age_at(day), *YEARLY_AGES):
        return day
    if not _is_between(child.age_at(today), *YEARLY_AGES):
        return None
    too_early, too_late = today, day
    while (middle := too_early + (too_late - too_early) // 2) != too_early:
        if _is_between(child.age_at(middle), *YEARLY_AGES):
            too_early = middle
        else:
            too_late = middle
    return too_early


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


def _is_between(age: int | None, youngest: int, oldest: int) -> bool:
    return age is not None and youngest <= age <= oldest


def _asked(child: Child, day: date) -> list[tuple[str, str]]:
    """Who is asked for an SDQ about a child, with the form for the age on that day."""
    if child.unborn:
        return []
    age = child.age_at(day)
    sides = ["parent", *(["teacher"] if child.at_school else []), "self"]
    found = [(side, sdq_version(side, age)) for side in sides]
    if age is not None and age >= ages.ADULT:
        return [("self", "self_18")]
    return [(side, version) for side, version in found if version]


def _same_side(version: str, other: str) -> bool:
    """Whether two forms ask the same kind of informant: a child who grew older keeps the plan's line."""
    return version.split("_")[0] == other.split("_")[0]


def _fits(child: Child, version: str, day: date) -> bool:
    """Whether the form is meant for an age the child can have on that day."""
    return version in catalogue.get("SDQ").versions and not catalogue.age_fault("SDQ", version, child.may_be(day))


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if isinstance(value, str) and value else None
