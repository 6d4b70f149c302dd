"""Sentences of reminders: the morning message, its lines and what people answer to them."""

from __future__ import annotations

from datetime import date

from prompts_and_forms.days import day_words
from prompts_and_forms.days.working_days import on_or_before
from prompts_and_forms.meeting.wording import due_words, names_words
from prompts_and_forms.nudges.nudge_facts import FormsToCome, Signature, What
from prompts_and_forms.nudges.nudge_kinds import Kind, load
from prompts_and_forms.states import NudgeState

NOTICE_ONCE = "Something needs you today"
AT_ONCE_HELLO = "This does not wait for the morning."
OF_THE_UNIT = "The unit"
CHANGE_WHEN = "/nudges says when you hear from me, and changes it."
NOTHING_LEFT = "All of this is settled."
FOR_SOMEBODY = {
    "away": "For {who}, who is away. ",
    "out_of_reach": "For {who}, who does not get my messages. ",
    "": "For {who}. ",
}
HANDED_BY = "Handed to you by {who}. "
TAKEN_UP = "Still open with {who}. "
BY_THEN = "due {due}, so by {day}"
LAST_DAY = "due {due}, so today is the last working day for it"
DONE = "Done"
SEEN = "Seen"
NOT_NOW = "Not now"
WHEN_THEN = "When do you want to hear of it again, or who does it?"
RECORD_SESSION = "Record the session"
CONFIRM = "Confirm"
COPIED = "Copied to the case file"
SHOW_RECORD = "Show the record"
SHOW_RESULT = "See what was entered"
CARRY_OVER = "Carry over"
SHOW_MEASURES = "Given out, or not completed"
CHOICES = {
    "sent": "Sent, waiting for an answer",
    "tomorrow": "Remind me tomorrow",
    "meeting": "Remind me at the next meeting",
    "date": "Remind me on another day",
    "not_mine": "Not mine: hand it over",
    "not_needed": "Not needed",
}
SENT_DAYS = 5
"""Working days before something that was sent is asked about again."""
FURTHEST = 92
FURTHEST_STATUTORY = 14
"""Days: what law or guidance asks for is put off two weeks at a time at most."""

GONE = "I no longer know that reminder. Nothing was changed."
NOT_YOURS = "This reminder is somebody else's. Nothing was changed."
ALREADY = "This is already dealt with. Nothing was changed."
NO_MEETING = "I do not know when the unit meets next. Choose a day instead."
REASON_NEEDED = "Law or guidance asks for this. Say in a few words why it has to wait."
TOO_FAR = "That is too far away. Choose a day up to {day}."
NOT_PAST = "Choose a day after today."
NOT_TO_YOURSELF = "It is yours already. Choose somebody else."
LEFT_UNIT = "That person is no longer in the unit. Choose somebody else."
ALWAYS_NEEDED = (
    "Law or guidance asks for this, so it cannot be set aside here. Put it off with a reason, hand it over, or correct "
    "the record if it no longer applies."
)
AWAY = "That person is away until {day}. Choose somebody else, or tell them yourself."
NUDGES_HELP = (
    "/nudges shows what is due for you, and when you hear of it.",
    "/nudges week shows what is due in the unit this week, for those who look after it.",
    "Mornings only, working days only, and one message a day. What cannot wait comes at once.",
)
CHANGE = "Change when I hear"
WEEK = "The unit's week"
NOTHING_DUE = "Nothing is due for you now."
NOT_KNOWN_YET = "You are in no unit yet, so nothing is due for you."
WEEK_NOT_YOURS = "The week of the whole unit is for its lead, coordinator and managers. /nudges shows what is yours."
WEEK_EMPTY = "Nothing is due in the unit until {day}."
HEAR_AT_LEAST_ONCE = "Choose at least one day."
KEPT = "This is how you hear from me from now on."
STAYS = "What law or guidance asks for, and what needs somebody the same day, is always said."
UNREACHED_NOTICE = "Somebody in your unit does not get my messages"
UNREACHED = (
    "I could not send {who} a direct message: the account may be closed, or direct messages are off. Nothing is lost."
)
UNREACHED_WAYS = (
    "What cannot wait goes to whoever covers for {who}, else to the lead, the deputy or a coordinator.",
    "/nudges week shows everything due for {who}.",
    "/unit leave @{who} says who covers; that person hears instead.",
    "/unit members takes {who} out of the unit when they have left.",
)
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def notice(count: int) -> str:
    """The notification: no family, no detail."""
    return "1 thing is due" if count == 1 else f"{count} things are due"


