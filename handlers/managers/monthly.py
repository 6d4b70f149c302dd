"""The managers' spreadsheet of the month: it comes by itself on the first working day, unless somebody wants none."""

from __future__ import annotations

from functools import partial

from handlers import documents
from handlers.documents import Asked
from handlers.managers import numbers, weekly
from handlers.managers.weekly import Places
from handlers.routes import button, by_itself, tick
from handlers.turn import Answer, Note, Nothing, Turn
from prompts_and_forms.card import card, say
from prompts_and_forms.managers import wording
from prompts_and_forms.managers.weekly_rules import sheet_is_due
from storage.database.audit import audit
from storage.database.tables import Person
from storage.messages import outbox
from storage.unit import choices, people

USUAL = "08:30"


@tick("spreadsheets", every_minutes=weekly.EVERY_MINUTES)
def every_month(turn: Turn) -> Answer:
    """Asks for the spreadsheet of everybody whose time has come; who reads which unit is written down first."""
    for person, mine in weekly.managers(turn):
        by_itself(turn, f"spreadsheet for {person.id}", partial(_send, turn, person, mine))
    return Nothing()


def _send(turn: Turn, person: Person, mine: Places) -> None:
    membership, unit = mine[0]
    local, chosen = turn.local_now(unit), choices.of_person(turn.session, person.id)
    at, off, last = (chosen.figures_at, chosen.sheet_off, chosen.sheet_on) if chosen else (USUAL, False, None)
    if off or not sheet_is_due(local, at, last) or people.is_on_leave(membership, local.date()):
        return
    choices.mark_sheet(turn.session, person.id, local.date())
    for _place, own in mine:
        audit(turn.session, at=turn.now, what="document", row=own, person_id=person.id, unit_id=own.id)
    key = documents.key_of(Asked("figures", "", "xlsx", unit.id, person.id))
    outbox.file(turn.session, key, now=turn.now, chat_user=person.chat_user)


@button("figures.sheet_on", opens=True)
def choose_it(turn: Turn) -> Answer:
    """From now on the spreadsheet comes each month."""
    return _choose(turn, comes=True)


@button("figures.sheet_off", opens=True)
def choose_none(turn: Turn) -> Answer:
    """From now on it is made when somebody asks for it, and not by itself."""
    return _choose(turn, comes=False)


def _choose(turn: Turn, *, comes: bool) -> Answer:
    numbers.managed(turn)
    choices.choose_sheet(turn.session, turn.actor().id, comes=comes)
    said = wording.SHEET_COMES if comes else wording.SHEET_COMES_NOT
    return Note(card(wording.AS_A_SPREADSHEET, say(said)))
