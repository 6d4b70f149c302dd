"""The figures as a spreadsheet: of a manager's units, or the totals alone as a head of service may see them."""

from __future__ import annotations

from handlers import documents
from handlers.documents import Asked
from handlers.managers import numbers
from handlers.routes import button
from handlers.turn import Answer, Note, Refused, Turn
from prompts_and_forms.card import card, say
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.managers import wording
from storage.database.audit import audit
from storage.database.tables import Unit
from storage.messages import outbox


@button("figures.sheet", opens=True)
def as_sheet(turn: Turn) -> Answer:
    """Definitions, units, thirteen weeks and lists, of one unit or of all that this person manages."""
    units = [numbers.must_manage(turn)] if turn.unit is not None else [unit for _place, unit in numbers.managed(turn)]
    return _send(turn, "figures", units, "" if turn.unit is None else turn.unit.id)


@button("figures.totals", opens=True)
def as_totals(turn: Turn) -> Answer:
    """The totals of a group manager's units with small numbers hidden, to pass on."""
    managed = numbers.managed(turn)
    if not any("group_manager" in membership.roles for membership, _unit in managed):
        raise Refused(wording.TOTALS_FOR)
    return _send(
        turn, "figures_totals", [unit for membership, unit in managed if "group_manager" in membership.roles], ""
    )


def _send(turn: Turn, what: str, units: list[Unit], row_id: str) -> Answer:
    """Writes down whose figures go out, and asks for the file."""
    person = turn.actor()
    for unit in units:
        audit(turn.session, at=turn.now, what="document", row=unit, person_id=person.id, unit_id=unit.id)
    key = documents.key_of(Asked(what, row_id, "xlsx", units[0].id, person.id))
    outbox.file(turn.session, key, now=turn.now, chat_user=person.chat_user)
    return Note(card(documents_wording.NOTICE, say(documents_wording.ON_ITS_WAY)))
