"""A list of families beside what a unit has: what is new, what changes, what cannot be.

The case reference is the key, so a list can be brought in again and again. What the list does not say stays as it is:
an empty cell, a child or a warning that is missing takes nothing away. One walk plans and writes. Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from prompts_and_forms.days.ages import age_on, months_on
from prompts_and_forms.imports import change_words, wording
from prompts_and_forms.imports.change_words import Change
from prompts_and_forms.imports.families import Carer as SaidCarer
from prompts_and_forms.imports.families import Child as SaidChild
from prompts_and_forms.imports.families import Family as SaidFamily
from prompts_and_forms.imports.families import Fault
from prompts_and_forms.references import is_reference
from prompts_and_forms.states import FamilyStatus
from prompts_and_forms.typed import same_name
from storage.database.audit import audit
from storage.database.bodies import CarerBody, ChildBody, FamilyBody, Replaced
from storage.database.hiding import hidden
from storage.database.tables import Family, Person, Unit
from storage.family import families
from storage.unit import people, units


@dataclass
class Outcome:
    """What an import does, or did. `changed` has the family's reference and its changes in words.

    `elsewhere` are references that are not free: another unit's, or of a family closed to whoever asked.
    """

    new: list[str] = field(default_factory=list)
    changed: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    refused: list[Fault] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """Everything in one line; a family with several faults is refused once."""
        refused = {fault.ref or str(fault.line) for fault in self.refused}
        return wording.summary(len(self.new), len(self.changed), len(self.same), len(refused))

    def refuse(self, faults: Iterable[Fault]) -> None:
        """Adds faults, in the order of the list."""
        self.refused = sorted([*self.refused, *faults], key=lambda fault: fault.line)

    def add(self, more: Outcome) -> None:
        """Takes in what came of another part of the list."""
        self.new += more.new
        self.changed += more.changed
        self.same += more.same
        self.elsewhere += more.elsewhere
        self.refuse(more.refused)


class Cannot(Exception):
    """A family that cannot be taken; `sentence` says why, `line` where."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line, self.sentence = line, sentence


