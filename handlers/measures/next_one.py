"""After a questionnaire is entered: the next one of the family that is still to come, one press away."""

from __future__ import annotations

from handlers.turn import Turn
from prompts_and_forms.card import Block, Button, Buttons, say
from prompts_and_forms.clinical import now_wording, pathway
from prompts_and_forms.measures import catalogue
from prompts_and_forms.measures import wording as measures_wording
from prompts_and_forms.measures.planning import END, POINTS, Planned, State
from prompts_and_forms.states import WorkState
from storage.clinical import episodes
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
    """The next line of the same point of the work; after the last closing one, what closes the work."""
    planned = measures_planned.of_family(turn.session, family, turn.today())
    left = [one for one in planned if one.point == point and one.state in (State.DUE, State.COMING)]
    if not left:
        return _close(turn, family) if point == END else []
    return [
        say(measures_wording.STILL_TO_COME.format(what=words(left[0]))),
        Buttons(items=(enter_button(family.id, left[0]),)),
    ]


def _close(turn: Turn, family: Family) -> list[Block]:
    """Where the work has ended and waits only for its closing questionnaires."""
    episode = episodes.current(turn.session, family.id)
    if episode is None or episode.state != WorkState.ENDED_AWAITING_MEASURES:
        return []
    finish = pathway.move("finish")
    button = Button(action="work.move", label=finish.label, args={"family": family.id, "move": finish.id})
    return [say(now_wording.ALL_IN), Buttons(items=(button,))]
