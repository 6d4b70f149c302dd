"""Sentences about questionnaires, scores and change. Numbers with words; no band without the impact beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from prompts_and_forms.days import day_words

NO_SUCH_SCALE = "This form has no such scale."
IMPACT_ANSWER = "An answer in the impact section is 0, 1, 2 or 3."
TOTAL_WITHOUT_SCALES = (
    "A total needs all four scales it is made of: emotional, conduct, hyperactivity and peer. Leave it empty, or add "
    "them."
)
MISSING = "missing"
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
BEFORE_FIRST = "This is dated before the first one of the same informant and form ({first}). Please check both dates."
TWICE_HERE = "The same informant, form and day are in another part above. Please check who filled in which."
WHICH_FORM = "Please choose which form this is."
WHO_FILLED_IN = "Please say who filled it in."
NOTHING_SCORED_YET = "There is no score in any part yet. Please enter what one of the papers says."
DATED_TWICE = "A result of this informant on this form is already saved for that day. Correct that one instead."
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


def course(label: str, scores: list[tuple[str, str]]) -> str:
    """How one scale went: each score with its day, such as "Impact: 4 on 13 Oct 2026, then 2 on 22 Nov 2026."."""
    return f"{label}: {', then '.join(f'{score} on {day}' for score, day in scores)}."


def item_fault(number: int) -> str:
    """What is wrong with one item of a list of items."""
    return f"item {number}: items are 1 to 25, each answered 0, 1 or 2"


def out_of_range(label: str, least: int, most: int) -> str:
    """That a score cannot be so low or so high."""
    return f"{label} lies between {least} and {most}. Please check the paper form."


def total_differs(said: int, found: int) -> str:
    """That a total does not fit its scales, and what to check."""
    return (
        f"The four scales add up to {found}, and the total says {said}. Please check both against the paper; prosocial "
        "and impact are not part of the total."
    )


def wrong_age(form: str, youngest: int, oldest: int, age: int) -> str:
    """That a form is not for this child's age."""
    return f"{form}: this form is for ages {youngest} to {oldest}, and the age recorded for this child is {age}."


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
    return f"Filled in{by} on {day_words.in_full(on)}{', ' + point if point else ''}."


def mean_words(children: int, left_out: int, mean: Decimal | None, low: Decimal | None, high: Decimal | None) -> str:
    """The service's added value with its interval and number, or why there is none."""
    beside = f" {left_out} could not be counted." if left_out else ""
    if mean is None or low is None or high is None:
        return f"Added value: too few pairs of parent SDQs to say anything ({children}).{beside}"
    return (
        f"Added value {number_words(mean)} (95 % interval {number_words(low)} to {number_words(high)}), "
        f"from {children} pairs of parent SDQs.{beside} Above 0 means better than expected without "
        f"help. {NOT_ONE_CHILD}"
    )


# ---- recording

WHICH_CHILDS_FAMILY = "Which family is it about? Open it from the family, or use /measure with the case reference."
STILL_TO_COME = "Still to come: {what}."
NO_PERMISSION = (
    "Permission to share with school is not recorded as signed and in force. Record it first with /family, or keep the "
    "reason with 'Not completed'. What you wrote stays."
)
CORRECTED_ALREADY = "This one was corrected since. Please correct the newer one."
GONE = "I no longer know that questionnaire. Nothing was changed."
EXTRA_KEPT = "Saved. They are in the plan now, and will be asked again at the end."
GIVEN_OUT = "Saved: given out today. I will ask again later."
LICENCE_BY = "A licence is recorded by the coordinator, the unit lead or a manager."
LICENCE_KEPT = "The licence is recorded. Answers by item number can be entered from now on."

# ---- an answer that needs a person today

ALERT_FIRST = "An answer on this form needs a person today."
ALERT_NOTICE = "An answer on a questionnaire needs you today."
ALERT_TITLE = "An answer that needs a person today"
ALERT_YES = "An answer about death or suicide was other than the lowest."
ALERT_UNSURE = "Whoever entered it could not tell whether an answer about death or suicide was other than the lowest."
ALERT_NOW = (
    "Please see the paper form and speak with whoever entered it now, and decide between you who sees the child or "
    "young person today. The bot makes no judgement of risk. A low total says nothing about this."
)
ALERT_THANKS = "Thank you. It is recorded that you have read this."
ALERT_STILL = "What you decide and who was told belongs in the family's record."


def alert_told(names: list[str]) -> str:
    """Whom the bot tells, and that a voice is better."""
    if not names:
        return "There is nobody else in this unit I could tell. Please call someone yourself now."
    return (
        f"I am telling {', '.join(names)} now. Please also speak with one of them yourself; do not wait for an answer "
        "here."
    )


def alert_said(form: str, label: str, child: str, informant: str, on: str) -> str:
    """Which questionnaire an alert is about, of whom and from whom."""
    about = f"{label}, {child}" if child else label
    by = f" by {informant}" if informant else ""
    return f"{form}, about {about}, filled in{by}{on}."


def alert_by(name: str) -> str:
    """Who entered it."""
    return f"Entered by {name}."


def alert_already(name: str) -> str:
    """To the second person who reads an alert."""
    return f"Thank you. {name} had read this already."


def alert_was_read(name: str) -> str:
    """To whoever entered it: somebody has read the alert."""
    return f"{name} has read that an answer on the questionnaire you entered needs a person today."


# ---- lists

