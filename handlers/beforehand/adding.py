"""Anybody in the unit adds a family, something else or a reason to the next agenda: /meeting add, a message, Home."""

from __future__ import annotations

from typing import Any

from handlers import reach
from handlers.beforehand import agenda_card
from handlers.forms.asking import ask, introduces, submits
from handlers.routes import button, shortcut
from handlers.turn import Answer, Ask, Done, Note, Refused, Turn, Wrong
from prompts_and_forms.card import Block, Button, Buttons, Card, card, say, small
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.meeting import beforehand_wording
from prompts_and_forms.references import normal
from prompts_and_forms.states import FamilyStatus
from prompts_and_forms.typed import tidy
from storage.database.tables import Discussion, Family, Unit
from storage.database.tables_decisions import AgendaWish
from storage.database.tables_machinery import Draft
from storage.family import families
from storage.meeting import agenda_wishes, meetings
from storage.messages import posts
from storage.unit import people, units

FORM = "agenda_wish"


def from_command(turn: Turn, text: str) -> Answer:
    """/meeting add, with a case reference and a reason, with an item, or with nothing yet."""
    unit = turn.here()
    first, _, rest = text.strip().partition(" ")
    family = families.by_ref(turn.session, unit.id, first) if first else None
    if family is None and first and units.fits_pattern(unit, normal(first)):
        raise Refused(decisions_wording.unknown_reference(first))
    return _ask(turn, unit, family, rest if family else text)


@button("next.add", opens=True)
def from_button(turn: Turn) -> Answer:
    """The form with nothing in it yet."""
    return _ask(turn, turn.here(), None, "")


@shortcut("add_to_agenda")
def from_message(turn: Turn) -> Answer:
    """A message goes on the next agenda; in a family's thread it is about that family."""
    event = turn.event
    found = posts.drawn_from(turn.session, event.channel, event.thread or event.ts)
    talk = turn.session.get(Discussion, found.row_id) if found and found.noun == "discussion" else None
    family = reach.family(turn, talk.family_id) if talk is not None else None
    return _ask(turn, turn.here(), family, event.text)


def _ask(turn: Turn, unit: Unit, family: Family | None, typed: str) -> Ask:
    if family is not None and family.status != FamilyStatus.OPEN:
        raise Refused(beforehand_wording.CLOSED.format(ref=families.ref_of(turn.session, family.id)))
    words = tidy(typed)
    cut = len(words) > beforehand_wording.MOST
    mine = _mine(turn, unit, family.id) if family else None
    if not words and mine is not None:
        words = agenda_wishes.words(turn.session, mine)
    answers: dict[str, Any] = {"family": family.id if family else None, "why": words[: beforehand_wording.MOST]}
    intro = (say(beforehand_wording.CUT),) if cut else ()
    return ask(turn, FORM, unit_id=unit.id, answers={k: v for k, v in answers.items() if v}, intro=intro)


def _mine(turn: Turn, unit: Unit, family_id: str) -> AgendaWish | None:
    """What this person asked for about a family already."""
    found = agenda_wishes.by_family(agenda_wishes.live(turn.session, unit.id)).get(family_id, [])
    return next((w for w in found if w.what == agenda_wishes.ADD and w.by_id == turn.actor().id), None)


@introduces(FORM)
def which_meeting(turn: Turn, draft: Draft) -> tuple[Block, ...]:
    """Says which meeting it is for; while one is on, that it is not for today."""
    unit = units.by_id(turn.session, draft.unit_id or "")
    if unit is None:
        return ()
    if meetings.open_meeting(turn.session, unit.id) is not None:
        return (small(beforehand_wording.MEETING_ON),)
    return (small(beforehand_wording.goes_on(agenda_card.next_day(turn, unit))),)


@submits(FORM)
def save(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """One more thing on the next agenda. The same again is not added twice; a new reason replaces one's own."""
    unit = turn.here()
    words, family_id = tidy(str(answers.get("why") or "")), answers.get("family")
    if not words and not family_id:
        return Wrong({"why": beforehand_wording.WHAT_IS_IT})
    if len(words) > beforehand_wording.MOST:
        return Wrong({"why": beforehand_wording.TOO_LONG})
    mine = _mine(turn, unit, family_id) if family_id else _same_item(turn, unit, words)
    if mine is not None and (not words or agenda_wishes.words(turn.session, mine) == words):
        return Done(_said(turn, unit, mine, beforehand_wording.ASKED_ALREADY))
    if mine is not None:
        agenda_wishes.end(turn.session, mine, how="replaced", by_id=turn.actor().id, now=turn.now)
    wish = agenda_wishes.add(
        turn.session, unit_id=unit.id, family_id=family_id, text=words, by_id=turn.actor().id, now=turn.now
    )
    agenda_card.redraw(turn, unit)
    return Done(_said(turn, unit, wish, ""))


def _same_item(turn: Turn, unit: Unit, words: str) -> AgendaWish | None:
    live = agenda_wishes.items(agenda_wishes.live(turn.session, unit.id))
    return next((w for w in live if agenda_wishes.words(turn.session, w).casefold() == words.casefold()), None)


def _said(turn: Turn, unit: Unit, wish: AgendaWish, first: str) -> Card:
    what = families.label_of(turn.session, wish.family_id) if wish.family_id else f"“{_words(turn, wish)}”"
    lines: list[Block] = [say(first or beforehand_wording.added(what, agenda_card.next_day(turn, unit)))]
    if wish.family_id:
        asked = agenda_wishes.by_family(agenda_wishes.live(turn.session, unit.id)).get(wish.family_id, [])
        also = [w.by_id for w in asked if w.what == agenda_wishes.ADD and w.by_id != wish.by_id]
        names = [people.name_of(turn.session, one).partition(" ")[0] for one in dict.fromkeys(also)]
        lines += [say(beforehand_wording.others(names))] if names else []
    off = Button(action="next.off", label=beforehand_wording.TAKE_OFF, args={"unit": unit.id, "wish": wish.id})
    return card(beforehand_wording.NOTICE, *lines, Buttons(items=(agenda_card.show_button(unit), off)))


def _words(turn: Turn, wish: AgendaWish) -> str:
    return agenda_wishes.words(turn.session, wish)


# ---- taking it off again


@button("next.off", opens=True)
def take_off(turn: Turn) -> Answer:
    """Whoever asked for it, or who arranges the unit, takes something off again."""
    unit = turn.here()
    args = turn.event.args
    wish = agenda_wishes.get(turn.session, args.get("wish") or args.get("chosen", ""))
    if wish is None or wish.unit_id != unit.id or wish.ended_at is not None:
        raise Refused(beforehand_wording.GONE)
    if wish.by_id != turn.actor().id and not people.may_arrange(unit, turn.membership):
        raise Refused(beforehand_wording.NOT_YOURS)
    agenda_wishes.end(turn.session, wish, how="taken_off", by_id=turn.actor().id, now=turn.now)
    agenda_card.redraw(turn, unit)
    shown = Buttons(items=(agenda_card.show_button(unit),))
    return Note(card(beforehand_wording.NOTICE, say(beforehand_wording.TAKEN_OFF), shown))
