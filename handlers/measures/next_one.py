"""After a questionnaire is entered: the next one of the family that is still to come, one press away."""

from __future__ import annotations

from handlers.turn import Turn
from prompts_and_forms.card import Block, Button, Buttons, say
from prompts_and_forms.measures import catalogue
from prompts_and_forms.measures import wording as measures_wording
from prompts_and_forms.measures.planning import POINTS, Planned, State
from storage.database.tables import Family
from storage.measures import planned as measures_planned


def enter_button(family_id: str, one: Planned) -> Button:
    """Opens the form of a line of the plan, with what the plan knows."""
    args = {"family": family_id, "child": one.child, "version": one.version, "point": one.point}
    form = catalogue.get(one.measure).form
    return Button(
        action="form.open", label=measures_wording.ENTER_THE_SCORES, args={**args, "form": form}, style="primary"
    )


def words(one: Planned) -> str:
    """A line of the plan: which questionnaire, from whom, at which point of the work."""
    return measures_wording.planned_words(
        catalogue.name_of(one.measure), one.asked_of, one.informant, POINTS[one.point]
    )


def blocks(turn: Turn, family: Family, point: str) -> list[Block]:
    """The next line of the same point of the work; nothing where it was the last."""
    planned = measures_planned.of_family(turn.session, family, turn.today())
    left = [one for one in planned if one.point == point and one.state in (State.DUE, State.COMING)]
    if not left:
        return []
    return [
        say(measures_wording.STILL_TO_COME.format(what=words(left[0]))),
        Buttons(items=(enter_button(family.id, left[0]),)),
    ]
