"""Who comes into and goes out of a unit's channel, and when others could read it."""

from __future__ import annotations

from handlers.render import Rendering, renders
from handlers.routes import is_inside, on
from handlers.turn import Answer, EventKind, Nothing, Turn
from prompts_and_forms.card import Card, Mention, Span, card, say
from prompts_and_forms.unit import wording as unit_wording
from storage.database.tables import Unit
from storage.messages import outbox, posts
from storage.unit import people, units
from storage.unit.people import whom_to_tell


@on(EventKind.JOINED)
def joined(turn: Turn) -> Answer:
    """Somebody who is not in the unit has come into its channel: those who look after the unit are told."""
    unit = turn.unit
    if unit is None or is_inside(turn.membership):
        return Nothing()
    tell(turn, unit, f"joined:{turn.event.chat_user}")
    return Nothing()


@on(EventKind.LEFT)
def left(turn: Turn) -> Answer:
    """Somebody of the unit has left its channel. Whether they left the unit too is for people to say."""
    unit, membership = turn.unit, turn.membership
    if unit is None or membership is None or not is_inside(membership) or membership.linked:
        return Nothing()
    if people.is_on_leave(membership, turn.today()):
        return Nothing()
    tell(turn, unit, f"left:{turn.event.chat_user}")
    return Nothing()


@on(EventKind.SHARED)
def shared(turn: Turn) -> Answer:
    """The unit's channel can now be read by another organisation."""
    if turn.unit is not None:
        tell(turn, turn.unit, "shared:now")
    return Nothing()


@on(EventKind.MOVED)
def moved(turn: Turn) -> Answer:
    """The platform gave the unit's channel another id: the unit, its messages and what was said go with it."""
    old, new = turn.event.args.get("old_channel", ""), turn.event.channel
    unit = units.by_channel(turn.session, old)
    if unit is None or not new or units.by_channel(turn.session, new) is not None:
        return Nothing()
    unit.channel = new
    turn.session.add(unit)
    turn.session.flush()
    posts.follow_channel(turn.session, old, new)
    return Nothing()


def tell(turn: Turn, unit: Unit, what: str) -> None:
    """A direct message to coordinators and lead, once for each event."""
    event_id = turn.event.id.replace("/", "-")
    for person in whom_to_tell(turn.session, unit, turn.today(unit)):
        key = f"unit:{unit.id}/{what}/{event_id}/to:{person.id}"
        outbox.say(turn.session, key, now=turn.now, chat_user=person.chat_user)


@renders("unit:{unit_id}/joined:{chat_user}/{event_id}/to:{person_id}")
def joined_message(view: Rendering, unit_id: str, chat_user: str, event_id: str, person_id: str) -> Card | None:
    """No longer wanted once the newcomer is in the unit, or the reader is not."""
    unit = _unit_for(view, unit_id, person_id)
    newcomer = people.by_chat_user(view.session, chat_user)
    if unit is None or (newcomer and people.belongs(view.session, unit_id, newcomer.id)):
        return None
    who = Mention(chat_user=chat_user, name=newcomer.name if newcomer and newcomer.name else unit_wording.SOMEBODY_NEW)
    return card(unit_wording.NEW_IN_CHANNEL_NOTICE, say(*_with(unit_wording.JOINED_STRANGER, unit, who)))


@renders("unit:{unit_id}/left:{chat_user}/{event_id}/to:{person_id}")
def left_message(view: Rendering, unit_id: str, chat_user: str, event_id: str, person_id: str) -> Card | None:
    """Tells one person that a member has left the channel but not the unit."""
    unit = _unit_for(view, unit_id, person_id)
    gone = people.by_chat_user(view.session, chat_user)
    if unit is None or gone is None or people.belongs(view.session, unit_id, gone.id) is None:
        return None
    return card(unit_wording.LEFT_CHANNEL_NOTICE, say(*_with(unit_wording.LEFT_CHANNEL, unit, gone.name)))


@renders("unit:{unit_id}/shared:{when}/{event_id}/to:{person_id}")
def shared_message(view: Rendering, unit_id: str, when: str, event_id: str, person_id: str) -> Card | None:
    """Tells one person that the unit's channel is now shared with people from elsewhere."""
    unit = _unit_for(view, unit_id, person_id)
    if unit is None:
        return None
    return card(unit_wording.CHANNEL_SHARED_NOTICE, say(*_with(unit_wording.SHARED_NOW, unit, "")))


def _unit_for(view: Rendering, unit_id: str, person_id: str) -> Unit | None:
    """The unit, while its reader still belongs to it."""
    return units.by_id(view.session, unit_id) if people.belongs(view.session, unit_id, person_id) else None


def _with(sentence: str, unit: Unit, who: Span) -> list[Span]:
    """The sentence with the unit's name and, as a span of its own, who it is about."""
    before, mark, after = sentence.partition("{who}")
    spans: list[Span] = [before.format(unit=unit.name)]
    return [*spans, who, after.format(unit=unit.name)] if mark else spans
