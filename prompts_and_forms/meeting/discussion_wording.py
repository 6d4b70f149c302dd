"""Sentences of one family's discussion: its messages, moving through it, stopping, finishing."""

from __future__ import annotations

from datetime import date, datetime

from prompts_and_forms.days import day_words
from prompts_and_forms.meeting.wording import names_words

KIND = {"full": "full discussion", "light": "light discussion"}
CONCERN = "Immediate concern"

# ---- the family's first message


def title(label: str, kind: str) -> str:
    """The heading of a family's thread."""
    return f"{label}: {KIND[kind]}"


def notice(ref: str) -> str:
    """The line outside the chat for a family's thread."""
    return f"Discussion of {ref}"


def stage_notice(ref: str) -> str:
    """The line outside the chat for a stage's card."""
    return f"{ref}: the discussion has moved on"


STATE = {
    "open": "under way",
    "stopped": "STOPPED for an immediate concern",
    "read_back": "read back, to be confirmed",
    "awaiting": "finished, to be confirmed",
    "closed": "finished and confirmed",
    "parked": "parked",
}
IN_THE_THREAD = "Type in the thread below as you would speak. It is all saved."
SWITCHED = "Began as a light discussion, switched to full."
CHANGED_AFTER = "Something was added or changed after the lead confirmed. The record says what."


def safe_contact(warning: str) -> str:
    """The warning that stands before anything else about a family."""
    return f"Safe contact, before anything else: {warning}"


def progress(number: int, total: int, name: str) -> str:
    """How far a discussion is."""
    return f"stage {number} of {total}, {name}"


def led_and_written(lead: str, writer: str) -> str:
    """Who leads a discussion, and who takes notes."""
    notes = f"{writer} takes notes" if writer else "nobody takes notes yet"
    return f"{lead or 'nobody yet'}; {notes}"


# ---- a stage


def stage_heading(name: str, number: int, total: int) -> str:
    """The heading of a stage's card."""
    return f"{name} ({number} of {total})"


LIGHT_CARD = "A light look at this family"
QUICK_ROUND = "Quick round"
SHOW = "Show"
SAVED_TITLE = "What was saved"
MORE = "More"
FROM_THE_LAST_NOTE = {
    "action": "From the last note: an action",
    "hypothesis": "From the last note: an idea",
    "view": "From the last note: somebody’s own words",
    "worry": "From the last note: a worry",
}
LENS_CLOSED = "Close this question"


def lens_label(name: str) -> str:
    """The button that opens a lens."""
    return f"A minute for: {name}"


def only_facilitator(names: list[str]) -> str:
    """Who may open a lens."""
    return f"A lens is opened by whoever facilitates or leads: {names_words(names)}." if names else NO_LENS_HERE


NO_LENS_HERE = "There is no lens for this moment. Lenses are for a full discussion, after safety."
NO_NOTE_YET = "Nobody has typed a note here yet. Type it in this thread first, then choose this again."
WHO_DOES_IT = "Say who does it"
ASK_WHO_AND_WHEN = 'Who will do "{action}", and by when?'
ASK_WHO = 'Who will do "{action}"? There is no name yet.'
ASK_WHEN = 'By when should "{action}" be done? There is no date yet.'
WHO_DOES_THEM = "Say who does them"
BY_WHEN = "Say by when"


def notes_here(count: int, last_author: str, last_at: datetime) -> str:
    """How many notes a stage has, and the last of them."""
    notes = "1 note" if count == 1 else f"{count} notes"
    return f"{notes} saved, the last from {last_author} at {last_at:%H:%M}."


DOING = ("Close ", "Carry ", "Hand ")
"""A form whose title says already what pressing it does."""


def record_label(name: str) -> str:
    """The button that opens a form."""
    return name if name.startswith(DOING) else f"Record: {name}"


def next_label(name: str) -> str:
    """The button that goes on."""
    return f"Next: {name}"


def go_to_label(name: str) -> str:
    """The button that goes to a certain stage."""
    return f"Go to: {name}"


