"""Reading timescales.yaml: a file that cannot be used is refused with its line, and the rules from before stay."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from prompts_and_forms import yaml_lines
from prompts_and_forms.days import wording as days_wording
from prompts_and_forms.days.reading import as_day
from prompts_and_forms.days.timescales import Rule, Rules
from prompts_and_forms.yaml_lines import Listed, Mapped, YamlFault

OWN_FILE = Path(__file__).parent / "timescales.yaml"
CONFIRMED = "bank_holidays_confirmed_until"


class RuleFault(Exception):
    """A file of rules that cannot be used: `line` counts from 1, `problem` says what is wrong there."""

    def __init__(self, name: str, line: int, problem: str) -> None:
        super().__init__(f"{name}, line {line}: {problem}")
        self.name, self.line, self.problem = name, line, problem


def read_rules(path: Path) -> Rules:
    """The rules of a file; raises RuleFault naming the line of the first thing that is wrong."""
    try:
        data = yaml_lines.load(path)
    except YamlFault as wrong:
        raise RuleFault(path.name, wrong.line, wrong.problem) from wrong
    rows = data.get("rules") if isinstance(data, Mapped) else None
    if not isinstance(rows, Listed) or not rows:
        raise RuleFault(path.name, 1, days_wording.NO_RULES)
    return Rules(_rules(path.name, rows), _confirmed(path.name, data))


def _rules(name: str, rows: Listed) -> list[Rule]:
    found: list[Rule] = []
    for number, row in enumerate(rows):
        line = rows.lines[number]
        if not isinstance(row, Mapped):
            raise RuleFault(name, line, "a rule is a list of names and values")
        try:
            rule = Rule.model_validate(dict(row))
        except ValidationError as wrong:
            raise _fault(name, row, line, wrong) from wrong
        if any(_overlap(rule, other) for other in found):
            raise RuleFault(name, line, days_wording.OVERLAP.format(rule=rule.id))
        found.append(rule)
    return found


def _fault(name: str, row: Mapped, line: int, wrong: ValidationError) -> RuleFault:
    first = min(wrong.errors(), key=lambda error: error["type"] == "missing")
    field = str(first["loc"][0]) if first["loc"] else ""
    if field in row:
        line = row.line_of(field)
    said = str(first["msg"]).removeprefix("Value error, ")
    return RuleFault(name, line, f"{field}: {said}" if field else said)


def _overlap(one: Rule, other: Rule) -> bool:
    if one.id != other.id:
        return False
    starts = max(one.from_ or date.min, other.from_ or date.min)
    return starts <= min(one.until or date.max, other.until or date.max)


def _confirmed(name: str, data: Mapped) -> date | None:
    said = data.get(CONFIRMED)
    day = as_day(said)
    if said is not None and day is None:
        raise RuleFault(name, data.line_of(CONFIRMED), f"{CONFIRMED}: not a date")
    return day


class RuleBook:
    """Rules from a file people may edit while the bot runs: read again when it changes, kept when it breaks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.trouble = ""
        """The sentence about a file that cannot be used; "" when all is well."""
        self._rules: Rules | None = None
        self._stamp: tuple[int, int] | None = None

    def rules(self) -> Rules:
        """The rules as the file has them now; the last good ones while it is broken."""
        stamp = self._looked()
        if self._rules is None or stamp != self._stamp:
            self._stamp = stamp
            self._read()
        assert self._rules is not None
        return self._rules

    def _looked(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size

    def _read(self) -> None:
        try:
            self._rules, self.trouble = read_rules(self.path), ""
        except RuleFault as fault:
            kept = days_wording.KEPT_OLD if self._rules else days_wording.KEPT_OWN
            self._rules = self._rules or own_rules()
            self.trouble = days_wording.fault_sentence(fault.name, fault.line, fault.problem, kept)


@cache
def own_rules() -> Rules:
    """The rules that come with the bot."""
    return read_rules(OWN_FILE)


_book = RuleBook(OWN_FILE)


def use(path: Path) -> RuleBook:
    """From now on the rules come from this file (a council's own copy)."""
    global _book
    _book = RuleBook(path)
    _book.rules()
    return _book


def book() -> RuleBook:
    """The rules this process goes by."""
    return _book


def rules() -> Rules:
    """The rules in force."""
    return _book.rules()
