"""Forms that were begun and never sent, and copies in chat: lead and managers see what is due, a manager confirms."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers.family.looked import may_close
from handlers.forms.asking import ask, submits
from handlers.render import Rendering, renders
from handlers.retention.page import must_manage
from handlers.routes import button
from handlers.turn import Answer, Done, Note, Refused, Turn
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Heading, card, say, small
from prompts_and_forms.forms import wording as forms_wording
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.retention import rules as retention
from prompts_and_forms.retention import wording
from prompts_and_forms.retention.rules import Retention, RetentionFault
from storage.database.tables import Unit
from storage.database.tables_machinery import Draft
from storage.family import families
from storage.forms import drafts
from storage.retention import clearing, due, holds
from storage.retention.clearing import Lying
from storage.unit import people

MOST = 40
"""Of one list: what somebody confirms is what they have seen."""
SEEN = "seen"


def summary(turn: Turn, unit: Unit, rules: Retention) -> list[Block]:
    """How much of either is due in a unit, with a button for each list."""
    today, args = turn.today(unit), {"unit": unit.id}
    chat = _lying(turn, unit, rules)
    begun = due.due_drafts(turn.session, rules, today, unit.id)
    blocks: list[Block] = []
    if any(one.posts for one in chat):
        press = Button(action="stays.chat", label=wording.CHAT_BUTTON, args=args)
        blocks += [say(wording.chat_due(sum(bool(one.posts) for one in chat))), Buttons(items=(press,))]
    if begun:
        press = Button(action="stays.drafts", label=wording.DRAFTS_BUTTON, args=args)
        blocks += [say(wording.drafts_due(len(begun))), Buttons(items=(press,))]
    return blocks


# ---- forms that were begun


@button("stays.drafts", opens=True)
def show_drafts(turn: Turn) -> Answer:
    """The forms that are due: who began which, and when it may go; no word of what is in them."""
    return Note(_drafts_card(turn))


def _drafts_card(turn: Turn, *first: Block) -> Card:
    unit = _unit(turn)
    found = due.due_drafts(turn.session, _rules(), turn.today(unit), unit.id)
    if not found:
        return card(wording.DRAFTS_NOTICE, *first, say(wording.NO_DRAFTS_DUE))
    shown, args = found[:MOST], {"unit": unit.id}
    lines = tuple((_draft_line(turn, one),) for one in shown)
    blocks: list[Block] = [Heading(text=wording.DRAFTS_HEADING), Bullets(items=lines)]
    if len(found) > MOST:
        blocks.append(small(wording.next_ones(len(found) - MOST)))
    buttons = []
    if any(clearing.goes_from(turn.session, one) is None for one in shown):
        buttons.append(Button(action="stays.tell", label=wording.TELL, args=args))
    if _may_go(turn, shown):
        buttons.append(Button(action="stays.drafts_go", label=wording.DRAFTS_GO, args=args, style="danger"))
    if buttons and turn.membership is not None and people.is_manager(turn.membership):
        blocks.append(Buttons(items=tuple(buttons)))
    return card(wording.DRAFTS_NOTICE, *first, *blocks, say(wording.DRAFTS_HOW))


def _draft_line(turn: Turn, draft: Draft) -> str:
    what = wording.PRIVATE_FORM
    if draft.form not in drafts.PRIVATE_FORMS:
        label = families.label_of(turn.session, draft.family_id) if draft.family_id else ""
        what = ": ".join(part for part in (label, load_form(draft.form).title) if part)
    who = people.name_of(turn.session, draft.person_id)
    saved = draft.saved_at.astimezone(turn.zone()).date()
    return wording.draft_line(who, what, saved, _goes(turn, draft))


def _goes(turn: Turn, draft: Draft) -> date | None:
    day = clearing.goes_from(turn.session, draft)
    return date.min if day is not None and day <= turn.today() else day


def _may_go(turn: Turn, found: list[Draft]) -> list[Draft]:
    return [one for one in found if _goes(turn, one) == date.min]


@button("stays.tell", opens=True)
def tell(turn: Turn) -> Answer:
    """Everybody who began one of the listed forms hears that it may go, and from when."""
    unit = _unit(turn)
    must_manage(turn)
    found = due.due_drafts(turn.session, _rules(), turn.today(unit), unit.id)[:MOST]
    said = clearing.tell(turn.session, found, today=turn.today(unit), now=turn.now)
    return Note(_drafts_card(turn, say(wording.told(said) if said else wording.NONE_TO_TELL)))


@renders("person:{person_id}/old_forms:{day}")
def old_forms(view: Rendering, person_id: str, day: str) -> Card | None:
    """The forms somebody began that may go, to open or to put away; nothing once none of them is left as it was."""
    found = clearing.told_on(view.session, person_id, day)
    if not found:
        return None
    blocks: list[Block] = [
        say(wording.old_forms(date.fromisoformat(day) + clearing.WAITS)),
        say(wording.OLD_FORMS_STAY),
    ]
    for draft in found[:MOST]:
        label = families.label_of(view.session, draft.family_id) if draft.family_id else ""
        title = ": ".join(part for part in (label, load_form(draft.form).title) if part)
        args = {"draft": draft.id}
        items = (
            Button(action="form.resume", label=forms_wording.GO_ON_WRITING, args=args, about=title),
            Button(action="form.discard", label=forms_wording.PUT_AWAY, args=args, about=title),
        )
        blocks += [say(title), Buttons(items=items)]
    return card(wording.OLD_FORMS_NOTICE, *blocks)


@button("stays.drafts_go", opens=True)
def ask_remove(turn: Turn) -> Answer:
    """Asks once more, for those of the list that may go."""
    unit = _unit(turn)
    must_manage(turn)
    found = _may_go(turn, due.due_drafts(turn.session, _rules(), turn.today(unit), unit.id)[:MOST])
    if not found:
        raise Refused(wording.NO_DRAFTS_DUE)
    intro = Bullets(items=tuple((_draft_line(turn, one),) for one in found))
    return ask(turn, "remove_drafts", unit_id=unit.id, args={SEEN: _ids(found)}, intro=(intro,))


@submits("remove_drafts")
def remove(turn: Turn, draft: Draft, _answers: dict[str, Any]) -> Answer:
    """Removes those that were seen and still may go: what was written on or is held meanwhile stays."""
    holds.one_at_a_time(turn.session)
    unit, seen = _unit(turn, draft), _seen(draft)
    must_manage(turn)
    found = _may_go(turn, due.due_drafts(turn.session, _rules(), turn.today(unit), unit.id))
    going = [one for one in found if one.id in seen]
    for one in going:
        clearing.remove(turn.session, one, by_id=turn.actor().id, now=turn.now)
    return Done(_drafts_card(turn, say(wording.removed(len(going), len(seen) - len(going)))))


# ---- chat


@button("stays.chat", opens=True)
def show_chat(turn: Turn) -> Answer:
    """The discussions whose posts may go from the chat, and how many there are."""
    return Note(_chat_card(turn))


def _chat_card(turn: Turn, *first: Block) -> Card:
    unit = _unit(turn)
    lie = _lying(turn, unit, _rules())
    found, typed = [one for one in lie if one.posts], sum(len(one.typed) for one in lie)
    blocks: list[Block] = list(first)
    if found:
        lines = tuple((_chat_line(turn, one),) for one in found[:MOST])
        blocks += [Heading(text=wording.CHAT_HEADING), Bullets(items=lines)]
        if len(found) > MOST:
            blocks.append(small(wording.next_ones(len(found) - MOST)))
        if turn.membership is not None and people.is_manager(turn.membership):
            go = Button(action="stays.chat_go", label=wording.CHAT_GO, args={"unit": unit.id}, style="danger")
            blocks.append(Buttons(items=(go,)))
        blocks.append(say(wording.CHAT_HOW))
    elif not first:
        blocks.append(say(wording.NO_CHAT_DUE))
    if typed:
        blocks.append(say(wording.typed_in_chat(typed)))
    return card(wording.CHAT_NOTICE, *blocks)


def _chat_line(turn: Turn, one: Lying) -> str:
    label = families.label_of(turn.session, one.discussion.family_id)
    day = one.discussion.started_at.astimezone(turn.zone()).date()
    return wording.lies_line(label, day, len(one.posts), len(one.typed))


@button("stays.chat_go", opens=True)
def ask_clear(turn: Turn) -> Answer:
    """Asks once more, for the discussions that are listed."""
    unit = _unit(turn)
    must_manage(turn)
    found = [one for one in _lying(turn, unit, _rules()) if one.posts][:MOST]
    if not found:
        raise Refused(wording.NO_CHAT_DUE)
    intro = Bullets(items=tuple((_chat_line(turn, one),) for one in found))
    args = {SEEN: _ids([one.discussion for one in found])}
    return ask(turn, "clear_chat", unit_id=unit.id, args=args, intro=(intro,))


@submits("clear_chat")
def clear(turn: Turn, draft: Draft, _answers: dict[str, Any]) -> Answer:
    """Takes the bot's posts of those discussions out of the chat; the record stays as it is."""
    holds.one_at_a_time(turn.session)
    unit, seen = _unit(turn, draft), _seen(draft)
    must_manage(turn)
    gone = 0
    for one in _lying(turn, unit, _rules()):
        if one.discussion.id in seen and one.posts:
            gone += clearing.clear(turn.session, one, by_id=turn.actor().id, now=turn.now)
    return Done(_chat_card(turn, say(wording.clearing(gone))))


# ---- both


def _lying(turn: Turn, unit: Unit, rules: Retention) -> list[Lying]:
    found = due.due_chat(turn.session, rules, turn.today(unit), unit.id)
    return clearing.lying(turn.session, found) if found else []


def _unit(turn: Turn, draft: Draft | None = None) -> Unit:
    unit = turn.here()
    if not may_close(unit, turn.membership) or (draft is not None and draft.unit_id != unit.id):
        raise Refused(wording.NOT_FOR_YOU)
    return unit


def _rules() -> Retention:
    try:
        return retention.rules()
    except RetentionFault as fault:
        raise Refused(fault.sentence) from fault


def _ids(rows: list[Any]) -> str:
    return " ".join(one.id for one in rows)


def _seen(draft: Draft) -> frozenset[str]:
    return frozenset(draft.args.get(SEEN, "").split())
