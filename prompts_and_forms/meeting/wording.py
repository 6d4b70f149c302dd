"""Sentences of the meeting as a whole: opening, board, agenda, closing."""

from __future__ import annotations

from datetime import date, timedelta

from prompts_and_forms.days import day_words
from prompts_and_forms.states import DiscussionState

HOW = "How /meeting works"
MEETING_HELP = (
    "/meeting opens today's meeting in this channel, or shows the one that is going on.",
    "/meeting agenda shows the agenda of the next meeting.",
    "/meeting add puts a family, or something else, on it. With words: /meeting add A1234B the court letter came.",
    "/meeting rota shows whose turn it is to facilitate, and swaps yours.",
    "/meeting move moves the next meeting to another day, or leaves it out.",
    "/meeting close closes the meeting.",
    "Everything else is a button on the board. In a family's thread, just type.",
    "A note is saved when you send it, unless I tell you why not. "
    "When many units meet at once, the line that says so can take a minute.",
)
NO_CONTACTS = (
    "The meeting cannot open yet: this unit has no emergency contacts. "
    "They are what people see when a discussion stops for a child. Add them with /unit contacts, then try again."
)
ALREADY_OPEN = "Today's meeting is already open. The board is pinned at the top of this channel."
CHOOSE_FAMILY = "Which family do you want to move, make full or light, park or add?"
STALE_BOARD = "The agenda has already moved on. The board shows how it is now."
MEETING_CLOSED = "This meeting is closed, so nothing was changed. What was saved is on the board and in the threads."

TROUBLE = {
    "public": "This channel is public. I post about families in private channels only, so nothing was posted.",
    "shared": "This channel is shared with another organisation. I post nothing about families here.",
    "unknown_member": (
        "Somebody in this channel is not a member of the unit ({who}). I post nothing about families until the "
        "coordinator adds them with /unit or they leave the channel."
    ),
    "public_team": (
        "The team of this channel is open to everybody in the organisation. I post about families in private teams "
        "only, so nothing was posted. A team owner can make the team private, or the unit can move to another."
    ),
    "foreign_tenant": (
        "This comes from another organisation than the one I work for. I show and post nothing about families there."
    ),
    "private_channel": (
        "This is a private channel, and nobody has tried yet that I work in one here. Please meet in a standard "
        "channel of a private team, or ask whoever runs the bot."
    ),
    "no_consent": (
        "I was not allowed to see who is in this channel and what is written in it, so nothing was posted. A team "
        "owner can allow it: remove the app from the team and add it again, and say yes to what it asks for."
    ),
    "guest": "There is a guest in this channel ({who}). I post nothing about families while they are here.",
    "not_in_channel": "I am not in this channel yet. Invite me to it, then try again.",
    "archived": (
        "The unit's channel is archived, so nothing can be posted. Please unarchive it, or move the unit to another "
        "channel."
    ),
    "restricted": (
        "I am not allowed to post in the unit's channel: who may post there is limited. Please let this app post and "
        "reply in threads."
    ),
    "group": "This is a group conversation. I work in a unit's private channel only: please use the command there.",
    "unknown": (
        "I could not find out just now who can read this channel, so nothing was shown or changed. Please try again "
        "in a minute. If it stays like this, ask whoever runs the bot to run unitbot check."
    ),
}


OUT_OF_DATE = "This message is out of date. Please use the newest one."
NONE_OPEN_HERE = "No meeting is open in this channel."
WEEKLY_MEETING = "The unit's weekly meeting"
IS_OPEN = "The meeting is open"
OPEN_AN_EXTRA_MEETING = "Open an extra meeting"
CLOSED_TODAY = "Today's meeting is closed"
AN_EXTRA_ONE_CAN_BE_HELD = "Today's meeting is closed. You can hold an extra one; it starts with an agenda of its own."
HERE_OR_AWAY = "{names} cannot be both here and away. Choose one."
STILL_OPEN_TITLE = "A meeting is still open"
CLOSE_THAT_MEETING = "Close that meeting"
CARRY_ON_WITH_IT = "Carry on with it"
GOES_ON = "The meeting goes on"
GOES_ON_WHERE_IT_WAS = "The meeting goes on where it was. The board is up to date."


