"""After a questionnaire is entered: the next one of the family that is still to come, one press away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

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

TO_ENTER = (State.DUE, State.COMING)
TOGETHER = "measure_sdqs"
"""The form for the SDQs of one child from several informants."""


def enter_button(family_id: str, one: Planned) -> Button:
    """Opens the form of a line of the plan, with what the plan knows."""
    args = {"family": family_id, "child": one.child, "version": one.version, "point": one.point}
    form = catalogue.get(one.measure).form
    return Button(
        action="form.open", label=measures_wording.ENTER_THE_SCORES, args={**args, "form": form}, style="primary"
    )


def together(planned: Iterable[Planned]) -> list[list[Planned]]:
    """The SDQs that can be entered in one form: of one child and point, where there is more than one to come."""
    found: dict[tuple[str, str], list[Planned]] = defaultdict(list)
    for one in planned:
        if one.measure == "SDQ" and one.state in TO_ENTER:
            found[one.child, one.point].append(one)
    return [own for own in found.values() if len(own) > 1]


def together_button(family_id: str, child: str, point: str, count: int) -> Button:
    """Opens one form for all of them."""
    args = {"family": family_id, "form": TOGETHER, "child": child, "point": point}
    return Button(action="form.open", label=measures_wording.enter_together(count), args=args, style="primary")


def words(one: Planned) -> str:
    """A line of the plan: which questionnaire, from whom, at which point of the work."""
    return measures_wording.planned_words(
        catalogue.name_of(one.measure), one.asked_of, one.informant, POINTS[one.point]
    )


def blocks(turn: Turn, family: Family, point: str) -> list[Block]:
    """The next line of the same point of the work; after the last closing one, what closes the work."""
    planned = measures_planned.of_family(turn.session, family, turn.today())
    left = [one for one in planned if one.point == point and one.state in TO_ENTER]
    if not left:
        return _close(turn, family, planned) if point == END else []
    if several := together(left):
        own = several[0]
        said = measures_wording.STILL_TO_COME.format(what=", ".join(words(one) for one in own))
        return [say(said), Buttons(items=(together_button(family.id, own[0].child, point, len(own)),))]
    return [
        say(measures_wording.STILL_TO_COME.format(what=words(left[0]))),
        Buttons(items=(enter_button(family.id, left[0]),)),
    ]


def _close(turn: Turn, family: Family, planned: Iterable[Planned]) -> list[Block]:
    """Where the work has ended: one press closes it; where one will not come, the form asks why."""
    episode = episodes.current(turn.session, family.id)
    if episode is None or episode.state != WorkState.ENDED_AWAITING_MEASURES:
        return []
    finish = pathway.move("finish")
    args = {"family": family.id, "move": finish.id}
    if any(one.state is State.NOT_COMPLETED for one in planned if one.point == END):
        button = Button(action="work.move", label=finish.label, args=args, style="primary")
        return [say(now_wording.NONE_TO_COME), Buttons(items=(button,))]
    button = Button(action="work.move", label=now_wording.CLOSE_THE_WORK, args={**args, "now": "yes"}, style="primary")
    return [say(now_wording.ALL_IN_NOW), Buttons(items=(button,))]
