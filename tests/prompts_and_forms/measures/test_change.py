"""Change between two results, added value of a service, and codes for scores."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts_and_forms.measures import added_value, catalogue, change, snomed
from prompts_and_forms.measures.change import Verdict
from tests.worlds.measuring import code_is_sound

VECTORS = Path(__file__).parents[1] / "vectors"
SDQ_VERSIONS = {"parent": "parent_4_17", "teacher": "teacher_4_17", "self": "self_11_17"}
OTHER_TOOLS = {"gbo": ("GBO", "goal_1"), "cors": ("ORS", "total"), "ors": ("ORS", "total")}
OTHER_VERSIONS = {"gbo": "self", "cors": "child", "ors": "adult"}


def rows(name: str) -> list[dict[str, str]]:
    with (VECTORS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows("rci_vectors.csv"), ids=lambda row: row["id"])
def test_worked_examples_of_reliable_change(row: dict[str, str]) -> None:
    tool = row["scale"]
    measure, scale = OTHER_TOOLS.get(tool, ("SDQ", tool))
    forms = [OTHER_VERSIONS.get(tool) or SDQ_VERSIONS[row[name]] for name in ("informant_t1", "informant_t2")]
    found = change.between(measure, scale, (forms[0], Decimal(row["t1"])), (forms[1], Decimal(row["t2"])))
    assert found.verdict == row["expected"]


@given(
    st.sampled_from(["parent_4_17", "self_11_17"]),
    st.sampled_from(["emotional", "conduct", "hyperactivity", "peer", "prosocial", "impact"]),
    st.integers(0, 10),
    st.integers(0, 10),
)
def test_the_way_back_is_the_opposite(version: str, scale: str, first: int, later: int) -> None:
    there = change.between("SDQ", scale, (version, first), (version, later))
    back = change.between("SDQ", scale, (version, later), (version, first))
    opposite = {Verdict.IMPROVED: Verdict.DETERIORATED, Verdict.DETERIORATED: Verdict.IMPROVED}
    assert back.verdict == opposite.get(there.verdict, there.verdict)


@given(st.integers(0, 10), st.integers(0, 10))
def test_school_and_totals_have_no_agreed_threshold(first: int, later: int) -> None:
    for version, scale in (("teacher_4_17", "conduct"), ("parent_2_4", "conduct"), ("parent_4_17", "total")):
        found = change.between("SDQ", scale, (version, first), (version, later))
        assert found.verdict is Verdict.NO_THRESHOLD
        assert found.by == later - first


def test_a_missing_score_gives_no_change() -> None:
    found = change.between("SDQ", "emotional", ("self_11_17", 5), ("self_11_17", None))
    assert (found.verdict, found.by) == (Verdict.MISSING, None)


def test_six_point_six_is_exactly_enough_for_the_outcome_rating_scale() -> None:
    forms = ("adult", Decimal("20.1")), ("adult", Decimal("26.7"))
    assert change.between("ORS", "total", *forms).verdict is Verdict.IMPROVED
    less = change.between("ORS", "total", ("adult", Decimal("20.2")), ("adult", Decimal("26.7")))
    assert less.verdict is Verdict.NO_RELIABLE_CHANGE


@pytest.mark.parametrize(
    ("scale", "by", "words"),
    [("emotional", -2, "better"), ("prosocial", -2, "worse"), ("impact", 1, "worse"), ("total", 0, "the same")],
)
def test_directions(scale: str, by: int, words: str) -> None:
    assert change.direction("SDQ", scale, Decimal(by)) == words


def test_a_session_rating_has_no_better_or_worse() -> None:
    assert change.direction("SRS", "total", Decimal(-3)) == ""


@pytest.mark.parametrize("row", rows("sdq_added_value_vectors.csv"), ids=lambda row: row["id"])
def test_worked_examples_of_added_value(row: dict[str, str]) -> None:
    names = ("t1_total", "t1_impact", "t1_emotional", "t2_total")
    known = [int(row[name]) if row[name] else None for name in names]
    found = added_value.score(added_value.Pair(row["informant"], *known))
    assert found.status == row["expected_status"]
    assert found.value == (Decimal(row["expected_score"]) if row["expected_score"] else None)
    assert found.effect_size == (Decimal(row["expected_effect_size"]) if row["expected_effect_size"] else None)


class TestAddedValueOfAService:
    UNCHANGED = added_value.Pair("parent", 17, 2, 3, 17)

    def test_a_few_children_give_no_average(self) -> None:
        found = added_value.service([self.UNCHANGED] * 9)
        assert (found.children, found.mean) == (9, None)

    def test_one_child_is_never_shown_whatever_is_asked(self) -> None:
        assert added_value.service([self.UNCHANGED], least=1).mean is None

    def test_a_hundred_children_give_an_interval_of_about_one_point(self) -> None:
        found = added_value.service([self.UNCHANGED] * 100)
        assert (found.mean, found.low, found.high) == (Decimal("-1.6"), Decimal("-2.6"), Decimal("-0.6"))

    def test_what_cannot_be_counted_is_said(self) -> None:
        gone = added_value.Pair("parent", 17, 2, 3, None)
        school = added_value.Pair("teacher", 17, 2, 3, 10)
        found = added_value.service([self.UNCHANGED] * 12 + [gone, school])
        assert (found.children, found.left_out) == (12, 2)


class TestCodes:
    def test_every_code_has_a_sound_check_digit(self) -> None:
        assert all(code_is_sound(term.code) for term in snomed.terms())

    @given(st.sampled_from([term.code for term in snomed.terms()]), st.integers(0, 17), st.integers(1, 9))
    def test_one_wrong_digit_is_noticed(self, code: str, place: int, by: int) -> None:
        at = place % len(code)
        wrong = code[:at] + str((int(code[at]) + by) % 10) + code[at + 1 :]
        assert not code_is_sound(wrong)

    @pytest.mark.parametrize(
        ("place", "code"),
        [
            (("SDQ", "parent_4_17", "total"), "986121000000101"),
            (("SDQ", "teacher_4_17", "impact"), "986181000000100"),
            (("SDQ", "self_11_17", "emotional"), "718145004"),
            (("ORS", "child", "total"), "718458005"),
            (("ORS", "adult", "total"), "716613004"),
            (("GBO", "self", "goal_1"), "1638531000000102"),
            (("RCADS", "self", "depression"), "718655001"),
            (("RCADS", "self", "depression_t"), ""),
            (("MFQ", "long_self", "total"), ""),
            (("SDQ", "parent_4_17", "externalising"), ""),
        ],
    )
    def test_codes_that_are_written(self, place: tuple[str, str, str], code: str) -> None:
        assert snomed.code(*place) == code

    def test_an_older_code_is_read_and_the_current_one_written(self) -> None:
        assert snomed.current("986041000000107") == "718134002"
        assert snomed.current("960321000000103") == "718458005"
        assert snomed.current("718134002") == "718134002"
        assert snomed.current("123") == ""

    def test_every_scale_of_the_sdq_up_to_17_has_a_code(self) -> None:
        for version in ("parent_2_4", "teacher_2_4", "parent_4_17", "teacher_4_17", "self_11_17"):
            for scale in ("total", "emotional", "conduct", "hyperactivity", "peer", "prosocial", "impact"):
                assert code_is_sound(snomed.code("SDQ", version, scale))


def test_every_threshold_is_of_a_scale_that_is_kept() -> None:
    for measure in catalogue.measures().values():
        for scale in measure.scales:
            for version in measure.versions:
                found = change.threshold(measure.id, version, scale)
                if found is not None:
                    assert found.higher_is_better == (measure.scales[scale].better == "higher")
