"""Sentences about reviews: what is due, by what rule, and what was recorded."""

from __future__ import annotations

from datetime import date

from prompts_and_forms.days import day_words

KINDS = {
    "conference": "Child protection review conference",
    "core_group": "Core group",
    "complex_case": "Complex-case discussion",
    "cin_review": "Child in need review",
    "cin_manager": "Manager's look at a long child in need plan",
    "ccin_review": "Complex child in need review",
    "lac_review": "Review of a child who is looked after",
    "six_sessions": "Review of clinical work",
    "agreement": "Review of the joint working agreement",
    "permission": "Permission to share looked at again",
    "visit": "Child to be seen",
    "supervision": "Clinical supervision",
    "clinical_staff": "Clinical staff meeting",
}
HELP = (
    "/review: what is late or due in the next four weeks, for every family",
    "/review CASE-REFERENCE: every review of a family, by what rule, and a button to record one",
    "/review unit: clinical supervision and the clinical staff meeting",
)
NOTHING_DUE = "No review is late or due in the next four weeks."
NOTHING_KNOWN = "No review is planned for this family, and no date is recorded that one could be counted from."
NO_DATE = "no date recorded"
NEXT_BEFORE_HELD = "The next one lies before the one that was held. Please check both dates."
NEXT_PAST = "The next one is dated in the past. Leave it empty when it is not booked yet."
WHICH_AGREEMENT = "Please choose the agreement it was about."
WHOSE = "Please choose whose supervision it was."
NOT_THIS_PLAN = "This family is not on that kind of plan now. Change the category first, or choose another review."
HELD_TWICE = "A review of this kind is already recorded for that day. Nothing was changed."
WHY_LATER = "This is later than the last day the rule allows ({on}). Please say why, so that people can understand it."
CHANGED_RULE = "The rule has changed since. This day was counted by the rule as it was: {said}"
ALSO_FOR = "It counts for your other units too: {units}. Nobody has to record it again."
LATE = "late"


def due_words(on: date | None, plan_by: date | None, booked: date | None, today: date) -> str:
    """The booked day and the last day in time, each with its own words; late days say so."""
    parts = []
    if booked is not None:
        day = day_words.in_full(booked)
        parts.append(f"was booked for {day}, not recorded yet" if booked < today else f"booked for {day}")
    if on is not None:
        beside = f", plan it by {day_words.in_full(plan_by)}" if plan_by and plan_by != on and on >= today else ""
        verb = "was due" if on < today else "due today," if on == today else "due by"
        parts.append(f"{verb} {day_words.in_full(on)}{beside}")
    return "; ".join(parts) if parts else NO_DATE


def too_late(on: date) -> str:
    """That the day booked breaks the rule, and which day would not."""
    return f"The booked day is after the last day the rule allows, {day_words.in_full(on)}."


def next_words(next_on: date | None, due_on: date | None, plan_by: date | None, rule: str) -> str:
    """What is saved about the next one."""
    booked = (
        f"The next one is booked for {day_words.in_full(next_on)}. " if next_on else "The next one is not booked yet. "
    )
    if due_on is None:
        return booked.strip()
    beside = f" (plan it by {day_words.in_full(plan_by)})" if plan_by and plan_by != due_on else ""
    return f"{booked}The last day in time is {day_words.in_full(due_on)}{beside}. {rule}".strip()


def counted(late: int, soon: int) -> str:
    """2 late, 5 due in the next four weeks."""
    return f"{late} late, {soon} due in the next four weeks."


def recorded(kind: str, held_on: date) -> str:
    """That a review is recorded."""
    return f"{KINDS.get(kind, kind)} of {day_words.in_full(held_on)} is recorded."


def asked_words(role: str) -> str:
    """A role in words."""
    return {"lead_worker": "lead worker", "team_manager": "team manager", "group_manager": "group manager"}.get(
        role, role.replace("_", " ")
    )


# ---- reviews, as cards

REVIEWS_OF_UNIT = "Reviews of {unit}"
REVIEWS_OF_FAMILY = "Reviews of {ref}"
CHAIRED_BY = ", chaired by {person}"
SOMEONE_OUTSIDE = "someone outside the unit"
SUPERVISION_OF = "Supervision and meetings of {unit}"
REVIEW_RECORDED = "A review was recorded for {ref}."
SHOW_A_FAMILY = "Show a family"
SUPERVISION_AND_STAFF_MEETING = "Supervision and staff meeting"
FAMILY = "Family"
REVIEW = "Review"
WHEN = "When"
ASKED = "Asked"
RECORD_A_REVIEW = "Record a review"
RECORD_IT = "Record it"
ALL_REVIEWS = "All reviews of this family"
REVIEWS_HEADING = "Reviews: {family}"
RECORD_CHILD_SEEN = "Record when the child was seen"
PERMISSION_TO_SHARE = "Permission to share"
HELD = "Held"
SUPERVISION_HEADING = "Supervision and meetings: {unit}"
