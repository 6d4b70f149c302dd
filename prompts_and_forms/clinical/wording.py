"""What people read about clinical work: where it stands, signatures, the tracking form, a family's timeline."""

from __future__ import annotations

from prompts_and_forms.card import Confirm

# ---- signing

READ_AND_SIGN = "Read and sign"
SIGN_AS = {"clinician": "Sign as clinician", "clinical_manager": "Sign as clinical manager"}
ROLE_SIGNS = {"clinician": "The clinician", "clinical_manager": "The clinical manager"}
READ_FIRST = "Read it through before signing. Signing fixes the form; a correction is then a new version with a reason."
SURE_TO_SIGN = Confirm(
    title="Sign this form?",
    text="From the first signature on nothing in it changes. A correction is a new version.",
    yes="Sign",
    no="Not yet",
)
ALL_SIGNED = "Signed by everyone it needs."
SIGNED_ALREADY = "This is signed already. Nothing was changed."
NEWER_VERSION = "There is a newer version of this form. Please read and sign that one."
NEWER_MEANWHILE = (
    "While you wrote, a newer version of this form was saved. Yours stays among your drafts: /forms shows it. "
    "Read the newer one first, and put that right if something is missing."
)
FIXED = "This form is signed, so it stays as it is. “Correct” writes a new version, with a reason."
NOT_SIGNED_YET = "This form is not signed yet, so it can simply be changed."
ONE_EACH = "You signed in another role. It needs one person for each signature."
WAIT_FOR_FIRST = "{who} signs first."
SIGNED_ANEW = "The new version needs its own signatures."
READ_EARLIER = "The version before"
CHANGE_IT = "Change before signing"
CORRECT_IT = "Correct"
READ_IT = "Read it through"
TO_SIGN = "Waiting for your signature"


def wrong_role(role: str) -> str:
    """Whose signature belongs in this place."""
    return f"{ROLE_SIGNS.get(role, role)} signs here."


def signed_line(role: str, name: str, on: str) -> str:
    """Who signed in which role, and when."""
    return f"{ROLE_SIGNS.get(role, role)}: signed by {name}, {on}."


def unsigned_line(role: str) -> str:
    """The role whose signature is missing."""
    return f"{ROLE_SIGNS.get(role, role)}: not signed yet."


def version_words(no: int, why: str) -> str:
    """A later version with its reason."""
    return f"Version {no}. Why it was written: {why}" if why else f"Version {no}."


def asked_to_sign(form: str, label: str) -> str:
    """To the person whose signature is next."""
    return f"{form} about {label} waits for your signature."


def now_signed(form: str, label: str) -> str:
    """That the last signature is there."""
    return f"{form} about {label} is signed by everyone it needs."


def waits_for(role: str) -> str:
    """How a form stands whose next signature is missing."""
    return (
        f"written, waits for the signature of {ROLE_SIGNS.get(role, role)[:1].lower()}{ROLE_SIGNS.get(role, role)[1:]}"
    )


def signed_on(day: str) -> str:
    """How a form stands that everybody signed."""
    return f"signed by everyone it needs, {day}"


def begun_by(name: str) -> str:
    """How a form stands that nobody has signed."""
    return f"begun by {name}"


def begun_elsewhere(name: str, day: str) -> str:
    """A colleague has one begun already."""
    return f"{name} has begun one, last saved on {day}. They can hand it on to you with /forms."


BEGUN_BY_YOU = "You have begun one, last saved on {day}."
BEGIN_ANEW = "Begin another one"

# ---- drafts

NO_FORMS = "You have no drafts, and nothing waits for your signature."
HAND_ON = "Hand on"
HANDED_ON = "{who} can now go on writing. You no longer have this draft."
LOOK_STAYS = (
    "Your own look at how close you are did not go with it. It stays with your reflections (/agreement reflections)."
)
HANDED_TO_YOU = "{who} hands you a draft: {what}. Go on with /forms."
ONLY_FAMILY = "Only a form about a family can be handed on."
NOT_TO_YOURSELF = "It is yours already. Please choose somebody else."
FORMS_HELP = (
    "/forms shows the forms you have begun and what waits for your signature.",
    "/work and a case reference opens the forms of clinical work; /track a line of the tracking form.",
)


# ---- where clinical work stands

