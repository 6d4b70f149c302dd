"""Sentences of setting up: the unit, its people, its families, the Home tab."""

from __future__ import annotations

from datetime import date
from typing import Any

from prompts_and_forms.days import day_words
from prompts_and_forms.days.ages import KnownAge, age_on, months_on

ROLE_WORDS = {
    "consultant_social_worker": "consultant social worker",
    "social_worker": "social worker",
    "childrens_practitioner": "children's practitioner",
    "unit_coordinator": "unit coordinator",
    "clinician": "clinician",
    "clinical_manager": "clinical manager",
    "team_manager": "team manager",
    "group_manager": "group manager",
    "clinical_group_manager": "clinical group manager",
}
CATEGORY_WORDS = {
    "child_in_need": "child in need",
    "complex_child_in_need": "complex child in need",
    "child_protection": "child protection",
    "looked_after": "looked after",
}
PERMISSION_WORDS = {
    "signed": "signed",
    "part_signed": "signed by some",
    "verbal": "said but not signed",
    "refused": "refused",
    "withdrawn": "withdrawn",
    "not_asked": "not asked yet",
    "out_of_date": "out of date",
}
DATE_WORDS = {
    "plan_start": "Plan started",
    "last_review": "Last review",
    "next_review": "Next review",
    "next_core_group": "Next core group",
    "conference": "Conference",
    "ccin_meeting": "Complex child in need meeting",
    "proceedings_issued": "Proceedings issued",
    "looked_after_since": "Looked after since",
    "referral_received": "Referral received",
    "planned_close": "Planned to close",
}
AHEAD = ("next_review", "next_core_group", "conference", "ccin_meeting", "planned_close")
"""Dates that are overdue once they have gone by."""
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

UNIT_HELP = (
    "/unit shows the unit, or a form to set one up in this private channel.",
    "/unit members shows who is in the unit, to change or take somebody out.",
    "/unit add @person puts somebody into the unit.",
    "/unit account @person gives somebody a new account, with everything that is theirs.",
    "/unit move, typed in a new private channel, moves a unit you look after there.",
    "/unit calendar brings your days into your own calendar.",
    "/unit leave sets your own leave; /unit leave @person sets somebody else's.",
    "/unit contacts sets the emergency contacts. No meeting opens without them.",
    "/unit settings sets the meeting day, minutes, deputy, reference pattern and what makes a discussion full.",
    "/unit stays shows the lead and managers how long things stay, and what was erased.",
    "/unit scores shows how scores are put into words and what documents carry.",
)
FAMILY_HELP = (
    "/family lists the unit's open families; /family list does the same.",
    "/family add adds a family.",
    "/family import says how a whole list comes in.",
    "/family K3107C shows one family, with buttons to correct everything about it (use your own reference).",
    "/family with a few letters, initials, a category or a lead worker's name offers the families that fit.",
    "/family close K3107C closes a family.",
    "/family emergency K3107C lets a linked manager read a family of another unit for an hour. Its unit is told.",
)

