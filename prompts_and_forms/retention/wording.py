"""How long things stay, in words."""

from __future__ import annotations

from datetime import date

from prompts_and_forms.days import day_words

FAULT = "{name}, line {line}: {problem}. Nothing is due until this is mended."
NO_RULES = "there are no rules in it"
NO_NAMES = "a rule is a list of names and values"
TWICE = "two rules called {rule} are in force on the same day"

STILL_OPEN = "It is still open here."
NO_RULE = "There is no rule for one of the categories it had."
NOT_SET = "Your council has not said how long yet: {rule}."
NO_BIRTHDAY = "I do not know when every child turns 18, so I cannot work out the day."
NOT_COPIED = "Not everything about it is marked as copied to the case file."
UNDER_HOLD = "There is a legal hold."
MEETING_ON = "It is on the agenda of a meeting that is open now."
NOT_YET = "Not before {day}."

RULES = {
    "looked_after": "looked after, to the youngest child's 75th birthday",
    "looked_after_died": "looked after and died under 18",
    "child_protection": "child protection",
    "child_in_need": "child in need",
    "complex_child_in_need": "complex child in need",
    "drafts": "forms that were begun and never sent",
    "chat": "what still lies in chat",
    "audit": "who looked and what was done",
}


def rule_name(rule: str) -> str:
    """A rule, as people read it."""
    return RULES.get(rule, rule.replace("_", " "))


def not_yet(day: date) -> str:
    """From which day it is due."""
    return NOT_YET.format(day=day_words.in_full(day))


# ---- the page

BUTTON = "How long it stays"
NOTICE = "How long things stay"
NOT_FOR_YOU = "Only the unit's lead and managers look after this. Please ask one of them."
FOR_MANAGERS = "Only a manager can do this. Please ask one."
RULE, FROM, COPIED, STOPS = "Rule", "May be erased from", "Copied to the case file", "Why not now"
NO_DAY = "not known"
DUE = "It may be erased now. Nothing happens until a manager confirms it."
NEVER_BY_ITSELF = "I never erase anything by myself."
HOLDS = "Legal holds"
SET_HOLD, LIFT_HOLD = "Set a legal hold", "Lift a hold"
COPY_ALL = "Everything is in the case file"
COPY_FIRST = "First copy the discussions that are not marked as copied yet ({n}). Then you can say this."
ERASE = "Erase this family"
LATER = "Choose today or a later day."
NOTHING_TO_LIFT = "Somebody has lifted this hold already. Nothing was changed."
OTHER_REFERENCE = "This is not the reference of this family. Type it exactly as it is on the page."
CANNOT_NOW = "This family cannot be erased now. {why}"
NOT_DONE_YET = "nobody has said so yet"
SCOPES = {"family": "this family", "unit": "every family of this unit", "everything": "every family of every unit"}

ERASED_NOTICE = "A family was erased"
ERASED = "Erased for good: {rows} rows, and the key that opened them."
BACKUP_NEXT = (
    "Ask whoever runs the bot to make a backup now. The file of keys beside the backups still has this family's key "
    "until the next one replaces it."
)
NOTHING_LEFT = "Nothing of it is left in the chat, as far as I know."
SHOW_LEFT, DELETE_OURS = "What is still in the chat", "Delete my posts"
ASKED_ALREADY = "I am deleting my posts. Open this page again in a minute."
DELETING = "I am deleting my posts now."
TYPED_HELP = (
    "What people typed I cannot delete. Please ask whoever looks after the chat: unitbot retention left has the links."
)
LIST_HEADING = "Erased families of this unit"
DUE_HEADING = "May be erased now"
NOTHING_DUE = "No family of this unit is due to be erased."

# ---- forms that were begun, and copies in chat

CHAT_BUTTON, DRAFTS_BUTTON = "What is still in the chat", "Forms that were not sent"
CHAT_HEADING, DRAFTS_HEADING = "May go from the chat now", "Forms that were begun and not sent"
CHAT_NOTICE, DRAFTS_NOTICE = "What may go from the chat", "Forms that may be removed"
NO_CHAT_DUE = "None of my posts of this unit is due to go from the chat."
NO_DRAFTS_DUE = "No form of this unit is due to be removed."
CHAT_HOW = "I can delete my own posts. The record stays. A manager confirms it."
DRAFTS_HOW = (
    "Whoever began one hears a week before it may go, and keeps it by opening it. Then a manager confirms the list."
)
TELL, DRAFTS_GO, CHAT_GO = "Tell those who began them", "Remove those that may go", "Delete my posts"
PRIVATE_FORM = "a private form"
NONE_TO_TELL = "Everybody has been told already. Nothing was changed."
OLD_FORMS_NOTICE = "Forms you began"
OLD_FORMS_STAY = "Open one to keep it. Put away what you do not need."
LIST_CHANGED = "The list has changed since you opened it. Please open it again."


def chat_due(n: int) -> str:
    """How many discussions may go from the chat."""
    if n == 1:
        return "One discussion was copied long enough ago: what is left of it in the chat may go."
    return f"{n} discussions were copied long enough ago: what is left of them in the chat may go."


def drafts_due(n: int) -> str:
    """How many forms may be removed."""
    many = "One form was begun" if n == 1 else f"{n} forms were begun"
    return f"{many} and not sent for longer than your council's rule."


