"""The right to see the record, in words."""

from __future__ import annotations

from datetime import date

from prompts_and_forms.days import day_words

BUTTON = "Requests to see the record"
NOTICE = "A request to see the record"
NOT_FOR_YOU = "Only the unit's lead and managers look after this. Please ask one of them."
NONE_YET = "Nobody has asked to see the record of this family yet."
NEW, ASK, ANSWERED, EXTEND = "A request came in", "Ask who or what", "It was answered", "Two months more"
LINES, SENT, PDF, WORD = "Go through the lines", "It was sent", "PDF", "Word"
NOT_FUTURE = "Choose today or an earlier day."
OTHER_CHILD = "Choose one child of this family."
STOPPED_ALREADY = "The clock stands still already. First say when it was answered."
NOT_STOPPED = "Nothing was asked, so there is nothing to answer."
SENT_ALREADY = "This one was sent. Nothing was changed."
TOO_LATE = "The first month is over. Whoever asked should have heard by then; speak to your data protection officer."
EXTENDED_ALREADY = "This one has two months more already."
NO_LINE = "I cannot find that line any more. Go through the lines again."
NOT_IN_LINE = "These words are not in the line. Copy them exactly, or leave the box empty to hide the whole line."
MARK, SHOW_AGAIN, NEWER, OLDER = "Hide a line, or words in it", "Show a line again", "Earlier", "Later"
EMPTY = "There is nothing recorded about this child."
BOX = "██████ [{code}]"
CODES = {
    "A": "about somebody else, who has not agreed",
    "B": "showing it could cause serious harm to somebody",
    "C": "given by the child, who expected it to stay between them",
    "D": "advice of a lawyer",
    "E": "another legal reason",
    "R": "changed since it was looked through: look again",
}
IDEA = "Idea, not a fact"
FAMILY = "Family"
CHILD = "Child"
PARENT_OR_CARER = "Parent or carer {carer}"
OUTCOME_OF_THE_PLAN = "Outcome of the plan"
CATEGORY = "Category"
CLOSED = "Closed"
QUESTIONNAIRE = "Questionnaire"
REVIEW = "Review"
AGREEMENT = "Agreement"
ACTION = "Action"
ROLE = "Role"
CLINICAL_WORK = "Clinical work"
TRACKING_FORM = "Tracking form"
REMINDER = "Reminder"
SIGNATURE = "Signature"
DISCUSSED = "Discussed"
TYPED_IN_THE_MEETING = "Typed in the meeting"


def heading(label: str) -> str:
    """Over a family's requests."""
    return f"Requests to see the record of {label}"


def standing(child: str, received: date, due: date | None, sent: date | None, who: str) -> str:
    """Where a request is."""
    first = f"{child}: received on {day_words.in_full(received)}, {who} looks after it."
    if sent is not None:
        return f"{first} Sent on {day_words.in_full(sent)}."
    if due is None:
        return f"{first} The clock stands still until your question is answered."
    return f"{first} Due on {day_words.in_full(due)}."


def hidden(lines: int) -> str:
    """How much is marked."""
    return "Nothing is marked to be hidden yet." if not lines else f"Marked to be hidden: {lines}."


def page_of(number: int, pages: int) -> str:
    """Which page of the lines this is."""
    return f"Page {number} of {pages}, in order of time."


# ---- the paper

TITLE = "Your record"
WHAT = (
    "This is everything this system has about you, in the order in which it was written or happened. The council's "
    "case system holds more: ask for that, too."
)
HOW = (
    "Ideas are marked as ideas. They are what somebody thought possible at that time, not what was found to be true. "
    "A black box with a letter means that something is left out there; the letters are explained below."
)
LEFT_OUT = "Not part of this: questionnaires about other children, and private notes of workers about themselves."
LETTERS, RECORD, NOW, LOOKED, GONE = (
    "The letters",
    "In order of time",
    "As it is now",
    "Who has looked",
    "What was erased",
)
NOTHING_GONE = "Nothing was erased."
LOOKED_HEAD = ("Who", "First", "Last", "How often")
THE_BOT = "the system itself"
REF, RECEIVED, MADE_FOR = "Reference", "Request received", "Made for"
DELETED = "A message was deleted by the person who wrote it."


# ---- on the command line

NO_FAMILY = "No family has the reference {given}."
NO_CHILD = "{given} is no child of this family. Its children: {keys}."
WRITTEN = "Written: {place}"
NO_REQUEST = (
    "No request of this child is open, so nothing is hidden. Enter it on the family's page to go through the lines."
)
