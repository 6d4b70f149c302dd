"""A message the platform will never take: whoever asked for it hears, and the lead or who stands in for them."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from handlers.render import Rendering, renders
from prompts_and_forms.card import Card, card, say
from prompts_and_forms.states import OutboxState
from prompts_and_forms.unit import wording as unit_wording
from storage.database.tables import Unit
from storage.database.tables_machinery import OutboxMessage
from storage.messages import outbox
from storage.messages.delivery import Claimed
from storage.unit import people, units

NOTICE = "not_posted:"
"""Before the key of such a notice: one that cannot be posted itself is not told of again."""
UNSEEN = ("note", "pin", "unpin", "again", "copies")
"""Kinds of message nobody misses: the platform may drop a note, and what is not pinned is there all the same."""


def tell(session: Session, claimed: Claimed, now: datetime) -> None:
    """Asks for the notices, in the transaction in which the message is given up."""
    if claimed.key.startswith(NOTICE) or claimed.how in UNSEEN:
        return
    channel = claimed.parent.channel if claimed.parent else claimed.channel
    unit = units.by_channel(session, channel) if channel else None
    hearers = _hearers(session, claimed, unit, now)
    if claimed.how != "file":
        hearers.discard(claimed.chat_user)
    for chat_user in sorted(hearers):
        outbox.say(session, f"{NOTICE}{claimed.id}/to:{chat_user}", now=now, chat_user=chat_user)


def _hearers(session: Session, claimed: Claimed, unit: Unit | None, now: datetime) -> set[str]:
    """Chat users: who asked, and for a message in a unit's channel the lead or who stands in."""
    found = {claimed.asked_by} if claimed.asked_by else set()
    if unit is not None:
        who = people.who_hears(session, unit, now.astimezone(units.zone(unit)).date())
        found |= {who.chat_user} if who else set()
    return found


@renders("not_posted:{message_id}/to:{chat_user}")
def draw(view: Rendering, message_id: str, chat_user: str) -> Card | None:
    """No longer wanted once the message has been posted after all."""
    row = view.session.get(OutboxMessage, message_id)
    if row is None or row.state != OutboxState.FAILED:
        return None
    unit = units.by_channel(view.session, row.channel) if row.channel else None
    other = people.by_chat_user(view.session, row.chat_user) if row.chat_user != chat_user else None
    sentence = unit_wording.not_posted(unit.name if unit else "", other.name if other else "", row.how == "file")
    return card(unit_wording.NOT_POSTED, say(sentence), say(unit_wording.NOT_POSTED_WAYS.format(code=row.error)))
