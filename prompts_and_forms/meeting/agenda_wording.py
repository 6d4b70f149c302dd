"""Reasons and proposals of the agenda in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from prompts_and_forms.days import day_words

DATES = {
    "next_review": "review",
    "conference": "conference",
    "court": "court date",
    "ccin_meeting": "planning meeting",
    "next_core_group": "core group",
}

PLAIN = {
    "concern": "a concern since last time",
    "carried_from_last": "not reached last time",
    "new": "new to the unit",
    "first_since_consultation": "first time since the initial consultation",
    "child_never_seen": "a child not seen yet",
    "measure_worse": "a measure clearly worse",
    "measure_very_high": "a measure very high, and felt in daily life",
    "never_full": "no full discussion yet",
    "asked": "somebody asked",
    "asked_for": "somebody asked",
    "moved_here": "came from another unit: handover",
}


ALSO = "Also on the agenda"
ITEM_DONE = "Talked about"
ON_THE_AGENDA = "On the agenda"
ADD_A_FAMILY = "Add a family"
NOTHING_LEFT_TO_CHANGE = "Every family has been discussed or is being discussed now. There is nothing left to change."
CHANGE_THE_AGENDA = "Change the agenda"
MAKE_IT = "Make it {kind}"
FIRST = "First"
ONE_EARLIER = "One earlier"
ONE_LATER = "One later"
LAST = "Last"
BRING_BACK = "Bring back"
PARK_FOR_TODAY = "Park for today"
NO_SPECIAL_REASON = "no special reason"
THE_RULE_SAID = "The rule said {kind}: {reasons}."
FAMILY_UNKNOWN_HERE = "I do not know that family in this unit."
ON_IT_ALREADY = "That family is on the agenda already."
NEXT = " Next: {name}."
MOVED_ON = "The meeting has moved on"
NOW_TALKING_ABOUT = "Now: {name}, {kind} discussion.{after}"
EXTRA_MEETING = "Extra meeting"
MEETING = "Meeting"
BOARD_OF = "{name}: the meeting's board"
HERE = "Here"
APOLOGIES = "Apologies"
ON_LEAVE = "On leave"
FACILITATES = "Facilitates"
TAKES_NOTES = "Takes notes"
TIME_USED = (
    "Started {at:%H:%M}, {ago} ago. Discussions have used {used}. "
    "The plan is {planned} minutes with opening, break and close; the meeting has {length}."
)
NOW = "Now"
TO_COME = "To come"
OVER = "Done, parked or not reached"
EMPTY = "No families are on the agenda. Add one with “Change the agenda”."
BUT_THE_RULE_SAID = " [the rule said {kind}]"
CLOSE_THE_MEETING = "Close the meeting"
START = "Start {name}"
START_ANOTHER_FAMILY = "Start another family"
IMMEDIATE_CONCERN = "Immediate concern"
WHO_IS_HERE_WHO_LEADS = "Who is here, who leads"
SHOW_THE_TIME = "Show the time"
HIDE_THE_TIME = "Hide the time"
ONE_MINUTE_QUALITY_CHECK = "One-minute quality check"
NOT_REACHED = "Not discussed today: {names}. They come first at the next meeting."
ALL_DISCUSSED = "Every family on the agenda has been discussed."
CLOSE_THE_MEETING_NOW = "Close the meeting now"
A_MINUTE = "The quality check takes a minute. It is the unit's own and never about one person."
QUALITY_CHECK_FIRST = "Quality check first"
CLOSE_IT = "Close the meeting?"
QUALITY_CHECK = "Quality check of this meeting"
QUALITY_CHECK_IS_FOR = "For the unit's own learning. It is not about any one person and is not reported upwards."
QUALITY_CHECK_SAVED = "The quality check is saved"


def not_talked_about(items: Sequence[str]) -> str:
    """What is on the agenda beside the families and goes on the next one."""
    return f"Not talked about yet: {'; '.join(items)}. It goes on the next agenda."


def asked_words(who: str, why: str) -> str:
    """Who asked for a family, and why: "Devan asked: the court letter came"."""
    return f"{who} asked: {why}" if why else f"{who} asked"


def reason(found: Mapping[str, Any]) -> str:
    """Why a family is on the agenda; a reason no longer known is told in general words."""
    code = str(found.get("code", ""))
    if code in PLAIN:
        return PLAIN[code]
    if code in ("date_soon", "date_missed"):
        return _date(code, str(found.get("name", "")), found.get("days"))
    if code == "moves_away":
        days = int(found.get("days") or 0)
        when = f"in {_count(days, 'day')}" if days else "today"
        return f"goes to another unit {when}: handover"
    if code == "child_not_seen":
        return f"a child last seen {_count(found.get('days'), 'day')} ago"
    if code == "stuck":
        return f"an action carried over {times(found.get('count'))}"
    if code == "long_plan":
        return f"a child protection plan for {_count(found.get('months'), 'month')}"
    if code == "no_full":
        return f"no full discussion for {_count(found.get('weeks'), 'week')}"
    if code == "drifting":
        return f"drifting: nothing has moved for {_count(found.get('weeks'), 'week')} (no visit, no finished action)"
    if code == "not_discussed":
        return f"not discussed for {_count(found.get('weeks'), 'week')}"
    return "a reason to look"


def on_paper(found: Mapping[str, Any], day: date) -> str:
    """The same for a paper of `day`, which is read later too: days by their dates."""
    code, days = str(found.get("code", "")), found.get("days")
    if not isinstance(days, int):
        return reason(found)
    what = DATES.get(str(found.get("name", "")), "date")
    if code == "date_soon":
        return f"{what} on {day_words.in_full(day + timedelta(days=days))}"
    if code == "moves_away":
        return f"goes to another unit on {day_words.in_full(day + timedelta(days=days))}: handover"
    if code == "date_missed":
        return f"{what} was due on {day_words.in_full(day - timedelta(days=days))}"
    if code == "child_not_seen":
        return f"a child last seen on {day_words.in_full(day - timedelta(days=days))}"
    return reason(found)


def _date(code: str, name: str, days: Any) -> str:
    what = DATES.get(name, name.replace("_", " ") or "date")
    if code == "date_missed":
        return f"{what} overdue" if days is None else f"{what} overdue by {_count(days, 'day')}"
    if days == 0:
        return f"{what} today"
    return f"{what} tomorrow" if days == 1 else f"{what} in {_count(days, 'day')}"


def _count(number: Any, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def times(count: Any) -> str:
    """How often."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def proposal(hold_light: int, extra: int) -> str:
    """What could be done about an agenda that is too long; "" when it fits."""
    light = f"make {_families(hold_light)} light"
    later = f"leave {_families(extra)} for another day"
    if hold_light and extra:
        return f"You could {light}, and {later}."
    if hold_light or extra:
        return f"You could {light if hold_light else later}."
    return ""


def _families(number: int) -> str:
    return "one family" if number == 1 else f"{number} families"