NOT_NOW = "Why not the others?"
DO_ANYWAY = "Go another way, with a reason"
WORK_MOVED_ON = "The clinical work has moved on since that message. This is where it is now."
CLOSED_FAMILY = "This family is closed. Open it again with /family before clinical work goes on."
DIFFERENT_VIEWS = "Different views"
TIMELINE = "Timeline"
REVIEW_NOW = "That was session {count} since the work was last looked at together. Please review it with the family."
NEW_AGREEMENT = "More work needs a new joint working agreement; the next session comes after it. /agreement offers one."
CLOSING_MEASURES = "Still to come: the second SDQs, from the same people as the first time, and the CHI-ESQ."
NO_MEASURES = "There were no sessions, so no closing questionnaires are asked for."
TELL_FAMILY = "Tell the family who they can call, and end the joint working agreement with /agreement."
FIRST_SDQS = "First SDQs: /measure shows which forms go to whom. School is asked only with permission to share."
SIGNED_NEEDS = {
    "scope": "Choose with whom it may be shared.",
    "signed_by": "Choose who signed it.",
    "signed": "Choose the day it was signed.",
}
SDQ_ALWAYS = (
    "With a worry about mental health: the SDQ always; MFQ or Conners only after talking with the clinical manager."
)
WORK_HELP = (
    "/work shows where the clinical work of every family stands and whose turn it is.",
    "/work CASE-REFERENCE shows one family's, with only the steps that fit now.",
    "/work session CASE-REFERENCE opens the next session's form. So do “consultation”, “assessment” and “review”.",
    "/work urgent CASE-REFERENCE: Tier 3 is needed now.",
)
WRITTEN = "What was written"
PUT_IT_RIGHT = "Correct it"
READ_A_FORM = "Read a form"
NOTHING_WRITTEN = "No form of the clinical work is saved for this family yet."
YOURS = " (your turn)"
OFFER_AGREEMENT = "Offer an agreement"
AGREEMENT_WAITS = "Agreement: waiting for a yes"
REFERRAL, TIER3 = "Referral", "Tier 3"
PUT_RIGHT = "Corrected. The work is now where the corrected form leads."
VOICES = {
    "views_children": "the children",
    "views_parents": "the parents or carers",
    "views_professionals": "professionals",
}
NOT_HEARD = "Not written down yet: how this is seen by {who}. “Correct it” adds it."
WOULD_DO = "{who} would do the clinical work."
MEETING_BOOKED = "{family}: the commissioning meeting is booked for {when}."
REFERRED = "{family}: referred to {to} by {who}. The clinical work goes on meanwhile."
SCHOOL_NO_MORE = "School is not asked any more from now on; planned forms for school wait until there is permission."
OUTSIDE_UNIT = "someone outside the unit"
NOT_A_CLINICIAN = "This person is no clinician here. Please choose a clinician or the clinical manager."
CSW_REFERS = "The consultant social worker makes this referral; a clinician refers to CAMHS only. Please choose who."
SESSION_TWICE = "A session on {day} is saved already. If there were two that day, press Save once more."
SESSION_BEFORE = "The commissioning meeting was on {day}. A session comes after it."
CSW_MUST_AGREE = "A clinician's referral to CAMHS needs the consultant social worker's agreement. Please ask first."
ALTER_NEEDS_WHY = "Please say why, so that the unit can understand it."
WHICH_ARE_IN = "Please say for the second SDQs and the CHI-ESQ whether each is in, or below why not."
WHO_CONFIRMS = "Please choose who does the work."


def nth_session(number: int, since_review: int) -> str:
    """Which session is being recorded."""
    return f"Session {number}" if number == since_review else f"Session {number}, {since_review} since the last review"


def sessions_words(held: int, since_review: int, review_after: int) -> str:
    """How many sessions there were, and after how many a review comes."""
    if held == 0:
        return "none yet"
    beside = "" if held == since_review else f", {since_review} since the last review"
    return f"{held}{beside}; a review comes after {review_after}"


def turn_words(names: list[str]) -> str:
    """Whose turn it is."""
    return " and ".join(names) if names else "nobody's"


ROLES_NAMED = {
    "clinician": "clinician",
    "consultant_social_worker": "consultant social worker",
    "clinical_manager": "clinical manager",
    "unit_coordinator": "unit coordinator",
}