def more_on_home(count: int) -> str:
    """How many reminders are shown elsewhere."""
    return "One more is on your Home tab." if count == 1 else f"{count} more are on your Home tab."


def show_more(count: int) -> str:
    """The button that shows the next reminders."""
    return "Show one more" if count == 1 else f"Show more ({count})"


def for_somebody(who: str, why: str) -> str:
    """Whose it is, for somebody else who reads it."""
    return FOR_SOMEBODY[why].format(who=who)


def hello(count: int) -> str:
    """What can be done with the lines below."""
    how = "from its button, or say when to hear of it again."
    return f"Do it {how}" if count == 1 else f"The most pressing comes first. Do a thing {how}"


SHOW_ALL = "Show all {count}"
LONG = 14
"""Days after which a thing is long overdue: how long is said in weeks, and an action is asked about kindly."""
STILL_RIGHT = " It has waited a while. Is it still the right thing to do?"


def and_more(families: dict[str, int]) -> str:
    """What is behind “Show all”: how many things for each family."""
    named = [name if count == 1 else f"{name} ({count})" for name, count in families.items()]
    total = sum(families.values())
    return f"And {total} more: {names_words(named)}."


def will_be_told(about: dict[str, list[tuple[date, str]]]) -> str:
    """Which managers will be told of what, each with its day: one sentence for all of it."""
    parts = []
    for who, things in about.items():
        named = [f"{title} on {day_words.of_this_year(day)}" for day, title in things]
        parts.append(f"{who} will be told about {names_words(named)}")
    return f"If still open, {'; '.join(parts)}."


def same_task(actions: tuple[str, ...]) -> str:
    """An action that says the same thing, told with it."""
    return "".join(f" It is your action too: “{text.rstrip('.')}”." for text in actions)


def greeting(count: int) -> str:
    """The first line of a morning's message."""
    return "Today there is one thing." if count == 1 else f"Today there are {count} things."


OF_A_DAY = frozenset(
    {"confirm", "unfinished", "copy", "tracking", "tracking_quiet", "meeting_tomorrow", "meeting_holiday"}
)
"""Kinds that name the day something is or was on, not how due it is."""


def line_words(kind: Kind, what: str, due_on: date, day: date | None, today: date) -> str:
    """One line. {when} is how due it is where a thing is due, and the day itself where something happened on it."""
    when = _relative(day or due_on, today) if kind.id in OF_A_DAY else _due(due_on, today)
    sentence = kind.line.format(what=what, when=when)
    if kind.id == "tracking" and day is not None and day >= today:
        sentence = sentence.replace(" was planned ", " is planned ")
    if what.startswith("1 "):
        sentence = sentence.replace(" are ", " is ").replace(" wait for", " waits for")
    kindly = STILL_RIGHT if kind.id == "action" and (today - due_on).days > LONG else ""
    return (sentence if sentence.endswith((".", "?")) else f"{sentence}.") + kindly


def _due(due_on: date, today: date) -> str:
    """How due it is; where that is no working day, the last working day before it is named too."""
    by = on_or_before(due_on)
    late = (today - due_on).days
    if late > LONG:
        return f"was due {_this_or_another_year(due_on, today)}, {late // 7} weeks ago"
    if late > 0 and today > by:
        return "was due yesterday" if late == 1 else f"was due {day_words.of_this_year(due_on)}, {late} days ago"
    if due_on == by or today > by:
        return due_words(due_on, today)
    return (LAST_DAY if by == today else BY_THEN).format(
        due=day_words.of_this_year(due_on), day=day_words.of_this_year(by)
    )


def _this_or_another_year(day: date, today: date) -> str:
    return day_words.of_this_year(day) if day.year == today.year else day_words.in_short(day)