def draft_line(who: str, what: str, saved: date, goes: date | None) -> str:
    """A form that was begun, without a word of it. `goes`: from when it may go, None while its writer is not told."""
    when = "not told yet" if goes is None else "may go now" if goes == date.min else f"told, may go from {_day(goes)}"
    return f"{what}, begun by {who}, last saved on {_day(saved)}: {when}"


def told(n: int) -> str:
    """That the writers were written to."""
    return f"I am writing to those who began {'this form' if n == 1 else f'these {n} forms'}."


def removed(n: int, stayed: int) -> str:
    """What was removed; what was written on or held meanwhile stayed."""
    many = "One stays" if stayed == 1 else f"{stayed} stay"
    kept = f" {many}: somebody went on writing, or there is a hold now." if stayed else ""
    return f"Removed for good: {_many(n, 'form', 'forms') or 'nothing'}.{kept}"


def old_forms(goes: date) -> str:
    """To whoever began them."""
    return f"You began these forms and did not send them. They may be removed from {_day(goes)} on."


def lies_line(label: str, day: date, posts: int, typed: int) -> str:
    """One discussion and what of it is in the chat."""
    parts = [_many(posts, "post of mine", "posts of mine"), _many(typed, "message typed", "messages typed")]
    return f"{label}, discussed on {_day(day)}: {', '.join(part for part in parts if part)}"


def typed_in_chat(n: int) -> str:
    """What the bot cannot delete, and where it is found."""
    many = _many(n, "message", "messages")
    return (
        f"People typed {many} in these threads, which I cannot delete. Please ask whoever looks after the chat: "
        "unitbot retention chat has the links."
    )


def clearing(n: int) -> str:
    """That posts are being deleted."""
    return f"I am deleting {_many(n, 'post', 'posts') or 'nothing'} now." if n else "There was nothing left to delete."


def next_ones(n: int) -> str:
    """How many more there are after those that are listed."""
    return f"and {n} more, once these are done"


def _day(day: date) -> str:
    return day_words.in_full(day)


# ---- erasing, continued


def heading(label: str) -> str:
    """Over a family's page."""
    return f"How long {label} stays"


def copied(who: str, day: date) -> str:
    """Who said that everything is in the case file, and when."""
    return f"{who} said so on {day_words.in_full(day)}"


def hold(scope: str, why: str, who: str, since: date, until: date | None) -> str:
    """One hold in a line."""
    end = f" Last day: {day_words.in_full(until)}." if until else " Until somebody lifts it."
    return f"On {SCOPES[scope]}: {why} Set by {who} on {day_words.in_full(since)}.{end}"


def hold_short(scope: str, since: date) -> str:
    """One hold in a menu."""
    return f"On {SCOPES[scope]}, set on {day_words.in_full(since)}"


def left(posts: int, typed: int, files: int) -> str:
    """What still lies in the chat."""
    parts = [
        _many(posts, "post of mine", "posts of mine"),
        _many(typed, "message somebody typed", "messages people typed"),
        _many(files, "document I brought to somebody", "documents I brought to people"),
    ]
    return f"Still in the chat: {', '.join(part for part in parts if part)}."


def erased_line(day: date, who: str, rule: str, still: int) -> str:
    """One erased family: no word of it is left to name it by."""
    more = f" {still} things are still in the chat." if still else ""
    return f"{day_words.in_full(day)}, by {who}. Rule: {rule_name(rule)}.{more}"


def _many(n: int, one: str, more: str) -> str:
    return "" if not n else f"one {one}" if n == 1 else f"{n} {more}"


# ---- on the command line

NO_FAMILY = "No family has the reference {given}."
NO_PERSON = "Nobody is called {given}. Give a name or chat user as the bot knows it."
NO_UNIT = "No unit is called {given}."
ONE_SCOPE = "Say one of --family, --unit or --everything."
BAD_DAY = "A hold cannot have ended already. Choose today or a later day."
NO_HOLD = "No hold in force has the number {given}. Nothing was changed."
NO_ERASED = "Nothing was erased under the number {given}."
HOLD_SET = "The hold is set. Nothing it covers can be erased."
LIFTED = "Lifted."
NO_HOLDS = "No legal hold is in force."
ANY_WORKSPACE = (
    "I could not ask Slack for your workspace's own address, so these links open the workspace your browser is in. "
    "With SLACK_BOT_TOKEN set they name yours."
)
NOTHING_DUE_ANYWHERE = "Nothing is due."
NOTHING_ERASED = "Nothing was erased."
DUE_LINE = "{unit}\t{ref}\t{rule}\tsince {day}"
CHAT_LINE = "{n} discussions were copied long enough ago for what is in chat to go: unitbot retention chat lists it"
DRAFTS_LINE = "{n} forms were begun and not sent for longer than the rule"
AUDIT_LINE = (
    "{n} lines of who has looked are older than the rule. They are never taken out: the list would look changed"
)
NEVER = (
    "Nothing is erased by itself. A manager confirms it: /unit stays, the family's page, or for a family "
    "unitbot retention erase REF --by NAME"
)
NOTHING_IN_CHAT = "Nothing in chat is due to go."
NOT_A_MANAGER = "{who} is not a manager of that family's unit. Nothing was changed."
SURE = "Erase {ref} for good? Nobody can bring it back."
NOT_ERASED = "Nothing was erased."
