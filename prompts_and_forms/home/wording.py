"""What people read on their Home tab."""

from __future__ import annotations

# ---- the Home tab

DRAFT_BEGUN = "{title}{about}, begun {day}"
HOME = "Home"
TODAYS_MEETING = "Today's meeting"
THE_MEETING_OF = "The meeting of {day}"
WHERE_THE_BOARD_IS = "The board is pinned in the unit's channel; each family has its own thread there."
NOW = "Now: "
LAST_DISCUSSED = "last discussed {when}"
FACILITATOR = "Facilitator: {facilitator}."
FAMILIES_DONE = "{done} of {count} families done."
READING_BACK = "Reading back: "
UPDATE_AN_ACTION = "Update an action"
AN_ACTION = "An action"
SHOW_A_FAMILY = "Show a family"
DISCUSSION_TO_CONFIRM = "{family}, {kind} discussion of {day}"
NO_OPEN_ACTIONS = "You have no open actions in this unit."
OUR_FAMILIES = "Our families"
NO_DRAFTS = "You have no drafts."
GO_ON_WRITING = "Go on writing"
PUT_AWAY = "Put away"
MEETING_IS_OPEN = "{named} is open."
STOPPED = "Stopped for an immediate concern: "
MY_ACTIONS_OVERDUE = "My actions, overdue"
MY_ACTIONS = "My actions"
MY_DRAFTS = "My drafts"
CONFIRM = "Confirm"
YOUR_UNITS = "Your units"
UNIT_LINE = ": {said}."
FAMILIES = {0: "no open families", 1: "1 family"}
SO_MANY_FAMILIES = "{count} families"
DISCUSSED = "{share} discussed this week"
OVERDUE = {1: "1 action overdue"}
SO_MANY_OVERDUE = "{count} actions overdue"
TO_CONFIRM = "{count} to confirm"
IN_MEETING = "in its meeting now"
OPEN_A_UNIT = "Open a unit"
FIGURES = "Figures"
ALL_FAMILIES = "All families"
NOTHING_NEEDS_YOU = "Nothing needs you now."
MORE_THAN_FITS = "There is more than fits on this page. /nudges shows all that is due, /family every family."
TOO_MUCH = "There is more than fits on this page. Use /family, /action or /meeting to see the rest."
MAY_NOT_HAVE_ARRIVED = (
    "A reminder of the past day may not have reached you. Nobody can tell, so I did not send it twice. "
    "What is due is on this page."
)
NO_COMMAND = (
    "I did not understand that, and it is not saved. Begin with a word I know: home, meeting, family, action, work or "
    "measure. With “help” behind it, each says what it can do."
)
OTHER_DRAFTS = "Older drafts"


def unit_line(families: int, share: str, overdue: int, to_confirm: int, *, meeting: bool) -> str:
    """What is said of one unit among many."""
    parts = [FAMILIES.get(families) or SO_MANY_FAMILIES.format(count=families)]
    if families:
        parts.append(DISCUSSED.format(share=share))
    if overdue:
        parts.append(OVERDUE.get(overdue) or SO_MANY_OVERDUE.format(count=overdue))
    if to_confirm:
        parts.append(TO_CONFIRM.format(count=to_confirm))
    if meeting:
        parts.append(IN_MEETING)
    return UNIT_LINE.format(said=", ".join(parts))