NOT_KNOWN_HERE = "I do not know you yet. Ask your unit coordinator to add you with /unit."
NOT_IN_UNIT = (
    "You are not in this unit, so I cannot show or change anything of it. Its coordinator can add you with /unit."
)
NO_UNIT_MEETS = "No unit meets in this channel. Use this in your unit's private channel, or set one up with /unit."
NO_UNIT_HERE = "No unit meets in this channel. Use this in your unit's private channel, or set one up there with /unit."
SET_UP_IN_CHANNEL = "A unit lives in a private channel. Make one for the unit, invite me, and use /unit there."
NOT_YOURS_TO_ARRANGE = (
    "The unit coordinator, the unit lead, the deputy and linked managers look after this. Please ask {who}."
)
NAME_TAKEN = "There is a unit with this name already. Please choose another name."
WHO_TO_ADD = "Say who, with an @ and their name from the list that opens: /unit add @person."
ONE_AT_A_TIME = "One person at a time, please: /unit add @person."
NOT_IN_THE_UNIT = "{who} is not in this unit. Add them first with /unit add @person."
LEFT_THE_UNIT = "{who}, has left the unit"
COVER_IS_SELF = "Somebody else has to cover. Choose another person, or leave it empty."
COVER_LEFT = "{who} has left the unit. Choose somebody who is in it."
LEAVE_BACKWARDS = "The last day away is before the first. Please look at both dates."
LEAVE_NEEDS_START = "Please also give the first day away."
NOBODY_TO_ARRANGE = (
    "Then nobody would be left to look after the unit. First make somebody else coordinator or lead with /unit members."
)
DEPUTY_LEFT = "{who} has left the unit. Please choose somebody who is in it."
DEPUTY_IS_LEAD = "{who} leads the unit. The deputy is somebody else, for the days the lead is away."
LEAD_AND_DEPUTY = "One person cannot be both lead and deputy. Please choose one of the two."
NO_SUCH_ZONE = "I do not know this time zone. It is written as region and city, such as Europe/London."
LENGTH_ODD = "A meeting takes between 15 and 600 minutes."
NUMBER_ODD = "Please give a number from {least} to {most}."
BOTH_HALVES = "Please give both: who, and how to reach them."
CONTACTS_EMPTY = "Please keep at least one contact. Nobody should look for a number when a child may be at risk."
NO_CONTACTS = "No emergency contacts yet. A meeting can open once there is at least one: /unit contacts."
PATTERN_LONG = "This pattern is very long. Up to {most} characters, please."
PATTERN_BROKEN = "I cannot read this pattern. Brackets come in pairs; [A-Z] is one capital letter, \\d one digit."
PATTERN_TANGLED = "A repeat inside a repeat can take for ever to try. Please write the pattern without it."
PATTERN_NEEDS_EXAMPLE = "Please give a made-up reference, so that the pattern can be tried before it is saved."
EXAMPLE_MISFITS = "“{example}” does not fit the pattern. Either may be mistaken; please look at both."

REF_TAKEN = "A family with this case reference is already known to the bot, so it was not added again."
REF_MISFITS = "This does not look like your council's case references. Please check it; an example that fits: {example}"
REF_MISFITS_PLAIN = "This does not look like your council's case references. Please check it."
REF_LONG = "A case reference has up to {most} characters."
REF_FIXED = (
    "This family has been discussed under its reference, so it stays. If it is wrong, close the family and add it anew."
)
WHICH_TO_CLOSE = "Say which family: /family close and its case reference."
ALREADY_CLOSED = "{family} is closed already. Its record can still be read."
STILL_DISCUSSED = "{family} is being discussed right now. Finish the discussion first, then close the family."
CLOSED_BEFORE_ALLOCATED = "The family came to the unit after that day. Please check the date."
LEFT_WORKER = "{who} has left the unit. Please choose somebody who is in it."
CHILD_SEEN_ALONE_LATER = "A child seen alone was seen: “last seen” cannot be earlier than “last seen alone”."
AGE_ODD = "Please check the age. Under eighteen years; a young person who stays on can be up to 25."
MONTHS_ODD = "Months go from 0 to 23."
NAMED_ELSEWHERE = (
    "{who} is known by this name in another unit, so the name stays as it is. The coordinator there can change it."
)
OPEN_AGAIN = "The family is open again."
TURNS_18_ODD = "This day does not fit the age. Please check the day the child turns 18, or the age."
DUE_ODD = "Please check the month and year. A baby is due within the next ten months."
UNBORN_WITH_AGE = "A child not yet born has no age. Please leave one of the two empty."
INTERVAL_ODD = "Between 1 and 365 days, please. Leave it empty if the plan sets none."
SAME_CATEGORY = "The family already has this category. A change needs another one."
COURT_NEEDS_DATE = "Please also give the court date."
REMOVED_ROW = "This has been taken away or belongs to another family. Please open the family again with /family."
CP_TO_CCIN = (
    "A question to hold together: leaving child protection has usually meant that the risk is low, and in the study of "
    "this category no family stepped from child protection to complex child in need. What tells us this step fits, and "
    "what would show that it does not? This stops nothing; it is worth a line in the record."
)
NOBODY = "nobody yet"
NOT_KNOWN = "not known"

