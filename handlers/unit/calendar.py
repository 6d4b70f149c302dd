"""/unit calendar: a person's own calendar as a file, and a private address that can be withdrawn."""

from __future__ import annotations

from handlers import documents
from handlers.routes import button
from handlers.turn import Answer, Note, Refused, Turn
from prompts_and_forms.card import Block, Button, Buttons, Card, Quote, card, say, small
from prompts_and_forms.days import day_words
from prompts_and_forms.unit import calendar_wording as wording
from prompts_and_forms.unit import feed_address
from storage.unit import calendar


def calendar_card(turn: Turn, *first: Block) -> Card:
    """What is in it, and how it comes into somebody's own calendar."""
    args = {"unit": turn.here().id}
    blocks: list[Block] = [*first] if first else [say(wording.WHAT)]
    items = [Button(action="calendar.file", label=wording.AS_FILE, args=args)]
    there = calendar.feed_of(turn.session, turn.actor().id)
    if not feed_address.is_known():
        blocks.append(small(wording.NO_ADDRESS))
    else:
        label = wording.AGAIN if there else wording.MAKE
        items.append(Button(action="calendar.make", label=label, args=args))
    if there is not None:
        since = there.made_at.astimezone(turn.zone()).date()
        if not first:
            blocks.append(say(wording.THERE_IS_ONE.format(day=day_words.in_full(since))))
        items.append(Button(action="calendar.withdraw", label=wording.WITHDRAW, args=args))
    return card(wording.NOTICE, *blocks, Buttons(items=tuple(items)))


@button("calendar.file", opens=True)
def as_file(turn: Turn) -> Answer:
    """The calendar as it is now, in the person's direct messages."""
    return documents.send_calendar(turn)


@button("calendar.make", opens=True)
def make(turn: Turn) -> Answer:
    """A new private address, shown this once."""
    turn.here()
    if not feed_address.is_known():
        raise Refused(wording.NO_ADDRESS)
    token = calendar.make_feed(turn.session, turn.actor().id, turn.now)
    return Note(calendar_card(turn, say(wording.MADE), Quote(text=feed_address.of(token)), small(wording.HOW)))


@button("calendar.withdraw", opens=True)
def withdraw(turn: Turn) -> Answer:
    """The address is worth nothing from now on."""
    turn.here()
    if not calendar.withdraw_feed(turn.session, turn.actor().id, turn.now):
        raise Refused(wording.NONE_THERE)
    return Note(card(wording.NOTICE, say(wording.WITHDRAWN)))
