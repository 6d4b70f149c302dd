"""A unit gets another lead: who leads from now on hears what waits for a yes, and is asked what was asked before."""

from __future__ import annotations

from handlers.family import transfer_messages
from handlers.render import Rendering, renders
from handlers.turn import Turn
from prompts_and_forms.card import Bullets, Card, card, say
from prompts_and_forms.states import TransferState
from prompts_and_forms.unit import leaving_wording as wording
from storage.database.tables import Membership, Person, Unit
from storage.family import transfers
from storage.meeting import waiting
from storage.messages import outbox
from storage.unit import people, units


def tell(turn: Turn, unit: Unit, membership: Membership, before: Person | None) -> None:
    """One message to somebody who leads now and did not before; requests for families are theirs to answer too."""
    lead = people.by_id(turn.session, membership.person_id)
    if lead is None or (before is not None and before.id == lead.id):
        return
    for move in transfers.of_units(turn.session, unit.id):
        if move.state == TransferState.ASKED and move.to_unit_id == unit.id:
            transfer_messages.ask(turn, move, [lead])
    if lead.id != turn.actor().id:
        outbox.say(turn.session, _key(turn, unit, lead), now=turn.now, chat_user=lead.chat_user)


def _key(turn: Turn, unit: Unit, lead: Person) -> str:
    return f"unit:{unit.id}/lead:{lead.id}/{turn.actor().id}/{turn.now:%Y%m%d%H%M}"


@renders("unit:{unit_id}/lead:{person_id}/{by_id}/{at}")
def draw(view: Rendering, unit_id: str, person_id: str, by_id: str, at: str) -> Card | None:
    """That somebody leads the unit, and what waits for them; nothing once somebody else does."""
    session, unit = view.session, units.by_id(view.session, unit_id)
    lead = people.unit_lead(session, unit_id)
    if unit is None or lead is None or lead.id != person_id:
        return None
    asked = [
        one
        for one in transfers.of_units(session, unit_id)
        if one.state == TransferState.ASKED and one.to_unit_id == unit_id
    ]
    lines = wording.waits(len(waiting.to_confirm(session, unit_id)), len(asked))
    said = wording.leads_now(unit.name, people.name_of(session, by_id))
    return card(wording.LEAD_NOTICE, say(said), Bullets(items=tuple((one,) for one in lines)))
