"""Units with any history: what the managers' figures are counted from, made up at random."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from prompts_and_forms.managers.facts import (
    ActionFact,
    AgreementFact,
    ChildFact,
    ClinicianFact,
    EpisodeFact,
    FamilyFact,
    FormFact,
    LateFact,
    LineFact,
    RecordFact,
    ReviewFact,
    UnitFacts,
)
from prompts_and_forms.measures.change import Verdict
from prompts_and_forms.measures.planning import State
from prompts_and_forms.states import WorkState

DAY = date(2026, 11, 17)
days = st.integers(-250, 20).map(lambda back: DAY + timedelta(days=back))
maybe = st.none() | days
few = st.lists(days, max_size=4).map(lambda found: tuple(sorted(found)))
ids = st.sampled_from(["f1", "f2", "f3", "f4"])
categories = st.sampled_from(["child_in_need", "complex_child_in_need", "child_protection", "looked_after"])
spans = st.lists(st.tuples(days, st.integers(1, 60)), max_size=2).map(
    lambda found: tuple((on, on + timedelta(days=more)) for on, more in found)
)
families = st.builds(
    FamilyFact,
    id=st.integers(0, 999).map(str),
    category=categories,
    allocated_on=maybe,
    closed_on=maybe,
    closed=spans,
    discussed=few,
    full=few,
    moved_on=maybe,
    categories=st.lists(st.tuples(days, categories), max_size=4).map(lambda found: tuple(sorted(found))),
)
actions = st.builds(
    ActionFact,
    ids,
    days,
    maybe,
    st.lists(st.tuples(days, maybe), max_size=3).map(lambda f: tuple(sorted(f, key=lambda one: one[0]))),
    few,
)
forms = st.builds(
    FormFact,
    ids,
    st.sampled_from(["SDQ", "CHI_ESQ"]),
    st.sampled_from(["parent", "teacher", "self", "other"]),
    st.sampled_from(["start", "end"]),
    st.sampled_from(list(State)),
    maybe,
    maybe,
    maybe,
    st.booleans(),
    st.lists(st.tuples(st.sampled_from(["emotional", "conduct"]), st.sampled_from(list(Verdict))), max_size=2).map(
        tuple
    ),
)
episodes = st.builds(
    EpisodeFact,
    ids,
    st.sampled_from(list(WorkState)),
    st.booleans(),
    st.booleans(),
    st.none(),
    maybe,
    maybe,
    maybe,
    st.lists(days, max_size=14).map(lambda found: tuple(sorted(found))),
    st.sets(days, max_size=3).map(lambda found: tuple(sorted(found))),
    st.sampled_from([2, 6]),
    st.booleans(),
)


def _many(one: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, max_size=8).map(tuple)


histories = st.builds(
    UnitFacts,
    families=st.lists(families, max_size=8, unique_by=lambda one: one.id).map(tuple),  # a family is in one unit, once
    children=_many(st.builds(ChildFact, ids, maybe, st.booleans(), maybe)),
    reviews=_many(
        st.builds(ReviewFact, st.sampled_from(["ccin_review", "conference"]), ids, days, maybe, st.booleans())
    ),
    late=_many(st.builds(LateFact, st.sampled_from(["conference", "permission"]), ids, days)),
    episodes=_many(episodes),
    lines=_many(st.builds(LineFact, days, st.sampled_from(["session", "supervision"]), st.none() | ids)),
    forms=_many(forms),
    clinicians=_many(
        st.builds(
            ClinicianFact, ids, maybe, st.none() | st.tuples(days, days).map(lambda two: (min(two), max(two))), few
        )
    ),
    actions=_many(actions),
    agreements=_many(st.builds(AgreementFact, ids, days, maybe, maybe, maybe)),
    records=_many(st.builds(RecordFact, ids, days, maybe)),
    drift_weeks=st.integers(1, 12),
)
