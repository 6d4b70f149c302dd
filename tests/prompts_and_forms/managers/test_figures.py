"""Every figure of a manager: a table of cases, and fifty units with any history counted again the slow way."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from prompts_and_forms.managers import figures
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
    together,
)
from prompts_and_forms.managers.wording import MEANINGS, PARTS
from prompts_and_forms.measures.added_value import Pair
from prompts_and_forms.measures.change import Verdict
from prompts_and_forms.measures.planning import State
from tests.worlds.managers.any_unit import DAY, histories
from tests.worlds.managers.recount import recount


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def family(**more: Any) -> FamilyFact:
    return FamilyFact(**{"id": "f", "allocated_on": ago(100), **more})


def form(**more: Any) -> FormFact:
    known: dict[str, Any] = {
        "family_id": "f",
        "measure": "SDQ",
        "asked_of": "parent",
        "point": "start",
        "state": State.DONE,
        "first_session": ago(30),
        "done_on": ago(20),
    }
    return FormFact(**{**known, **more})


def work(**more: Any) -> EpisodeFact:
    return EpisodeFact(**{"family_id": "f", "state": "in_therapy", **more})


SESSIONS = tuple(ago(days) for days in (90, 80, 70, 60, 50, 40, 30))
CASES: list[tuple[str, UnitFacts, int, int]] = [
    ("discussed_week", UnitFacts(), 0, 0),
    ("discussed_week", UnitFacts(families=[family(discussed=(ago(7),))]), 1, 1),
    ("discussed_week", UnitFacts(families=[family(discussed=(ago(8),))]), 0, 1),
    ("discussed_week", UnitFacts(families=[family(discussed=(ago(1),))]), 1, 1),
    ("discussed_week", UnitFacts(families=[family(discussed=(DAY,))]), 0, 1),
    ("discussed_week", UnitFacts(families=[family(discussed=(ago(1),), allocated_on=ago(6))]), 0, 0),
    ("discussed_week", UnitFacts(families=[family(discussed=(ago(1),), allocated_on=None)]), 0, 0),
    ("discussed_week", UnitFacts(families=[family(discussed=(ago(1),), closed_on=DAY)]), 0, 0),
    ("discussed_week", UnitFacts(families=[family(closed=((ago(9), ago(1)),))]), 0, 1),
    ("full_discussion", UnitFacts(families=[family(full=(ago(42),))]), 1, 1),
    ("full_discussion", UnitFacts(families=[family(full=(ago(43),), discussed=(DAY,))]), 0, 1),
    ("drift", UnitFacts(families=[family(moved_on=ago(42))]), 1, 1),
    ("drift", UnitFacts(families=[family(moved_on=ago(41))]), 0, 1),
    ("drift", UnitFacts(families=[family(moved_on=None)]), 0, 0),
    ("drift", UnitFacts(families=[family(moved_on=ago(99), category="looked_after")]), 0, 0),
    ("reviews_late", UnitFacts(late=[LateFact("conference", "f", ago(3))]), 1, 1),
    ("reviews_on_time", UnitFacts(reviews=[ReviewFact("conference", "f", ago(5), ago(5))]), 1, 1),
    ("reviews_on_time", UnitFacts(reviews=[ReviewFact("conference", "f", ago(5), ago(4))]), 0, 1),
    ("reviews_on_time", UnitFacts(reviews=[ReviewFact("conference", "f", ago(5))]), 0, 1),
    ("reviews_on_time", UnitFacts(reviews=[ReviewFact("conference", "f", ago(90), ago(95))]), 0, 0),
    ("reviews_on_time", UnitFacts(reviews=[ReviewFact("conference", "f", ago(-1))]), 0, 0),
    ("children_seen", UnitFacts(children=[ChildFact("f", ago(2), see_by=DAY)]), 1, 1),
    ("children_seen", UnitFacts(children=[ChildFact("f", ago(20), see_by=ago(1))]), 0, 1),
    ("children_seen", UnitFacts(children=[ChildFact("f", None, see_by=ago(-9))]), 0, 1),
    ("children_seen", UnitFacts(children=[ChildFact("f", ago(2), interval=False)]), 0, 0),
    ("caseload", UnitFacts(episodes=[work(), work(over=True), work(current=False)]), 1, 1),
    ("throughput", UnitFacts(episodes=[work(started_on=ago(90)), work(started_on=ago(91))]), 1, 1),
    ("tracking", UnitFacts(lines=[LineFact(DAY, "session"), LineFact(DAY, "supervision")]), 1, 1),
    ("assessment", UnitFacts(episodes=[work(sessions=(DAY,), signed=True), work(sessions=(DAY,))]), 1, 2),
    ("assessment", UnitFacts(episodes=[work(signed=True)]), 0, 0),
    ("six_sessions", UnitFacts(episodes=[work(sessions=SESSIONS[:6])]), 0, 1),
    ("six_sessions", UnitFacts(episodes=[work(sessions=SESSIONS[:5])]), 0, 0),
    ("six_sessions", UnitFacts(episodes=[work(sessions=SESSIONS[:6], reviews=(ago(35),))]), 1, 1),
    ("six_sessions", UnitFacts(episodes=[work(sessions=SESSIONS, reviews=(ago(35),))]), 1, 1),
    ("six_sessions", UnitFacts(episodes=[work(sessions=SESSIONS, reviews=(ago(25),))]), 0, 1),
    ("six_sessions", UnitFacts(episodes=[work(sessions=SESSIONS, reviews=(ago(65),))]), 0, 0),
    ("sdq_start", UnitFacts(forms=[form(done_on=ago(16))]), 1, 1),
    ("sdq_start", UnitFacts(forms=[form(done_on=ago(15))]), 0, 1),
    ("sdq_start", UnitFacts(forms=[form(first_session=ago(13), done_on=DAY)]), 0, 0),
    ("sdq_start", UnitFacts(forms=[form(state=State.WAITING_FOR_PERMISSION)]), 0, 0),
    ("sdq_start", UnitFacts(forms=[form(state=State.NOT_COMPLETED)]), 0, 1),
    ("sdq_start", UnitFacts(forms=[form(ended_on=ago(2))]), 0, 0),
    ("sdq_pairs", UnitFacts(forms=[form(point="end", ended_on=ago(90), paired=True)]), 1, 1),
    ("sdq_pairs", UnitFacts(forms=[form(point="end", ended_on=ago(91), paired=True)]), 0, 0),
    ("sdq_pairs", UnitFacts(forms=[form(point="end", ended_on=ago(9))]), 0, 1),
    ("sdq_change", UnitFacts(forms=[form(point="end", ended_on=ago(9), paired=True, asked_of="teacher")]), 0, 0),
    ("sdq_change", UnitFacts(forms=[form(point="end", ended_on=ago(9), paired=True)]), 1, 1),
    ("chi_esq", UnitFacts(forms=[form(measure="CHI_ESQ", point="end", ended_on=ago(9))]), 1, 1),
    ("supervision", UnitFacts(clinicians=[ClinicianFact("p", supervised=(date(2026, 10, 17),))]), 1, 1),
    ("supervision", UnitFacts(clinicians=[ClinicianFact("p", supervised=(date(2026, 10, 16),))]), 0, 1),
    ("supervision", UnitFacts(clinicians=[ClinicianFact("p", leave=(date(2026, 10, 17), DAY))]), 0, 0),
    ("supervision", UnitFacts(clinicians=[ClinicianFact("p", leave=(date(2026, 10, 18), DAY))]), 0, 1),
    ("actions_overdue", UnitFacts(actions=[ActionFact("f", ago(9), dues=((ago(9), ago(1)),))]), 1, 1),
    ("actions_overdue", UnitFacts(actions=[ActionFact("f", ago(9), dues=((ago(9), DAY),))]), 0, 1),
    ("actions_overdue", UnitFacts(actions=[ActionFact("f", ago(9), dues=((ago(9), ago(5)), (ago(5), DAY)))]), 0, 1),
    ("actions_overdue", UnitFacts(actions=[ActionFact("f", ago(9), DAY, ((ago(9), ago(1)),))]), 0, 0),
    ("actions_carried", UnitFacts(actions=[ActionFact("f", ago(9), carried=(ago(5), ago(2)))]), 1, 1),
    ("actions_carried", UnitFacts(actions=[ActionFact("f", ago(9), carried=(ago(5),))]), 0, 1),
    ("agreements", UnitFacts(agreements=[AgreementFact("f", ago(8), social_work_on=ago(8))]), 1, 1),
    ("agreements", UnitFacts(agreements=[AgreementFact("f", ago(7), social_work_on=ago(7))]), 0, 1),
    ("agreements", UnitFacts(agreements=[AgreementFact("f", ago(8), ago(8), ago(1))]), 0, 0),
    ("agreements", UnitFacts(agreements=[AgreementFact("f", ago(8), ended_on=ago(1))]), 0, 0),
    ("not_copied", UnitFacts(records=[RecordFact("f", ago(5))]), 1, 1),
    ("not_copied", UnitFacts(records=[RecordFact("f", ago(4))]), 0, 0),
    ("not_copied", UnitFacts(records=[RecordFact("f", ago(5), ago(1))]), 0, 1),
    ("ccin_flow", UnitFacts(reviews=[ReviewFact("ccin_review", "f", ago(5), ago(6), chaired=True)]), 1, 1),
    ("ccin_flow", UnitFacts(reviews=[ReviewFact("ccin_review", "f", ago(5), ago(6))]), 0, 1),
    ("ccin_flow", UnitFacts(reviews=[ReviewFact("cin_review", "f", ago(5), ago(6), chaired=True)]), 0, 0),
]


@pytest.mark.parametrize(("name", "facts", "count", "of"), CASES)
def test_a_figure_counts_what_it_says(name: str, facts: UnitFacts, count: int, of: int) -> None:
    found = getattr(figures, name)(facts, DAY)
    assert (found.id, found.count, found.of) == (name, count, of)


def test_every_figure_has_cases_and_a_meaning() -> None:
    names = {one.__name__ for one in figures.FIGURES}
    assert names == {name for name, *_ in CASES} == MEANINGS.keys()
    assert set(figures.BACKWARDS) <= names


@settings(max_examples=50, deadline=None)
@given(facts=histories)
def test_every_figure_equals_its_slow_count_whatever_happened(facts: UnitFacts) -> None:
    found = {one.id: (one.count, one.of) for one in figures.all_figures(facts, DAY)}
    assert found == recount(facts, DAY)
    for one in figures.all_figures(facts, DAY):
        assert 0 <= one.count <= one.of
        assert all(
            part.code.split(":")[0] in (*PARTS, "longest") or ":" in part.code or one.parts for part in one.apart
        )


@pytest.mark.parametrize("of", [0, 1, 5, 6, 10])
def test_a_figure_of_any_size_counts_all_of_it(of: int) -> None:
    facts = UnitFacts(families=[family(id=str(n), discussed=(ago(1),)) for n in range(of)])
    found = figures.discussed_week(facts, DAY)
    assert (found.count, found.of) == (of, of)


def test_the_reviews_that_wait_longest_come_first() -> None:
    late = [
        LateFact("permission", "f", ago(2)),
        LateFact("conference", "g", ago(9)),
        LateFact("permission", "h", ago(1)),
    ]
    found = figures.reviews_late(UnitFacts(late=late), DAY)
    assert [(part.code, part.count) for part in found.parts] == [("conference", 1), ("permission", 2)]


def test_tracking_lines_are_counted_by_kind_method_and_theme_with_their_families() -> None:
    lines = [
        LineFact(DAY, "session", "f", "family", ("loss", "trust")),
        LineFact(DAY, "session", "f", "family", ("loss",)),
        LineFact(DAY, "meeting", "g"),
    ]
    found = figures.tracking(UnitFacts(lines=lines), DAY)
    assert {part.code: (part.count, part.of) for part in found.parts} == {
        "kind:meeting": (1, 1),
        "kind:session": (2, 1),
        "method:family": (2, 1),
        "theme:loss": (2, 1),
        "theme:trust": (1, 1),
    }


def test_a_median_needs_ten() -> None:
    ten = [work(consulted_on=ago(70), sessions=(ago(70 - 7 * n),)) for n in range(1, 11)]
    assert figures.throughput(UnitFacts(episodes=ten[:9]), DAY).average is None
    assert figures.throughput(UnitFacts(episodes=ten), DAY).average == Decimal("5.5")


def test_change_is_counted_by_scale_and_only_where_it_is_reliable() -> None:
    better = form(
        point="end",
        ended_on=ago(9),
        paired=True,
        verdicts=(("emotional", Verdict.IMPROVED), ("total", Verdict.NO_THRESHOLD)),
    )
    found = figures.sdq_change(UnitFacts(forms=[better], pairs=[Pair("parent", 20, 2, 5, 12)] * 10), DAY)
    assert [(part.code, part.count, part.of) for part in found.parts if part.count] == [("emotional:better", 1, 1)]
    assert (found.average, found.over) == (Decimal("5.2"), 10)


def test_moves_of_complex_child_in_need_are_counted_each_way() -> None:
    ccin, cp = "complex_child_in_need", "child_protection"
    facts = UnitFacts(
        families=[
            family(id="in", category=ccin, categories=((ago(200), "child_in_need"), (ago(10), ccin))),
            family(id="up", category=cp, categories=((ago(200), ccin), (ago(10), cp))),
            family(id="down", categories=((ago(200), ccin), (ago(10), "child_in_need"))),
            family(id="out", category=ccin, categories=((ago(200), ccin),), closed_on=ago(3)),
        ]
    )
    found = figures.ccin_flow(facts, DAY)
    assert {part.code: part.count for part in (*found.parts, *found.apart)} == {
        "entered": 1,
        "up": 1,
        "down": 1,
        "closed": 1,
        "still_in": 1,
    }


def test_an_earlier_week_is_counted_as_it_was_then() -> None:
    facts = UnitFacts(
        families=[family(discussed=(ago(10),))],
        actions=[ActionFact("f", ago(30), ago(2), ((ago(30), ago(20)),))],
    )
    before = figures.earlier(facts, ago(7))
    assert (before["discussed_week"].count, before["actions_overdue"].count) == (1, 1)
    assert figures.discussed_week(facts, DAY).count == figures.actions_overdue(facts, DAY).count == 0


def test_thirteen_weeks_end_today() -> None:
    found = figures.weeks(DAY)
    assert (len(found), found[-1], found[0]) == (13, DAY, ago(84))


def test_several_units_are_counted_together() -> None:
    one = UnitFacts(families=[family(id="a", discussed=(ago(1),))])
    two = UnitFacts(families=[family(id="b")])
    found = figures.discussed_week(together([one, two]), DAY)
    assert (found.count, found.of) == (1, 2)
    assert together([]) == UnitFacts()