PARK = "Park this family"
SWITCH = "Switch to full"
FINISH = "Finish"
FINISH_NOW = "Finish this family now"
TAKE_UP = "Take it up again"
PARKED = "This discussion is parked. Everything saved so far stays. Anyone can take it up again."
MOVED_ON_CARD = "The discussion has moved on. The newest message in this thread has the buttons."


def moved_on(name: str) -> str:
    """To somebody who pressed on an older card."""
    return f"Already moved on to “{name}”. The newest message in the thread has the buttons that work now."


NO_LONGER_OPEN = (
    "This discussion is finished, so nothing was changed. What you type in its thread is still saved, and marked."
)
STOPPED_FIRST = (
    "This discussion is stopped for an immediate concern. First say who was told and when. Then you can go "
    "on, or leave it for today."
)
PARKED_FIRST = "This discussion is parked. Take it up again first."
READ_BACK_FIRST = "This discussion was read back and waits for the unit lead. Choose “Not yet, go back” there to go on."
NO_WAY_BACK = "This is the first stage."
LAST_STAGE = "This is the last stage. “Finish” reads everything back."
ALREADY_FULL = "This discussion is full already."
MEETING_OVER = "This meeting is closed, so nothing was changed. The family can be taken up in the next meeting."
NOT_THAT_STAGE = "That stage does not belong to this discussion. Choose another one."

# ---- going on without something

MISSING_TITLE = "Not here yet"
MISSING_FIRST = "Before you go on, this is still missing here"
GO_ON_ANYWAY = "Go on anyway"
FINISH_ANYWAY = "Finish anyway"
MISSING_KEPT = "You can go on without it. The record then says that it is missing."
MISSING_AT_END = "Before this is read back: the record will say that these are missing"


IDEA_SHOWN = 60


def in_short(idea: str) -> str:
    """The beginning of an idea that stands in full elsewhere."""
    return idea if len(idea) <= IDEA_SHOWN else f"{idea[: IDEA_SHOWN - 1].rstrip()}…"


def missing_words(what: str, name: str, stage: str) -> str:
    """One thing that is not there, in words. `name` is a child, an idea or a form, as the code needs."""
    return {
        "form": f"{stage}: not recorded",
        "view": f"Child's view not known: {name}",
        "seen": f"When {name} was last seen: not recorded",
        "ideas": "Fewer than two ideas about what is going on",
        "unfinished": f"Unfinished idea (what is against it, what would change our minds): {name}",
        "actions": "No action was recorded",
        "owner": f"Nobody has this action yet: {name}",
        "conversation": "The next conversation with the family: not recorded",
        "next": "The next date: not set",
        "stage": f"{stage}: not reached",
        "visit": f"{name} was not seen within the time this plan gives, and nobody has said who will go, and when",
        "unsure": "Whether a manager is needed today: left open",
        "tier3": "Words that may be about suicide: nobody has written down that Tier 3 was told",
    }.get(what, what)


# ---- what was carried in

OPEN_ACTIONS = "Open actions, stuck ones first"
LIVE_IDEAS = "Ideas so far"
AGREEMENTS = "Joint working agreements"
KEY_DATES = "Key dates"
LAST_SEEN = "Last seen"
NO_OPEN_ACTIONS = "No open actions."
NO_IDEAS = "There are no ideas about this family yet."
NOTHING_WRITTEN = "nothing written yet"
NOTHING_EITHER_WAY = "Nothing for or against it yet."
NEVER_SEEN = "not recorded"
NEVER_DISCUSSED = "This family has not been discussed in this unit before."
DATE_NAMES = {
    "plan_start": "Plan started",
    "last_review": "Last review",
    "next_review": "Next review",
    "conference": "Conference",
    "next_core_group": "Core group",
    "looked_after_since": "Looked after since",
    "proceedings_issued": "Proceedings issued",
    "referral_received": "Referral received",
    "planned_close": "Planned to close",
    "court": "Court",
}
COMING = ("next_review", "conference", "court", "next_core_group", "planned_close")
"""Dates still ahead that a next discussion should come before, where they are statutory."""
STATUTORY = ("next_review", "conference", "court")