HOME_STRANGER = (
    "Hello. I help a social work unit hold its weekly meeting. I do not know you yet: ask your unit coordinator to "
    "add you with /unit add @you, in the unit's own channel."
)
HOME_NO_UNIT = "You are in no unit at the moment, so there is nothing to show. A coordinator can add you with /unit."
MEETING_OVER = "Today's meeting is closed."
TO_CONFIRM = "Waiting for you to confirm"
AGREEMENTS_WAITING = "Joint working agreements waiting for a yes"
NO_FAMILIES_YET = "The unit has no open families yet. /family add adds one."
SOMEBODY_NEW = "somebody I do not know"
JOINED_STRANGER = (
    "Somebody who is not in {unit} has joined its channel: {who}. Until you add them with /unit add, or they leave the "
    "channel, I post nothing about families there and no meeting can open."
)
SHARED_NOW = (
    "The channel of {unit} is now shared with another organisation. I post nothing about families there. Please stop "
    "the sharing, or move the unit to a private channel of its own."
)
LEFT_CHANNEL = (
    "{who} has left the channel of {unit} but still belongs to the unit here. If they have left the unit, take them "
    "out with /unit members, so that they see nothing more of it."
)


def distance(day: date, today: date) -> str:
    """How far a day is, in words: "today", "in 9 days", "6 days ago"."""
    gap = (day - today).days
    if gap == 0:
        return "today"
    count = day_words.count(abs(gap))
    return f"in {count}" if gap > 0 else f"{count} ago"


def dated(day: date, today: date) -> str:
    """A day, and how far away it is."""
    return f"{day_words.in_short(day)} ({distance(day, today)})"


def ahead(day: date, today: date) -> str:
    """A date that should lie ahead; says so when it is overdue."""
    gap = (today - day).days
    if gap <= 0:
        return dated(day, today)
    return f"{day_words.in_short(day)}, overdue by {day_words.count(gap)}"


def plain(code: str) -> str:
    """A code of a file as words, for values no list knows."""
    return code.replace("_", " ")


EVERY = {7: "every week", 14: "every two weeks", 21: "every three weeks", 28: "every four weeks"}


def roles_words(roles: list[str]) -> str:
    """Somebody's roles."""
    return ", ".join(ROLE_WORDS.get(role, plain(role)) for role in roles)


def category_words(category: str) -> str:
    """A category in words."""
    return CATEGORY_WORDS.get(category, plain(category))


def day_and_time(weekday: int | None, every_days: int, start: str, minutes: int, timezone: str) -> str:
    """When the unit meets."""
    when = f"{DAYS[weekday]}s" if weekday is not None and 0 <= weekday < 7 else "no fixed day"
    often = "" if every_days == 7 else f", {EVERY.get(every_days, f'every {every_days} days')},"
    return f"{when}{often} at {start}, {minutes} minutes, {timezone} time"


def leave_words(start: date | None, end: date | None) -> str:
    """From when to when somebody is on leave, as far as it is known."""
    if start and end:
        return f"on leave {day_words.in_short(start)} to {day_words.in_short(end)}"
    if start:
        return f"on leave from {day_words.in_short(start)}"
    return f"on leave until {day_words.in_short(end)}" if end else "on leave"


def age_words(known: KnownAge, day: date, unborn: bool, due: date | None) -> str:
    """How old a child is on that day."""
    if unborn:
        return f"not yet born, due {day_words.in_short(due)}" if due else "not yet born"
    age, months = age_on(known, day), months_on(known, day)
    if months:
        return "1 month" if months == 1 else f"{months} months"
    if age is not None:
        return f"{age} years" if age != 1 else "1 year"
    return "age not known"


def permission_words(permission: dict[str, Any]) -> str:
    """How the permission to share stands."""
    status = str(permission.get("status") or "")
    return PERMISSION_WORDS.get(status, plain(status) or NOT_KNOWN)


ECHO = 60


def short(text: str) -> str:
    """What somebody typed, said back without filling the screen."""
    return text if len(text) <= ECHO else f"{text[: ECHO - 1].rstrip()}…"


def scope_words(with_whom: str) -> str:
    """With whom something may be shared."""
    return {"gp": "GP", "tier_3": "Tier 3 CAMHS"}.get(with_whom, plain(with_whom))