def nobody_yet(roles: tuple[str, ...]) -> str:
    """Nobody in the unit holds the role whose turn it is."""
    named = " or ".join(ROLES_NAMED.get(role, role.replace("_", " ")) for role in roles)
    return f"nobody's: the unit has no {named}. /unit adds one; a manager can go on meanwhile"


def forms_written(label: str, count: int, most: int) -> str:
    """How many forms of a family there are to read; the list is cut at `most`."""
    forms = "1 form" if count == 1 else f"the newest {count} forms" if count == most else f"{count} forms"
    return f"{label}: {forms}. Each can be read, and corrected where it is wrong."


def resting(labels: list[str]) -> str:
    """The families without clinical work, in one line."""
    return f"No clinical work now: {', '.join(labels)}."


def referral_words(to: str, referred: str, expected: str, answer: str) -> str:
    """One referral: to whom, when sent, what came back or when it should."""
    parts = [to, f"sent {referred}" if referred else "", answer]
    if not answer:
        parts.append(f"answer expected {expected}" if expected else "no answer yet")
    return "; ".join(part for part in parts if part)


def tier3_words(called: str, seen: str, next_contact: str) -> str:
    """The urgent service: called, seen, the next contact."""
    parts = [f"called {called}" if called else "", f"seen {seen}" if seen else "not seen yet"]
    parts.append(f"next contact {next_contact}" if next_contact else "no next contact recorded")
    return ", ".join(part for part in parts if part)


def your_turn(label: str, state: str) -> str:
    """To whose turn it is now."""
    return f"{label}: {state[:1].lower()}{state[1:]}. It is your turn."


# ---- urgent

URGENT_TITLE = "Urgent: Tier 3 now"
URGENT_NOTICE = "Urgent clinical need: please call now."
URGENT_CALL = "Call, do not write"
URGENT_STEPS = (
    "If a life is in danger, call 999. Stay with the young person, or make sure an adult does.",
    "Telephone Tier 3 CAMHS yourself and ask for the duty clinician. Do not send it through a panel.",
    "Say what was seen and heard, what worries you, who is with the young person, and a number to call back on.",
    "Tell the clinical manager and the consultant social worker at once. Safeguarding action does not wait.",
    "Keep who was called, when, and what was agreed until the next contact.",
)


URGENT_FOR = "Urgent Tier 3 for …"
WHICH_FAMILY_URGENT = "Show the family"


def urgent_by(name: str, at: str) -> str:
    """Who called for urgent help, and at what time."""
    return f"Called for by {name} at {at}."


# ---- different views


def differ_step(step: int, words: str, names: list[str]) -> str:
    """How far a disagreement has gone, in the three steps of the agreed way."""
    who = f" ({', '.join(names)})" if names else ""
    return f"Step {step} of 3. {words}{who}"


DIFFER_INTRO = "Each view stays in its own words, also the earlier ones. Action to protect a child never waits."
DIFFER_SETTLED = "Settled. The views stay in the record as they were."
SETTLED_HOW = "Please write the outcome that all can accept, or choose No."
DIFFER_MEANWHILE = (
    "Saved. Somebody wrote about this step while your form was open, so it stays at the step it is at now."
)
DIFFER_NOT_OVER = "Safeguarding action goes on meanwhile."

# ---- complex child in need

CCIN_TITLE = "Complex child in need: what entering asks for"
CCIN_ITEMS = {
    "core_assessment": "core assessment with other agencies",
    "risk_assessment": "risk assessment",
    "danger": "danger statement",
    "agreement_on": "written agreement with the family",
    "cp_when": "when a child protection plan would be considered",
    "planning_on": "first planning meeting",
}
CCIN_CHAIR = "The team manager chairs the first planning meeting and the reviews. Is somebody else right here?"
CCIN_INVITE = "Parents and family are invited to planning and review meetings."
CCIN_UP_OR_DOWN = (
    "Up (child protection, court), down (child in need, early help, closed), or why it stays: /family and “Change of "
    "category” keeps a change with who decided and why."
)
CCIN_OPEN = "Entry checklist"
CCIN_NEXT = (
    "Reviews come every three months; the team manager chairs. This is a time-limited place: at each review, up (child "
    "protection, court), down (child in need, early help, closed), or why it stays."
)
DRIFT = "No full discussion, visit or finished action for {weeks} weeks. Is the plan still moving?"


