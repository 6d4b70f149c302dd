"""Who has looked at a family: for the unit's lead, the deputy and managers."""

from __future__ import annotations

from datetime import timedelta

from handlers import reach
from handlers.routes import button
from handlers.turn import Answer, Note, Refused, Turn
from prompts_and_forms.card import Bullets, Heading, card, say
from prompts_and_forms.states import MemberStatus
from prompts_and_forms.unit import looked_wording as wording
from storage.database import looked
from storage.database.looked import Looked
from storage.database.tables import Membership, Unit
from storage.family import families
from storage.unit import people

BACK = timedelta(days=365)
MOST = 40


def may_ask(unit: Unit | None, membership: Membership | None) -> bool:
    """Lead, deputy and managers."""
    if unit is None or membership is None or membership.status == MemberStatus.LEFT:
        return False
    return membership.unit_lead or unit.deputy_id == membership.person_id or people.is_manager(membership)


def may_close(unit: Unit | None, membership: Membership | None) -> bool:
    """Who decides who may see a family: the lead and managers."""
    return unit is not None and membership is not None and (membership.unit_lead or people.is_manager(membership))


@button("family.looked", opens=True)
def show(turn: Turn) -> Answer:
    """Everybody who read or changed something of the family within a year, the latest first."""
    family = reach.family(turn, turn.event.args.get("family"))
    if not may_ask(turn.unit, turn.membership):
        raise Refused(wording.NOT_FOR_YOU)
    reach.note_read(turn, family)
    found = looked.who_looked(turn.session, family.id, turn.now - BACK)
    lines = tuple((_line(turn, one),) for one in found[:MOST])
    label = families.label(turn.session, family, turn.unit)
    blocks = [Heading(text=wording.heading(label)), Bullets(items=lines)] if lines else [say(wording.NOBODY)]
    more = [say(wording.more(len(found) - MOST))] if len(found) > MOST else []
    return Note(card(wording.NOTICE, *blocks, *more, say(wording.SINCE)))


def _line(turn: Turn, one: Looked) -> str:
    who = people.name_of(turn.session, one.person_id) if one.person_id else wording.THE_BOT
    first, last = (at.astimezone(turn.zone()) for at in (one.first_at, one.last_at))
    return wording.line(who, first, last, one.times)