def last_discussed(on: date, kind: str, today: date) -> str:
    """When a family was last discussed, and how."""
    days = (today - on).days
    when = "today" if days == 0 else "yesterday" if days == 1 else f"{days} days ago"
    return f"Last discussed {when} ({day_words.of_this_year(on)}), {KIND.get(kind, 'discussion')}."


def date_words(on: date, today: date) -> str:
    """A day, and how far away it is."""
    days = (on - today).days
    if days == 0:
        return f"{day_words.of_this_year(on)}, today"
    if days < 0:
        shown = day_words.of_this_year(on) if days > -300 else f"{day_words.of_this_year(on)} {on.year}"
        return f"{shown}, {day_words.count(-days)} ago"
    return f"{day_words.of_this_year(on)}, in {day_words.count(days)}"


def overdue(on: date, today: date) -> str:
    """A day that has gone by without what it was for."""
    return f"{date_words(on, today)}: overdue"


def next_proposed(on: date, kind: str) -> str:
    """The button that sets the proposed next date: "Next: Tue 22 Dec, full"."""
    return f"Next: {day_words.of_this_year(on)}, {kind}"


def last_seen_of(name: str) -> str:
    """The label before when a child was last seen."""
    return f"{name} seen"


def seen_words(on: date | None, alone: date | None, by: str, today: date) -> str:
    """When a child was last seen, by whom, and when alone."""
    if on is None:
        return NEVER_SEEN
    first = f"{date_words(on, today)}{f', by {by}' if by else ''}"
    if alone is None:
        return f"{first}; never seen alone as far as is recorded"
    return f"{first}; alone {'that day' if alone == on else date_words(alone, today)}"


def idea_meta(by: str, on: date, status: str) -> str:
    """Whose idea it is, since when, and what has become of it."""
    return f" ({by}, {day_words.of_this_year(on)}, {status})"


def clinical_view(names: list[str]) -> str:
    """The question to the unit's clinicians."""
    return f"A clinical view, please: {names_words(names)}, what do you notice, and what would you ask?"


# ---- the stop rule

STOP_TITLE = "Stopped: an immediate concern"
STOP_NOTICE = "An immediate concern was raised. A discussion is stopped."
STOP_FIRST = "If a child is in danger now, call 999 first."
STOP_CALL = "Call now"
STOP_DUTY = (
    "If this is about sexual abuse of a child, the law may ask you to report it yourself (Crime and Policing Act "
    "2026). Ask whoever you call."
)
HELD_BACK = (
    "The contacts are in the thread below. Which family this is about is shown here once only the unit can read this "
    "channel."
)
SAY_WHO = "Say who was told"
GO_ON = "Go on with this family"
NOT_TODAY = "Not today: set the next date"
TOLD_TITLE = "Who was told"
TOLD_CHOOSE = "Now a person chooses: go on with this family, or leave it for today. Not today needs only the next date."
TOLD_FIRST = "First say who was told and when. Use “Say who was told” in this thread."
NOT_TODAY_KEPT = "Saved: not today. Now only the next date is needed."
GOES_ON = "The discussion goes on."


def raised_by(name: str, at: datetime) -> str:
    """Who raised a concern, and at what time."""
    return f"Raised by {name} at {at:%H:%M}."


def told_line(who: str, time: str) -> str:
    """One person who was told, and the time."""
    return f"{who} at {time}" if time else who


# ---- the next date

NEXT_NEEDED = "The next date is needed before this family is finished."
NEXT_DATE = "Set the next date"
DATE_PAST = "This day has gone. Choose today or a later day."


def after_statutory(name: str, on: date) -> str:
    """That the next date comes after one the law sets."""
    return f"Saved. Please note: the {name.lower()} on {day_words.of_this_year(on)} comes before that day."


def next_words(on: date | None, kind: str | None) -> str:
    """The next date, and the kind of discussion."""
    if on is None:
        return "not set"
    return f"{day_words.of_this_year(on)}, {KIND.get(kind or '', 'full or light still open')}"


# ---- finishing

