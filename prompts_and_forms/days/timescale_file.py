"""Reading timescales.yaml: a file that cannot be used is refused with its line, and the rules from before stay."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from prompts_and_forms.days import wording as days_wording
from prompts_and_forms.days.timescales import Rule, Rules

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
        data = YAML().load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        problem = days_wording.NOT_YAML.format(problem=wrong.problem or wrong.context or "")
        raise RuleFault(path.name, mark.line + 1 if mark else 1, problem) from wrong
    except (YAMLError, UnicodeDecodeError, OSError) as wrong:
        raise RuleFault(path.name, 1, days_wording.NOT_YAML.format(problem=str(wrong).splitlines()[0])) from wrong
    rows = data.get("rules") if isinstance(data, dict) else None
    if not isinstance(rows, list) or not rows:
        raise RuleFault(path.name, 1, days_wording.NO_RULES)
    return Rules(_rules(path.name, rows), _confirmed(path.name, data))


def _rules(name: str, rows: Any) -> list[Rule]:
    found: list[Rule] = []
    for number, row in enumerate(rows):
        line = rows.lc.item(number)[0] + 1
        if not isinstance(row, dict):
            raise RuleFault(name, line, "a rule is a list of names and values")
        try:
            rule = Rule.model_validate(dict(row))
        except ValidationError as wrong:
            raise _fault(name, row, line, wrong) from wrong
        if any(_overlap(rule, other) for other in found):
            raise RuleFault(name, line, days_wording.OVERLAP.format(rule=rule.id))
        found.append(rule)
    return found


def _fault(name: str, row: Any, line: int, wrong: ValidationError) -> RuleFault:
    first = min(wrong.errors(), key=lambda error: error["type"] == "missing")
    field = str(first["loc"][0]) if first["loc"] else ""
    if field in row:
        line = row.lc.key(field)[0] + 1
    said = str(first["msg"]).removeprefix("Value error, ")
    return RuleFault(name, line, f"{field}: {said}" if field else said)


def _overlap(one: Rule, other: Rule) -> bool:
    if one.id != other.id:
        return False
    starts = max(one.from_ or date.min, other.from_ or date.min)
    return starts <= min(one.until or date.max, other.until or date.max)


def _confirmed(name: str, data: Any) -> date | None:
    said = data.get(CONFIRMED)
    if said is None or isinstance(said, date):
        return said
    raise RuleFault(name, data.lc.key(CONFIRMED)[0] + 1, f"{CONFIRMED}: not a date")


class RuleBook:
    """Rules from a file people may edit while the bot runs: read again when it changes, kept when it breaks."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.trouble = ""
        """The sentence about a file that cannot be used; "" when all is well."""
        self._rules: Rules | None = None
        self._stamp: tuple[int, int] | None = None

    def rules(self) -> Rules:
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
    return _book


def rules() -> Rules:
    """The rules in force."""
    return _book.rules()
