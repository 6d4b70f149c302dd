"""Case references and their check letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts_and_forms.references import CHECK_LETTERS, check_letter, is_reference, normal


@pytest.mark.parametrize("reference", ["K3107C", "K2284H", "K5640F", " k3107c "])
def test_usual_references_carry_their_check_letter(reference: str) -> None:
    assert is_reference(reference)
    assert normal(reference) == reference.strip().upper()


@given(st.integers(0, 9999), st.sampled_from(CHECK_LETTERS))
def test_only_one_letter_fits(digits: int, letter: str) -> None:
    assert is_reference(f"K{digits:04d}{letter}") == (letter == check_letter(digits))


def test_a_council_can_have_its_own_pattern() -> None:
    assert is_reference("cs-00123", pattern=r"CS-[0-9]{5}")
    assert not is_reference("K3107C", pattern=r"CS-[0-9]{5}")
