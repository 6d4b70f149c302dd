"""A family goes to another unit: what people read while it is asked for, accepted and done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from prompts_and_forms.days import day_words
from prompts_and_forms.states import TransferState

BUTTON = "Move to another unit"
NOTICE = "A family and another unit"
WHERE_TO = "Which unit?"
CHOOSE_UNIT = "Which unit will {family} go to? Its lead is asked first."
NO_OTHER_UNIT = "There is no other unit to move to yet."
NOT_FOR_YOU = "The unit's lead, the deputy and managers move a family to another unit. Please ask one of them."
NOBODY_TO_ASK = (
    "{unit} has no lead, deputy or manager who can say yes. "
    "Ask them to choose a lead with /unit members, then try again."
)
NOT_ABOUT_THIS = "Nobody in {unit} can be asked about this family. Please talk to your group manager."
UNREADABLE = (
    "The record of this family cannot be read, so there is nothing to hand over. Please tell whoever runs the bot."
)
NO_SUCH_UNIT = "I cannot find that unit any more. Nothing was changed."
TIME_NEEDS_DAY = "Please give the day of the meeting too."
MEETING_LATE = "Please meet before the family moves, or on that day."
GONE = "This request is over. Nothing was changed."
NOT_YOURS_TO_ANSWER = "Only the lead, the deputy and managers of {unit} can answer this."
WITHDRAW = "Withdraw"
ACCEPT = "Accept"
DECLINE = "Not this time"
WITHDRAWN = "Withdrawn. The family stays where it is, and the other unit knows."
ASKED_FOR = "{unit} is asked. You hear as soon as somebody answers."
HELD_UP = "It moves once its meeting is closed and its last record is confirmed."
COMING_TITLE = "Moving between units"
PACK = "Handover pack as {form}"
OPEN_ACTIONS = "Who goes on with what"
GONE_ON = "Saved. What you left open stays with whoever has it."
CHOOSE_SOMEBODY_HERE = "Please choose people who are in the unit."
MOVED_LIST = "Moved to another unit"


def status(state: TransferState, to_unit: str, on: date, meeting: str) -> str:
    """Where a request is, for the unit that has the family."""
    day = day_words.with_weekday(on)
    if state == TransferState.ASKED:
        said = f"{to_unit} has been asked to take this family on {day}. Nobody has answered yet."
    else:
        said = f"{to_unit} takes this family on {day}."
    return f"{said}{met(meeting)}"


def waits_for(asked_on: date, who: str) -> str:
    """Since when a request waits and for whom, for those who asked; they need chase nobody."""
    since = f"Asked on {day_words.of_this_year(asked_on)}."
    return f"{since} {who} can answer, and gets a reminder." if who else since


def met(meeting: str) -> str:
    """When the two units meet about it; nothing where no day is set."""
    return f" The handover meeting is on {meeting}." if meeting else ""


def heading(to_unit: str, count: int) -> str:
    """Over a request."""
    return f"{'A family' if count == 1 else f'{count} families'} for {to_unit}"


def asks(who: str, from_unit: str, on: date, meeting: str) -> str:
    """First line of a request."""
    return f"{who} ({from_unit}) asks you to take over on {day_words.with_weekday(on)}.{met(meeting)}"


def family_line(label: str, category: str, children: int) -> str:
    """One of the families of a request."""
    said = "no children recorded" if not children else "1 child" if children == 1 else f"{children} children"
    return f"{label}: {category}, {said}"


def answered(state: TransferState, who: str, families: Sequence[str], to_unit: str, on: date) -> str:
    """What became of a request, for everybody it concerns."""
    named, day = " and ".join(families), day_words.with_weekday(on)
    if state == TransferState.ACCEPTED:
        return f"{who} has said yes: {to_unit} takes {named} on {day}."
    if state == TransferState.DECLINED:
        return f"{who} has said no: {named} does not go to {to_unit}."
    if state == TransferState.MOVED:
        return f"{named} is with {to_unit} since {day}."
    return f"{who} has withdrawn the request: {named} does not go to {to_unit}."


def arrived(label: str, from_unit: str) -> str:
    """For those who have the family now."""
    return f"{label} came from {from_unit} and is with you from today, with the whole record."


def still_waits(label: str, without_anybody: str) -> str:
    """Why a family did not go on its day."""
    if without_anybody:
        why = f"it moves once {without_anybody} has a lead, a deputy or a manager again."
    else:
        why = "it moves by itself once its meeting is closed and its last record is confirmed."
    return f"{label} has not moved yet: {why}"


def still_theirs(who: Sequence[str]) -> str:
    """Whose open actions wait for somebody of the new unit."""
    return f"Open actions are still with {', '.join(who)}. Please choose who goes on."


def gone(ref: str, to_unit: str, on: date) -> str:
    """All that the old unit still knows of the family."""
    return f"{ref} is with {to_unit} since {day_words.with_weekday(on)}. Its record went along."


def drafts_went(who: str) -> str:
    """For somebody who had begun to write about the family."""
    return f"What you had begun to write about it is with {who} now."


def gone_line(ref: str, to_unit: str, on: date) -> str:
    """The same in a list."""
    return f"{ref}: {to_unit}, since {day_words.in_short(on)}"


def leaves_line(label: str, to_unit: str, on: date, meeting: str) -> str:
    """For the agenda of the unit that hands a family over."""
    return f"{label} goes to {to_unit} on {day_words.of_this_year(on)}{met_short(meeting)}"


def comes_line(from_unit: str, on: date, meeting: str) -> str:
    """For the agenda of the unit that takes a family; nothing of the family before the day."""
    return f"A family comes from {from_unit} on {day_words.of_this_year(on)}{met_short(meeting)}"


def met_short(meeting: str) -> str:
    """The handover meeting in few words."""
    return f"; handover meeting {meeting}" if meeting else ""


def back_again(ref: str, to_unit: str, on: date) -> str:
    """Beside the field, for a family that went to another unit."""
    return f"{gone(ref, to_unit, on)} To have it back, ask the lead there."


# ---- two coordinators who should talk

KNOWN = "This reference is not free. I have asked those who can help to talk to each other; nothing else was changed."
TALK_NOTICE = "A colleague would like to talk to you"


def please_ring(who: str, unit: str) -> str:
    """For the coordinator who has the family. Which one it is, is for the two to find out."""
    return (
        f"{who} ({unit}) needs a word with you about a family. "
        "Please ring them. What you share is for the two of you to decide."
    )


WILL_HEAR = (
    "Somebody in {unit} tried to add a family that cannot be added. A colleague will get in touch with you about it."
)
