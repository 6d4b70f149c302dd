"""The shapes that lie encrypted in `sealed` columns: everything people wrote, and what could identify a family."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict

from prompts_and_forms import database_wording
from prompts_and_forms.days.ages import KnownAge
from prompts_and_forms.days.closed_time import Span

GONE = database_wording.CANNOT_READ


class Part(BaseModel):
    """A field this program does not know was written by a newer one: it is carried along and never lost."""

    model_config = ConfigDict(extra="allow")


class Body(Part):
    """`IN_PLACE` is what people see where a body cannot be read: never nothing, which would look like no answer."""

    IN_PLACE: ClassVar[dict[str, Any]] = {}

    @classmethod
    def unreadable(cls) -> Self:
        """The body shown in place of one that does not open."""
        return cls.model_validate(cls.IN_PLACE)


class TextBody(Body):
    IN_PLACE = {"text": GONE}
    text: str = ""


class Closing(Part):
    """A family was closed, and perhaps opened again: when, by whom and why."""

    closed_on: date
    closed_by: str = ""
    why_closed: str = ""
    opened_on: date | None = None
    opened_by: str = ""
    why_opened: str = ""


class Replaced(BaseModel):
    """What was recorded before a list of families changed it: a line each, in words. `by` is "" at the computer."""

    on: date
    by: str = ""
    was: list[str] = []


class FamilyBody(Body):
    """`dates`: named key dates (next_review, plan_start, next_core_group, conference, ...); `court` = {"on", "type"}.

    `permission`: status, signed, scope, note. `transferred`: {"on", "from_unit"}. Clinical work is in EpisodeBody.
    `measures` holds only what came with the family and is no questionnaire the bot knows how to keep.
    """

    IN_PLACE = {"ref": database_wording.FAMILY_CANNOT_BE_READ, "summary": GONE}
    ref: str
    initials: str = ""
    summary: str = ""
    dates: dict[str, date | None] = {}
    court: dict[str, Any] | None = None
    permission: dict[str, Any] = {}
    transferred: dict[str, Any] | None = None
    measures: list[dict[str, Any]] = []
    closings: list[Closing] = []
    replaced: list[Replaced] = []
    extra: dict[str, Any] = {}

    def closed_time(self) -> tuple[Span, ...]:
        """The times the family was closed and opened again."""
        return tuple((one.closed_on, one.opened_on) for one in self.closings if one.opened_on is not None)


class ChildBody(Body):
    IN_PLACE = {"key": GONE, "initials": GONE}
    key: str
    initials: str = ""
    age: int | None = None
    age_months: int | None = None
    age_on: date | None = None
    """The day on which the age was true as it was said; None for one from before this was asked."""
    unborn: bool = False
    due: date | None = None
    twin_of: str | None = None
    turns_18: date | None = None
    school: bool | None = None
    seen_place: str | None = None
    extra: dict[str, Any] = {}

    def known_age(self) -> KnownAge:
        """What is known of how old the child is."""
        return KnownAge(self.age, self.age_months, self.age_on, self.turns_18)


class CarerBody(Body):
    IN_PLACE = {"key": GONE, "relation": GONE, "safe_contact": database_wording.SAFE_CONTACT_CANNOT_BE_READ}
    key: str
    initials: str = ""
    relation: str = ""
    lives_with_children: bool | None = None
    children: list[str] = []
    safe_contact: str = ""
    extra: dict[str, Any] = {}


class OrphanedAnswer(Body):
    """Something written in a form whose newer version has no place for it."""

    question: str
    label: str
    text: str


class EntryBody(Body):
    """Answers of a form, nested as the form says (or flat, for a draft)."""

    IN_PLACE = {"also": [{"question": "", "label": database_wording.RECORD, "text": GONE}]}
    answers: dict[str, Any] = {}
    also: list[OrphanedAnswer] = []


class HypothesisBody(Body):
    IN_PLACE = {"text": GONE}
    text: str
    pattern: str = ""
    evidence_for: list[str] = []
    evidence_against: list[str] = []
    would_change_mind: str = ""
    lens: str = ""
    risk_left_open: str = ""
    next_test: str = ""
    relationships: str = ""


class HypothesisChangeBody(Body):
    IN_PLACE = {"note": GONE}
    note: str = ""
    before: HypothesisBody | None = None


class AgreementBody(Body):
    """Members are person ids; dates ISO. Fields and meaning: joint working agreement (contract) of the unit's model."""

    IN_PLACE = {"space": "", "focus": GONE}
    space: str
    focus: str
    goal: str = ""
    stream: str = ""
    plan_outcome: str | None = None
    lead: str | None = None
    roles: list[dict[str, Any]] = []
    each_session: str = ""
    notes: dict[str, Any] = {}
    safeguarding_by: str | None = None
    asks: str | None = None
    observes: str | None = None
    flexibility: str = ""
    shared_straight_away: str = ""
    sessions: int | None = None
    review: dict[str, Any] = {}
    family_told: str = ""
    permission_signed: date | None = None
    measures: list[dict[str, Any]] = []
    raise_worry: str = ""
    noticed: str = ""