@dataclass(frozen=True)
class Importing:
    """An import into a unit: `person_id` is whoever asked, None at the computer. Without `write` nothing is changed."""

    session: Session
    unit: Unit
    now: datetime
    today: date
    person_id: str | None = None
    write: bool = False

    def run(self, said: Iterable[SaidFamily], faults: Iterable[Fault] = ()) -> Outcome:
        """Walks through the list; each family is taken as a whole or refused."""
        found = Outcome()
        members = [person for _place, person in people.members(self.session, self.unit.id)]
        for family in said:
            try:
                with self.session.begin_nested():
                    self._one(family, members, found)
            except Cannot as cannot:
                found.refuse([Fault(cannot.line, family.ref, cannot.sentence)])
        found.refuse(faults)
        return found

    def _one(self, said: SaidFamily, members: list[Person], found: Outcome) -> None:
        there = families.anywhere(self.session, said.ref)
        worker = self._worker(said, members)
        if there is None:
            self._check_ref(said)
            if "category" not in said.said:
                raise Cannot(said.line, wording.CATEGORY_MISSING)
            _court_faults(said, None)
            found.new.append(said.ref)
            if self.write:
                self._add(said, worker)
            return
        if there.unit_id != self.unit.id or there.id in hidden(self.session):
            found.elsewhere.append(said.ref)
            raise Cannot(said.line, wording.REF_ELSEWHERE)
        if there.status == FamilyStatus.CLOSED:
            raise Cannot(said.line, wording.CLOSED)
        changes = tuple(self._update(there, said, worker))
        if not changes:
            found.same.append(said.ref)
            return
        found.changed.append((said.ref, tuple(change.words for change in changes)))
        if self.write:
            self._remember(there, [change.was for change in changes if change.was])
            self._note("imported a change", there)

    def _remember(self, family: Family, was: list[str]) -> None:
        """What was recorded before stays readable, on the family's timeline and in an export."""
        if was:
            known = families.body(self.session, family)
            before = Replaced(on=self.today, by=self.person_id or "", was=was)
            changed = {"replaced": [*known.replaced, before]}
            families.keep_body(self.session, family, known.model_copy(update=changed))

    def _check_ref(self, said: SaidFamily) -> None:
        own = self.unit.settings.get("case_pattern")
        if not units.fits_pattern(self.unit, said.ref):
            raise Cannot(said.line, wording.REF_MISFITS)
        if not own and not is_reference(said.ref):
            raise Cannot(said.line, wording.REF_LETTER)

    def _worker(self, said: SaidFamily, members: list[Person]) -> str | None:
        name = said.said.get("lead_worker")
        if not name:
            return None
        line = said.said_on["lead_worker"]
        found = [person for person in members if same_name(person.name, name)]
        found = found or [person for person in members if same_name(person.name.partition(" ")[0], name)]
        if len(found) != 1:
            sentence = wording.WORKER_SEVERAL if found else wording.WORKER_UNKNOWN
            raise Cannot(line, sentence.format(said=name[:60]))
        return found[0].id

    # ---- a new family

    def _add(self, said: SaidFamily, worker: str | None) -> None:
        family = families.add_family(
            self.session,
            unit_id=self.unit.id,
            known=FamilyBody(
                ref=said.ref, initials=said.said.get("initials", ""), dates=dict(said.dates()), court=_court(None, said)
            ),
            category=said.said["category"],
            allocated_on=said.said.get("allocated", self.today),
            lead_worker_id=worker,
            visiting_days=None,
            decided_by_id=None,
            now=self.now,
        )
        for child in said.children.values():
            key = families.next_child_key(self.session, family.id, said.ref)
            families.keep_child(self.session, family.id, ChildBody(key=key, **_child_fields(child, self.today)))
        for carer in said.carers.values():
            key = families.next_carer_key(self.session, family.id, said.ref)
            families.keep_carer(self.session, family.id, CarerBody(key=key, **_carer_fields(carer)))
        self._note("imported", family)

    # ---- a family that is there

    def _update(self, family: Family, said: SaidFamily, worker: str | None) -> Iterator[Change]:
        yield from self._details(family, said, worker)
        yield from self._category(family, said)
        yield from self._children(family, said)
        yield from self._carers(family, said)

    def _details(self, family: Family, said: SaidFamily, worker: str | None) -> Iterator[Change]:
        known = families.body(self.session, family)
        _court_faults(said, known.court)
        changed: dict[str, Any] = {}
        if said.said.get("initials", known.initials) != known.initials:
            changed["initials"] = said.said["initials"]
            yield Change(change_words.INITIALS, change_words.was(change_words.INITIALS, known.initials))
        fresh = {name: on for name, on in said.dates().items() if known.dates.get(name) != on}
        if fresh:
            changed["dates"] = {**known.dates, **fresh}
            for name, on in fresh.items():
                before = change_words.was(change_words.date_name(name), known.dates.get(name))
                yield Change(change_words.date_words(name, on), before)
        court = _court(known.court, said)
        if court != known.court:
            changed["court"] = court
            yield Change(change_words.COURT, change_words.court_was(known.court))
        if changed and self.write:
            families.keep_body(self.session, family, known.model_copy(update=changed))
        since = said.said.get("allocated", family.allocated_on)
        if since is not None and since != family.allocated_on:
            yield Change(change_words.since_words(since), change_words.was(change_words.SINCE, family.allocated_on))
        if worker not in (None, family.lead_worker_id):
            led = people.by_id(self.session, family.lead_worker_id)
            yield Change(change_words.LEAD_WORKER, change_words.was(change_words.LEAD_WORKER, led.name if led else ""))
        if self.write:
            family.allocated_on = since
            family.lead_worker_id = worker or family.lead_worker_id
            self.session.add(family)

    def _category(self, family: Family, said: SaidFamily) -> Iterator[Change]:
        wanted = said.said.get("category", family.category)
        if wanted == family.category:
            return
        yield Change(change_words.category_words(wanted))
        if self.write:
            families.add_category(
                self.session,
                family,
                category=wanted,
                from_on=self.today,
                decided_by_id=None,
                why=change_words.WHY,
                now=self.now,
            )

    def _children(self, family: Family, said: SaidFamily) -> Iterator[Change]:
        known = families.children(self.session, family.id)
        for child in said.children.values():
            twins = [(row, body) for row, body in known if same_name(body.initials, child.initials)]
            if len(twins) > 1:
                raise Cannot(child.line, wording.KNOWN_TWICE.format(initials=child.initials))
            if not twins:
                yield Change(change_words.new_child(child.initials))
                if self.write:
                    key = families.next_child_key(self.session, family.id, said.ref)
                    families.keep_child(self.session, family.id, ChildBody(key=key, **_child_fields(child, self.today)))
                continue
            row, body = twins[0]
            wanted = body.model_copy(update=_said_of_child(child, body, self.today))
            if wanted != body:
                before = change_words.child_was(body.known_age(), body.initials, unborn=body.unborn)
                yield Change(change_words.child_words(child.initials), before)
                if self.write:
                    families.keep_child(self.session, family.id, wanted, row)

    def _carers(self, family: Family, said: SaidFamily) -> Iterator[Change]:
        known = families.carers(self.session, family.id)
        for carer in said.carers.values():
            same = [(row, body) for row, body in known if same_name(body.initials, carer.initials)]
            if len(same) > 1:
                raise Cannot(carer.line, wording.KNOWN_TWICE.format(initials=carer.initials))
            if not same:
                yield Change(change_words.new_carer(carer.initials))
                if self.write:
                    key = families.next_carer_key(self.session, family.id, said.ref)
                    families.keep_carer(self.session, family.id, CarerBody(key=key, **_carer_fields(carer)))
                continue
            row, body = same[0]
            filled = {name: value for name, value in _carer_fields(carer).items() if value}
            wanted = body.model_copy(update=filled)
            if wanted != body:
                yield Change(
                    change_words.carer_words(carer.initials, warning=wanted.safe_contact != body.safe_contact),
                    change_words.carer_was(body.initials, body.relation, body.safe_contact),
                )
                if self.write:
                    families.keep_carer(self.session, family.id, wanted, row)

    def _note(self, what: str, family: Family) -> None:
        audit(
            self.session,
            at=self.now,
            what=what,
            row=family,
            person_id=self.person_id,
            unit_id=self.unit.id,
            family_id=family.id,
        )


