"""The shape of a unit file, read and checked.

Dates in a file are whole days from the meeting day. What a file holds beyond the fields named here is not dropped: each
part gives it as `extra_fields`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.practice.sample import wording as sample_wording
from prompts_and_forms import yaml_lines
from prompts_and_forms.references import normal
from prompts_and_forms.states import ActionStatus, AgreementStatus, IdeaStatus, MemberStatus
from prompts_and_forms.yaml_lines import YamlFault
from storage.database.bodies import ActionBody, AgreementBody, CarerBody, ChildBody, HypothesisBody
from storage.unit.people import OUTSIDE

Category = Literal["child_in_need", "complex_child_in_need", "child_protection", "looked_after"]
Kind = Literal["full", "light"]


class Part(BaseModel):
    """A part of the file. One that is also a body of the record has that body's fields, and the file's own beside."""

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _left_empty(cls, found: Any) -> Any:
        """A field that is there and empty says nothing where the record keeps a list of things."""
        if not isinstance(found, dict):
            return found
        return {name: value for name, value in found.items() if value is not None or not _holds_things(cls, name)}

    @property
    def extra_fields(self) -> dict[str, Any]:
        """What the file says beyond the fields of the format."""
        return dict(self.model_extra or {})


def _holds_things(part: type[BaseModel], name: str) -> bool:
    field = part.model_fields.get(name)
    return field is not None and isinstance(field.default, dict)


class When(Part):
    days: int

    def on(self, day: date) -> date:
        """The day of the calendar, counted from the meeting day."""
        return day + timedelta(days=self.days)


class About(Part):
    title: str = ""
    fictional: bool = True


class MeetingTimes(Part):
    start: str = "09:30"
    length_minutes: int = 180
    every_days: int = 7


class Contact(Part):
    who: str
    how: str


class UnitPart(Part):
    id: str
    name: str
    channel: str = ""
    timezone: str = "Europe/London"
    meeting: MeetingTimes = MeetingTimes()
    deputy: str | None = None
    emergency_contacts: list[Contact] = []


class Leave(Part):
    from_: When | None = Field(default=None, alias="from")
    until: When | None = None


class Member(Part):
    id: str
    name: str
    chat_user: str
    roles: list[str] = []
    profession: str | None = None
    unit_lead: bool = False
    linked: bool = False
    in_meeting: bool = True
    status: MemberStatus = MemberStatus.ACTIVE
    joined: When | None = None
    leave: Leave | None = None
    left: When | None = None


class CategoryFrom(Part):
    category: Category
    from_: When | None = Field(default=None, alias="from")


class Seen(When):
    by: str | None = None
    place: str | None = None


class ChildPart(ChildBody, Part):
    due: When | None = None  # type: ignore[assignment]
    turns_18: When | None = None  # type: ignore[assignment]
    seen: Seen | None = None
    seen_alone: When | None = None


class CarerPart(CarerBody, Part):
    pass


class Transferred(When):
    from_unit: str = ""


class Outcome(Part):
    id: str
    text: str


class Discussed(When):
    kind: Kind = "light"


class FamilyPart(Part):
    ref: str
    initials: str = ""
    category: Category
    category_history: list[CategoryFrom] = []
    allocated: When | None = None
    transferred: Transferred | None = None
    lead_worker: str | None = None
    summary: str = ""
    children: list[ChildPart] = []
    carers: list[CarerPart] = []
    dates: dict[str, Any] = {}
    permission_to_share: dict[str, Any] = {}
    clinical: dict[str, Any] = {}
    plan_outcomes: list[Outcome] = []
    last_discussed: Discussed | None = None
    last_full: When | None = None


class HypothesisPart(HypothesisBody, Part):
    id: str
    family: str
    riskiest_if_dropped: bool = False
    owner: str | None = None
    raised: When
    review: When | None = None
    status: IdeaStatus = IdeaStatus.LIVE


class Boundary(Part):
    reading: Literal["healthy", "too_close", "too_far"] | None = None
    note: str = ""


class ContractPart(AgreementBody, Part):
    """An agreement as it was made. Whoever is named in it is a member's id here."""

    id: str
    family: str
    made: When
    permission_signed: When | None = None  # type: ignore[assignment]
    boundary_check: Boundary | None = None
    status: AgreementStatus = AgreementStatus.ACTIVE


class ActionPart(ActionBody, Part):
    id: str
    family: str
    owner: str | None = None
    created: When
    original_due: When | None = None
    due: When | None = None
    carried_over: int = 0
    status: ActionStatus = ActionStatus.OPEN
    closed: When | None = None
    plan_outcome: str | None = None


class DiscussedThen(Part):
    family: str
    kind: Kind
    minutes: int = 0


class MeetingPart(When):
    id: str
    chair: str | None = None
    present: list[str] = []
    apologies: list[str] = []
    discussed: list[DiscussedThen] = []
    extra: bool = False


class UnitFile(Part):
    """A unit file as it was written. `transcript` and `expected` are for rehearsal and are not kept."""

    schema_: int = Field(default=1, alias="schema")
    about: About = About()
    unit: UnitPart
    members: list[Member]
    families: list[FamilyPart]
    hypotheses: list[HypothesisPart] = []
    contracts: list[ContractPart] = []
    actions: list[ActionPart] = []
    measures: list[dict[str, Any]] = []
    meetings: list[MeetingPart] = []
    transcript: dict[str, Any] | None = None
    expected: dict[str, Any] | None = None


@dataclass(frozen=True)
class Fault:
    """`path` leads to the place in the file ("families[2].children[0].age")."""

    path: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}" if self.path else self.sentence


