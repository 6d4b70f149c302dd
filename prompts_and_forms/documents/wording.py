"""What people read on documents and about them."""

from __future__ import annotations

from datetime import date, datetime

from prompts_and_forms.days import day_words

CLASSIFICATION = "OFFICIAL-SENSITIVE"
"""Where the unit has not set another marking."""
FICTIONAL = "FICTIONAL UNIT, FOR PRACTICE ONLY"


def marking(chosen: str, fictional: bool) -> str:
    """The line at the foot of every page: the unit's own or the usual one."""
    line = chosen.strip() or CLASSIFICATION
    return f"{line} · {FICTIONAL}" if fictional else line


def when_words(at: datetime) -> str:
    """A moment on the unit's clock, such as "24 November 2026 at 09:05"."""
    return f"{day_words.in_full(at.date())} at {at:%H:%M}"


def made_by(name: str, at: datetime) -> str:
    """For whom a document was made, and when."""
    who = f"for {name} " if name else ""
    return f"Produced {who}by Unit Meeting Bot on {when_words(at)}"


NO_FONT = (
    "Some letters could not be drawn in this PDF, because the computer that made it has no font for them. "
    "The Word version holds them all."
)

# ---- titles

RECORD = "Record of a unit meeting discussion"
AGREEMENT = "Joint working agreement"
AGENDA = "Agenda of the unit meeting"
SCRIPT = {"full": "Meeting script: full discussion", "light": "Meeting script: light discussion"}


RECORDS_OF_MEETING = "Records of the meeting"
NOTHING_TO_COPY = "This meeting left no records to copy."
BUNDLE, CONTENTS = "All papers of a family", "Contents"
BUNDLE_FROM_TO, BUNDLE_HOLDS = "From", "In this bundle"
BUNDLE_IS = (
    "Each paper begins on a page of its own, oldest first. A paper that was changed since is here as it reads now; the "
    "earlier one can be had by itself. What somebody wrote only for themselves is not here."
)
NOTHING_OF_FAMILY = "There is nothing to print about {ref} yet: no record, agreement, form or questionnaire."
DISCUSSIONS_BEFORE = "Discussions from before this system was used"
FROM_BEFORE_RECORDS = "Only the day and the kind of discussion are on record."
BEFORE_HEAD = ("Day", "Discussion")


def papers_words(papers: int, before: int) -> str:
    """How many papers there are, and how many discussions of which only the day is known."""
    said = f"{papers} paper{'' if papers == 1 else 's'}"
    if not before:
        return said
    return f"{said}, and a list of {before} earlier discussion{'' if before == 1 else 's'}"


def of_meeting(day: date) -> str:
    """Which meeting a document is about."""
    return f"The meeting of {day_words.in_full(day)}"


def of_family(ref: str) -> str:
    """Which family a document is about."""
    return f"Family {ref}"


def of_unit(name: str, day: date) -> str:
    """Which unit a document is about, and of which day."""
    return f"{name}, {day_words.in_full(day)}"


PAPER_TITLES = {
    "action": "A new action",
    "action_close": "What became of an action",
    "allocation": "The clinical manager's answer",
    "assessment": "Clinician's assessment",
    "care_plan": "What was agreed at the meeting",
    "carry_over": "An action carried over",
    "commissioning_booking": "Booking of the commissioning meeting",
    "correction": "A correction",
    "ending": "End of the clinical work",
    "family": "A family joins the unit",
    "family_close": "A family leaves the unit",
    "family_reopen": "A family comes back to the unit",
    "family_details": "A family's details",
    "hand_on": "A draft handed on",
    "hypothesis": "An idea about what may be going on",
    "joint_visit": "A joint home visit",
    "l_actions": "Actions of a light discussion",
    "measure_chi_esq": "Experience of the service (CHI-ESQ)",
    "measure_not_done": "A questionnaire that was not filled in",
    "measure_sdq": "Strengths and Difficulties Questionnaire, scores",
    "measure_sdqs": "Strengths and Difficulties Questionnaires of one child",
    "measure_sdq_items": "Strengths and Difficulties Questionnaire, answers",
    "move_note": "A note moved to where it belongs",
    "outcome": "A line of the plan",
    "panel_outcome": "The panel's answer to a referral",
    "panel_referral": "Referral to a panel",
    "permission_to_share": "Permission to share information: what was agreed",
    "position": "Where somebody stands",
    "reassign": "An action handed over",
    "review": "Record of a review",
    "review_unit": "Record of a supervision or meeting",
    "session": "A session of clinical work",
    "stop": "An immediate concern: who was told",
    "supervision_record": "Record of supervision",
    "tier3_contact": "Urgent contact with Tier 3",
    "tracking_entry": "A line of the tracking form",
    "voices": "What the children and the family say",
    "work_override": "A step taken out of turn",
}
"""What a form is called on paper where its window says it too briefly, or says what to do."""