READ_BACK = "Read back"
READ_BACK_NOTICE = "{ref}: read back"
GONE = "I no longer know that discussion. Nothing was changed."
READ_BACK_FIRST_LINE = "For the unit lead or the deputy to confirm."
AN_IDEA = "Idea (tentative)"
CONFIRM = "Confirm"
NOT_YET = "Not yet, go back"
ONLY_LEAD = "The unit lead or the deputy confirms this. Everybody else can say what is not right, in the thread."
ASKED_NOW = " Today that is {who}."
ALREADY_CONFIRMED = "This discussion was confirmed already."
NOTHING_TO_CONFIRM = "There is nothing to confirm yet. Finish this family first."
SUMMARY = "Finished"
AWAITING_NOTICE = "Discussions wait for you to confirm"
AWAITING_TITLE = "Waiting for you to confirm"
AWAITING_FIRST = "Please read each one and confirm it."
SHOW_RECORD = "Read the record"
ALL_CONFIRMED = "Every discussion of this meeting is confirmed. Thank you."
NONE_WAIT_NOW = "Nothing waits for you just now. The meeting is still open, so there may be more."


def confirmed_but(refs: list[str]) -> str:
    """What is confirmed, and what was left for another day."""
    return f"What was finished is confirmed. Not finished, and on the next agenda: {names_words(refs)}."


def changed_since(refs: list[str]) -> str:
    """What was added after a record was confirmed."""
    return f"Added to or changed since it was confirmed: {names_words(refs)}. The record says what."


def confirm_label(ref: str) -> str:
    """The button that confirms a record."""
    return f"Confirm {ref}"


def done_by(name: str, at: datetime) -> str:
    """Who did it and when, as a record says it: "Orla, 21 November 2026 at 14:05"."""
    return f"{name}, {at.day} {at:%B %Y} at {at:%H:%M}"


def confirmed_by(name: str, at: datetime) -> str:
    """Who confirmed a record, and when."""
    return f"Confirmed by {name} on {day_words.of_this_year(at.date())} at {at:%H:%M}."


def only_confirms(who: str) -> str:
    """For somebody who may not confirm: who does, by name where one is known."""
    first, second = ONLY_LEAD.split(". ", 1)
    return f"{first}.{ASKED_NOW.format(who=who) if who else ''} {second}"


def waits_for(name: str) -> str:
    """Whose confirmation is missing."""
    return f"It waits for {name} to confirm."


LIGHT_WAITS = "The unit lead is asked to confirm it."

# ---- messages typed in a thread

DO_NOT_KNOW_YOU = (
    "I do not know you in this unit, so your message is not saved. The unit coordinator can add you with /unit."
)
NOT_KEPT_BEFORE = "I did not save that message, so there is nothing to move."
NOT_IN_A_DISCUSSION = "I save notes only from a family's thread. Use this on a message in one."
MEETING_CLOSED_NOTE = "This meeting is closed, so your message is not saved. The next meeting opens with /meeting."


def moved_to(name: str) -> str:
    """Where a note is now."""
    return f"Moved to “{name}”. The history shows where it was before."


def move_to_label(name: str) -> str:
    """The button that moves a note."""
    return f"Move it to “{name}”"


FIND_OUT = "Make an action to find out"

# ---- the written record

RECORD_TITLE = "Record of the discussion"
DECISIONS = "Decisions"
MISSING = "Recorded as missing"
NOTHING_MISSING = "Nothing is recorded as missing."
DIFFERENT_VIEWS = "Different views, side by side"
LATE = "Added or changed after the lead confirmed"
LATE_CHANGE = {"typed": "Added", "edited": "Changed", "moved": "Moved", "deleted": "Taken back"}
IDEAS = "Ideas (tentative, not findings)"
IDEAS_CHANGED = "Ideas whose standing changed"
NEW_ACTIONS = "New actions"
NEXT_DISCUSSION = "Next discussion"
NO_DECISIONS = "No actions, ideas or agreements were recorded."
EDITED = "edited"
LATE_MARK = "after the lead confirmed"


def forwarded(who: str, words: str) -> str:
    """Words somebody forwarded, as they are saved: who wrote them first, where that is known."""
    return f"Forwarded from {who}: “{words}”" if who else f"Forwarded: “{words}”"