class UnitFileTrouble(Exception):
    """A unit file cannot be loaded. `sentence` says why; `faults` names every place."""

    def __init__(self, sentence: str, faults: tuple[Fault, ...] = ()) -> None:
        self.sentence = "\n".join([sentence, *(f"- {fault}" for fault in faults)])
        self.faults = faults
        super().__init__(self.sentence)


def read_unit_file(path: Path | str) -> UnitFile:
    """The unit a file describes, every reference in it checked; raises UnitFileTrouble naming every fault."""
    if not os.access(path, os.R_OK) or not Path(path).is_file():
        raise UnitFileTrouble(sample_wording.NOT_FOUND.format(path=path))
    try:
        found = yaml_lines.load(Path(path))
    except YamlFault as wrong:
        raise UnitFileTrouble(
            sample_wording.NOT_YAML.format(path=path, line=wrong.line, problem=wrong.problem)
        ) from wrong
    if not isinstance(found, dict) or "unit" not in found:
        raise UnitFileTrouble(sample_wording.NOT_A_UNIT.format(path=path))
    try:
        unit_file = UnitFile.model_validate(found)
    except ValidationError as wrong:
        raise _trouble(path, [_fault(error) for error in wrong.errors()]) from wrong
    faults = list(_loose_ends(unit_file))
    if faults:
        raise _trouble(path, faults)
    return unit_file


def with_dates(value: Any, day: date) -> Any:
    """The value with every {days: n} as an ISO date; where there is more beside `days`, it becomes the row's `date`."""
    if isinstance(value, list):
        return [with_dates(item, day) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"days"}:
        return _iso(value["days"], day)
    inner = {key: with_dates(item, day) for key, item in value.items() if key != "days"}
    return {"date": _iso(value["days"], day), **inner} if "days" in value else inner


def _iso(days: Any, day: date) -> Any:
    return (day + timedelta(days=days)).isoformat() if isinstance(days, int) else days


def _loose_ends(file: UnitFile) -> Iterator[Fault]:
    """Names that lead nowhere, and things that are there twice."""
    if file.unit.timezone not in available_timezones():
        yield Fault("unit.timezone", sample_wording.NO_ZONE.format(zone=file.unit.timezone))
    people = {member.id for member in file.members}
    families = {family.ref for family in file.families}
    yield from _twice("members", [member.id for member in file.members])
    yield from _twice("members", [member.chat_user for member in file.members])
    yield from _twice("families", [normal(family.ref) for family in file.families])
    for name in ("hypotheses", "contracts", "actions", "meetings"):
        yield from _twice(name, [part.id for part in getattr(file, name)])
    for path, who in _people_named(file):
        if who is not None and who not in people and who != OUTSIDE:
            yield Fault(path, sample_wording.NOBODY.format(who=who))
    for path, ref in _families_named(file):
        if ref not in families:
            yield Fault(path, sample_wording.NO_FAMILY.format(ref=ref))
    for n, family in enumerate(file.families):
        yield from _twice(f"families[{n}].children", [child.key for child in family.children])
        yield from _twice(f"families[{n}].plan_outcomes", [outcome.id for outcome in family.plan_outcomes])
    for n, meeting in enumerate(file.meetings):
        yield from _twice(f"meetings[{n}].discussed", [discussed.family for discussed in meeting.discussed])


def _people_named(file: UnitFile) -> Iterator[tuple[str, str | None]]:
    yield "unit.deputy", file.unit.deputy
    for n, family in enumerate(file.families):
        yield f"families[{n}].lead_worker", family.lead_worker
        yield f"families[{n}].clinical.clinician", family.clinical.get("clinician")
        for m, child in enumerate(family.children):
            yield f"families[{n}].children[{m}].seen.by", child.seen.by if child.seen else None
    for n, idea in enumerate(file.hypotheses):
        yield f"hypotheses[{n}].owner", idea.owner
    for n, contract in enumerate(file.contracts):
        yield f"contracts[{n}].lead", contract.lead
        for m, role in enumerate(contract.roles):
            yield f"contracts[{n}].roles[{m}].member", role.get("member")
    for n, action in enumerate(file.actions):
        yield f"actions[{n}].owner", action.owner
    for n, meeting in enumerate(file.meetings):
        yield f"meetings[{n}].chair", meeting.chair
        for who in [*meeting.present, *meeting.apologies]:
            yield f"meetings[{n}]", who


def _families_named(file: UnitFile) -> Iterator[tuple[str, str]]:
    for name in ("hypotheses", "contracts", "actions"):
        for n, part in enumerate(getattr(file, name)):
            yield f"{name}[{n}].family", part.family
    for n, measure in enumerate(file.measures):
        yield f"measures[{n}].family", str(measure.get("family"))
    for n, meeting in enumerate(file.meetings):
        for m, discussed in enumerate(meeting.discussed):
            yield f"meetings[{n}].discussed[{m}].family", discussed.family


def _twice(path: str, names: list[str]) -> Iterator[Fault]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Fault(path, sample_wording.TWICE.format(what=name))


def _fault(error: Any) -> Fault:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error["loc"]).lstrip(".")
    missing = error["type"] == "missing"
    return Fault(path, sample_wording.MISSING if missing else sample_wording.NOT_EXPECTED.format(problem=error["msg"]))


def _trouble(path: Path | str, faults: list[Fault]) -> UnitFileTrouble:
    return UnitFileTrouble(
        sample_wording.FAULTS.format(path=path, count=sample_wording.counted(len(faults))), tuple(faults)
    )
