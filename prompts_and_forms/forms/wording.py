"""What a form says beside its fields: short, and always what to do now."""

from __future__ import annotations

from datetime import date, datetime

from prompts_and_forms.days import day_words
from prompts_and_forms.forms.form import QuestionKind

YES = "Yes"
NO = "No"
OUTSIDE = "Someone outside the unit"

CHOOSE_AGAIN = "This is not on the list any more. Please choose again."
GIVE_DATE = "Please choose a date from the calendar."
GIVE_TIME = "Please give a time, such as 10:15."
GIVE_NUMBER = "Please write a whole number, such as 6."
DAY_TO_COME = "This day is still to come. Please choose today or an earlier day."
DAY_PAST = "This day has gone by. Please choose today or a later day."
IMPLAUSIBLE = {
    "long_ago": "Please check the year: {day} is longer ago than can be meant here.",
    "far_ahead": "Please check the year: {day} is further ahead than can be meant here.",
}
LEFT_THE_LIST = "{who} (left the list)"
ROW_GONE = (
    "This one is not on the list any more, so nothing new can be saved under that name. Please move your words to "
    "another box and empty this one. What was saved before stays as it was."
)

CONTINUED = "{label}, continued"
NUMBERED = "{label} {number}"
OF_SOMEONE = "{who}: {label}"
CLOSED_HALF_WRITTEN = "You closed “{title}”. What you filled in is saved."
GO_ON_WRITING = "Go on writing"
PUT_AWAY = "Put away"
ONE_MORE = "One more"
ADD_MORE = "Add more"
MORE_ROOM = "More room: {label}"
LONG_ANSWER = "Over 3,000 characters? Press “More room” first and paste it in parts, one to a box."
NOTHING_TO_CHOOSE = "{label}: nothing to choose from yet."
MORE_ROWS = "{number} more are not shown here. Each has its own button on the board."


def begun_before(at: datetime) -> str:
    """Above a form that goes on where it was left."""
    return f"You began this on {day_words.with_weekday(at.date())} at {at:%H:%M}. Here is what you wrote."


NEXT = "Next"
BACK = "Back"
SAVE = "Save for later"
SAVED = "Saved. You can close this and go on another day with /forms, or write on."
STILL_MISSING = "Nearly there. This step still needs an answer; everything else you wrote is saved."
OPEN_TWICE = (
    "This form was open in a second place, and something was saved there meanwhile. Nothing is lost: both texts stand "
    "below each other. Please look them over, then go on."
)
HANDED_ALREADY = "You handed this form on. {who} has it now, with everything that was written in it."
KEPT_BESIDE = (
    "You handed this form on, and {who} has it now: what you write here does not reach it any more. Nothing is lost. "
    "Your words are saved as a draft of your own. You can close this; /forms has it, and there you can hand it on to "
    "{who} as well."
)
SAVED_BEFORE_NOTICE = "Already saved"
SAVED_BEFORE = "This form is saved already, with what you wrote then."
NO_LONGER_OPEN = "This form is no longer open. If you still need it, open it again from the meeting."
BELONGS_TO_NOTHING = (
    "I cannot find what this form belongs to any more. What you wrote is saved; please open it again from the meeting."
)
BOX_FULL = "A box was filled to the end, so there is one more below it. Write on there, or press the button again."
IS_PUT_AWAY = "The draft is put away."
SOMEBODY_ELSES = "This form belongs to somebody else."

ALSO_WRITTEN = "Also written, in an earlier version of this form"
NO_BOX_ANY_MORE = "Also written, and there is no box for it any more:"
KEPT_WITH_IT = "It is saved with the form. If it belongs in one of the boxes, copy it there."
KEPT_FOR_YOU = (
    "This part is yours alone. It does not become part of the form: it is saved with your own reflections "
    "(/agreement reflections)."
)
NEWER_VERSION = "This form has changed meanwhile. Everything that was written is here; please look it over, then go on."
MY_DRAFTS = "My drafts"
MY_FORMS = "My forms"
HANDED_ON = "Handed on"
A_DRAFT_FOR_YOU = "A draft for you"


def step(number: int, of: int, titles: list[str]) -> str:
    """Where somebody is in a long form, and what is asked there."""
    return f"{number} of {of}: {', '.join(titles)}"


_CHOOSE = frozenset(
    {
        QuestionKind.YES_NO,
        QuestionKind.CHOICE,
        QuestionKind.CHOICES,
        QuestionKind.PEOPLE,
        QuestionKind.CHILD,
        QuestionKind.CHILDREN,
        QuestionKind.CARER,
        QuestionKind.CARERS,
        QuestionKind.FAMILY_MEMBER,
        QuestionKind.FAMILY,
        QuestionKind.FAMILIES,
        QuestionKind.OUTCOME,
        QuestionKind.ACTION,
        QuestionKind.HYPOTHESIS,
        QuestionKind.AGREEMENT,
    }
)


def required(kind: QuestionKind) -> str:
    """What to do about a question that needs an answer."""
    if kind in _CHOOSE:
        return "Please choose one, so that this can be saved."
    if kind in (QuestionKind.PERSON, QuestionKind.DRAWN):
        return "Please choose who, so that this can be saved."
    if kind is QuestionKind.DATE:
        return "Please choose a date, so that this can be saved."
    if kind is QuestionKind.TIME:
        return "Please give a time, so that this can be saved."
    if kind is QuestionKind.WHOLE_NUMBER:
        return "Please give a number, so that this can be saved."
    return "Please write a few words here, so that this can be saved."


def implausible(code: str, day: date) -> str:
    """What to look at in a date that cannot be meant."""
    return IMPLAUSIBLE[code].format(day=f"{day.day} {day:%B} {day.year:04d}")


NOT_TAKEN_OVER = "I have not copied those words into this form, because of what is in them. Please type what is needed."

HOW = "How /forms works"
CAN_DO = "What /forms can do:"
