"""Sentences of setting a unit up in its channel."""

from __future__ import annotations

from prompts_and_forms.meeting.wording import names_words

FIRST_CONTACT = {"who": "Anybody in danger right now", "how": "999"}
CANNOT_SEE_NOW = "I cannot see who is in this channel just now. Please press “Set up” again in a minute."
PRIVATE_CHANNEL = "Make a private channel for your unit, invite me and your colleagues, and type /unit there."
CANNOT_SEE = (
    f"I cannot see who reads this conversation, so I set no unit up here. {PRIVATE_CHANNEL} If this is that channel "
    "already, type /unit again in a minute."
)
CHOOSE_ROLE = "Please choose a role, or “Not in the unit”."
LEAD_OUTSIDE = "The lead has to be in the unit. Please give them a role, or choose somebody else."
NOBODY_ARRANGES = "Please choose who leads, or make somebody the unit coordinator. Somebody has to look after the unit."
MANY_PEOPLE = (
    "There are {number} people in this channel. The first {shown} are listed here; add the others with /unit add."
)
LEFT_MEANWHILE = "{who} left the channel meanwhile, so I did not add them."
NO_LEAD = "Nobody leads the unit yet. Choose somebody with /unit members, so that decisions can be confirmed."
ONLY_FIRST_CONTACT = "999 is the only contact so far. Please add your duty manager with /unit contacts."
NEXT_FAMILIES = "Next: the families. Add one here, or send me a list as a CSV file in a direct message."
NOT_YOURSELF = "You are not in the unit yourself, so its coordinator or lead takes over from here."
CHANGE_LATER = "/unit changes any of this later. When you meet, type /meeting."


def apps_words(names: list[str]) -> str:
    """That another program reads along, and what to do about it."""
    return (
        f"{names_words(names)} can read along in this channel too. "
        "Please remove it from the channel before your first meeting."
    )


def ready_words(name: str, count: int, day: str, start: str) -> str:
    """What was set up, in one sentence."""
    who = "1 person" if count == 1 else f"{count} people"
    return f"{name} is ready: {who}, every {day} at {start}."


def outside_words(who: str) -> str:
    """Who reads the channel without being in the unit, and what that means."""
    return (
        f"In this channel, but not in the unit: {who}. No meeting opens until they leave the channel or you add them "
        "with /unit add."
    )


# ---- set up

UNIT_READY = "{unit} is ready"
ADD_A_FAMILY = "Add a family"
ALREADY_SET_UP = "A unit meets here"
PEOPLE = "People"
SET_UP_A_MOMENT_AGO = "{unit} was set up in this channel a moment ago."
