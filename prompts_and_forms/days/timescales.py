"""Time limits and intervals: dated rules from timescales.yaml, and the due dates they give.

Rules: the Children Act 1989 and its regulations, Working Together 2026, the service's own protocols and local
procedures; each carries its source and status. The day the clock starts is day 0, whatever day it is.
"""

from __future__ import annotations

import calendar
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from prompts_and_forms.days import wording as days_wording
from prompts_and_forms.days.working_days import after_working_days, last_year_known, on_or_before

WARN_AHEAD = timedelta(days=365)


class Unit(StrEnum):
    WORKING_DAYS = "working_days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    HOURS = "hours"
    SESSIONS = "sessions"


class Kind(StrEnum):
    MAX = "max"
    USUAL = "usual"
    BEFORE = "before"
    TRIGGER = "trigger"
    NOW = "now"
    AT_EVENT = "at_event"
    YEARLY = "yearly"


class Status(StrEnum):
    STATUTE = "statute"
    GUIDANCE = "guidance"
    LOCAL = "local"
    PROTOCOL = "protocol"
    SUGGESTION = "suggestion"


class Checked(StrEnum):
    YES = "yes"
    LOCAL = "local"
    NO = "no"


class Rule(BaseModel):
    """One edition of a rule. `from_` and `until` are days on which its clock starts; both ends count."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    area: str
    duty: str
    starts: str
    limit: int | None = Field(default=None, strict=True)
    unit: Unit | None = None
    kind: Kind
    status: Status
    source: str = ""
    checked: Checked = Checked.NO
    note: str = ""
    from_: date | None = Field(default=None, alias="from")
    until: date | None = None
    in_force: bool = True
    """A rule that is known and not in force has no due dates. A council takes the line out of its own copy."""

    @model_validator(mode="after")
    def _whole(self) -> Rule:
        if (self.limit is None) != (self.unit is None):
            raise ValueError(days_wording.LIMIT_AND_UNIT)
        if self.from_ and self.until and self.until < self.from_:
            raise ValueError(days_wording.UNTIL_BEFORE_FROM)
        return self

    @property
    def edition(self) -> str:
        """Eight characters that change whenever the rule says something else; kept with every due date."""
        said = json.dumps(self.model_dump(mode="json", by_alias=True, exclude={"in_force"}), sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:8]

    @property
    def statutory(self) -> bool:
        """A reminder of it can be put off, never switched off."""
        return self.status in (Status.STATUTE, Status.GUIDANCE) and self.kind is not Kind.USUAL

    def holds_on(self, day: date) -> bool:
        """Whether this edition is the one for a clock that starts on that day."""
        return self.in_force and (self.from_ is None or self.from_ <= day) and (self.until is None or day <= self.until)

    def in_words(self) -> str:
        """The rule in one sentence, with where it comes from."""
        return days_wording.rule_sentence(
            self.duty, self.limit, self.unit, self.kind, self.starts, self.status, self.source
        )


@dataclass(frozen=True)
class Due:
    """What a rule gives for one start. `on` is the last day in time, `plan_by` the last working day up to it.

    `at` is set for limits in hours. Both days are None for a rule without a number (`rule.kind` now or before).
    """

    rule: Rule
    start: date
    on: date | None
    plan_by: date | None
    at: datetime | None = None


class Rules:
    """The rules of one file, and until when the bank holidays it counts with are confirmed."""

    def __init__(self, rules: Iterable[Rule], confirmed_until: date | None = None) -> None:
        self._editions: dict[str, list[Rule]] = {}
        for rule in rules:
            self._editions.setdefault(rule.id, []).append(rule)
        self.confirmed_until = confirmed_until

    def __contains__(self, rule_id: str) -> bool:
        return rule_id in self._editions

    def ids(self) -> tuple[str, ...]:
        """The names of all rules."""
        return tuple(self._editions)

    def editions(self, rule_id: str) -> tuple[Rule, ...]:
        """Every edition of a rule; none for a name there is no rule for."""
        return tuple(self._editions.get(rule_id, ()))

    def is_in_force(self, rule_id: str) -> bool:
        """Whether the council counts by a rule at all."""
        return any(rule.in_force for rule in self.editions(rule_id))

    def rule(self, rule_id: str, start: date) -> Rule | None:
        """The edition that holds for a clock that starts on that day."""
        return next((rule for rule in self._editions.get(rule_id, ()) if rule.holds_on(start)), None)

    def due(self, rule_id: str, start: date | datetime, zone: ZoneInfo | None = None) -> Due | None:
        """The due date for that start; None where no edition of the rule holds on it."""
        rule = self.rule(rule_id, _day(start, zone))
        return due(rule, start, zone) if rule else None

    def warning(self, today: date) -> str:
        """A sentence when the list of bank holidays runs out within a year; "" before that."""
        end = date(last_year_known(), 12, 31)
        last = min(self.confirmed_until, end) if self.confirmed_until else end
        return days_wording.holidays_run_out(last, past=last < today) if last - today < WARN_AHEAD else ""


def due(rule: Rule, start: date | datetime, zone: ZoneInfo | None = None) -> Due:
    """When something is due by a rule whose clock starts then.

    Hours are real hours, also on the nights the clocks change; for a start without a time they are rounded up to whole
    days. Sessions give no date: see `due_by_sessions`.
    """
    day = _day(start, zone)
    if rule.limit is None or rule.unit is None or rule.unit is Unit.SESSIONS:
        return Due(rule, day, None, None)
    if rule.unit is Unit.HOURS and isinstance(start, datetime):
        at = start + timedelta(hours=rule.limit) if zone is None else _hours_later(start, rule.limit, zone)
        return Due(rule, day, at.date(), _plan_by(day, at.date()), at)
    on = _moved(day, rule.limit, rule.unit)
    return Due(rule, day, on, _plan_by(day, on))


def due_by_sessions(rule: Rule, held: Sequence[date], since: date | None = None) -> Due | None:
    """Due on the day of the session that fills the number, counted after `since`; None while there are too few.

    Sessions are counted, not weeks; several on one day are several sessions.
    """
    if rule.unit is not Unit.SESSIONS or rule.limit is None:
        return None
    counted = sorted(day for day in held if since is None or day > since)
    if len(counted) < rule.limit or rule.limit < 1:
        return None
    on = counted[rule.limit - 1]
    return Due(rule, on, on, on)


def months_later(day: date, count: int) -> date:
    """The same day of the month that many months on; where the month is too short, its last day."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _moved(day: date, limit: int, unit: Unit) -> date:
    match unit:
        case Unit.WORKING_DAYS:
            return after_working_days(day, limit)
        case Unit.MONTHS:
            return months_later(day, limit)
        case Unit.WEEKS:
            return day + timedelta(weeks=limit)
        case Unit.HOURS:
            return day + timedelta(days=-(-limit // 24))
        case _:
            return day + timedelta(days=limit)


def _plan_by(start: date, on: date) -> date:
    """The last working day in time; the due day itself where no working day lies between."""
    planned = on_or_before(on)
    return on if start <= on and planned < start else planned


def _day(start: date | datetime, zone: ZoneInfo | None) -> date:
    if not isinstance(start, datetime):
        return start
    return start.astimezone(zone).date() if zone else start.date()


def _hours_later(start: datetime, hours: int, zone: ZoneInfo) -> datetime:
    return (start.astimezone(ZoneInfo("UTC")) + timedelta(hours=hours)).astimezone(zone)
