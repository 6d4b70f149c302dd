"""What people read on documents and about them."""

from __future__ import annotations

from datetime import date, datetime

from prompts_and_forms.decisions.wording import day_words

CLASSIFICATION = "OFFICIAL-SENSITIVE"
"""Where the unit has not set another marking."""
FICTIONAL = "FICTIONAL UNIT, FOR PRACTICE ONLY"


def marking(chosen: str, fictional: bool) -> str:
    line = chosen.strip() or CLASSIFICATION
    return f"{line} · {FICTIONAL}" if fictional else line


def when_words(at: datetime) -> str:
    """A moment on the unit's clock, such as "24 November 2026 at 09:05"."""
    return f"{day_words(at.date())} at {at:%H:%M}"


def made_by(name: str, at: datetime) -> str:
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


def of_family(ref: str) -> str:
    return f"Family {ref}"


def of_unit(name: str, day: date) -> str:
    return f"{name}, {day_words(day)}"


# ---- parts

ANSWERS = "Answers"
NOT_ANSWERED = "Not answered"
SIGNATURES = "Signatures"
SIGNED_BELOW = "Confirmed in the bot where a name and a time stand. Sign on paper where a line is empty."
SIGNATURE_HEAD = ("Part", "Name", "Signature, or when confirmed", "Date")
PICTURE = "Picture"
SIDES = {"social_work": "For social work", "clinical": "For the clinical side"}
FAMILY_SIDE = ("Parent or carer", "Parent or carer", "Young person")
CONTACTS = "Emergency contacts"
NO_CONTACTS = "None are set. The unit coordinator adds them with /unit contacts."
DANGER = "In immediate danger call 999."
SAFE_CONTACT = "Safe contact, before anything else"
OFFERED_ONLY = "This agreement is offered. It does not hold until both sides have confirmed it."
ENDED = "This agreement has ended."
SHORT_NAMES = "Short names in this document"
A_CHILD = "child"
CORRECTED, NOT_KNOWN = "Corrected since", "Somebody who is not known"
IN_PLACE_OF, WHY_ANEW = "In place of", "Why it was written anew"
LATE = "Recorded after the lead had confirmed the discussion."
AWAITS = "The unit lead has not confirmed this record yet."
STILL_OPEN = "The discussion was still going on when this was made. More may be added."

RECORDED = "Recorded"
"""Instead of a form's title where that says the same as the heading above it."""
ACTIONS_HEAD = ("What will be done", "Who", "By when", "Line of the plan", "How we will know it helped")
NOT_SET = "Not set"


def short_name(initials: str, who: str) -> str:
    """Who a case reference with a number or letter is, such as "TD, child"; "" where nothing is known."""
    return ", ".join(part for part in (initials.strip(), who.strip()) if part)


def plan_line(words: str) -> str:
    return f"Line of the plan: {words}" if words.strip() else ""


def handed_in(who: str, when: str) -> str:
    return f"What {who} handed in on {when}"


def corrected(who: str, when: str) -> str:
    return f"This result no longer holds. {who} corrected it on {when}"


def full_name(name: str, short: str) -> str:
    """A questionnaire by its whole name and the one people use."""
    return f"{name} ({short})" if name and name != short else short


def replaced(who: str, when: str, why: str) -> str:
    """Above a form that holds no more; `why` is empty where no reason was asked for."""
    reason = f" Why: {why}" if why.strip() else ""
    return f"This form no longer holds. {who} wrote it anew on {when}, and that version is in the record.{reason}"


def taken_out(who: str, when: str, why: str) -> str:
    """Above a form that should never have been one."""
    reason = f" Why: {why}" if why.strip() else ""
    return f"This was recorded by mistake and is not counted. {who} took it out on {when}.{reason}"


# ---- the paper script

ON_PAPER = (
    "For the day the chat is down, one copy for each family. Afterwards type what was decided into the family's "
    "thread, then destroy the paper as your council requires."
)
FRONT = ("Case reference:", "Date and time:", "Held by:", "Written by:", "Present:", "")
STOP_BOX = "A yes stops this discussion"
STOP_LINES = ("Who was told, and by whom:", "At what time:", "What happens now:")
NEXT_LINES = ("Next discussion on:", "Full or light:", "Confirmed by:", "At what time:")
LEAVES = "Write down"
SEEN_HEAD = ("Child", "Last seen on", "Seen by", "Seen alone?")
ACTION_HEAD = ("What will be done", "By whom", "By when", "Line of the plan")


def stage_title(number: int, name: str, minutes: float) -> str:
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
PLANNED = "This is the agenda as it stands today. The meeting is not open yet."
EMPTY_AGENDA = "No family is on the agenda."


def total_words(minutes: int, length: int) -> str:
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
NO_DOCUMENTS = "There is no record, agreement or form of this family yet."
NEWEST_FIRST = "Records of its meetings, its agreements and its forms, newest first."
MORE_DOCUMENTS = "These are the newest {most}. Whoever runs the bot can write all of them with unitbot export."
PAPERS = {"record": "Record of a {kind} discussion", "agreement": "Joint working agreement ({kind})"}
PDF, WORD = "PDF", "Word"
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
    "In short",
    "How it is going",
    "What came of it",
    "Agreed in supervision",
    "Written by",
)
NO_FAMILY = "no family"
LIST_TITLES = {"tracking": "Tracking form", "caseload": "Caseload and actions"}
AS_SPREADSHEET, AS_CSV = "As a spreadsheet", "As CSV"
CASELOAD_SHEET = "Caseload as a spreadsheet"
LISTS_FOR = (
    "Lists of the whole unit are for clinicians, managers, the unit lead, the deputy and the coordinator. "
    "Your own lines of the tracking form are in /track."
)


def days_words(since: date, until: date) -> str:
    return f"{day_words(since)} to {day_words(until)}"


DAYS_FOR_LISTS = "--since and --until choose the days of the tracking form. They go with --format xlsx or csv."
DAYS_BACKWARDS = "--until is before --since. Nothing was written."
