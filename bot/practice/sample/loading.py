"""Keeping a unit file: the unit with its people, and each family with everything held about it.

What a file says beyond its format is kept as well: with the family under `extra`, with the unit as an entry.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from bot.practice.sample import wording as sample_wording
from bot.practice.sample.unit_format import (
    ActionPart,
    CarerPart,
    ChildPart,
    ContractPart,
    FamilyPart,
    HypothesisPart,
    Member,
    UnitFile,
    UnitFileTrouble,
    When,
    with_dates,
)
from storage.database.audit import audit
from storage.database.bodies import CarerBody, ChildBody, EntryBody, FamilyBody, TextBody
from storage.database.tables import (
    Carer,
    CategoryChange,
    Child,
    EmergencyContact,
    Entry,
    Family,
    Membership,
    Person,
    PlanOutcome,
    Unit,
)
from storage.database.vault import Scope, ref_index, seal
from storage.family import families
from storage.unit import units
from storage.unit.names import tell_apart
from storage.unit.people import OUTSIDE, by_chat_user

SEEN_DATES = ("last_seen", "last_seen_alone")
UNIT_FILE_ENTRY = "unit_file"


@dataclass
class Loading:
    """What the loaders share: where they write, the meeting day, and the ids made so far."""

    session: Session
    file: UnitFile
    day: date
    now: datetime
    unit: Unit
    people: dict[str, str] = field(default_factory=dict)
    families: dict[str, str] = field(default_factory=dict)
    hypotheses: dict[str, str] = field(default_factory=dict)
    agreements: dict[str, str] = field(default_factory=dict)
    actions: dict[str, str] = field(default_factory=dict)

    def on(self, when: When | None) -> date | None:
        """A day of the file as a day of the calendar."""
        return when.on(self.day) if when else None

    def person(self, slug: str | None) -> str | None:
        """The id behind a member's name in the file; None for nobody and for somebody outside."""
        return self.people.get(slug or "")

    def who(self, slug: Any) -> Any:
        """As `person`, but somebody outside stays "outside": for answers, which may say so."""
        return OUTSIDE if slug == OUTSIDE else self.people.get(slug, slug)

    def member(self, slug: str | None) -> Member | None:
        """The member the file calls by this name."""
        return next((member for member in self.file.members if member.id == slug), None)


def start(session: Session, file: UnitFile, *, day: date, channel: str, now: datetime) -> Loading:
    """The unit and its people. Raises UnitFileTrouble where the unit or one of its families is here already."""
    if any(unit.slug == file.unit.id for unit in units.every_unit(session)):
        raise UnitFileTrouble(sample_wording.ALREADY_LOADED.format(name=file.unit.name))
    for family in file.families:
        if families.anywhere(session, family.ref):
            raise UnitFileTrouble(sample_wording.FAMILY_TAKEN.format(ref=family.ref))
    unit = Unit(
        slug=file.unit.id,
        name=file.unit.name,
        channel=channel,
        timezone=file.unit.timezone,
        weekday=day.weekday(),
        start=file.unit.meeting.start,
        length_minutes=file.unit.meeting.length_minutes,
        every_days=file.unit.meeting.every_days,
        fictional=file.about.fictional,
        created_at=now,
    )
    session.add(unit)
    session.flush()
    loading = Loading(session, file, day, now, unit)
    _contacts(loading)
    for member in file.members:
        _member(loading, member)
    unit.deputy_id = loading.person(file.unit.deputy)
    session.add(unit)
    session.flush()
    tell_apart(session, unit.id)
    audit(session, at=now, what="loaded", row=unit, unit_id=unit.id)
    return loading


def keep_families(loading: Loading) -> None:
    """Writes the families of the file and what belongs to them."""
    for part in loading.file.families:
        _family(loading, part)
    _what_else(loading)


def _contacts(loading: Loading) -> None:
    given = [(contact.who, contact.how) for contact in loading.file.unit.emergency_contacts]
    for position, (who, how) in enumerate(given or sample_wording.FICTIONAL_CONTACTS):
        loading.session.add(EmergencyContact(unit_id=loading.unit.id, position=position, who=who, how=how))
    loading.session.flush()


def _member(loading: Loading, member: Member) -> None:
    """Somebody known from another unit keeps their one place in the list of people."""
    person = by_chat_user(loading.session, member.chat_user)
    if person is None:
        person = Person(
            slug=member.id,
            chat_user=member.chat_user,
            name=member.name,
            named_in=loading.unit.id,
            profession=member.profession or "",
        )
        loading.session.add(person)
        loading.session.flush()
    loading.people[member.id] = person.id
    loading.session.add(
        Membership(
            unit_id=loading.unit.id,
            person_id=person.id,
            roles=member.roles,
            unit_lead=member.unit_lead,
            linked=member.linked,
            in_meeting=member.in_meeting,
            status=member.status,
            joined_on=loading.on(member.joined),
            left_on=loading.on(member.left),
            leave_from=loading.on(member.leave.from_) if member.leave else None,
            leave_until=loading.on(member.leave.until) if member.leave else None,
        )
    )
    loading.session.flush()


