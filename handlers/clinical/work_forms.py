"""The forms of a family's clinical work, to read again and to correct: also those of steps long gone."""

from __future__ import annotations

from handlers import reach
from handlers.clinical import signing
from handlers.entries import show
from handlers.reach import note_read
from handlers.routes import button
from handlers.turn import Answer, Note, Refused, Turn
from prompts_and_forms.card import Button, Buttons, Choice, Menu, card, say
from prompts_and_forms.clinical import pathway, work_wording
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.days import day_words
from prompts_and_forms.forms.catalogue import load_form
from storage.clinical import episodes
from storage.database.tables import Entry, Family
from storage.family import families
from storage.unit import people

BESIDE = ("permission_to_share", "disagreement", "ccin_entry", "contract")
MOST = 100
"""Choices of one menu."""


def button_of(family: Family) -> Button:
    """Opens the list of what was written."""
    return Button(action="work.forms", label=clinical_wording.WRITTEN, args={"family": family.id})


def put_right(entry: Entry) -> Button:
    """Opens a form again to correct it."""
    return Button(action="entry.edit", label=clinical_wording.PUT_IT_RIGHT, args={"entry": entry.id})


@button("work.forms", opens=True)
def list_forms(turn: Turn) -> Answer:
    """What was written about the family's clinical work, newest first."""
    family = reach.family(turn, turn.event.args.get("family"))
    note_read(turn, family, "listed")
    forms = {one.form for one in pathway.load().moves.values() if one.form}
    found = episodes.forms_of(turn.session, family.id, {*forms, *BESIDE}, MOST)
    ref = families.body(turn.session, family).ref
    if not found:
        raise Refused(clinical_wording.NOTHING_WRITTEN)
    choices = tuple(Choice(value=one.id, label=_line(turn, one)) for one in found)
    menu = Menu(action="work.form", label=clinical_wording.READ_A_FORM, choices=choices, args={"family": family.id})
    label = families.label(turn.session, family, turn.unit)
    said = say(clinical_wording.forms_written(label, len(found), most=MOST))
    return Note(card(work_wording.CLINICAL_WORK_WITH.format(ref=ref), said, Buttons(items=(menu,))))


def _line(turn: Turn, entry: Entry) -> str:
    day = day_words.in_full(entry.recorded_at.astimezone(turn.zone()).date())
    return f"{day}: {load_form(entry.form).title}, {people.name_of(turn.session, entry.recorded_by_id)}"


@button("work.form", opens=True)
def show_form(turn: Turn) -> Answer:
    """One form as it was saved, with what can be done about it."""
    entry = turn.session.get(Entry, turn.event.args.get("chosen", ""))
    family = reach.family(turn, entry.family_id if entry else None)
    assert entry is not None
    note_read(turn, family, "read_form")
    if load_form(entry.form).signed_by:
        return Note(signing.read_through(turn, entry))
    return Note(show.entry_card(turn.session, entry, turn.today()))