HELP = (
    "/measure: what is due or still out, family by family",
    "/measure CASE-REFERENCE: the plan and the results of a family, and buttons to enter scores",
    "/measure licence: record that answers by item number may be entered (coordinator, lead or manager)",
    "/measure service: the added value score of this unit, for all its children together",
)
NOTHING_DUE = "No questionnaires are due now or in the next four weeks."
NOTHING_PLANNED = "Nothing is planned for this family: clinical work has not begun."
NO_RESULTS = "There are no results for this family yet."
STATES = {
    "coming": "to come",
    "due": "due",
    "waiting_for_permission": "waits for permission to share with school",
    "done": "done",
    "not_completed": "not completed, reason recorded",
    "no_longer_fits": "not asked any more: this form is for younger children",
}


def planned_words(measure: str, asked_of: str, informant: str, point: str) -> str:
    """SDQ from AD, at the start."""
    who = informant or INFORMANTS.get(asked_of, "someone")
    return f"{measure} from {who}, {point}"


def enter_together(count: int) -> str:
    """The button for the SDQs of one child at one point."""
    return "Enter both together" if count == 2 else f"Enter all {count} together"


def when_words(due_on: date, today: date, state: str, sent_on: date | None) -> str:
    """due since 3 November 2026, given out on 5 November."""
    days = (due_on - today).days
    when = day_words.in_full(due_on)
    if state == "waiting_for_permission":
        said = f"{STATES[state]} (due {when})"
    elif days < 0:
        said = f"due since {when}"
    else:
        said = f"due today ({when})" if days == 0 else f"due on {when}"
    return f"{said}, given out on {sent_on.day} {sent_on:%B}" if sent_on else said


def due_count(count: int, waiting: int) -> str:
    """How many questionnaires are due, and how many of them wait for permission."""
    first = "1 questionnaire is due" if count == 1 else f"{count} questionnaires are due"
    return f"{first}; {waiting} of them wait for permission to share." if waiting else f"{first}."


# ---- the questionnaires of a family

QUESTIONNAIRES_OF_UNIT = "Questionnaires of {unit}"
QUESTIONNAIRES_OF_FAMILY = "Questionnaires of {ref}"
ONE_RESULT = "1 result is saved."
RESULTS = "{count} results are saved."
ADDED_VALUE_OF = "Added value, {unit}"
SHOW_A_FAMILY = "Show a family"
FAMILY = "Family"
CHILD = "Child"
WHAT = "What"
BY = "By"
ON = "On"
WHEN = "When"
ENTER_THE_SCORES = "Enter the scores"
GIVEN_OUT_BUTTON = "Given out"
WHEN_IN_THE_WORK = "When in the work"
NO_DATE = "no date"
SHOW_A_RESULT = "Show a result"
QUESTIONNAIRES_HEADING = "Questionnaires: {family}"
MORE_FOLLOW = "And {count} more, which follow once these are in."
NOT_COMPLETED = "Not completed"
PLANNED_AND_SETTLED = "Planned and settled"
RECORD_PERMISSION = "Record permission"
NOT_COMPLETED_STATE = "not completed"
ENTER_A_QUESTIONNAIRE = "Enter a questionnaire"
ASK_SOMEONE_ELSE_TOO = "Ask someone else too"

# ---- reading answers

MARK = "Mark {n}"

# ---- one result

COMPARED_WITH = "Compared with {when}, same informant and form: {said}."
RESULT_KEPT = "A questionnaire was saved for {ref}."
SCALE = "Scale"
SCORE = "Score"
IN_WORDS = "In words"
ANOTHER_GOAL_NOW = "another goal now"
THE_FIRST_ONE = "the first one"
NO_RELIABLE_CHANGE = "no reliable change on a scale with an agreed threshold"
IMPACT_LEFT_BLANK = "some impact answers were left blank"
DAY_NOT_KNOWN = "The day it was filled in is not known."
COUNTED_NOT_ADDED = "Twelve answers, counted and not added up."
WHY_NOT_COMPLETED = "Not completed: {reason}."
CORRECTED_SINCE = "This was corrected since. The newer one counts."
FOR_THE_YEARLY_RETURN = "{said} For the yearly return: {yearly}."
BELOW_36 = ": below 36, worth talking about together"
SDQS_OF = "SDQs of {family}, {point}"
SHOW_THE_SCORES = "Show the scores"
ALL_QUESTIONNAIRES = "All questionnaires of this family"
OVER_TIME = "Over time"
BELOW_CUT_OFF = ", below the usual cut-off"
NOT_BELOW_CUT_OFF = ", not below the usual cut-off"
CORRECT = "Correct"
FIRST = "First"
CHANGE = "Change"

# ---- an answer that needs a person

I_HAVE_READ_THIS = "I have read this"
SEE_ENTRY = "See what was entered"

HIGH_IS_GOOD = "High is good."
LEFT_BLANK_OF_12 = "{count} of 12: left blank"


def total_words(total: Decimal | None, most: int | None, after: str) -> str:
    """A total with the most it can be, and what follows it."""
    return f"Total {score_words(total, most)}{after}"


def mood_words(least: object, *, above: bool) -> str:
    """Where a total of the mood questionnaire is, seen from the number the service has chosen."""
    return f": {'at or above' if above else 'below'} {least}, the number from which the service talks about mood."


def scores_kept(count: int) -> str:
    """How many scores a result has."""
    return f"{count} {'score' if count == 1 else 'scores'} saved."


def return_code(reason: str) -> str:
    """The code of the yearly return for a questionnaire that was not completed."""
    return f"Code for the yearly return: {RETURN_CODES.get(reason, 'SDQ4')}."