def _family(loading: Loading, part: FamilyPart) -> None:
    family = Family(
        unit_id=loading.unit.id,
        ref_index=ref_index(loading.session, families.normal_ref(part.ref)),
        category=part.category,
        allocated_on=loading.on(part.allocated),
        lead_worker_id=loading.person(part.lead_worker),
        last_discussed_on=loading.on(part.last_discussed),
        last_discussed_kind=part.last_discussed.kind if part.last_discussed else None,
        last_full_on=loading.on(part.last_full),
    )
    seal(loading.session, family, _family_body(loading, part), Scope.family(family.id))
    loading.session.add(family)
    loading.session.flush()
    loading.families[part.ref] = family.id
    _categories(loading, family, part)
    for position, child in enumerate(part.children):
        _child(loading, family, position, child)
    for position, carer in enumerate(part.carers):
        _carer(loading, family, position, carer)
    for position, outcome in enumerate(part.plan_outcomes):
        row = PlanOutcome(family_id=family.id, key=outcome.id, position=position)
        seal(loading.session, row, TextBody(text=outcome.text), Scope.family(family.id))
        loading.session.add(row)
    loading.session.flush()
    audit(loading.session, at=loading.now, what="loaded", row=family, unit_id=loading.unit.id, family_id=family.id)


def _family_body(loading: Loading, part: FamilyPart) -> FamilyBody:
    day, dates = loading.day, part.dates
    court = with_dates(dates.get("court"), day)
    plain = {name: value for name, value in dates.items() if name != "court" and name not in SEEN_DATES}
    named = {name: value for name, value in plain.items() if value is None or set(value) == {"days"}}
    moved = part.transferred
    return FamilyBody(
        ref=families.normal_ref(part.ref),
        initials=part.initials,
        summary=part.summary,
        dates={name: loading.on(When(**value)) if value else None for name, value in named.items()},
        court={"on" if key == "date" else key: value for key, value in court.items()} if court else None,
        permission=with_dates(part.permission_to_share, day),
        transferred={"on": moved.on(day).isoformat(), "from_unit": moved.from_unit, **moved.extra_fields}
        if moved
        else None,
        extra=with_dates(_family_extra(loading, part), day),
    )


def _family_extra(loading: Loading, part: FamilyPart) -> dict[str, Any]:
    """What the format has no field for, and what a handed-in file said that is counted afresh here."""
    said = {name: part.dates[name] for name in SEEN_DATES if name in part.dates}
    odd = {
        name: value
        for name, value in part.dates.items()
        if name not in (*SEEN_DATES, "court") and value is not None and set(value) != {"days"}
    }
    listed: list[HypothesisPart | ContractPart | ActionPart] = [
        *loading.file.hypotheses,
        *loading.file.contracts,
        *loading.file.actions,
    ]
    things = {thing.id: thing.extra_fields for thing in listed if thing.family == part.ref and thing.extra_fields}
    known = {"dates_in_file": said | odd, "things": things}
    outside = {"lead_worker": OUTSIDE} if part.lead_worker == OUTSIDE else {}
    return {**part.extra_fields, **outside, **{name: value for name, value in known.items() if value}}


def _categories(loading: Loading, family: Family, part: FamilyPart) -> None:
    history = [(step.category, loading.on(step.from_)) for step in part.category_history]
    for category, from_on in history or [(part.category, family.allocated_on)]:
        change = CategoryChange(family_id=family.id, category=category, from_on=from_on, recorded_at=loading.now)
        seal(loading.session, change, TextBody(), Scope.family(family.id))
        loading.session.add(change)


def _child(loading: Loading, family: Family, position: int, part: ChildPart) -> None:
    outside = {"seen_by": OUTSIDE} if part.seen and part.seen.by == OUTSIDE else {}
    child = Child(
        family_id=family.id,
        position=position,
        last_seen_on=loading.on(part.seen),
        seen_alone_on=loading.on(part.seen_alone),
        seen_by_id=loading.person(part.seen.by) if part.seen else None,
    )
    known = {
        "age_on": loading.day,
        "due": loading.on(part.due),
        "turns_18": loading.on(part.turns_18),
        "seen_place": part.seen.place if part.seen else None,
        "extra": with_dates({**part.extra_fields, **outside}, loading.day),
    }
    body = ChildBody(**part.model_dump(include=set(ChildBody.model_fields) - set(known)), **known)
    seal(loading.session, child, body, Scope.family(family.id))
    loading.session.add(child)


def _carer(loading: Loading, family: Family, position: int, part: CarerPart) -> None:
    carer = Carer(family_id=family.id, position=position)
    said = part.model_dump(include=set(CarerBody.model_fields) - {"extra"})
    body = CarerBody(**said, extra=with_dates(part.extra_fields, loading.day))
    seal(loading.session, carer, body, Scope.family(family.id))
    loading.session.add(carer)


def _what_else(loading: Loading) -> None:
    """What the file says beyond the format about the unit itself, its members and its meetings."""
    file = loading.file
    beside: dict[str, Any] = {
        "file": file.extra_fields,
        "about": file.about.model_dump(),
        "unit": file.unit.extra_fields,
    }
    beside["members"] = {member.id: member.extra_fields for member in file.members if member.extra_fields}
    beside["meetings"] = {meeting.id: meeting.extra_fields for meeting in file.meetings if meeting.extra_fields}
    recorder = next(iter(loading.people.values()), None)
    if recorder is None:
        return
    entry = Entry(unit_id=loading.unit.id, form=UNIT_FILE_ENTRY, recorded_by_id=recorder, recorded_at=loading.now)
    answers = with_dates({name: value for name, value in beside.items() if value}, loading.day)
    seal(loading.session, entry, EntryBody(answers=answers), Scope.unit(loading.unit.id))
    loading.session.add(entry)
    loading.session.flush()
