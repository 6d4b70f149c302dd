"""The coordinator changes the next agenda before its meeting; what the rules said stays shown."""

from __future__ import annotations

from handlers.beforehand import agenda_card
from handlers.meeting import agenda as meeting_agenda
from handlers.meeting import agenda_items
from handlers.routes import button
from handlers.turn import Answer, Note, Refused, Turn
from handlers.unit import people as unit_people
from prompts_and_forms.card import Button, Buttons, Choice, Menu, Strong, card, say, small
from prompts_and_forms.meeting import agenda_rules, beforehand_wording
from prompts_and_forms.meeting import wording as meeting_wording
from prompts_and_forms.meeting.agenda_rules import PlannedItem
from storage.database.tables import Unit
from storage.database.tables_decisions import AgendaWish
from storage.family import families
from storage.meeting import agenda_wishes
from storage.unit import people


@button("next.change", opens=True)
def change(turn: Turn) -> Answer:
    """What can be changed: for the coordinator every family, for everybody what they asked for themselves."""
    unit = turn.here()
    args, menus = {"unit": unit.id}, []
    arranges = people.may_arrange(unit, turn.membership)
    if arranges:
        plan = meeting_agenda.planned(turn.session, unit, agenda_card.next_day(turn, unit) or turn.today(unit))
        choices = [Choice(value=i.family_id, label=families.label_of(turn.session, i.family_id)) for i in plan.items]
        menus.append(Menu(action="next.pick", label=beforehand_wording.ON_IT, choices=tuple(choices[:100]), args=args))
    asked = [w for w in agenda_wishes.live(turn.session, unit.id) if w.what == agenda_wishes.ADD]
    off = [w for w in asked if arranges or w.by_id == turn.actor().id]
    choices = [Choice(value=w.id, label=_named(turn, w)) for w in off]
    menus.append(Menu(action="next.off", label=beforehand_wording.ASKED_FOR, choices=tuple(choices[:100]), args=args))
    items = (agenda_card.add_button(unit), *(menu for menu in menus if menu.choices))
    said = beforehand_wording.WHICH if len(items) > 1 else beforehand_wording.NOTHING_TO_CHANGE
    return Note(card(beforehand_wording.NOTICE, say(said), Buttons(items=items)))


def _named(turn: Turn, wish: AgendaWish) -> str:
    words = agenda_wishes.words(turn.session, wish)
    label = families.label_of(turn.session, wish.family_id) if wish.family_id else ""
    return ": ".join(part for part in (label, words) if part)[:75]


def _item(turn: Turn, unit: Unit, family_id: str) -> PlannedItem:
    """A family on the next agenda; raises Refused for one that is not on it."""
    plan = meeting_agenda.planned(turn.session, unit, agenda_card.next_day(turn, unit) or turn.today(unit))
    found = next((item for item in plan.items if item.family_id == family_id), None)
    if found is None:
        raise Refused(beforehand_wording.GONE)
    return found


@button("next.pick", opens=True)
def pick(turn: Turn) -> Answer:
    """One family of the next agenda, with what can be changed about it."""
    unit = turn.here()
    unit_people.must_arrange(turn, unit)
    item = _item(turn, unit, turn.event.args.get("chosen", ""))
    made = {w.what for w in _of(turn, unit, item.family_id)}
    buttons = tuple(
        Button(
            action="next.set",
            label=back if what in made else to_make,
            args={"unit": unit.id, "family": item.family_id, "what": what},
        )
        for what, (to_make, back, _said) in beforehand_wording.SET.items()
        if what in made or what != agenda_wishes.LIGHT or item.rule_kind == "full"
    )
    label = families.label_of(turn.session, item.family_id)
    why = "; ".join(agenda_items.why_words(turn.session, item.reasons))
    blocks = (
        say(Strong(text=label), f": {meeting_wording.KIND_WORDS[item.kind]}, {item.minutes} min."),
        *((small(why),) if why else ()),
    )
    return Note(card(beforehand_wording.NOTICE, *blocks, Buttons(items=buttons)))


def _of(turn: Turn, unit: Unit, family_id: str) -> list[AgendaWish]:
    return agenda_wishes.by_family(agenda_wishes.live(turn.session, unit.id)).get(family_id, [])


@button("next.fit", opens=True)
def fit(turn: Turn) -> Answer:
    """Does what the agenda proposes: some families light, some left for another day. “Change” takes any of it back."""
    unit = turn.here()
    unit_people.must_arrange(turn, unit)
    plan = meeting_agenda.planned(turn.session, unit, agenda_card.next_day(turn, unit) or turn.today(unit))
    if not plan.hold_light and not plan.extra:
        raise Refused(beforehand_wording.GONE)
    for what, found in ((agenda_wishes.LIGHT, plan.hold_light), (agenda_wishes.LEAVE, plan.extra)):
        for family_id in found:
            agenda_wishes.add(
                turn.session, unit_id=unit.id, family_id=family_id, text="", by_id=turn.actor().id, now=turn.now,
                what=what,
            )  # fmt: skip
    agenda_card.redraw(turn, unit)
    shown = Buttons(items=(agenda_card.show_button(unit),))
    return Note(card(beforehand_wording.NOTICE, say(beforehand_wording.FITTED), shown))


@button("next.set", opens=True)
def set_it(turn: Turn) -> Answer:
    """Light, first or left for another day, and back. What must not wait is neither made light nor left out."""
    unit = turn.here()
    unit_people.must_arrange(turn, unit)
    family_id, what = turn.event.args.get("family", ""), turn.event.args.get("what", "")
    item = _item(turn, unit, family_id)
    if what not in agenda_wishes.CHANGES:
        raise Refused(beforehand_wording.GONE)
    label = families.label_of(turn.session, family_id)
    made = [w for w in _of(turn, unit, family_id) if w.what == what]
    for wish in made:
        agenda_wishes.end(turn.session, wish, how="taken_off", by_id=turn.actor().id, now=turn.now)
    if not made:
        pressing = [r for r in item.reasons if r["code"] in agenda_rules.NEVER_WAITS]
        if what != agenda_wishes.FIRST and pressing:
            why = "; ".join(agenda_items.why_words(turn.session, pressing))
            raise Refused(beforehand_wording.NEVER_WAITS.format(family=label, why=why))
        agenda_wishes.add(
            turn.session, unit_id=unit.id, family_id=family_id, text="", by_id=turn.actor().id, now=turn.now, what=what
        )
    agenda_card.redraw(turn, unit)
    said = beforehand_wording.TAKEN_BACK if made else beforehand_wording.SET[what][2]
    shown = Buttons(items=(agenda_card.show_button(unit),))
    return Note(card(beforehand_wording.NOTICE, say(said.format(family=label)), shown))