# ---- parts

ANSWERS = "Answers"
NOT_ANSWERED = "Not answered"
SIGNATURES = "Signatures"
SIGN_HERE = "Please sign where a line is empty."
SIGNATURE_HEAD = ("For", "Name", "Signature", "Date")
PICTURE = "Picture"
SIDES = {"social_work": "Social work", "clinical": "Clinical work"}
CARER_SIGNS, CHILD_SIGNS = "Parent or carer", "Young person"
FOCUS = "What we work towards"
WHO_DOES_WHAT, HOW_WE_WORK, MEASURES = "Who does what", "How we work together", "Questionnaires"
ROLE_HEAD, MEASURE_HEAD = ("Who", "What they do"), ("Questionnaire", "Who fills it in", "When")
CONTACTS = "Emergency contacts"
NO_CONTACTS = "None are set. The unit coordinator adds them with /unit contacts."
DANGER = "In immediate danger call 999."
SAFE_CONTACT = "Safe contact, before anything else"
OFFERED_ONLY = "This agreement is offered. It starts once both sides have said yes."
ENDED = "This agreement has ended."
SHORT_NAMES = "Short names in this document"
CORRECTED = "Corrected since"
FROM_BEFORE = "Entered before this system was used"
IN_PLACE_OF, WHY_ANEW = "Replaces", "Why it was changed"
CHILDREN, CARERS = "Children", "Parents and carers"
WRITTEN_BY, WRITTEN_ON = "Written by", "Written on"
CHILD, AGE, FORM_USED, AT_POINT = "Child", "Age", "Questionnaire", "When in the work"
FILLED_IN_BY, FILLED_IN_ON, ENTERED_BY = "Filled in by", "Filled in on", "Entered by"
LATE = "Recorded after the lead had confirmed the discussion."
STILL_OPEN = "The discussion was still going on when this was made. More may be added."
FROM_BEFORE_RECORD = (
    "Entered before this system was used. Only the day, the kind of discussion and who was there are on record."
)
NOT_CONFIRMED = "Waiting for the unit lead"
READ_BACK = "Read back and confirmed"
SAFETY, VOICES = "Safety", "What the children and the family said"
ALSO_TALKED_ABOUT = "What else was talked about"
SAID = "Appendix: said in the meeting"
SAID_IS = "What people typed while they talked, word for word. Notes in a conversation, not findings."
SOMEBODY = "Somebody"
AFTER_STOP = {"go_on": "Afterwards the discussion went on.", "not_today": "It was left for another day."}
STILL_STOPPED = "It is still stopped."
NO_DECISIONS = "Nothing new was decided."
IDEAS, AN_IDEA = "Ideas", "An idea"
IDEAS_ARE = "Ideas about what may be going on, to be tested. They are not findings."
IDEA_STANDS = {
    "live": "Being looked at",
    "strengthened": "More likely than before",
    "weakened": "Less likely than before",
    "dropped": "Set aside",
}
RISKIEST = "The idea that would be riskiest to drop wrongly"
WHERE_PEOPLE_STAND = "Where people stand"
ROLES = "Roles agreed"
MEASURES_DUE = "Questionnaires and reviews that are due"
NEW_ACTIONS, EARLIER_ACTIONS = "New actions", "Actions from before"
ACTIONS_HEAD = ("What will be done", "Who", "By when", "Line of the plan", "How we will know it helped")
EARLIER_HEAD = ("Action", "What happened", "Who has it now", "By when")
ACTION_CHANGE = {"reworded": "Reworded", "dropped": "No longer needed"}
WHO, NOBODY_YET = "Who", "Nobody yet"
NOT_SET = "Not set"


def child_number(number: int) -> str:
    """A child whose initials are not saved or not shown."""
    return f"child {number}"


def a_relation(relation: str) -> str:
    """A carer whose initials are not saved or not shown."""
    return f"the {relation}" if relation else "a parent or carer"


def signed_at(at: datetime) -> str:
    """The time beside a signature."""
    return f"Signed in the chat at {at:%H:%M}"


def left_open(labels: list[str]) -> str:
    """What a form that is signed asked and got no answer to."""
    return f"Not answered: {'; '.join(labels)}."


def asked_with(version: int) -> str:
    """Which questions they were, for whoever compares papers of different years."""
    return f"Version {version} of this form."


