"""Words are found as people mean them, and shown in their whole sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts_and_forms.finding.families import Known, matching
from prompts_and_forms.finding.words import Sought
from storage.database.bodies import TextBody

TEXTS = ["TD set two alarms. AD said she had slept! Is Nan the one who rings?", "Zoë goes to school."]
FAMILIES = [
    Known("a", "K3107C", ("BD", "TD", "AD"), "child_protection", "Devan Okoro"),
    Known("b", "K2284H", ("HM", "ZM"), "complex_child_in_need", "Orla"),
    Known("c", "K4419D", ("RP", "EP", "DP"), "child_in_need", "Marisol"),
]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("alarms", "TD set two alarms."),
        ("ALARM", "TD set two alarms."),
        ("slept nan", "AD said she had slept!"),
        ("zoë", "Zoë goes to school."),
        ("ZOË schools", None),
        ("larms", None),
        ("alarms goldfish", None),
    ],
)
def test_all_words_must_begin_a_word_of_the_text(typed: str, sentence: str | None) -> None:
    assert Sought.typed(typed).where(TEXTS) == sentence


def test_ids_and_days_are_no_words() -> None:
    assert Sought.typed("abc").where(["abc" + "0" * 29, "2026-11-17"]) is None


@pytest.mark.parametrize(("typed", "enough"), [("", False), ("a b", False), ("to", False), ("dad", True)])
def test_too_little_is_not_looked_for(typed: str, enough: bool) -> None:
    assert Sought.typed(typed).is_enough is enough


def test_a_very_long_text_is_shown_around_the_word_with_whole_words() -> None:
    shown = Sought.typed("needle").where(["hay " * 300 + "needle " + "straw " * 300])
    assert shown is not None
    assert len(shown) < 340
    assert shown.startswith("…hay ")
    assert shown.endswith(" straw…")


@given(st.text(max_size=60), st.text(alphabet='abcdeé"\\ ', min_size=1, max_size=8))
def test_the_quick_look_never_misses_what_the_slow_one_finds(text: str, typed: str) -> None:
    sought = Sought.typed(typed)
    if sought.words and sought.where([text]) is not None:
        assert sought.rough()(TextBody(text=text).model_dump_json().encode())


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("31", "a"),
        ("k3107c", "a"),
        ("td", "a"),
        ("hm", "b"),
        ("child protection", "a"),
        ("cp", "a"),
        ("cin", "c"),
        ("child in need", "bc"),
        ("dev", "a"),
        ("devan okoro", "a"),
        ("devan cp", "a"),
        ("devan cin", ""),
        ("k", ""),
        ("d", ""),
        ("", ""),
        ("goldfish", ""),
    ],
)
def test_a_family_is_found_by_letters_initials_category_or_lead_worker(typed: str, found: str) -> None:
    assert sorted(matching(FAMILIES, typed)) == sorted(found)