def settled_words(kind: Kind, what: str, due_on: date) -> str:
    """A line that needs nothing any more, without how late it was."""
    named = what if "{what}" in kind.line else load().groups[kind.group]
    return f"{named}, due {day_words.of_this_year(due_on)}."


def _relative(day: date, today: date) -> str:
    gap = (day - today).days
    return {0: "today", 1: "tomorrow", -1: "yesterday"}.get(gap, day_words.of_this_year(day))


def state_words(state: NudgeState, until: date | None, sent: bool, who: str) -> str:
    """How a line stands that needs nothing more now."""
    if state == NudgeState.SNOOZED and until is not None:
        day = day_words.of_this_year(until)
        return f"Sent; I ask again on {day}" if sent else f"Put off until {day}"
    if state == NudgeState.HANDED_ON:
        return f"Handed to {who}"
    return "Not needed" if state == NudgeState.NOT_NEEDED else "Settled"


def snoozed_words(until: date, sent: bool) -> str:
    """When a reminder comes again."""
    start = "Noted as sent. " if sent else ""
    return f"{start}You hear of it again on {day_words.with_weekday(until)}."


def handed_words(who: str) -> str:
    """Who has a reminder from now on."""
    return f"{who} hears of it from now on."


def preference_words(at: str, days: list[int], left_out: list[str]) -> str:
    """When somebody hears, in one sentence or two."""
    chosen = [DAY_NAMES[day] for day in sorted(days)]
    named = "every working day" if chosen == list(DAY_NAMES[:5]) else names_words(chosen)
    sentence = f"One message at {at}, {named}, not on bank holidays or when you are on leave."
    return f"{sentence} Left out: {names_words(left_out)}." if left_out else sentence


def week_title(start: date, end: date) -> str:
    """Until when the list of a week goes."""
    return f"Due until {day_words.with_weekday(end)}"


SIGN = {
    "own": "An assessment is written and not signed yet",
    "asked": "An assessment is signed and waits for your signature",
    "nobody": "An assessment waits for a signature that nobody here can give: name a clinical manager with /unit add",
}
"""Who is waited for: whoever wrote it, the second to sign, or nobody in the unit who may."""
MEASURES = {"SDQ": "SDQ", "CHI_ESQ": "CHI-ESQ"}
POINTS = {"start": "at the start of the work", "end": "at the end of the work", "yearly": "of the year"}
REVIEWS = {
    "conference": "Review conference",
    "core_group": "Core group",
    "complex_case": "Complex-case discussion: a child protection plan of 18 months",
    "cin_review": "Review of the child in need plan",
    "cin_manager": "A manager looks at the child in need plan",
    "ccin_review": "Review of the complex child in need plan, chaired by the team manager",
    "lac_review": "Looked after review",
    "permission": "Look at the permission to share again",
    "supervision": "Clinical supervision",
    "clinical_staff": "Clinical staff meeting",
}


def what_words(kind_id: str, code: What) -> str:
    """What is due, in the words of the sentence; words that are no code stay as they are."""
    if isinstance(code, FormsToCome):
        forms = "1 form" if code.count == 1 else f"{code.count} forms"
        measure = MEASURES.get(code.measure, code.measure)
        return f"{measure} {POINTS.get(code.point, '')}: {forms} to come".replace("  ", " ")
    if isinstance(code, Signature):
        return SIGN[code.waits_for]
    if kind_id in ("confirm", "copy"):
        noun = "record" if kind_id == "copy" else "discussion"
        return f"1 {noun}" if code == "1" else f"{code} {noun}s"
    return REVIEWS.get(code, code) if kind_id in ("review", "permission_review", "supervision") else code


# ---- buttons

SHOW_THE_FAMILY = "Show the family"

# ---- the command

HOW_NUDGES_WORKS = "How /nudges works"
WHAT_IS_DUE = "What is due for you"
THEY_ARE_BACK = "they are back"
UNKNOWN_WORDS = "I do not know “/nudges {typed}”."

# ---- digest

THAT_IS_ALL = "That is all."