NUMBERS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def version_number(number: int) -> str:
    """Which version of a paper this is, in words: "second version"."""
    return f"{NUMBERS[number - 1]} version" if 0 < number <= len(NUMBERS) else f"version {number}"


def begun_as(kind: str, first: str) -> str:
    """The kind of a discussion that did not begin as that kind."""
    return f"{kind} (it began as a {first})"


def idea_by(offered: str, wrote: str, day: str) -> str:
    """Whose idea it is, beside it: "(offered by Tomasz, written by Pippa, 29 November 2026)"."""
    who = f"offered by {offered}" if offered == wrote else f"offered by {offered}, written by {wrote}"
    return f"({who}, {day})"


def what_happened(what: str, note: str) -> str:
    """One event of a history, with its note."""
    return f"{what}: {note}" if note.strip() else what


def changed_since(what: str, who: str, at: datetime, before: str, now: str) -> str:
    """One change of what was typed, with both texts."""
    was = f" Before: “{before}”." if before else ""
    said = f" Now: “{now}”." if now else ""
    return f"{what.capitalize()} by {who} at {at:%H:%M}.{was}{said}"


def about_by(child: str, informant: str) -> str:
    """Whose questionnaire it is, in a list of papers: "about TD, filled in by AD (mother)"."""
    said = (f"about {child}" if child else "", f"filled in by {informant}" if informant else "")
    return ", ".join(part for part in said if part)


def the_child(who: str) -> str:
    """The person in a picture whom the work is about."""
    return f"{who} (the child)"


def review_words(sessions: int | None, on: str) -> str:
    """When joint work is looked at again: "After 6 sessions, at the latest on 6 July 2026"."""
    after = f"After {sessions} session{'' if sessions == 1 else 's'}" if sessions else ""
    if after and on:
        return f"{after}, planned for {on}"
    return after or on


NOT_YET = "Not yet"


def yes_from(side: str) -> str:
    """Whose yes it is, beside who gave it and when: "Yes from social work"."""
    return f"Yes from {side[:1].lower()}{side[1:]}"


def plan_line(words: str) -> str:
    """The line of the plan something belongs to; nothing without one."""
    return f"Line of the plan: {words}" if words.strip() else ""


def handed_in(who: str, when: str) -> str:
    """Whose answers these are, and of when."""
    return f"What {who} wrote on {when}"


def corrected(who: str, when: str) -> str:
    """At the top of a result that is not the newest: who corrected it, and when."""
    return f"{who} corrected this result on {when}. Please use the newer one"


def full_name(name: str, short: str) -> str:
    """A questionnaire by its whole name and the one people use."""
    return f"{name} ({short})" if name and name != short else short


def replaced(who: str, when: str, why: str) -> str:
    """Above a form that holds no more; `why` is empty where no reason was asked for."""
    reason = f" Why: {why}" if why.strip() else ""
    return f"There is a newer version of this form. {who} wrote it on {when}.{reason}"


def taken_out(who: str, when: str, why: str) -> str:
    """Above a form that should never have been one."""
    reason = f" Why: {why}" if why.strip() else ""
    return f"This was recorded by mistake and does not count. {who} took it out on {when}.{reason}"


# ---- the paper script

ON_PAPER = (
    "For the day the chat is down, one copy for each family. Afterwards type what was decided into the family's "
    "thread, then destroy the paper as your council requires."
)
FRONT = ("Case reference:", "Date and time:", "Led by:", "Written by:", "Present:", "")
STOP_BOX = "A yes stops this discussion"
STOP_LINES = ("Who was told, and by whom:", "At what time:", "What happens now:")
NEXT_LINES = ("Next discussion on:", "Full or light:", "Confirmed by:", "At what time:")
LEAVES = "Write down"
SEEN_HEAD = ("Child", "Last seen on", "Seen by", "Seen alone?")
ACTION_HEAD = ("What will be done", "By whom", "By when", "Line of the plan")


def stage_title(number: int, name: str, minutes: float) -> str:
    """A stage of the script with the minutes it is planned for."""
    whole = f"{minutes:g}"
    return f"{number}. {name} ({whole} minute{'' if whole == '1' else 's'})"


# ---- the agenda

AGENDA_HEAD = ("No.", "Family", "Kind", "Minutes", "Why")
AGENDA_STATE = "In the meeting"
KIND = {"full": "Full", "light": "Light"}
NO_REASON = "as every week"
ITEM_STATE = {
    "to_come": "",
    "now": "Being discussed",
    "done": "Discussed",
    "parked": "Parked",
    "not_reached": "Not reached",
}
PLANNED = "This is the agenda as it is today. The meeting is not open yet."
EMPTY_AGENDA = "No family is on the agenda."


