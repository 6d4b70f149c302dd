"""What a row can be in, as closed sets of words. They are saved, exported and compared as these words."""

from __future__ import annotations

from enum import StrEnum


class MemberStatus(StrEnum):
    """Somebody's place in a unit."""

    ACTIVE = "active"
    ON_LEAVE = "on_leave"
    LEFT = "left"


class FamilyStatus(StrEnum):
    """Whether the unit works with a family."""

    OPEN = "open"
    CLOSED = "closed"


class MeetingState(StrEnum):
    """Whether a meeting goes on."""

    OPEN = "open"
    CLOSED = "closed"


class ItemState(StrEnum):
    """Where a family on the agenda is."""

    TO_COME = "to_come"
    NOW = "now"
    DONE = "done"
    PARKED = "parked"
    NOT_REACHED = "not_reached"


class DiscussionState(StrEnum):
    """Where one family's discussion is. AWAITING: over for the meeting, the lead's confirmation still to come."""

    OPEN = "open"
    STOPPED = "stopped"
    READ_BACK = "read_back"
    AWAITING = "awaiting"
    CLOSED = "closed"
    PARKED = "parked"


class ContributionState(StrEnum):
    """Whether what somebody typed is still there."""

    KEPT = "kept"
    DELETED = "deleted"


class DraftState(StrEnum):
    """Whether a form waits to be filled in."""

    OPEN = "open"
    DONE = "done"


class IdeaStatus(StrEnum):
    """How the unit sees an idea. DROPPED is shown as "set aside"."""

    LIVE = "live"
    STRENGTHENED = "strengthened"
    WEAKENED = "weakened"
    DROPPED = "dropped"


class AgreementStatus(StrEnum):
    """Whether a joint working agreement holds."""

    OFFERED = "offered"
    ACTIVE = "active"
    ENDED = "ended"


class ActionStatus(StrEnum):
    """What has become of an action."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class WorkState(StrEnum):
    """Where a piece of clinical work is; what each asks for is in pathway.yaml."""

    REFERRED = "referred"
    INITIAL_CONSULTATION_ONLY = "initial_consultation_only"
    JOINT_VISIT = "joint_visit"
    TO_UNIT_MEETING = "to_unit_meeting"
    TO_CONFIRM = "to_confirm"
    TO_COMMISSION = "to_commission"
    COMMISSIONING_BOOKED = "commissioning_booked"
    COMMISSIONED = "commissioned"
    IN_THERAPY = "in_therapy"
    REVIEW_DUE = "review_due"
    ENDING = "ending"
    ENDED_AWAITING_MEASURES = "ended_awaiting_measures"
    ENDED = "ended"
    REFERRED_TO_PANEL = "referred_to_panel"
    WITH_SERVICE = "with_service"
    ADULT_PSYCHIATRY = "adult_psychiatry"
    URGENT_TIER3 = "urgent_tier3"
    NONE = "none"


class SigningState(StrEnum):
    """Where the signing of a form is."""

    WAITING = "waiting"
    SIGNED = "signed"
    REPLACED = "replaced"


class MeasureState(StrEnum):
    """Whether a questionnaire was filled in, or there is a reason why not."""

    KEPT = "kept"
    NOT_COMPLETED = "not_completed"


class PlanState(StrEnum):
    """What people changed in the plan of questionnaires: one more, given out, or taken back."""

    EXTRA = "extra"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"


class NudgeState(StrEnum):
    """What has become of something due."""

    OPEN = "open"
    SNOOZED = "snoozed"
    SETTLED = "settled"
    HANDED_ON = "handed_on"
    NOT_NEEDED = "not_needed"


class OutboxState(StrEnum):
    """How far a message is on its way."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"
    FAILED = "failed"


class TransferState(StrEnum):
    """How far a family is on its way to another unit."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    MOVED = "moved"