def trouble_words(code: str, who: str = "") -> str:
    """Why nothing is posted in a channel, and what to do. An unknown code is answered carefully."""
    sentence = TROUBLE.get(code, "I cannot be sure that only the unit reads this channel, so nothing was posted.")
    return sentence.format(who=who or "see the channel's member list")


def due_words(day: date | None, today: date) -> str:
    """A due date as people say it: "due today", "2 days overdue, was due Mon 3 Nov", "due Fri 28 Nov"."""
    if day is None:
        return "no date yet"
    gap = (day - today).days
    if gap == 0:
        return "due today"
    if gap == 1:
        return "due tomorrow"
    if gap > 1:
        return f"due {day_words.of_this_year(day)}"
    return f"{day_words.count(-gap)} overdue, was due {day_words.of_this_year(day)}"


def minutes_words(gone: timedelta) -> str:
    """A span in whole minutes."""
    minutes = int(gone.total_seconds() // 60)
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def names_words(names: list[str]) -> str:
    """Names in a row, with "and" before the last; "nobody" for none."""
    if not names:
        return "nobody"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def families_words(count: int) -> str:
    """A number of families."""
    return "1 family" if count == 1 else f"{count} families"


STATE_WORDS = {
    "now": "NOW",
    "done": "done",
    "to_come": "to come",
    "parked": "parked",
    "not_reached": "not reached",
    "stopped": "STOPPED for an immediate concern",
    "awaiting": "done, waiting for the lead to confirm",
}

KIND_WORDS = {"full": "full", "light": "light"}

TOO_LONG = "The plan is longer than the meeting. "
FIT = "Do that"
NOW_FIRST = "Now: "
ALL_DISCUSSED = "every family on the agenda has had its turn. Close the meeting when you are ready."
BOARD_THREAD = "Opening and closing go in the thread below this message. Each family has a thread of its own."
EVERYBODY_HERE = "Is everybody here?"
EVERYONE, CHOOSE_WHO = "Everyone", "Choose"


def now_words(label: str, state: DiscussionState) -> str:
    """What is going on, and where."""
    if state == DiscussionState.STOPPED:
        return f"{label} is stopped for an immediate concern. Its thread shows whom to call."
    if state == DiscussionState.READ_BACK:
        return f"{label} has been read back and waits for the unit lead, in its thread."
    return f"{label}, in its thread."


def next_words(label: str) -> str:
    """What the board says to do next."""
    return f"start {label}."


BREAKS = (5, 10, 15, 20)
BREAK_NOTICE = "A break"
TAKE_A_BREAK = "Take a break"
BREAK_MINUTES = "{minutes} minutes"


def over_words(minutes: int, hold_light: list[str], extra: list[str]) -> str:
    """How far the plan is over, and which families could wait: proposed, never done by itself."""
    could = []
    if hold_light:
        could.append(f"make {names_words(hold_light)} light")
    if extra:
        could.append(f"leave {names_words(extra)} for another day")
    if not could:
        return f"It is {minutes} minutes over, and none of these families should wait. Could the meeting be longer?"
    return f"It is {minutes} minutes over. You could {', and '.join(could)}."


def break_words(until: str) -> str:
    """Until when a break goes."""
    return f"A break until {until}."


CLOSING_NOTICE = "The meeting is closed"
CLOSING_SENTENCE = "The meeting is closed. Everybody who was here has a message with what is theirs."
FORGOTTEN = (
    "The meeting of {day} is still open. Nothing in it is lost. Close it, or carry on with it, whichever fits what "
    "happened."
)
STOPPED_STILL = (
    "{family} is stopped for an immediate concern and nobody has said yet who was told. Open its thread and use "
    "'Say who was told' first; the meeting can close after that."
)
PARKED_TODAY = "Parked: {families}. What was saved stays, and they are on the next agenda again."
OPEN_STILL = (
    "Still open: {families}. Finish or park each first, or close the meeting now: what is open is carried over."
)


def not_known(said: str) -> str:
    """To words after the command that mean nothing here."""
    return f"I do not know “/meeting {said}”. This is what is possible:"
