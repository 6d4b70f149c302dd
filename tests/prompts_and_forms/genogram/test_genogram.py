"""The genogram's rules and layout: whatever family is typed, everybody is drawn once and every line is there."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from prompts_and_forms.genogram.from_forms import as_answers, typed_people, with_ids
from prompts_and_forms.genogram.generations import rows
from prompts_and_forms.genogram.genogram import (
    COUPLES,
    FEELINGS,
    PARENTS,
    SHAPES,
    Genogram,
    Link,
    alt_text,
    born_kept,
    genogram_of,
    people_of,
    sentences,
)
from prompts_and_forms.genogram.layout import lay_out
from prompts_and_forms.genogram.shapes import CELL, HALF, Layout, Symbol

YEAR = 2026
KINDS = (*COUPLES, *PARENTS, *FEELINGS, "siblings")
Line = tuple[str, list[str], list[str]]


def family(people: list[tuple[str, str, str]], lines: list[Line]) -> Genogram:
    """People as (label, shape, born) and lines by label."""
    kept = people_of(
        [{"id": f"p{n}", "who": who, "shape": shape, "born": born} for n, (who, shape, born) in enumerate(people)], YEAR
    )
    ids = {one.label: one.id for one in kept}
    links = [Link(kind, tuple(ids[one] for one in who), tuple(ids[one] for one in whom)) for kind, who, whom in lines]
    return genogram_of(kept, links)


@st.composite
def _line(draw: st.DrawFn, names: list[str]) -> Line:
    kind = draw(st.sampled_from((*KINDS, "birth", "birth", "birth")))
    most = 2 if kind in (*COUPLES, *FEELINGS) else 5
    who = draw(st.lists(st.sampled_from(names), min_size=2, max_size=most, unique=True))
    first = 1 if most == 2 else draw(st.integers(1, min(2, len(who) - 1)))
    return kind, who[:first], who[first:]


@st.composite
def families(draw: st.DrawFn) -> Genogram:
    count = draw(st.integers(1, 14))
    born = st.one_of(st.just(""), st.integers(1900, 2026).map(str), st.integers(0, 99).map(str))
    people = [(f"P{n}", draw(st.sampled_from(SHAPES)), draw(born)) for n in range(count)]
    names = [who for who, _shape, _born in people]
    return family(people, draw(st.lists(_line(names), max_size=20)) if count > 1 else [])


FAST = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def box(one: Symbol) -> tuple[float, float, float, float]:
    """Where a symbol and its words lie: left, top, right, bottom."""
    return one.x - CELL / 2, one.y - HALF, one.x + CELL / 2, one.below


def crosses(one: Symbol, start: tuple[float, float], end: tuple[float, float]) -> bool:
    """Whether a line comes inside a symbol (looked at every two points of the way)."""
    steps = max(2, int(max(abs(end[0] - start[0]), abs(end[1] - start[1])) // 2))
    return any(
        abs(start[0] + (end[0] - start[0]) * n / steps - one.x) < HALF - 1
        and abs(start[1] + (end[1] - start[1]) * n / steps - one.y) < HALF - 1
        for n in range(steps + 1)
    )


def check(genogram: Genogram, layout: Layout) -> None:
    symbols = {one.person.id: one for one in layout.symbols}
    assert sorted(one.person.id for one in layout.symbols) == sorted(one.id for one in genogram.people)
    for one, other in combinations(layout.symbols, 2):
        a, b = box(one), box(other)
        assert a[2] <= b[0] + 0.01 or b[2] <= a[0] + 0.01 or a[3] <= b[1] or b[3] <= a[1], (
            "two people lie on each other"
        )
    for union in genogram.unions:
        for parent in union.parents:
            assert all(symbols[child].y > symbols[parent].below for child, _how in union.children)
    for stroke in layout.strokes:
        for symbol in layout.symbols:
            if symbol.person.id not in stroke.people:
                assert not any(crosses(symbol, a, b) for a, b in pairwise(stroke.points)), (stroke, symbol)


@FAST
@given(families())
@example(family([("A", "man", "")], []))
@example(family([(f"P{n}", "woman", "") for n in range(40)], []))
@example(family([(f"P{n}", "man", "") for n in range(40)], [("birth", ["P0"], [f"P{n}" for n in range(1, 40)])]))
def test_everybody_is_drawn_once_below_their_parents_and_no_line_runs_through_anybody(genogram: Genogram) -> None:
    check(genogram, lay_out(genogram))


def is_inside(point: tuple[float, float], outline: tuple[tuple[float, float], ...]) -> bool:
    """Whether a line to the right of a point meets the outline an odd number of times."""
    (x, y), sides = point, zip(outline, (*outline[1:], outline[0]), strict=True)
    return sum(a[0] == b[0] > x and min(a[1], b[1]) <= y < max(a[1], b[1]) for a, b in sides) % 2 == 1


@FAST
@given(families(), st.sets(st.integers(0, 13)))
def test_the_line_round_the_household_has_everybody_of_it_inside_and_nobody_else(
    genogram: Genogram, home: set[int]
) -> None:
    people = tuple(replace(one, home=number in home) for number, one in enumerate(genogram.people))
    layout = lay_out(replace(genogram, people=people))
    for symbol in layout.symbols:
        assert any(is_inside((symbol.x, symbol.y), one) for one in layout.homes) == symbol.person.home


@FAST
@given(families())
def test_every_tie_is_drawn(genogram: Genogram) -> None:
    drawn = lay_out(genogram).strokes
    for union in genogram.unions:
        if len(union.parents) == 2:
            assert any(set(union.parents) <= set(one.people) for one in drawn if union.couple in ("", one.kind))
        for child, how in union.children:
            assert any(one.kind == how and one.people == (child,) for one in drawn)
    for tie in genogram.ties:
        assert any(one.kind == tie.kind and set(one.people) == {tie.one, tie.other} for one in drawn)


@FAST
@given(families())
def test_the_words_name_everybody_and_fit_where_they_must(genogram: Genogram) -> None:
    short = alt_text(genogram, 1000)
    assert len(short) <= 1000
    assert all(one.label in alt_text(genogram) and one.label in short for one in genogram.people)


THREE = [
    ("Mother", "woman", "1990"),
    ("Father", "man", "1988"),
    ("A", "man", "9"),
    ("B", "woman", "2012"),
    ("C", "man", ""),
]
BIRTH: Line = ("birth", ["Mother", "Father"], ["A", "B", "C"])


def labels(genogram: Genogram) -> list[list[str]]:
    return [[genogram.label(one) for one in row] for row in rows(genogram)]


def test_children_hang_below_their_parents_the_oldest_first_and_a_father_stands_left() -> None:
    assert labels(family(THREE, [BIRTH])) == [["Father", "Mother"], ["B", "A", "C"]]


def test_a_mother_stands_between_two_partners_and_half_siblings_under_their_own_parents() -> None:
    people = [*THREE, ("Stepfather", "man", "1985"), ("D", "woman", "2020")]
    found = family(people, [BIRTH, ("divorced", ["Mother"], ["Father"]), ("birth", ["Mother", "Stepfather"], ["D"])])
    assert labels(found) == [["Father", "Mother", "Stepfather"], ["B", "A", "C", "D"]]


def test_grandparents_stand_over_their_own_child() -> None:
    people = [*THREE, ("MGM", "woman", ""), ("MGF", "man", ""), ("PGM", "woman", ""), ("PGF", "man", "")]
    found = family(people, [BIRTH, ("birth", ["MGM", "MGF"], ["Mother"]), ("birth", ["PGM", "PGF"], ["Father"])])
    assert labels(found) == [["PGF", "PGM", "MGF", "MGM"], ["Father", "Mother"], ["B", "A", "C"]]


def test_parents_told_one_by_one_are_a_couple_of_parents() -> None:
    found = family(THREE, [("birth", ["Mother"], ["A"]), ("birth", ["Father"], ["A"])])
    (union,) = found.unions
    assert len(union.parents) == 2


def test_brothers_and_sisters_without_parents_stand_in_one_row() -> None:
    found = family(
        [("Mother", "woman", ""), ("Aunt", "woman", ""), ("A", "man", "")],
        [("siblings", ["Mother"], ["Aunt"]), ("birth", ["Mother"], ["A"])],
    )
    assert [sorted(row) for row in labels(found)] == [["Aunt", "Mother"], ["A"]]


def test_it_is_said_in_sentences() -> None:
    found = family(
        THREE[:3],
        [
            ("birth", ["Mother", "Father"], ["A"]),
            ("separated", ["Mother"], ["Father"]),
            ("conflict", ["A"], ["Father"]),
        ],
    )
    assert sentences(found) == (
        "Genogram of 3 people.",
        "People: Mother (female, born 1990); Father (male, born 1988); A (male, aged 9).",
        "Mother and Father are separated.",
        "Mother and Father are birth parents of A.",
        "Father and A are in conflict.",
    )


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2012", "2012"),
        (" 12 ", "12"),
        ("age 7", "7"),
        ("8 months", "8 months"),
        ("1 month", "1 month"),
        ("", ""),
        ("9 years old", "9"),
    ],
)
def test_a_year_and_an_age_are_understood(typed: str, kept: str) -> None:
    assert born_kept(typed, YEAR) == (kept, "")


@pytest.mark.parametrize("typed", ["12.3.2014", "yesterday", "3000", "-1", "١٢"])
def test_what_is_neither_is_explained(typed: str) -> None:
    kept, why = born_kept(typed, YEAR)
    assert kept == ""
    assert why


LABEL = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters=",;،"), min_size=1, max_size=20)


@given(
    st.lists(
        st.tuples(LABEL, st.sampled_from(SHAPES), st.sampled_from(["", "2012", "12", "8 months"])),
        min_size=1,
        max_size=30,
    )
)
def test_what_is_kept_of_people_comes_back_the_same_from_the_form(people: list[tuple[str, str, str]]) -> None:
    rows: list[dict[str, Any]] = [
        {"who": who, "shape": shape, "born": born, "marks": ["died", "home"][: number % 3]}
        for number, (who, shape, born) in enumerate(people)
    ]
    shown = as_answers(rows)
    again, wrong, in_box = typed_people(shown["people"], shown.get("more", ""), YEAR)
    assert (wrong, in_box) == ({}, "")
    assert [{**row, "marks": sorted(row["marks"])} for row in again] == [
        {**row, "marks": sorted(row["marks"])} for row in rows
    ]


def test_somebody_keeps_their_id_when_others_come_and_go() -> None:
    before = with_ids([{"who": "A"}, {"who": "B"}, {"who": "C"}], [])
    after = with_ids([{"who": "C"}, {"who": "A"}], before)
    assert [row["id"] for row in after] == ["p3", "p1"]
    assert with_ids([{"who": "A"}, {"who": "Bea"}, {"who": "C"}, {"who": "D"}], before)[1]["id"] == "p2"
    assert with_ids([{"who": "D"}], before)[0]["id"] == "p4"
