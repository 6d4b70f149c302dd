"""What is known of a unit when its reminders are worked out, and what one reminder is. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from prompts_and_forms.days.closed_time import Span
from prompts_and_forms.days.meeting_days import MeetingDay
from prompts_and_forms.nudges.nudge_kinds import kind
from prompts_and_forms.states import DiscussionState

DRIFT_WEEKS = 6


@dataclass(frozen=True)
class Member:
    """Somebody in the unit now. On leave from `leave_from` to `leave_until`, both days included; None = open.

    `out_of_reach`: the last message to them was refused for good.
    """

    person_id: str
    roles: frozenset[str] = frozenset()
    unit_lead: bool = False
    deputy: bool = False
    linked: bool = False
    on_leave: bool = False
    leave_from: date | None = None
    leave_until: date | None = None
    cover_id: str | None = None
    out_of_reach: bool = False

    def hears(self, day: date) -> bool:
        """Whether a message of that day would be read by them."""
        return not self.out_of_reach and not self.is_away(day)

    def is_away(self, day: date) -> bool:
        """Whether they are on leave on that day."""
        if self.leave_from is None and self.leave_until is None:
            return self.on_leave
        started = self.leave_from is None or self.leave_from <= day
        return started and (self.leave_until is None or day <= self.leave_until)


@dataclass(frozen=True)
class FamilyKnown:
    """An open family. `session_days` are those of clinical sessions, `tracked_on` that of the last tracking line.

    `working_since`: since when clinical work with the family is under way; None while there is none.
    """

    family_id: str
    category: str = ""
    allocated_on: date | None = None
    lead_worker_id: str | None = None
    clinician_id: str | None = None
    consulted_on: date | None = None
    session_days: tuple[date, ...] = ()
    next_session: date | None = None
    tracked_on: date | None = None
    working_since: date | None = None
    last_full_on: date | None = None
    last_seen_on: date | None = None
    last_done_on: date | None = None
    closed: tuple[Span, ...] = ()
    """The times it was closed and opened again, which count for nothing."""


@dataclass(frozen=True)
class ActionKnown:
    id: str
    family_id: str
    owner_id: str | None
    due_on: date | None
    outside: bool = False
    text: str = ""


@dataclass(frozen=True)
class AgreementKnown:
    """`missing` are sides that have not said yes (social_work, clinical); `may` who can say it, for each."""

    id: str
    family_id: str
    offered_on: date
    missing: tuple[str, ...] = ()
    may: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True)
class DiscussionKnown:
    id: str
    meeting_id: str
    family_id: str
    kind: str
    day: date
    state: DiscussionState
    over: bool
    lead_id: str | None = None
    stopped_on: date | None = None
    told: bool = False
    copied: bool = True
    later: bool = False
    """The family was discussed again since."""


@dataclass(frozen=True)
class FormsToCome:
    """Questionnaires of one measure and point. `child` where all are about one, `version` where there is one form."""

    measure: str
    point: str
    count: int
    child: str = ""
    version: str = ""


@dataclass(frozen=True)
class Signature:
    """A form that waits for a signature. `waits_for`: own (whoever wrote it), asked (the second to sign), nobody."""

    waits_for: str
    entry_id: str


What = str | FormsToCome | Signature
"""What a sentence names: a code for the words, words as they are, or one of the values above."""


@dataclass(frozen=True)
class Expected:
    """Something another part of the record expects: a questionnaire, a review, a signature, supervision.

    `people` are who is asked: a person or a part they have (lead, lead_worker, clinician, or a role). `subject`
    stays the same while it is open.
    """

    kind: str
    subject: str
    due_on: date
    people: tuple[str, ...]
    what: What = ""
    family_id: str | None = None
    statutory: bool = False


@dataclass(frozen=True)
class Known:
    unit_id: str
    today: date
    members: tuple[Member, ...] = ()
    families: tuple[FamilyKnown, ...] = ()
    actions: tuple[ActionKnown, ...] = ()
    agreements: tuple[AgreementKnown, ...] = ()
    discussions: tuple[DiscussionKnown, ...] = ()
    expected: tuple[Expected, ...] = ()
    meetings: tuple[MeetingDay, ...] = ()
    drift_weeks: int = DRIFT_WEEKS
    began_on: date | None = None
    """The day the unit came to the bot: what was late then counts from that day before a manager is told."""


@dataclass(frozen=True)
class Due:
    """One thing for one person. `subject` names what it is about; `first_on` is the first day it is said.

    `what` and `day` fill the kind's sentence.
    """

    kind: str
    subject: str
    person_id: str
    due_on: date
    first_on: date
    family_id: str | None = None
    statutory: bool = False
    what: What = ""
    day: date | None = None

    @property
    def thing(self) -> tuple[str, str, date]:
        """The thing itself, whoever does it."""
        return self.kind, self.subject, self.due_on

    @property
    def at_once(self) -> bool:
        """Whether it is said now, and not with the next morning's message."""
        return kind(self.kind).at_once
