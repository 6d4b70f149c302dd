"""Sentences about questionnaires, scores and change. Numbers with words; no band without the impact beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

NO_SUCH_SCALE = "This form has no such scale."
IMPACT_ANSWER = "An answer in the impact section is 0, 1, 2 or 3."
TOTAL_WITHOUT_SCALES = (
    "A total needs all four scales it is made of: emotional, conduct, hyperactivity and peer. Leave it empty, or add "
    "them."
)
MISSING = "missing"
INCOMPLETE = "incomplete"
NO_THRESHOLD = "no agreed threshold"
FIRST_RESULT = "This is the first result of this informant on this form, so there is no change to show yet."
NO_BANDS = "There are no bands for this form, so none are shown."
PROVISIONAL = "The bands of this form are provisional."
TWO_SOURCES = "For conduct, two published sources differ by one point in the bands of this form."
CUT_POINTS = (
    "Bands say how common a score is among all children. They are not a diagnosis, and low is not the same as fine."
)
NOT_ONE_CHILD = "The added value score is for a whole service and is never worked out for one child."

SCORE_NOT_NUMBER = "Please write a number, or leave it empty when it is missing."
ONE_PLACE = "Please write a number such as 7 or 27.4, or leave it empty when it is missing."
NOTHING_SCORED = (
    "There is no score in this form yet. Please enter what the paper says, or use 'Not completed' and say why."
)
DATE_TO_COME = "This day is still to come. Please give the day it was filled in."
BEFORE_FIRST = "This is dated before the first one of the same informant and form ({first}). Please check both dates."
DATED_TWICE = "A result of this informant on this form is already kept for that day. Correct that one instead."
CHOOSE_FORM = "Please choose which form it was."
NO_CHILDREN = "This family has no children yet. Add them first with /family."
NOT_LICENSED = (
    "Answers by item number can be entered once your service has recorded its licence. Scale scores from the paper "
    "form can always be entered."
)
WHICH_RISK = (
    "Please say whether any of those answers needs a person to see it. If you cannot tell, say so: then it does."
)
GOAL_NEEDS_WORDS = "Please write the goal in the person's own words."
MARKS_OR_TOTAL = "Please enter the four marks or the total, not two that differ."
REASON_NEEDED = "Please choose why there is no result."

REASONS = {
    "declined_carer": "the parent or carer declined",
    "declined_child": "the child or young person declined",
    "declined_school": "school declined",
    "no_permission": "no permission to share with school",
    "too_young": "too young or too old for the form",
    "disability": "not possible because of a disability",
    "language": "not available in a language that works",
    "unwell": "not the right time: somebody is unwell or in crisis",
    "ended_early": "the work ended early or the family moved",
    "not_returned": "given out and not returned",
    "lost": "lost",
    "not_needed": "not needed for this piece of work",
    "other": "another reason",
}
RETURN_CODES = {
    "too_young": "SDQ1",
    "declined_carer": "SDQ2",
    "disability": "SDQ3",
    "declined_child": "SDQ5",
}
"""Codes of the yearly looked-after children return; every other reason is SDQ4."""

INFORMANTS = {
    "parent": "a parent or carer",
    "teacher": "school, college or nursery",
    "self": "the child or young person",
    "other": "someone else who knows the child",
}

VERDICTS = {
    "improved": "reliable improvement",
    "deteriorated": "reliable change for the worse",
    "no_reliable_change": "no reliable change",
    "no_threshold": NO_THRESHOLD,
    "not_comparable": "not comparable",
    "missing": "cannot be worked out, a score is missing",
}


def item_fault(number: int) -> str:
    return f"item {number}: items are 1 to 25, each answered 0, 1 or 2"


def out_of_range(label: str, least: int, most: int) -> str:
    return f"{label} lies between {least} and {most}. Please check the paper form."


def total_differs(said: int, found: int) -> str:
    return (
        f"The four scales add up to {found}, and the total says {said}. Please check both against the paper; prosocial "
        "and impact are not part of the total."
    )


def wrong_age(form: str, youngest: int, oldest: int, age: int) -> str:
    return f"{form}: this form is for ages {youngest} to {oldest}, and the age kept for this child is {age}."


def score_words(value: Decimal | int | None, most: int | None = None) -> str:
    """7 of 10, or "missing"; a missing score is never nought."""
    if value is None:
        return MISSING
    return f"{number_words(value)} of {most}" if most is not None else number_words(value)


def number_words(value: Decimal | int) -> str:
    """Without zeros that say nothing: 7, 27.4, -1.6."""
    if isinstance(value, int):
        return str(value)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def change_words(by: Decimal | None, direction: str, verdict: str) -> str:
    """4 lower, better: reliable improvement."""
    if by is None:
        return VERDICTS[verdict]
    if by == 0:
        moved = "the same"
    else:
        moved = f"{number_words(abs(by))} {'higher' if by > 0 else 'lower'}"
        moved = f"{moved}, {direction}" if direction in ("better", "worse") else moved
    return f"{moved}: {VERDICTS[verdict]}"


def sdq_sentence(total: str, total_band: str, impact: str, impact_band: str) -> str:
    """Total difficulties never stands without impact."""
    first = f"Total difficulties {total}" + (f" ({total_band})" if total_band else "")
    second = f"impact {impact}" + (f" ({impact_band})" if impact_band else "")
    return f"{first}, {second}."


def filled_in(informant: str, on: date, point: str) -> str:
    """Filled in by AD on 8 October 2026, at the start."""
    by = f" by {informant}" if informant else ""
    return f"Filled in{by} on {on.day} {on:%B %Y}{', ' + point if point else ''}."


def mean_words(children: int, left_out: int, mean: Decimal | None, low: Decimal | None, high: Decimal | None) -> str:
    """The service's added value with its interval and number, or why there is none."""
    beside = f" {left_out} could not be counted." if left_out else ""
    if mean is None or low is None or high is None:
        return f"Added value: too few pairs of parent SDQs to say anything ({children}).{beside}"
    return (
        f"Added value {number_words(mean)} (95 % interval {number_words(low)} to {number_words(high)}), "
        f"from {children} pairs of parent SDQs.{beside} Above 0 means better than expected without help. {NOT_ONE_CHILD}"
    )