class ActionBody(Body):
    IN_PLACE = {"text": GONE}
    text: str
    how_we_know: str = ""


class TransferBody(Body):
    """What the unit that hands a family over says of it, and what the other one answered."""

    IN_PLACE = {"why": GONE}
    why: str = ""
    works: str = ""
    ring: str = ""
    answer: str = ""


class RoleBody(Body):
    IN_PLACE = {"role": GONE}
    role: str
    note: str = ""


class ReflectionBody(Body):
    IN_PLACE = {"note": GONE}
    note: str = ""
    space: str = ""
    rule_noticed: str = ""
    try_next: str = ""


class MeasureBody(Body):
    """`informant`: who filled it in, by initials or role. A score that is None is missing, never 0.

    `answers` by item number: categories (CHI-ESQ), or raw numbers where a licence is recorded. `goals` are in the words
    of the person. `alert`: whether an answer needs a person to see it: yes, no, unsure or "".
    """

    IN_PLACE = {"informant": GONE, "note": GONE, "alert": "unsure"}
    informant: str = ""
    scores: dict[str, Decimal | None] = {}
    incomplete: bool = False
    answers: dict[str, str | int | None] = {}
    goals: dict[str, str] = {}
    own_words: list[str] = []
    alert: str = ""
    note: str = ""
    extra: dict[str, Any] = {}


class ReviewBody(Body):
    """`present` are the keys of carers and children who took part."""

    IN_PLACE = {"note": GONE}
    note: str = ""
    worked: str = ""
    did_not_work: str = ""
    decided: str = ""
    family_invited: bool | None = None
    present: list[str] = []
    why_later: str = ""


class EpisodeBody(Body):
    """`work` in words. `sessions` = [{"number", "date"}]. `panel`, `tier3`: what was agreed with others, dates ISO.

    `awaiting`: six_session_review, sdq_end, chi_esq, panel_decision, tier3_plan. `extra`: what a file said beyond this.
    """

    IN_PLACE = {"work": GONE}
    work: str = ""
    sessions: list[dict[str, Any]] = []
    panel: dict[str, Any] = {}
    tier3: dict[str, Any] = {}
    awaiting: list[str] = []
    closing: dict[str, Any] = {}
    extra: dict[str, Any] = {}


class TrackingBody(Body):
    IN_PLACE = {"description": GONE}
    description: str = ""
    themes: list[str] = []
    diagnosis: str = ""
    progress: str = ""
    outcome: str = ""
    actions: list[str] = []


class SubjectBody(Body):
    """Why more time was taken, and what was asked while the clock stood still."""

    why_extended: str = ""
    asked: list[str] = []


class SubjectMarkBody(Body):
    """The words that are hidden ("" = the whole line), and why."""

    words: str = ""
    why: str = ""
