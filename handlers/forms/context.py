"""What a form may offer to choose from: only the lists it asks for are looked up."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session

from handlers.forms import newcomers, work_left
from handlers.turn import Turn
from prompts_and_forms.card import Choice
from prompts_and_forms.forms.form import Form, FormContext
from prompts_and_forms.forms.form import QuestionKind as Kind
from prompts_and_forms.states import MemberStatus
from prompts_and_forms.unit import wording as unit_wording
from storage.decisions import actions, agreements, hypotheses
from storage.family import families, genograms
from storage.unit import people

Look = Callable[[Session, str], tuple[Choice, ...]]


def context(turn: Turn, family_id: str | None, form: Form | None = None) -> FormContext:
    """What a form may offer: this unit's people, and this family's children, carers, outcomes and open records.

    For one form only the lists it asks for are looked up.
    """
    asked = form.asks_for() if form else frozenset(Kind)
    known: dict[str, tuple[Choice, ...]] = {}
    if asked & {Kind.PERSON, Kind.PEOPLE}:
        known["people"] = newcomers.choices(turn) if form and form.id == newcomers.FORM else _people(turn)
    if Kind.WORK in asked:
        known["work"] = work_left.choices(turn)
    if asked & {Kind.FAMILY, Kind.FAMILIES}:
        known["families"] = _families(turn)
    if family_id is not None:
        for name, (kinds, look) in LISTS.items():
            if asked & kinds:
                known[name] = look(turn.session, family_id)
    return FormContext(today=turn.today(), **known)


def _people(turn: Turn) -> tuple[Choice, ...]:
    """Who is in the unit, then who has left it."""
    everyone: list[Choice] = []
    gone: list[Choice] = []
    unit = turn.unit
    for membership, person in people.members(turn.session, unit.id, include_left=True) if unit else []:
        left = membership.status == MemberStatus.LEFT
        (gone if left else everyone).append(
            Choice(value=person.id, label=unit_wording.LEFT_THE_UNIT.format(who=person.name) if left else person.name)
        )
    return (*everyone, *gone)


def _families(turn: Turn) -> tuple[Choice, ...]:
    """The unit's open families, by reference."""
    found = families.open_families(turn.session, turn.unit.id) if turn.unit else []
    named = (Choice(value=one.id, label=families.label(turn.session, one, turn.unit)) for one in found)
    return tuple(sorted(named, key=lambda choice: choice.label))


def _children(session: Session, family_id: str) -> tuple[Choice, ...]:
    found = [body for _, body in families.children(session, family_id)]
    return tuple(Choice(value=key, label=name) for key, name in families.called(found).items())


def _carers(session: Session, family_id: str) -> tuple[Choice, ...]:
    found = [body for _, body in families.carers(session, family_id)]
    named = families.called(found)
    return tuple(
        Choice(value=b.key, label=", ".join(part for part in (named[b.key], b.relation.replace("_", " ")) if part))
        for b in found
    )


def _outcomes(session: Session, family_id: str) -> tuple[Choice, ...]:
    return tuple(Choice(value=key, label=text) for key, text in families.outcomes(session, family_id))


def _drawn(session: Session, family_id: str) -> tuple[Choice, ...]:
    return tuple(Choice(value=one.id, label=one.label) for one in genograms.people(session, family_id))


def _listed(choices: Callable[[Session, str], list[tuple[str, str]]]) -> Look:
    return lambda session, family_id: tuple(Choice(value=i, label=text) for i, text in choices(session, family_id))


LISTS: dict[str, tuple[set[Kind], Look]] = {
    "children": ({Kind.CHILD, Kind.CHILDREN, Kind.CARERS, Kind.FAMILY_MEMBER}, _children),
    "carers": ({Kind.CARER, Kind.CARERS, Kind.FAMILY_MEMBER}, _carers),
    "outcomes": ({Kind.OUTCOME}, _outcomes),
    "open_actions": ({Kind.ACTION}, _listed(actions.open_choices)),
    "hypotheses": ({Kind.HYPOTHESIS}, _listed(hypotheses.choices)),
    "agreements": ({Kind.AGREEMENT}, _listed(agreements.choices)),
    "drawn": ({Kind.DRAWN}, _drawn),
}
"""Which questions a list is for, and where it is looked up."""
