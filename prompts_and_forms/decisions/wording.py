"""What people read about hypotheses, agreements, roles, actions and the other records of a discussion."""

from __future__ import annotations

import re
from datetime import date

from prompts_and_forms.card import Confirm
from prompts_and_forms.days import day_words

# ---- days


def due_words(due: date | None, today: date) -> str:
    """How far away a date is, in words; overdue counts up from the day after."""
    if due is None:
        return "no date yet"
    days = (due - today).days
    if days < 0:
        return f"{day_words.count(-days)} overdue (was due {day_words.in_full(due)})"
    if days == 0:
        return "due today"
    return f"due in {day_words.count(days)} ({day_words.in_full(due)})"


# ---- words for kept values

STATUS = {"live": "live", "strengthened": "strengthened", "weakened": "weakened", "dropped": "set aside"}
STANCE = {"curious": "curious", "persuaded": "persuaded", "not_persuaded": "not persuaded"}
AGREEMENT_STATUS = {"offered": "offered, not confirmed by both sides", "active": "active", "ended": "ended"}
ACTION_STATUS = {"open": "open", "done": "done", "dropped": "no longer needed"}
ACTION_CHANGE = {
    "made": "Made",
    "reworded": "Corrected",
    "done": "Done",
    "dropped": "No longer needed",
    "carried_over": "Carried over",
    "carry_on": "Under way",
    "not_done": "Not done yet",
    "handed_over": "Handed over",
    "reopened": "Opened again",
}
SIDE = {"social_work": "social work", "clinical": "the clinical side"}
READING = {"too_close": "too close", "healthy": "about right", "too_far": "too far away"}
NOBODY = "nobody yet"
OUTSIDE = "someone outside the unit"
NOTHING_YET = "Nothing written yet."
UNKNOWN_THING = "something that is no longer here"

# ---- headings of a record in a thread: "Kept: ..."

KEPT = {
    "mistake": "taken out, recorded by mistake",
    "open": "settle and set up",
    "safety": "safety first",
    "l_safety": "safety check",
    "changed": "what has changed",
    "l_changed": "the main change",
    "l_actions": "actions",
    "voices": "child and family voices",
    "l_voice": "a child's voice",
    "view": "somebody's own words",
    "last_seen": "when a child was seen",
    "identity": "who they are and who we are",
    "hypothesis": "an idea",
    "hypothesis_status": "where an idea stands",
    "position": "where somebody stands on an idea",
    "conversation": "the next conversation",
    "contract": "a joint working agreement",
    "agreement_noticed": "what we noticed in the joint work",
    "role": "an agreed role",
    "action": "an action",
    "reassign": "an action handed over",
    "action_close": "an action closed",
    "carry_over": "an action carried over",
    "stop_doing": "what we stop doing",
    "disagreement": "different views, side by side",
    "initial_consultation": "initial consultation",
    "permission_to_share": "permission to share",
    "tracking_entry": "tracking entry",
    "close": "measures and next date",
    "l_next": "next date",
    "stop": "who was told",
}


def answer_label(question: str) -> str:
    """A question as the label of its answer."""
    return question.rstrip("?").rstrip()


def kept_title(form: str) -> str:
    """The first line after a form was saved."""
    return f"Saved: {KEPT.get(form, form.replace('_', ' '))}"


def recorded_by(name: str) -> str:
    """Who wrote a record."""
    return f"recorded by {name}"


def offered_and_recorded(offered_by: str, recorded_by_name: str) -> str:
    """Who had the idea and who wrote it down, once when it is one person."""
    if offered_by == recorded_by_name:
        return f"offered and recorded by {offered_by}"
    return f"offered by {offered_by}, recorded by {recorded_by_name}"


def notice(ref: str) -> str:
    """The line outside the chat after something was saved about a family."""
    return f"Something was saved for {ref}."


CHANGED_LATER = "Changed after the lead confirmed."
THE_UNIT = "the unit"
"""What a notification names where a record is about no family."""
EDIT = "Edit"
BY_MISTAKE = "Taken out: this was recorded by mistake, and is not counted."
WRITTEN_ANEW = "This was written anew since. The newer version is further down."

# ---- hypotheses

FITS = "Fits"
DOES_NOT_FIT = "Does not fit"
UNFINISHED = "Unfinished: an idea needs something that does not fit, and what would change our minds."
RISKIEST = "the riskiest idea to drop"
NO_HYPOTHESES = "There are no ideas about this family yet."
NO_ACTIONS = "No open actions for this family."
NO_AGREEMENTS = "No joint working agreement for this family."
NO_ACTIONS_OF_MINE = "You have no open actions in this unit."


