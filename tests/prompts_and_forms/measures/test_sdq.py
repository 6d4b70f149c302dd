"""Scoring the SDQ: the published worked examples, and what must hold for every form."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts_and_forms.measures import sdq

VECTORS = Path(__file__).parents[1] / "vectors"
VERSIONS = {"parent": "parent_4_17", "teacher": "teacher_4_17", "self": "self_11_17"}
ANSWER = st.sampled_from([None, 0, 1, 2])
FORMS = st.fixed_dictionaries(dict.fromkeys(range(1, 26), ANSWER))
IMPACT_ANSWER = st.sampled_from([None, 0, 1, 2, 3])
IMPACTS = st.builds(sdq.Impact, *[IMPACT_ANSWER] * 6)
INFORMANTS = st.sampled_from(["parent", "teacher", "self"])


def rows() -> list[dict[str, str]]:
    with (VECTORS / "sdq_vectors.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> int | None:
    return int(text) if text else None


def scored(row: dict[str, str]) -> sdq.Scores:
    items = {n: number(row[f"i{n}"]) for n in range(1, 26)}
    impact = sdq.Impact(
        *(number(row[name]) for name in ("overall", "distress", "home", "friends", "learning", "leisure"))
    )
    return sdq.score(items, row["informant"], impact)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
class TestWorkedExamples:
    def test_scores(self, row: dict[str, str]) -> None:
        found = scored(row).as_dict()
        assert found == {name: number(row[f"exp_{name}"]) for name in found}

    @pytest.mark.parametrize("scheme", ["4band", "3band"])
    def test_bands(self, row: dict[str, str], scheme: sdq.Scheme) -> None:
        found = scored(row).as_dict()
        version = VERSIONS[row["informant"]]
        for name in (*sdq.SCALES, "total"):
            band = sdq.band(version, name, found[name], scheme)
            assert (band.number if band else None) == number(row[f"b{scheme[0]}_{name}"]), name


def test_three_answers_that_add_up_to_four_give_seven() -> None:
    assert sdq.scale_score([1, 1, 2, None, None]) == 7


def test_two_and_a_half_is_rounded_upwards() -> None:
    assert sdq.scale_score([1, 1, 0, 0, None]) == 3


def test_two_answers_are_too_few() -> None:
    assert sdq.scale_score([2, 2, None, None, None]) is None


@given(st.lists(ANSWER, min_size=5, max_size=5))
def test_a_scale_is_missing_or_between_0_and_10(answers: list[int | None]) -> None:
    given_ = [answer for answer in answers if answer is not None]
    found = sdq.scale_score(answers)
    assert (found is None) == (len(given_) < 3)
    if found is not None:
        assert 0 <= found <= 10
        assert abs(found - 5 * sum(given_) / len(given_)) <= 0.5


@given(FORMS, IMPACTS, INFORMANTS)
def test_sums_are_missing_exactly_when_a_part_is(items: dict[int, int | None], impact: sdq.Impact, who: str) -> None:
    found = sdq.score(items, who, impact)
    parts = [getattr(found, name) for name in ("emotional", "conduct", "hyperactivity", "peer")]
    assert (found.total is None) == (None in parts)
    if found.total is not None:
        assert found.externalising is not None
        assert found.internalising is not None
        assert found.total == found.externalising + found.internalising == sum(parts)


@given(IMPACTS, INFORMANTS)
def test_impact_stays_in_its_range_and_blank_is_not_nought(impact: sdq.Impact, who: str) -> None:
    points, incomplete = sdq.impact_score(impact, who)
    asked = [getattr(impact, name) for name in sdq.IMPACT_ITEMS[who]]
    if impact.overall == 0:
        assert (points, incomplete) == (0, False)
    elif all(answer is None for answer in asked):
        assert points is None
    else:
        assert points is not None
        assert 0 <= points <= (6 if who == "teacher" else 10)
        assert incomplete == (None in asked)


def test_a_blank_form_has_no_score_at_all() -> None:
    assert set(sdq.score({}, "parent").as_dict().values()) == {None}


def test_school_is_not_asked_about_home_and_leisure() -> None:
    points, incomplete = sdq.impact_score(
        sdq.Impact(overall=1, home=3, leisure=3, distress=0, friends=0, learning=0), "teacher"
    )
    assert (points, incomplete) == (0, False)


@pytest.mark.parametrize("items", [{26: 1}, {0: 1}, {1: 3}, {1: -1}])
def test_an_item_or_answer_that_cannot_be_is_refused(items: dict[int, int]) -> None:
    with pytest.raises(ValueError, match="item"):
        sdq.score(items, "parent")


@given(
    st.sampled_from(sorted(sdq.BAND_KEYS)),
    st.sampled_from([*sdq.SCALES, "total"]),
    st.integers(0, 40),
    st.sampled_from(["4band", "3band"]),
)
def test_every_score_has_exactly_one_band_where_there_are_bands(
    version: str, scale: str, value: int, scheme: sdq.Scheme
) -> None:
    most = 40 if scale == "total" else 6 if (scale, version) == ("impact", "teacher_4_17") else 10
    found = sdq.band(version, scale, value, scheme)
    assert (found is not None) == (value <= most and sdq.has_bands(version, scheme))


@pytest.mark.parametrize("version", ["teacher_2_4", "self_18", "informant_18", "", "parent"])
def test_no_band_where_there_are_no_norms(version: str) -> None:
    assert not sdq.has_bands(version)
    assert sdq.band(version, "total", 25) is None


def test_a_missing_score_has_no_band() -> None:
    assert sdq.band("parent_4_17", "total", None) is None


def test_the_youngest_childrens_bands_say_that_they_are_provisional() -> None:
    found = sdq.band("parent_2_4", "total", 20)
    assert found is not None
    assert (found.label, found.note) == ("very high", "provisional")
    assert sdq.band("parent_2_4", "total", 20, "3band") is None


def test_low_prosocial_is_the_raised_end() -> None:
    found = sdq.band("parent_4_17", "prosocial", 3)
    assert found is not None
    assert found.label == "very low"


class TestTheTotalOnThePaper:
    SCORES = sdq.entered({"emotional": 4, "conduct": 3, "hyperactivity": 5, "peer": 0, "prosocial": 9, "impact": 2})

    def test_the_sum_of_four_scales_is_right(self) -> None:
        assert sdq.total_fault(self.SCORES, 12) == ""
        assert sdq.total_fault(self.SCORES, None) == ""

    def test_a_total_that_includes_prosocial_is_not(self) -> None:
        assert "add up to 12" in sdq.total_fault(self.SCORES, 21)

    def test_a_total_without_its_scales_is_not(self) -> None:
        assert "all four scales" in sdq.total_fault(sdq.entered({"emotional": 4}), 12)


@pytest.mark.parametrize(
    ("total", "words"),
    [(None, ""), (0, "normal"), (13, "normal"), (14, "borderline"), (16, "borderline"), (17, "cause for concern")],
)
def test_bands_of_the_yearly_return(total: int | None, words: str) -> None:
    assert sdq.carer_return_band(total) == words
