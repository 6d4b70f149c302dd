"""The clinical pathway from first consultation to closing, as states and allowed moves. Pure.

Source: the service's clinical manual (consultation, commissioning, assessment, review, closing; its flow chart). The
states and moves are pathway.yaml; `allowed` says what may happen now, `why_not` why something else may not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from prompts_and_forms import own_names, yaml_lines
from prompts_and_forms.states import WorkState

FILE = Path(__file__).parent / "pathway.yaml"
FIRST, OVER = WorkState.REFERRED, WorkState.ENDED
UNDER_WAY = frozenset({WorkState.COMMISSIONED, WorkState.IN_THERAPY, WorkState.REVIEW_DUE, WorkState.ENDING})
"""The clinician works with the family."""
REVIEW_AFTER = 6
"""Sessions after which the work is reviewed with the family (clinical manual, review of work and outcomes)."""
MANAGERS = frozenset({"clinical_manager", "team_manager", "group_manager", "clinical_group_manager"})
"""They may make a move that does not fit, with a reason that is saved."""


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class State(Model):
    """`turn` = the roles whose turn it is, `next` = what comes, in words, `usual` = the moves that come next.

    `over` = the work is closed; `goes_on` = it goes on beside a referral.
    """

    id: str
    name: str
    turn: tuple[str, ...]
    next: str
    usual: tuple[str, ...] = ()
    over: bool = False
    goes_on: bool = False


class Move(Model):
    """`from_` is empty for a move from everywhere. `outcomes` = where the answer to `ask` leads."""

    id: str
    label: str
    form: str = ""
    from_: tuple[str, ...] = ()
    to: str
    ask: str = ""
    outcomes: dict[str, str] = {}
    roles: tuple[str, ...] = ()
    who: str = ""
    only: str = ""
    needs: tuple[str, ...] = ()
    quick: dict[str, str] = {}
    """Answer to `ask` -> the label of a button that opens the form with it."""
    again: dict[str, str] = {}
    """State -> the label where the step was made already and can be made anew."""
    beside: bool = False
    """Fits in every state while a referral waits for its answer."""
    urgent: bool = False


class Pathway(Model):
    states: dict[str, State]
    moves: dict[str, Move]
    needs: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """Where a piece of work stands, and who asks. `agreed` = a joint working agreement holds since the last review.

    `sessions` are those since the last review, `sessions_held` all of them; `back` is where the work was before it was
    referred or became urgent; `asked` = a referral waits for its answer.
    """

    state: WorkState = FIRST
    roles: frozenset[str] = frozenset()
    agreed: bool = False
    sessions: int = 0
    sessions_held: int = 0
    review_after: int = REVIEW_AFTER
    back: str = ""
    asked: bool = False


@cache
def load() -> Pathway:
    """The pathway as its file says it. Raises ValueError for a move that leads nowhere."""
    data = own_names.in_data(yaml_lines.load(FILE))
    states = {key: {"id": key, **row} for key, row in data["states"].items()}
    moves = {key: _move(key, row) for key, row in data["moves"].items()}
    found = Pathway.model_validate({"states": states, "moves": moves, "needs": data["needs"]})
    if states.keys() != set(WorkState):
        raise ValueError(f"{FILE.name} and WorkState name other states: {sorted(states.keys() ^ set(WorkState))}")
    for one in found.moves.values():
        for place in (one.to, *one.from_, *one.outcomes.values()):
            if place not in found.states and place not in ("same", "back"):
                raise ValueError(f"{one.id}: there is no state {place!r}")
    return found


def _move(key: str, row: dict[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in row.items() if name != "from"}
    return {"id": key, **rest, "from_": () if row["from"] == "any" else row["from"]}


def state(state_id: str) -> State:
    """A state; one the pathway does not know (an old record) is named by its id and is nobody's turn."""
    found = load().states.get(state_id)
    return found or State(id=state_id, name=state_id.replace("_", " ").capitalize(), turn=(), next="")