THE_TEST = "the test of the idea"
THE_CONVERSATION = "the next conversation"


def lacking(has_against: bool, has_change_of_mind: bool) -> str:
    """What an idea does not say yet; "" for a finished one."""
    missing = [] if has_against else ["what does not fit it"]
    missing += [] if has_change_of_mind else ["what would change our minds"]
    return " or ".join(missing)


def stance_words(name: str, stance: str, sentence: str) -> str:
    """What one person thinks of an idea."""
    words = f"{name} is {STANCE.get(stance, stance)}"
    return f"{words}: {sentence}" if sentence.strip() else words


# ---- actions

CARRY_NEEDS_DATE = "Carrying over needs a new date."
DROP_NEEDS_REASON = "Please say why it is no longer needed, so that people can understand it later."


def owner_left(name: str, left_on: date | None) -> str:
    """Why somebody cannot have an action, and that nothing else is lost."""
    when = f" on {day_words.in_full(left_on)}" if left_on else ""
    return f"{name} left the unit{when}. Please choose someone who is here. Everything else you wrote stays."


def carried_words(times: int, stuck: bool) -> str:
    """How often an action was carried over; nothing for one that never was."""
    if times == 0:
        return ""
    words = "carried over once" if times == 1 else f"carried over {times} times"
    return f"stuck: {words}" if stuck else words


def owner_gone_words(name: str) -> str:
    """That an action needs somebody else, as its owner has left."""
    return f"{name} has left the unit; it needs another owner"


ALL_HAVE_OWNERS = "Every action of this discussion has somebody already."
SETTLED_NOTICE = "Somebody was quicker"
ALREADY_CLOSED = "This action is closed already. Nothing was changed."

# ---- agreements

CONFIRM_SOCIAL_WORK = "Confirm for social work"
CONFIRM_CLINICAL = "Confirm for clinical side"


def agreement_line(focus: str, status: str, space: str, lead: str, does: list[tuple[str, str]], review: str) -> str:
    """ "Calm mornings. Offered, not confirmed by both sides. Home visit, led by Tomasz. Tomasz: listens." """
    where = ", ".join(part for part in (space, f"led by {lead}" if lead else "") if part)
    parts = [focus, status, where, *(f"{who}: {what}" for who, what in does), f"Review {review}" if review else ""]
    ended = (part if part.endswith((".", "!", "?", "…")) else f"{part}." for part in parts if part)
    return " ".join(f"{part[:1].upper()}{part[1:]}" for part in ended)


OLDER_VERSION = "This agreement was changed since. Please read the newer version; that is the one to confirm."
ENDED_ALREADY = "This agreement has ended. Nothing was changed."
ALREADY_CONFIRMED = "That side has confirmed this version already."
NOT_SOCIAL_WORK = "Social work confirms through the consultant social worker, a social worker or the unit lead."
NOT_CLINICAL = "The clinical side confirms through the clinician or the clinical manager."
TWO_PEOPLE = "You confirmed for the other side. An agreement needs one person on each side."
BOTH_CONFIRMED = "Both sides have confirmed. The agreement is active."


def confirmed_words(side: str, name: str, on: str) -> str:
    """Who confirmed an agreement for which side, and when."""
    return f"Confirmed for {SIDE[side]} by {name}, {on}."


def waiting_words(side: str) -> str:
    """The side that has not confirmed an agreement."""
    return f"Still to be confirmed for {SIDE[side]}."


def thanks_for_confirming(side: str, other_waits: bool) -> str:
    """To the person who confirmed, and whether the other side still has to."""
    said = f"Saved: confirmed for {SIDE[side]}."
    return f"{said} The other side has still to confirm." if other_waits else f"{said} {BOTH_CONFIRMED}"


def yes_by_offering(side: str) -> str:
    """To whoever offers an agreement for one side."""
    return f"Offering it is your yes for {SIDE[side]}. The other side is asked today."


LEADS_SESSIONS = "leads the sessions"
LEADS_SOCIAL_WORK = "leads the social work"
CHANGED_MEANWHILE = "Somebody changed this agreement while you were writing. Please open it again; your draft stays."


OFFER_ANOTHER = "Offer another one"


def offered_already(on: str, waits_for: list[str]) -> str:
    """One agreement is open at a time: from when it is, and whose yes it waits for."""
    return f"An agreement was offered on {on}. It waits for a yes from {' and from '.join(waits_for)}."


def asked_to_confirm(label: str) -> str:
    """Why somebody gets an agreement."""
    return f"A joint working agreement about {label}. It counts once each side has confirmed it."


# ---- reflections

