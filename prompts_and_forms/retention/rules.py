"""How long things stay: rules by category, read from retention.yaml or the council's own copy of it."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from prompts_and_forms import yaml_lines
from prompts_and_forms.retention import wording
from prompts_and_forms.yaml_lines import Listed, Mapped, YamlFault

OWN_FILE = Path(__file__).parent / "retention.yaml"
ADULT, BIRTHDAY = 18, "birth"


class What(StrEnum):
    """What a rule is about."""

    FAMILIES = "families"
    DRAFTS = "drafts"
    CHAT = "chat"
    AUDIT = "audit"


class Starts(StrEnum):
    """From which day the years count."""

    BIRTH = "birth"
    DEATH = "death"
    CLOSED = "closed"
    SAVED = "saved"
    COPIED = "copied"
    WRITTEN = "written"


class RetentionFault(Exception):
    """A file of rules that cannot be used; `sentence` names the line and what is wrong there."""

    def __init__(self, name: str, line: int, problem: str) -> None:
        self.sentence = wording.FAULT.format(name=name, line=line, problem=problem)
        super().__init__(self.sentence)


class Keep(BaseModel):
    """One rule. Neither years nor days: the council has not decided, and nothing is due by it."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    what: What
    categories: tuple[str, ...] = ()
    starts: Starts
    years: int | None = Field(default=None, strict=True, ge=1, le=150)
    days: int | None = Field(default=None, strict=True, ge=1, le=36500)
    status: str
    source: str
    checked: str
    note: str = ""
    from_: date | None = Field(default=None, alias="from")
    until: date | None = None

    @model_validator(mode="after")
    def _fits(self) -> Keep:
        if self.years is not None and self.days is not None:
            raise ValueError("years or days, not both")
        if (self.what is What.FAMILIES) != bool(self.categories):
            raise ValueError("categories belong to rules about families, and those need them")
        return self

    @property
    def is_set(self) -> bool:
        """Whether anybody has decided how long."""
        return self.years is not None or self.days is not None

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force on that day."""
        return (self.from_ or date.min) <= day <= (self.until or date.max)

    def ends(self, start: date) -> date:
        """The first day on which what began on `start` is due."""
        return years_later(start, self.years) if self.years else start + timedelta(days=self.days or 0)


@dataclass(frozen=True)
class Known:
    """What the rules need to know of a family. `turn_18`: of every child, None for one whose birthday is not known."""

    categories: frozenset[str]
    closed_on: date | None
    turn_18: tuple[date | None, ...]


@dataclass(frozen=True)
class Verdict:
    """When a family is due and by which rule. Without a day `why` says why it is never due as things are."""

    rule: str
    on: date | None
    why: str = ""


class Retention:
    """The rules of a file."""

    def __init__(self, rules: Iterable[Keep]) -> None:
        self.rules = tuple(rules)

    def about(self, what: What, day: date) -> list[Keep]:
        """The rules about something that are in force on a day."""
        return [rule for rule in self.rules if rule.what is what and rule.holds_on(day)]

    def family(self, known: Known, today: date) -> Verdict:
        """The latest day of all rules that fit any category the family ever had. One without an answer stops all."""
        if known.closed_on is None:
            return Verdict("", None, wording.STILL_OPEN)
        fitting = [rule for rule in self.about(What.FAMILIES, today) if set(rule.categories) & known.categories]
        fitting = [rule for rule in fitting if rule.starts is not Starts.DEATH]
        if not fitting or known.categories - {one for rule in fitting for one in rule.categories}:
            return Verdict("", None, wording.NO_RULE)
        found = [self._one(rule, known) for rule in fitting]
        return next((one for one in found if one.on is None), max(found, key=lambda one: one.on or date.max))

    def _one(self, rule: Keep, known: Known) -> Verdict:
        if not rule.is_set:
            return Verdict(rule.id, None, wording.NOT_SET.format(rule=wording.rule_name(rule.id)))
        if rule.starts is Starts.CLOSED:
            assert known.closed_on is not None
            return Verdict(rule.id, rule.ends(known.closed_on))
        born = [years_later(day, -ADULT) for day in known.turn_18 if day is not None]
        if not born or None in known.turn_18:
            return Verdict(rule.id, None, wording.NO_BIRTHDAY)
        return Verdict(rule.id, rule.ends(max(born)))


def years_later(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes 1 March where there is none."""
    year = day.year + years
    if year > date.max.year:
        return date.max
    leaps_over = (day.month, day.day) == (2, 29) and not isleap(year)
    return date(year, 3, 1) if leaps_over else day.replace(year=year)


def read(path: Path | None = None) -> Retention:
    """The rules of a file (the bot's own without one); raises RetentionFault naming the line that is wrong."""
    file = path or OWN_FILE
    try:
        data = yaml_lines.load(file)
    except YamlFault as wrong:
        raise RetentionFault(file.name, wrong.line, wrong.problem) from wrong
    rows = data.get("rules") if isinstance(data, Mapped) else None
    if not isinstance(rows, Listed) or not rows:
        raise RetentionFault(file.name, 1, wording.NO_RULES)
    found: list[Keep] = []
    for number, row in enumerate(rows):
        line = rows.lines[number]
        if not isinstance(row, Mapped):
            raise RetentionFault(file.name, line, wording.NO_NAMES)
        try:
            rule = Keep.model_validate(dict(row))
        except ValidationError as wrong:
            field = str(wrong.errors()[0]["loc"][0]) if wrong.errors()[0]["loc"] else ""
            said = str(wrong.errors()[0]["msg"]).removeprefix("Value error, ")
            raise RetentionFault(file.name, row.line_of(field), f"{field}: {said}" if field else said) from wrong
        if any(_overlap(rule, other) for other in found):
            raise RetentionFault(file.name, line, wording.TWICE.format(rule=rule.id))
        found.append(rule)
    return Retention(found)


def _overlap(one: Keep, other: Keep) -> bool:
    starts = max(one.from_ or date.min, other.from_ or date.min)
    return one.id == other.id and starts <= min(one.until or date.max, other.until or date.max)


_path: list[Path | None] = [None]


def use(path: Path) -> str:
    """From now on the rules come from this file; answers what is wrong with it, "" where nothing is.

    With a broken file nothing is due: the bot's own rules do not step in for the council's.
    """
    _path[0] = path
    try:
        read(path)
    except RetentionFault as fault:
        return fault.sentence
    return ""


def rules() -> Retention:
    """The rules in force. Read when they are asked for, which is rare; raises RetentionFault for a file that broke."""
    return read(_path[0])