def move(move_id: str) -> Move:
    """A move; raises KeyError for one there is not."""
    return load().moves[move_id]


def move_of_form(form_id: str) -> Move | None:
    """The move a form makes."""
    return next((one for one in load().moves.values() if one.form == form_id), None)


def allowed(standing: Standing) -> tuple[Move, ...]:
    """What may happen now, by who asks."""
    return tuple(one for one in load().moves.values() if not why_not(one, standing))


def why_not(one: Move, standing: Standing) -> str:
    """Why a move may not be made now, in words; "" where it may."""
    if one.urgent:
        return ""
    if standing.state not in one.from_ and not (one.beside and standing.asked):
        return one.only
    if one.roles and not standing.roles & set(one.roles):
        return one.who
    if "agreement" in one.needs and not standing.agreed:
        return load().needs["agreement"]
    if "no_referral" in one.needs and standing.asked:
        return load().needs["no_referral"]
    return ""


def may_override(standing: Standing) -> bool:
    """Whether somebody may take a step that is not the next one: managers, with a reason."""
    return bool(standing.roles & MANAGERS)


def after(one: Move, standing: Standing, answers: Mapping[str, Any]) -> WorkState:
    """The state a move leads to, with what its form said."""
    if one.id == "refer" and state(standing.state).goes_on:
        return standing.state
    if one.id == "panel":
        return _after_answer(standing, str(answers.get(one.ask) or ""), one)
    place = one.outcomes.get(str(answers.get(one.ask) or ""), one.to) if one.ask else one.to
    if place == "same":
        return standing.state
    if place == "back":
        return _before(standing.back)
    if one.id == "session" and standing.sessions + 1 >= standing.review_after:
        return WorkState.REVIEW_DUE
    if one.id == "close" and standing.sessions_held == 0:
        return OVER
    return WorkState(place)


def _before(back: str) -> WorkState:
    return WorkState(back) if back in load().states else WorkState.INITIAL_CONSULTATION_ONLY


def _after_answer(standing: Standing, answer: str, one: Move) -> WorkState:
    """Where the answer to a referral leads: work beside it goes on, or comes to its end if the service takes over."""
    waited_here = standing.state == WorkState.REFERRED_TO_PANEL
    before = _before(standing.back) if waited_here else standing.state
    if answer == "accepted" and standing.sessions_held and state(before).goes_on:
        return WorkState.ENDING
    if not waited_here and not state(before).goes_on:
        return standing.state
    if answer == "not_accepted" and state(before).goes_on:
        return before
    if answer in ("accepted", "not_accepted"):
        return WorkState(one.outcomes[answer])
    if answer == "accepted_beside":
        return before if before != WorkState.REFERRED_TO_PANEL else WorkState.INITIAL_CONSULTATION_ONLY
    return standing.state


def usual(standing: Standing) -> tuple[Move, ...]:
    """The moves that come next, for who asks; the answer to a referral where one waits."""
    found = [load().moves[name] for name in state(standing.state).usual]
    found += [one for one in load().moves.values() if one.beside and standing.asked and one not in found]
    return tuple(one for one in found if not why_not(one, standing))


def keeps_its_place(one: Move) -> bool:
    """Whether the state before this move is remembered, to come back to."""
    return one.id in ("refer", "urgent")


Step = Literal[0, 1, 2, 3]
DIFFER_STEPS = (
    "The clinician and the consultant social worker talk.",
    "The clinical manager joins them.",
    "The group manager joins, until there is an outcome that is acceptable to all.",
)
"""How different views about the clinical work are settled (clinical manual, initial consultation)."""
DIFFER_ROLES = ("consultant_social_worker", "clinical_manager", "group_manager")


def next_differ_step(step: int, settled: bool) -> int:
    """0 = no difference open. An unsettled one goes one step further, and stays with the group manager."""
    return 0 if settled else min(step + 1, len(DIFFER_STEPS))
