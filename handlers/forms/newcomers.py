"""Who is in a channel while a unit is set up there: as its form was opened, and as the platform says now."""

from __future__ import annotations

import json
from dataclasses import asdict

from handlers.turn import ChannelMember, Turn
from prompts_and_forms.card import Choice
from storage.database.tables_machinery import Draft

FORM = "unit"
LISTED = 45
"""People the form lists: a window on Slack takes 100 blocks."""
MEMBERS = "members"
"""Where the draft of a unit has the people its form lists."""


def choices(turn: Turn) -> tuple[Choice, ...]:
    """The people a unit's form lists, by chat account."""
    draft = turn.session.get(Draft, turn.event.args.get("draft", ""))
    found = everybody(turn)[:LISTED] if draft is None else listed(draft)
    return tuple(Choice(value=one.chat_user, label=label(one)) for one in found)


def everybody(turn: Turn) -> tuple[ChannelMember, ...]:
    """The people in the channel now: first whoever is setting up, then by name."""
    channel, me = turn.event.facts.people, turn.event.chat_user
    found = [one for one in channel.members if not one.app] if channel else []
    return tuple(sorted(found, key=lambda one: (one.chat_user != me, one.name.casefold())))


def label(member: ChannelMember) -> str:
    """A name with the job title beside it, where there is one."""
    return f"{member.name} ({member.title})" if member.title else member.name


def as_text(members: tuple[ChannelMember, ...]) -> str:
    """People as the draft of a unit has them."""
    return json.dumps([asdict(one) for one in members])


def listed(draft: Draft) -> tuple[ChannelMember, ...]:
    """The people a unit's form was opened with."""
    return tuple(ChannelMember(**one) for one in json.loads(draft.args.get(MEMBERS, "[]")))
