"""A list of families sent to the bot in a direct message: a preview, and one press that brings it in."""

from __future__ import annotations

from datetime import timedelta

from handlers.family import other_unit
from handlers.routes import button, message, tick
from handlers.turn import Answer, Attached, Note, Nothing, Refused, Turn
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Choice, Menu, card, say, small
from prompts_and_forms.imports import chat_wording as wording
from prompts_and_forms.imports import sheet
from prompts_and_forms.imports import wording as import_wording
from prompts_and_forms.imports.families import gather
from prompts_and_forms.imports.sheet import NotASheet
from prompts_and_forms.states import DraftState
from storage.database.bodies import EntryBody
from storage.database.tables import Unit
from storage.database.tables_machinery import Draft
from storage.database.vault import Scope, seal, unseal
from storage.imports import waiting
from storage.imports.reconcile import Importing, Outcome
from storage.unit import people

MOST_FAMILIES = 100
"""Families one message brings in: everybody else's words wait meanwhile. A unit has fewer."""
KEPT_FOR = timedelta(days=1)


@message("list")
def received(turn: Turn) -> Answer:
    """Reads a list and says what it would change; whoever looks after a unit may send one."""
    found = turn.event.attached
    if found is None:
        return Nothing()
    try:
        return Note(_read(turn, found))
    except (Refused, NotASheet) as no:
        return Note(card(wording.NOT_TAKEN, say(no.sentence)))


def _read(turn: Turn, found: Attached) -> Card:
    mine = people.units_of(turn.session, turn.actor().id)
    arranged = [unit for membership, unit in mine if people.may_arrange(unit, membership)]
    if not arranged:
        raise Refused(wording.NOT_YOURS)
    if found.too_large:
        raise Refused(import_wording.TOO_LARGE.format(most=sheet.MOST_MB))
    if found.content is None:
        raise Refused(wording.NOT_FETCHED)
    text = sheet.text_of(found.content)
    sheet.read(text)
    draft = Draft(person_id=turn.actor().id, form=waiting.FORM, made_at=turn.now, saved_at=turn.now)
    waiting.put_away(turn.session, waiting.of_person(turn.session, draft.person_id))
    seal(turn.session, draft, EntryBody(answers={"text": text}), Scope.person(draft.person_id))
    turn.session.add(draft)
    turn.session.flush()
    if len(arranged) == 1:
        return _preview(turn, draft, arranged[0])
    choices = tuple(Choice(value=unit.id, label=unit.name) for unit in arranged)
    menu = Menu(action="import.unit", label=wording.CHOOSE_UNIT, choices=choices, args={"draft": draft.id})
    return card(wording.WHICH_UNIT, say(wording.WHICH_UNIT), Buttons(items=(menu,)))


@button("import.unit", opens=True)
def choose_unit(turn: Turn) -> Answer:
    """The list as it would come into the unit that was chosen."""
    draft = _waiting(turn)
    return Note(_preview(turn, draft, _arranged(turn, turn.event.args.get("chosen", ""))))


@button("import.do", opens=True)
def bring_in(turn: Turn) -> Answer:
    """The list as it is now beside the unit as it is now: what changed since the preview is seen again."""
    draft = _waiting(turn)
    unit = _arranged(turn, draft.unit_id or "")
    read = sheet.read(str(unseal(turn.session, draft, EntryBody).answers["text"]))
    done = _run(turn, unit, read, write=True)
    waiting.put_away(turn.session, [draft])
    blocks: list[Block] = [say(wording.done_words(unit.name, done.summary())), *_refused(done)]
    return Note(card(wording.DONE, *blocks, small(wording.DELETE_FILE)))


@button("import.drop", opens=True)
def leave_it(turn: Turn) -> Answer:
    """Throws a list away before anything of it was brought in."""
    waiting.put_away(turn.session, [_waiting(turn)])
    return Note(card(wording.LEFT, say(wording.LEFT), small(wording.DELETE_FILE)))


@tick("lists nobody brought in", every_minutes=60)
def forget(turn: Turn) -> Answer:
    """Throws away lists nobody has brought in for too long."""
    waiting.put_away(turn.session, waiting.before(turn.session, turn.now - KEPT_FOR))
    return Nothing()


def _waiting(turn: Turn) -> Draft:
    """The list a button belongs to; raises Refused once it is done with, or for somebody else."""
    draft = turn.session.get(Draft, turn.event.args.get("draft", ""))
    mine = draft is not None and draft.form == waiting.FORM and draft.person_id == turn.actor().id
    if draft is None or not mine or draft.state == DraftState.DONE:
        raise Refused(wording.NO_LONGER_THERE)
    return draft


def _arranged(turn: Turn, unit_id: str) -> Unit:
    unit = turn.session.get(Unit, unit_id)
    membership = people.belongs(turn.session, unit_id, turn.actor().id)
    if unit is None or not people.may_arrange(unit, membership):
        raise Refused(wording.NOT_YOURS)
    return unit


def _run(turn: Turn, unit: Unit, read: sheet.Sheet, *, write: bool) -> Outcome:
    today = turn.today(unit)
    importing = Importing(turn.session, unit, turn.now, today, person_id=turn.actor().id, write=write)
    return importing.run(*gather(read, today))


def _preview(turn: Turn, draft: Draft, unit: Unit) -> Card:
    read = sheet.read(str(unseal(turn.session, draft, EntryBody).answers["text"]))
    said, faults = gather(read, turn.today(unit))
    if len(said) > MOST_FAMILIES:
        found = Outcome()
        found.refuse(faults)
        waiting.put_away(turn.session, [draft])
        return card(wording.NOT_TAKEN, say(wording.too_many(len(said), MOST_FAMILIES)), *_refused(found))
    draft.unit_id = unit.id
    turn.session.add(draft)
    found = _run(turn, unit, read, write=False)
    blocks: list[Block] = [say(wording.preview_words(unit.name, found.summary()))]
    changes = [import_wording.changed(ref, what) for ref, what in found.changed]
    blocks += [*_listed(wording.CHANGES, changes, import_wording.SUMMARY_LINES), *_refused(found)]
    if other_unit.ask_to_talk(turn, unit, found.elsewhere):
        blocks.append(say(wording.ASKED_TO_TALK))
    if read.not_read:
        blocks.append(say(import_wording.not_read(read.not_read)))
    count = len(found.new) + len(found.changed)
    if not count:
        waiting.put_away(turn.session, [draft])
        return card(wording.PREVIEW, *blocks, say(wording.NOTHING_TO_DO), small(wording.DELETE_FILE))
    args = {"draft": draft.id}
    do = Button(action="import.do", label=wording.bring_in_label(count), args=args, style="primary")
    drop = Button(action="import.drop", label=wording.LEAVE, args=args)
    return card(wording.PREVIEW, *blocks, Buttons(items=(do, drop)), small(wording.NOTHING_YET))


def _refused(found: Outcome) -> list[Block]:
    return _listed(wording.REFUSED, [str(fault) for fault in found.refused], import_wording.MOST_FAULTS)


def _listed(title: str, lines: list[str], most: int) -> list[Block]:
    if not lines:
        return []
    shown = [*lines[:most], *([import_wording.more(len(lines) - most)] if len(lines) > most else [])]
    return [Bullets(title=title, items=tuple((line,) for line in shown))]
