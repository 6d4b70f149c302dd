"""A message drawn from the record as it is now, as its readers may see it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from handlers import render, routes, shown
from prompts_and_forms.card import Card
from storage.database.looking import look_on
from storage.family import access
from storage.messages.delivery import Claimed
from storage.messages.posts import key_at


def drawn(session: Session, claimed: Claimed, key: str, now: datetime) -> tuple[Card | None, frozenset[str]]:
    """The card for one person or a whole channel, and the families it shows something of."""
    routes.load()
    if claimed.chat_user:
        access.who(session, claimed.chat_user)
    else:
        lies = claimed.parent or claimed.post
        access.hide_from(session, None, lies.channel if lies else claimed.channel)
    look_on(session)
    found = render.render(session, key, now)
    return found, shown.families_in(session, found)


def lying_at(session: Session, channel: str, ts: str, chat_user: str, now: datetime) -> tuple[str, Card | None]:
    """The key of the message that lies there, and how it looks now. `chat_user`: whose chat it is, "" for a channel.

    No card for what is only a part of a longer message.
    """
    routes.load()
    key = key_at(session, channel, ts) or ""
    if not key or "#" in key:
        return key, None
    if chat_user:
        access.who(session, chat_user)
    else:
        access.hide_from(session, None, channel)
    look_on(session)
    return key, render.render(session, key, now)
