"""A message drawn from the record as it is now, as its readers may see it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from handlers import render, routes, shown
from prompts_and_forms.card import Card
from storage.database.looking import look_on
from storage.family import access
from storage.messages.delivery import Claimed


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
