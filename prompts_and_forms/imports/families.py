"""Families out of the rows of a list: one row a child or carer, put together by case reference.

An empty cell says nothing. A family with a fault in any of its rows is refused as a whole: nothing is half done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from prompts_and_forms.days.ages import KnownAge, age_on
from prompts_and_forms.imports import cells, wording
from prompts_and_forms.imports.cells import Unfit
from prompts_and_forms.imports.sheet import COLUMNS, Row, Sheet
from prompts_and_forms.references import normal
from prompts_and_forms.unit.wording import DATE_WORDS

NOT_TO_COME = ("allocated", "last_review")


@dataclass(frozen=True)
class Fault:
    """What is wrong in a line."""

    line: int
    ref: str
    sentence: str

    def __str__(self) -> str:
        return wording.fault(self.line, self.ref, self.sentence)


@dataclass(frozen=True)
class Child:
    """A child of the list. An age of None is not said; `months` is for the youngest."""

    line: int
    initials: str
    age: int | None = None
    months: int | None = None
    unborn: bool = False
    turns_18: date | None = None


@dataclass(frozen=True)
class Carer:
    """A parent or carer of the list."""

    line: int
    initials: str
    relation: str = ""
    safe_contact: str = ""


@dataclass
class Family:
    """What a list says about one family. `said` has what the family's own columns say."""

    ref: str
    line: int
    said: dict[str, Any] = field(default_factory=dict)
    said_on: dict[str, int] = field(default_factory=dict)
    children: dict[str, Child] = field(default_factory=dict)
    carers: dict[str, Carer] = field(default_factory=dict)

    def dates(self) -> dict[str, date]:
        """Its key dates by name."""
        return {name: self.said[name] for name in DATE_WORDS if name in self.said}


def gather(sheet: Sheet, today: date) -> tuple[list[Family], list[Fault]]:
    """The families without a fault, in the order of the list, and every fault."""
    found: dict[str, Family] = {}
    faults: list[Fault] = []
    spoilt: set[str] = set()
    for row in sheet.rows:
        ref = normal(row.cells.get("ref", ""))[:60]
        family = found.setdefault(ref, Family(ref, row.line))
        sentences = list(_take(family, row, today)) if ref else [wording.REF_MISSING]
        if sentences:
            spoilt.add(ref)
            faults += [Fault(row.line, ref, sentence) for sentence in dict.fromkeys(sentences)]
    return [family for ref, family in found.items() if ref not in spoilt], faults


def _take(family: Family, row: Row, today: date) -> list[str]:
    """Adds a row to its family; answers what is wrong in it."""
    wrong: list[str] = []
    for name, said in row.cells.items():
        if name == "ref" or name.startswith(("child_", "carer_")) or name == "safe_contact":
            continue
        try:
            value = _value(name, said, today)
        except Unfit as unfit:
            wrong.append(unfit.sentence)
            continue
        before = family.said.setdefault(name, value)
        line = family.said_on.setdefault(name, row.line)
        if before != value:
            wrong.append(wording.OTHERWISE.format(column=COLUMNS[name], line=line))
    for part in (_child, _carer):
        try:
            part(family, row, today)
        except Unfit as unfit:
            wrong.append(unfit.sentence)
    return wrong


def _value(name: str, said: str, today: date) -> Any:
    if name == "category":
        return cells.category(said)
    if name == "initials":
        return cells.initials(said)
    if name in ("lead_worker", "court_type"):
        return cells.words(said)
    return cells.day(said, COLUMNS[name], latest=today if name in NOT_TO_COME else None)


def _child(family: Family, row: Row, today: date) -> None:
    said = {name: cell for name, cell in row.cells.items() if name.startswith("child_")}
    if not said:
        return
    if "child_initials" not in said:
        raise Unfit(wording.INITIALS_MISSING.format(who="child"))
    known = Child(row.line, cells.initials(said["child_initials"]), **_age(said, today))
    before = family.children.setdefault(known.initials, known)
    if _apart(before) != _apart(known):
        raise Unfit(wording.SAME_CHILD.format(line=before.line, initials=known.initials))


def _age(said: dict[str, str], today: date) -> dict[str, Any]:
    turns = cells.turns_18(said["child_turns_18"], today) if "child_turns_18" in said else None
    found = cells.age(said["child_age"]) if "child_age" in said else {}
    if turns is None:
        return found
    reckoned = age_on(KnownAge(turns_18=turns), today) or 0
    said_years = found.get("age", found.get("months", reckoned * 12) // 12)
    if found.get("unborn") or abs(said_years - reckoned) > 1:
        raise Unfit(wording.AGE_AND_DATE)
    return {**found, "turns_18": turns}


def _carer(family: Family, row: Row, today: date) -> None:
    said = {name: row.cells[name] for name in ("carer_initials", "carer_relation", "safe_contact") if name in row.cells}
    if not said:
        return
    if "carer_initials" not in said:
        raise Unfit(wording.INITIALS_MISSING.format(who="carer"))
    known = Carer(
        row.line,
        cells.initials(said["carer_initials"]),
        cells.words(said.get("carer_relation", "")),
        cells.safe_contact(said.get("safe_contact", "")),
    )
    before = family.carers.setdefault(known.initials, known)
    if _apart(before) != _apart(known):
        raise Unfit(wording.SAME_CARER.format(line=before.line, initials=known.initials))


def _apart(person: Child | Carer) -> tuple[Any, ...]:
    """What a person of the list is beside the line they stand in."""
    return tuple(value for name, value in vars(person).items() if name != "line")