def ccin_words(done: int, missing: list[str]) -> str:
    """How much of what a complex child in need is asked is recorded, and what is not."""
    total = len(CCIN_ITEMS)
    return f"{done} of {total} recorded" + (f"; still open: {', '.join(missing)}" if missing else "")


# ---- a family's timeline

NOTHING_HAPPENED = "Nothing is recorded yet."
HAPPENED = {
    ("agreement", "offered"): "Joint working agreement offered",
    ("agreement", "ended"): "Joint working agreement ended",
    ("hypothesis", "live"): "Hypothesis (live)",
    ("hypothesis", "strengthened"): "Hypothesis (strengthened)",
    ("hypothesis", "weakened"): "Hypothesis (weakened)",
    ("hypothesis", "dropped"): "Hypothesis (set aside)",
    ("action", "done"): "Action done",
    ("action", "dropped"): "Action no longer needed",
}
KEPT = {
    "assessment": "clinician's assessment",
    "ccin_entry": "complex child in need: entry checklist",
    "family_group": "family group decision-making",
    "family_close": "family closed",
    "family_reopen": "family opened again",
}
BY_MISTAKE = "Recorded by mistake"
OPEN_LINE = "Open a line"
TAKE_OTHER_OUT = "Take the other line out"
SHOW_WORK = "Clinical work"
TAKEN_OUT_TITLE = "Taken out"
TAKEN_OUT = "Taken out. It is not counted any more; what was written and your reason stay in the history."
TAKEN_OUT_ALREADY = "This was taken out already, as recorded by mistake. What was written stays in the history."
CHANGED_SINCE = "Somebody has put this right meanwhile. Please look at what it says now, then decide."


def who_takes_out(name: str) -> str:
    """To somebody who cannot take out a record: who can."""
    return f"{name} recorded this. {name} or a manager can take it out; please ask one of them."


def counted_again(label: str, held: int) -> str:
    """What is left of a family's sessions."""
    return f"{label}: {held} session{'' if held == 1 else 's'} held in this piece of work now."


# ---- the tracking form

TRACK_HELP = (
    "/track shows this week's lines of yours; most are there by themselves. What is missing is two presses away.",
    "/track CASE-REFERENCE adds a line for a family.",
    "/track unit shows everybody's last four weeks, and lets you choose other days.",
    "/track supervision shows what was agreed in supervision, and records one.",
)
NO_LINES = "No lines in these days."
ADD_LINE = "Add a line for a family"
OTHER_DAYS = "Other days"
EARLIER, LATER = "Week before", "Week after"
WHOSE_WEEK, OTHER_UNIT = "A clinician's week", "Another unit"
WHICH_UNIT = "You are in several units. Which one's tracking form would you like to see?"
NEWER_SUPERVISION = "There is a newer version of this record. Please correct that one; /track supervision shows it."
WHO_RECORDS_SUPERVISION = "Supervision is recorded by the clinician or by whoever supervises."
RECORD_SUPERVISION = "Record supervision"
IT_WAS_HELD = "It was held"
DAYS_BACKWARDS = "The last day is before the first. Please look at both."
TOO_MANY = "The first {most} lines are shown. Please choose fewer days for the rest."
SUPERVISION_PRIVATE = "Lines about supervision are shown to the clinician and to managers."
NO_SUPERVISION = "No supervision is recorded yet."


def week_of(monday: str) -> str:
    """The heading of a week; `monday` in words."""
    return f"Week of {monday}"


def lines_words(count: int) -> str:
    """A number of lines of the tracking form."""
    return "1 line" if count == 1 else f"{count} lines"


def there_already(line: str, kind: str) -> str:
    """Another line that may be the same thing."""
    other = line.rstrip(".")
    return (
        f"There is another line for that day, a {kind} as well: “{other}”. If it is the same, it is there twice now: "
        "take one of them out, or give this one the day or the kind that is right."
    )


def not_written(label: str, day: str) -> str:
    """A booked session nobody wrote about."""
    return f"{label}: a session was booked for {day}, and nothing is written about it."


def was_in_it(names: list[str]) -> str:
    """Somebody who was in a permission is not ticked any more."""
    who = " and ".join(names)
    return f"{who} {'was' if len(names) == 1 else 'were'} in it before. If that is right, press Save once more."