def unknown_words(command: str, text: str) -> str:
    """The first line of a command's help after words it does not know."""
    return f"I do not know “{command} {short(text)}”. This is what is possible:"


def to_copy_words(count: int) -> str:
    """How many summaries are still to be copied, and where they are."""
    records = "1 record has" if count == 1 else f"{count} records have"
    return f"{records} still to be copied to the case file. You find them among your direct messages."


def more_words(count: int) -> str:
    """How many of a list are left out."""
    return "and 1 more" if count == 1 else f"and {count} more"


NOT_POSTED = "A message could not be posted"
NOT_POSTED_WAYS = (
    "Nothing that was recorded is lost: it is in the record, and /family shows it. "
    "Please tell whoever runs the bot, and give them this: {code}."
)


def not_posted(unit: str, person: str, document: bool) -> str:
    """What could not be posted: a document for the reader, a message for somebody else, or one in a unit's channel."""
    if document:
        return "The document you asked for could not be sent to you."
    if person:
        return f"A message of mine to {person} could not be sent. Please let them know yourself."
    where = f"in the channel of {unit}" if unit else "for your unit"
    return f"A message of mine {where} could not be posted."


# ---- the command

HOW_UNIT_WORKS = "How /unit works"
FULL_WHEN_SOON = "a review, conference, court date or planning meeting is {days} days away or fewer"
FULL_WHEN_LONG_AGO = "there was no full discussion for {weeks} weeks"
FULL_WHEN_STUCK = "an action was carried over {times} or more"
FULL_WHEN_LONG_PLAN = "a child protection plan is longer than {months} months"
MINUTES_OF_EACH = "full discussion {full}, light discussion {light}"
FULL_WHEN_NEW = "the family is new, a child was not seen in time, something happened, or anybody asks"
MORE_IN_HELP = "/unit help says what else is possible."
WEEKLY_MEETING = "Weekly meeting"
UNIT_LEAD = "Unit lead"
DEPUTY = "Deputy"
MINUTES = "Minutes"
FAMILIES_SHOWN_BY = "Families shown by"
CASE_REFERENCES_LOOK_LIKE = "Case references look like"
WHAT_UNIT_CAN_DO = "What /unit can do:"
PEOPLE = "People"
FULL_WHEN = "A discussion is full when"
CASE_REFERENCE_AND_INITIALS = "case reference and initials"
CASE_REFERENCE_ONLY = "case reference only"
CHANGE_PEOPLE = "Change people"
EMERGENCY_CONTACTS = "Emergency contacts"
SETTINGS = "Settings"

# ---- who comes and goes

NEW_IN_CHANNEL_NOTICE = "Somebody new is in your unit's channel"
LEFT_CHANNEL_NOTICE = "Somebody has left your unit's channel"
CHANNEL_SHARED_NOTICE = "Your unit's channel is shared"

# ---- the people of a unit, as cards

PEOPLE_IN = "People in {unit}"
NO_LEAVE = "{name}: no leave."
NO_PART_YET = "no part chosen yet"
LEADS_THE_UNIT = "leads the unit"
LINKED_MANAGER = "manager linked to the unit"
LEAVE_IS_KEPT = "Leave is saved"
LEAVES_TODAY = "{who} leaves today"
SOMEBODY_LEAVES_THE_UNIT = "Somebody leaves the unit"
HAS_LEFT = "{who} has left {unit} and sees nothing more of it."
TAKE_OUT_OF_CHANNEL = "Please take them out of this channel as well."
SOMEBODY_HAS_LEFT = "Somebody has left the unit"
CONTACTS_KEPT = "Emergency contacts are saved"
WILL_BE_ON_LEAVE = "will be {leave}"
HOW_TO_ADD = "/unit add @person adds somebody."
WHAT_LEAVING_MEANS = "{who} will see nothing more of {unit} from that moment. What they wrote stays."
NO_LEAD_NOW = "The unit has no lead now. Choose one with /unit members."
SOMEBODY_IN_THE_UNIT = "somebody in the unit"
THIS_PERSON = "This person"
CHANGE_SOMEBODY = "Change somebody"
