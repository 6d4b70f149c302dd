"""Which unit a command in a direct message means, for somebody in several: asked once, remembered for an hour."""

from __future__ import annotations

from dataclasses import replace

from handlers import routes
from handlers.routes import button
from handlers.turn import Answer, EventKind, Note, Refused, Turn
from prompts_and_forms.card import Block, Button, Buttons, Choice, Menu, card, say, small
from prompts_and_forms.unit import which_wording
from storage.unit import choices, people

AS_BUTTONS = 5
"""So few units are buttons; more are a menu."""


@routes.asks_which_unit
def ask(turn: Turn) -> Answer:
    """The person's units to choose from; the words they typed are remembered."""
    person, event = turn.actor(), turn.event
    if event.kind is EventKind.COMMAND:
        choices.remember_words(turn.session, person.id, event.name, event.text)
    mine = people.active_units(turn.session, person.id)
    items: tuple[Button | Menu, ...] = tuple(
        Button(action="unit.here", label=unit.name, args={"unit": unit.id}) for unit in mine
    )
    if len(mine) > AS_BUTTONS:
        options = tuple(Choice(value=unit.id, label=unit.name) for unit in mine)
        items = (Menu(action="unit.here", label=which_wording.CHOOSE, choices=options),)
    return Note(
        card(which_wording.WHICH_UNIT, say(which_wording.WHICH_UNIT), Buttons(items=items), small(which_wording.WHY))
    )


@button("unit.here")
def here(turn: Turn) -> Answer:
    """The unit is chosen; the command that waited for it is answered."""
    person, session = turn.actor(), turn.session
    mine = {unit.id: (membership, unit) for membership, unit in people.units_of(session, person.id)}
    wanted = turn.event.args.get("unit") or turn.event.args.get("chosen") or ""
    if wanted not in mine:
        raise Refused(which_wording.NO_LONGER)
    turn.membership, turn.unit = mine[wanted]
    choices.choose_unit(session, person.id, wanted, turn.now)
    name, text = choices.words(session, person.id)
    if not name:
        return Note(card(which_wording.WHICH_UNIT, say(which_wording.TYPE_AGAIN.format(unit=turn.unit.name))))
    turn.event = replace(
        turn.event, kind=EventKind.COMMAND, name=name, text=text, args={}, values={}, in_direct_message=True
    )
    turn.chosen = True
    return routes.again(turn)


@button("unit.another", opens=True)
def another(turn: Turn) -> Answer:
    """The same command for another unit."""
    return ask(turn)


@routes.names_unit
def named(turn: Turn, answer: Answer) -> Answer:
    """Says which unit was meant, with a way to another one."""
    if not isinstance(answer, Note) or turn.unit is None:
        return answer
    choices.choose_unit(turn.session, turn.actor().id, turn.unit.id, turn.now)
    choices.remember_words(turn.session, turn.actor().id, turn.event.name, turn.event.text)
    other = Button(action="unit.another", label=which_wording.ANOTHER)
    last: tuple[Block, ...] = (small(which_wording.FOR_UNIT.format(unit=turn.unit.name)), Buttons(items=(other,)))
    return Note(answer.card.model_copy(update={"blocks": (*answer.card.blocks, *last)}))