NOT_FOR_YOU = "Joining reflections are private to the clinician and the clinical manager."
NO_REFLECTIONS = "There are no reflections yet."
REFLECTION_KEPT = "Saved. Only you and the clinical manager can read it unless you share it."
REFLECTION_SHARED = "Shared with the unit."

ROLE_ENDED = "The role ends today. It stays in the record."
ROLES_NOW = "Agreed roles"
END_ROLE = "A role has ended"


def role_line(who: str, role: str, since: str) -> str:
    """One agreed role: who, what, since when."""
    return f"{who}: {role}, since {since}"


NOTHING_FILLED_IN = "Nothing is filled in yet. Write something, or press Cancel and go on without it."


def code_words(code: str) -> str:
    """A code as people say it: "parent_4_17" is "parent 4 to 17"."""
    return re.sub(r"(\d+)_(\d+)", r"\1 to \2", code).replace("_", " ").replace("CHI ESQ", "CHI-ESQ")


# ---- doubles

KEPT_ONCE_SAME = "You saved the same words a moment ago. They are saved once."


def kept_once_other(name: str) -> str:
    """To the second of two people who saved the same."""
    return f"{name} saved the same a moment ago. It is saved once, nothing is lost."


# ---- commands


def unknown_reference(ref: str) -> str:
    """That no family of the unit has this reference, and where to look."""
    return f"I do not know the case reference {ref} in this unit. /family shows the families of this unit."


GONE = "I cannot find that any more in this unit. Nothing was changed."
WHICH_FAMILY = "Which family is it about?"
CHOOSE_FAMILY = "Choose a family"
NO_FAMILIES = "There are no open families in this unit yet. /family adds one."
ON_A_DISCUSSION = (
    "Use this on a message in a family's discussion. Anywhere else, /{command} with the case reference does the same."
)

HELP = {
    "hypothesis": (
        "/hypothesis lets you choose the family, and write down an idea (a hypothesis) about it.",
        "/hypothesis K3107C does the same for one family (use your own reference).",
        "/hypothesis list K3107C shows the ideas about a family, to change one.",
    ),
    "agreement": (
        "/agreement lets you choose the family, and offer a joint working agreement.",
        "/agreement K3107C does the same for one family (use your own reference).",
        "/agreement list K3107C shows a family's agreements, to confirm, change or end one.",
        "/agreement reflect opens a clinician's private reflection on joining.",
        "/agreement reflections shows the reflections you may read.",
    ),
    "action": (
        "/action lets you choose the family, and write down an action.",
        "/action K3107C does the same for one family (use your own reference).",
        "/action list K3107C shows a family's open actions, to change one.",
        "/action mine shows your own open actions.",
    ),
}


def what_it_can(command: str) -> str:
    """The first line of a command's help."""
    return f"What /{command} can do:"


def not_understood(command: str, text: str) -> str:
    """The first line of a command's help after words it does not know."""
    return f"I do not know “/{command} {text}”. This is what is possible:"


def more_of_them(number: int) -> str:
    """How many of a list are left out."""
    return f"{number} more are not shown here."


SURE_TO_REOPEN = Confirm(
    title="Open it again?", text="The action goes back to the open ones with its old date.", yes="Open", no="Leave"
)

# ---- actions, as cards

WRITE_DOWN_AN_ACTION = "Write down an action"
ACTIONS_FOR = "Actions for {label}"
MY_ACTIONS = "My actions"

# ---- actions again

OPEN_AGAIN = "Open again"

# ---- agreements, as cards

TEACHER = "teacher {measure}"
OFFER_AN_AGREEMENT = "Offer an agreement"
JOINT_WORK_WITH = "Joint work with {label}"

# ---- confirming

CONFIRM_KEPT = "Confirmed"

# ---- ideas, as cards

WRITE_DOWN_AN_IDEA = "Write down an idea"
IDEAS_ABOUT = "Ideas about {label}"

# ---- reflections

REFLECTIONS_ON_JOINING = "Reflections on joining"
HOW_CLOSE_TODAY = "How close today"
SPACE = "Space"
WHAT_I_NOTICE = "What I notice"
A_RULE_OF_THE_SYSTEM = "A rule of the system"
ONE_THING_TO_TRY = "One thing to try"
SHARED = "Shared"
SHARE_WITH_THE_UNIT = "Share with the unit"

# ---- roles

ROLE_ENDED_NOTICE = "Role ended"


def settled(texts: list[str]) -> str:
    """Actions that somebody closed or gave away while a form about them was open."""
    named = "; ".join(f"“{text.rstrip('.')}”" for text in texts)
    return f"Closed or given to somebody in the meantime, so left as it is: {named}."