def total_words(minutes: int, length: int) -> str:
    """How the minutes planned compare with the length of the meeting."""
    over = minutes - length
    fits = f"{over} minutes longer than the meeting" if over > 0 else "which fits the meeting"
    return f"{minutes} minutes are planned for a meeting of {length} minutes, {fits}."


# ---- what is said about documents

_ADD = "Whoever runs the bot can add them: pip install unit-meeting-bot[reports]"
NO_PDF = f"PDF documents are not set up on this computer. {_ADD}"
NO_WORD = f"Word documents are not set up on this computer. {_ADD}"
NO_SHEETS = f"Spreadsheets are not set up on this computer. {_ADD}"
NO_ROOM = "There is no room left on the disk, so the document was not written. Nothing in the record is lost."
NOT_WRITTEN = "The document could not be written to {place} ({why}). Nothing in the record is lost."
NOT_MADE = "The document could not be made ({why}). Nothing in the record is lost. Please tell whoever runs the bot."
SAY_WHERE = "Say where to write: --out with a folder, or with a file for xlsx. Nothing was written as {form}."
WHOLE_UNIT_ONLY = "Caseload, actions and tracking are lists of the whole unit. Leave out --family."
GONE = "That is no longer in the record, so there is no document of it."
NO_FILES = "This Slack workspace does not take files from apps, so the document was not sent. Ask whoever runs Slack."
ON_ITS_WAY = "Your document will be in your direct messages with the bot in a moment."
DOCUMENTS, CHOOSE_DOCUMENT = "Documents", "Choose a document"
EVERYTHING_CHOICE = "Everything in one bundle, with contents"
NO_DOCUMENTS = "There is no record, agreement or form of this family yet. The forms to sign are here already."
NEWEST_FIRST = "Two forms to sign, everything in one bundle, then each record, agreement and form, newest first."
MORE_DOCUMENTS = "These are the newest {most}. Whoever runs the bot can write all of them with unitbot export."
PAPERS = {"record": "Record of a {kind} discussion", "agreement": "Joint working agreement ({kind})"}
PDF, WORD, JSON, WITHOUT_TALK = "PDF", "Word", "JSON", "Without what was typed"
AS_DOCUMENT = "As a document"
CHOOSE = "In which form would you like it?"
PAPER = {"full": "Blank script, full", "light": "Blank script, light"}
NOTICE = "Your document"


def comment(title: str, about: str, marking_line: str) -> str:
    """What stands above an uploaded file: no more of the family than the case reference."""
    return f"{marking_line}. {title}, {about}." if about else f"{marking_line}. {title}."


# ---- lists

CELL_FULL = " ... (longer than a cell holds; the record has it whole)"
CASELOAD, ACTIONS, TRACKING = "Caseload", "Actions", "Tracking"
CASELOAD_HEAD = (
    "Case reference",
    "State",
    "Category",
    "Allocated on",
    "Lead worker",
    "Children",
    "Child seen longest ago",
    "Open actions",
    "Last discussed",
    "Last discussed in full",
    "Next discussion",
    "Next review",
    "Closed on",
)
ACTION_LIST_HEAD = (
    "Case reference",
    "Action",
    "Owner",
    "State",
    "Made on",
    "Due on",
    "Days overdue",
    "Carried over",
    "Line of the plan",
    "Closed on",
    "How we will know it helped",
)
TRACKING_HEAD = (
    "Day",
    "Case reference",
    "What",
    "Whose work",
    "Way of working",
    "Themes",
    "Diagnosis, where there is one",
    "In short",
    "How it is going",
    "What came of it",
    "Agreed in supervision",
    "Written by",
)
FAMILY_STATE = {"open": "Open", "closed": "Closed"}
NO_FAMILY = "no family"
LIST_TITLES = {"tracking": "Tracking form", "caseload": "Caseload and actions"}
AS_SPREADSHEET, AS_CSV = "As a spreadsheet", "As CSV"
CASELOAD_SHEET = "Caseload as a spreadsheet"
LISTS_FOR = (
    "Lists of the whole unit are for clinicians, managers, the unit lead, the deputy and the coordinator. "
    "Your own lines of the tracking form are in /track."
)


def days_words(since: date, until: date) -> str:
    """A span of days, both ends included."""
    return f"{day_words.in_full(since)} to {day_words.in_full(until)}"


DAYS_FOR_LISTS = "--since and --until choose the days of the tracking form. They go with --format xlsx or csv."
DAYS_BACKWARDS = "--until is before --since. Nothing was written."
