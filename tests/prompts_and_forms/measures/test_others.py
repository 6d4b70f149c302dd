"""The other questionnaires: ranges, flags, counts, and who may fill in what."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts_and_forms.measures import catalogue, chi_esq, conners, goals, mfq, outcome_rating, rcads


@pytest.mark.parametrize("measure", catalogue.measures().values(), ids=lambda one: one.id)
def test_every_questionnaire_is_sound(measure: catalogue.Measure) -> None:
    for version in measure.versions.values():
        assert version.ages[0] <= version.ages[1]
        assert set(version.most) <= set(measure.scales)
    for scale in measure.scales.values():
        assert scale.least < scale.most


class TestScoresThatCannotBe:
    def test_above_the_range(self) -> None:
        assert "between 0 and 10" in catalogue.score_faults("SDQ", "parent_4_17", {"conduct": 11})["conduct"]

    def test_school_impact_ends_at_six(self) -> None:
        assert catalogue.score_faults("SDQ", "teacher_4_17", {"impact": 7})
        assert not catalogue.score_faults("SDQ", "parent_4_17", {"impact": 7})

    def test_the_short_form_ends_sooner(self) -> None:
        assert catalogue.score_faults("MFQ", "short_self", {"total": 27})
        assert not catalogue.score_faults("MFQ", "long_self", {"total": 27})

    def test_a_missing_score_is_no_fault(self) -> None:
        assert catalogue.score_faults("SDQ", "parent_4_17", {"conduct": None}) == {}

    def test_a_t_score_of_nought_is_a_mistake(self) -> None:
        assert catalogue.score_faults("CONNERS_3", "parent", {"inattention": 0})

    def test_a_scale_nobody_knows(self) -> None:
        assert catalogue.score_faults("SDQ", "parent_4_17", {"charm": 3})


@pytest.mark.parametrize(
    ("measure", "version", "age", "fits"),
    [
        ("SDQ", "self_11_17", 9, False),
        ("SDQ", "self_11_17", 11, True),
        ("SDQ", "parent_4_17", 3, False),
        ("SDQ", "parent_2_4", 4, True),
        ("SDQ", "parent_4_17", None, True),
        ("CHI_ESQ", "self_9_11", 12, False),
        ("RCADS", "self", 7, False),
        ("MFQ", "long_self", 19, True),
    ],
)
def test_a_form_fits_an_age(measure: str, version: str, age: int | None, fits: bool) -> None:
    assert (catalogue.age_fault(measure, version, age) == "") == fits


@pytest.mark.parametrize(
    ("text", "places", "value"),
    [
        ("7", 0, Decimal(7)),
        (" 7 ", 0, Decimal(7)),
        ("27.4", 1, Decimal("27.4")),
        ("27,4", 1, Decimal("27.4")),
        ("27.44", 1, None),
        ("7.5", 0, None),
        ("-1", 0, None),
        ("1e3", 0, None),
        ("NaN", 0, None),
        ("seven", 0, None),
        ("", 0, None),
        ("٧", 0, None),
    ],
)
def test_reading_a_score(text: str, places: int, value: Decimal | None) -> None:
    assert catalogue.number(text, places) == value


class TestMoodAndFeelings:
    def test_the_cut_off_is_a_setting(self) -> None:
        assert mfq.is_flagged("long_self", 27) is True
        assert mfq.is_flagged("long_self", 27, {"long_self": 28}) is False

    def test_a_missing_total_is_neither(self) -> None:
        assert mfq.is_flagged("short_self", None) is None

    def test_the_long_form_asks_what_a_person_must_see(self) -> None:
        assert mfq.asks_about_risk("long_parent")
        assert not mfq.asks_about_risk("short_self")


class TestExperienceOfService:
    ANSWERS = st.dictionaries(st.sampled_from(chi_esq.ITEMS), st.sampled_from([*chi_esq.ALL_ANSWERS, None]))

    @given(ANSWERS)
    def test_counts_add_up_to_twelve(self, answers: dict[int, str | None]) -> None:
        assert sum(chi_esq.counts(answers).values()) == 12

    def test_do_not_know_is_no_number(self) -> None:
        assert chi_esq.as_number("do_not_know", True) is None

    def test_no_number_before_the_service_said_which_way_they_run(self) -> None:
        assert chi_esq.as_number("most", None) is None
        assert (chi_esq.as_number("most", True), chi_esq.as_number("most", False)) == (3, 1)

    def test_an_item_that_is_not_there(self) -> None:
        with pytest.raises(ValueError, match="item 13"):
            chi_esq.counts({13: "most"})


@pytest.mark.parametrize(
    ("t_score", "words"),
    [(None, ""), (59, ""), (60, "high average"), (65, "elevated"), (69, "elevated"), (70, "very elevated")],
)
def test_words_for_conners_t_scores(t_score: int | None, words: str) -> None:
    assert conners.level(t_score) == words


class TestAnxietyAndDepression:
    def test_the_items_make_up_the_form(self) -> None:
        assert sorted(n for numbers in rcads.ITEMS.values() for n in numbers) == list(range(1, 48))
        most = catalogue.get("RCADS").scales
        assert all(most[scale].most == 3 * len(numbers) for scale, numbers in rcads.ITEMS.items())

    def test_sums(self) -> None:
        full = {scale: len(numbers) * 3 for scale, numbers in rcads.ITEMS.items()}
        assert rcads.sums(full) == {"anxiety": 111, "total": 141}
        assert rcads.sums({**full, "panic": None}) == {"anxiety": None, "total": None}
        assert rcads.sums({**full, "depression": None}) == {"anxiety": 111, "total": None}

    @pytest.mark.parametrize(("t", "words"), [(64, ""), (65, "borderline"), (70, "in the clinical range"), (None, "")])
    def test_levels(self, t: int | None, words: str) -> None:
        assert rcads.level(t) == words


class TestOutcomeRating:
    @given(st.lists(st.decimals(0, 10, places=1), min_size=4, max_size=4))
    def test_four_marks_add_up_exactly(self, marks: list[Decimal]) -> None:
        assert outcome_rating.total(marks) == sum(marks)

    def test_three_marks_give_no_total(self) -> None:
        assert outcome_rating.total([Decimal(1), Decimal(2), Decimal(3), None]) is None

    def test_a_mark_above_ten(self) -> None:
        with pytest.raises(ValueError, match="mark"):
            outcome_rating.total([Decimal("10.1")] * 4)

    def test_cut_offs_by_age(self) -> None:
        assert outcome_rating.below_cut_off("young_person", Decimal("27.9")) is True
        assert outcome_rating.below_cut_off("adult", 27) is False
        assert outcome_rating.below_cut_off("adult", None) is None

    def test_a_session_below_36_is_worth_talking_about(self) -> None:
        assert outcome_rating.worth_talking_about(Decimal("35.9"))
        assert not outcome_rating.worth_talking_about(36)


class TestGoals:
    def test_a_score_without_words(self) -> None:
        assert goals.without_words({"goal_1": "sleep"}, {"goal_1": 3, "goal_2": 4, "goal_3": None}) == ["goal_2"]

    def test_the_same_goal(self) -> None:
        assert goals.same_goal("Sleep  in my own bed", "sleep in my own bed ")
        assert not goals.same_goal("Sleep", "School")
