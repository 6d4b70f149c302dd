"""What people read on the cards of clinical work, its tracking form and its supervision."""

from __future__ import annotations

# ---- complex child in need

ENTRY_CHECKLIST = "Entry checklist"
DRIFT = "Drift"

# ---- different views

CLINICAL_WORK_WITH = "Clinical work with {ref}"
SHOW_THE_WORK = "Show the work"
VIEWS_ABOUT = "{views} about the clinical work with {family}. {how}"

# ---- after a step

QUESTIONNAIRES = "Questionnaires"
JOINT_WORKING_AGREEMENT = "Joint working agreement"
ONLY_A_MANAGER = "A manager can do this."
PERMISSION_TO_SHARE = "Permission to share"

# ---- signing

THE_UNIT = "the unit"
SIGNATURES = "Signatures"
GO_ON_WRITING = "Go on writing"
SIGN_AS = "Sign as {role}"

# ---- supervision

SUPERVISION = "Supervision"
ONE_AGREED_ACTION = "1 agreed action"
AGREED_ACTIONS = "{count} agreed actions"
NO_AGREED_ACTIONS = "No actions were agreed."
SUPERVISION_KEPT = "Saved, with {said}."

# ---- the tracking form

TRACKING_FORM = "Tracking form"
DAY = "Day"
FAMILY = "Family"
WHAT = "What"
IN_SHORT = "In short"
WHAT_TRACK_CAN_DO = "What /track can do:"
HOW_TRACK_WORKS = "How /track works"
NO_FAMILY = "no family"
LINES_OF_TRACKING_FORM = "{lines} of the tracking form."
WHO = "Who"

# ---- lines of the tracking form

RECORDED_BEFORE = "recorded before"

# ---- urgent

ABOUT_FAMILY = "About {label}."

# ---- /work

WHAT_WORK_CAN_DO = "What /work can do:"
HOW_WORK_WORKS = "How /work works"
NOW = "Now: {name}."
THE_OTHER_STEPS = "The other steps"
REASON_IS_KEPT = "The reason is saved with the step."

# ---- the card of clinical work

CLINICAL_WORK_COUNTED = "Clinical work of {unit}, {count} open families."
CLINICAL_WORK_OF = "Clinical work of {unit}"
ASSESSMENT_NOT_BEGUN = "not begun yet"
AGREEMENT_CONFIRMED = "confirmed by both sides"
AGREEMENT_OFFERED = "offered, waiting for a yes"
NO_AGREEMENT = "none that holds now"
QUESTIONNAIRES_COUNTED = "{count} questionnaires"
SHOW_A_FAMILY = "Show a family"
WHERE_THE_WORK_IS = "Where the work is"
STATE_SINCE = "{state}, since {day}"
WHAT_COMES_NEXT = "What comes next"
WHOSE_TURN = "Whose turn"
QUESTIONNAIRES_TO_COME = "{count} still to come; /measure shows them"
OPEN_FAMILY_AGAIN = "Open this family again"
CLINICIAN = "Clinician"
THE_WORK = "The work"
SESSIONS = "Sessions"
AGREEMENT = "Agreement"
ASSESSMENT = "Assessment"
BOOKED = "Booked"
CLINICAL_WORK = "Clinical work"
