"""Small numbers are shown so that nobody can be picked out, and never as a share that says more than it knows."""

from __future__ import annotations

from decimal import Decimal

import pytest

from prompts_and_forms.managers import small_numbers


@pytest.mark.parametrize(
    ("count", "of", "said"),
    [
        (0, 0, "none to count"),
        (0, 1, "0 of 1"),
        (1, 1, "1 of 1"),
        (3, 5, "3 of 5"),
        (6, 6, "6 of 6"),
        (3, 9, "3 of 9"),
        (3, 10, "3 of 10 (30%)"),
        (1, 16, "1 of 16 (6%)"),
        (10, 10, "10 of 10 (100%)"),
        (12, 20, "12 of 20 (60%)"),
    ],
)
def test_a_share_is_a_percentage_from_ten_on(count: int, of: int, said: str) -> None:
    assert small_numbers.share(count, of) == said


def test_an_average_is_shown_over_ten_or_more() -> None:
    assert small_numbers.average(Decimal("4.5"), 10, "{value} over {over}", "the mean") == "4.5 over 10"
    assert (
        small_numbers.average(Decimal("4.5"), 9, "{value}", "the mean")
        == "the mean not shown: 9 so far, and it needs 10"
    )
    assert small_numbers.average(None, 30, "{value}", "the mean").startswith("the mean not shown")


@pytest.mark.parametrize(("count", "said"), [(0, "0"), (1, "1 to 5"), (5, "1 to 5"), (6, "6")])
def test_above_the_units_one_to_five_is_not_told_apart(count: int, said: str) -> None:
    assert small_numbers.for_head_of_service(count) == said


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ((), []),
        ((3,), ["1 to 5"]),
        ((3, 20), ["1 to 5", "hidden"]),
        ((3, 4, 20), ["1 to 5", "1 to 5", "20"]),
        ((3, 20, 9, 0), ["1 to 5", "20", "hidden", "0"]),
        ((3, 0), ["1 to 5", "hidden"]),
        ((7, 20), ["7", "20"]),
    ],
)
def test_a_second_number_is_hidden_where_the_first_could_be_worked_out(
    parts: tuple[int, ...], shown: list[str]
) -> None:
    assert small_numbers.row(parts) == shown


@pytest.mark.parametrize(
    ("count", "of", "shown"),
    [
        (3, 20, ("1 to 5", "20")),
        (18, 20, ("hidden", "20")),
        (10, 20, ("10", "20")),
        (20, 20, ("20", "20")),
        (0, 20, ("0", "20")),
        (0, 0, ("0", "0")),
        (0, 3, ("hidden", "1 to 5")),
        (2, 4, ("1 to 5", "1 to 5")),
    ],
)
def test_what_is_left_over_is_not_given_away(count: int, of: int, shown: tuple[str, str]) -> None:
    assert small_numbers.pair(count, of) == shown