def _court_faults(said: SaidFamily, known: dict[str, Any] | None) -> None:
    if "court_type" in said.said and "court_on" not in said.said and not known:
        raise Cannot(said.said_on["court_type"], wording.COURT_FOR)


def _court(known: dict[str, Any] | None, said: SaidFamily) -> dict[str, Any] | None:
    fresh: dict[str, Any] = {}
    if "court_on" in said.said:
        fresh["on"] = said.said["court_on"].isoformat()
    if "court_type" in said.said:
        fresh["type"] = said.said["court_type"]
    return {"type": "", **(known or {}), **fresh} if fresh else known


def _child_fields(child: SaidChild, today: date) -> dict[str, Any]:
    return {
        "age_on": None if child.age is None and child.months is None else today,
        "initials": child.initials,
        "age": child.age,
        "age_months": child.months,
        "unborn": child.unborn,
        "turns_18": child.turns_18,
    }


def _said_of_child(child: SaidChild, body: ChildBody, today: date) -> dict[str, Any]:
    """What the list says about a child, and nothing that it leaves open."""
    found: dict[str, Any] = {}
    known = body.known_age()
    fresh = child.months != months_on(known, today) if child.months is not None else child.age != age_on(known, today)
    if fresh and (child.age, child.months) != (None, None):
        found = {"age": child.age, "age_months": child.months, "age_on": today, "unborn": False, "due": None}
    elif child.unborn:
        found = {"unborn": True, "age": None, "age_months": None, "age_on": None}
    if child.turns_18 is not None:
        found["turns_18"] = child.turns_18
    return found


def _carer_fields(carer: SaidCarer) -> dict[str, Any]:
    return {"initials": carer.initials, "relation": carer.relation, "safe_contact": carer.safe_contact}
