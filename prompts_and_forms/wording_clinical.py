"""What people read about clinical work: where it stands, signatures, the tracking form, a family's timeline."""

from __future__ import annotations

from prompts_and_forms.card import Confirm

# ---- signing

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
FIXED = "This form is signed, so it stays as it is. “Correct” writes a new version, with a reason."
NOT_SIGNED_YET = "This form is not signed yet, so it can simply be changed."
ONE_EACH = "You signed in another role. It needs one person for each signature."
WAIT_FOR_FIRST = "{who} signs first."
CHANGE_IT = "Change before signing"
CORRECT_IT = "Correct"
READ_IT = "Read it through"
TO_SIGN = "Waiting for your signature"


def wrong_role(role: str) -> str:
    return f"{ROLE_SIGNS.get(role, role)} signs here."


def signed_line(role: str, name: str, on: str) -> str:
    return f"{ROLE_SIGNS.get(role, role)}: signed by {name}, {on}."


def unsigned_line(role: str) -> str:
    return f"{ROLE_SIGNS.get(role, role)}: not signed yet."


def version_words(no: int, why: str) -> str:
    """A later version with its reason."""
    return f"Version {no}. Why it was written: {why}" if why else f"Version {no}."


def asked_to_sign(form: str, label: str) -> str:
    return f"{form} about {label} waits for your signature."


def now_signed(form: str, label: str) -> str:
    return f"{form} about {label} is signed by everyone it needs."


# ---- drafts

NO_FORMS = "You have no drafts, and nothing waits for your signature."
HAND_ON = "Hand on"
HANDED_ON = "{who} can now go on writing. You no longer have this draft."
HANDED_TO_YOU = "{who} hands you a draft: {what}. Go on with /forms."
ONLY_FAMILY = "Only a form about a family can be handed on."
NOT_TO_YOURSELF = "It is yours already. Please choose somebody else."
FORMS_HELP = (
    "/forms shows the forms you have begun and what waits for your signature.",
    "/work and a case reference opens the forms of clinical work; /track a line of the tracking form.",
)
