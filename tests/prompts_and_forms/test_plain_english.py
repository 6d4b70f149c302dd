"""How hard a text is to read: syllables, the age, long sentences, and words of the trade."""

from __future__ import annotations

import pytest

from prompts_and_forms.documents import plain_english
from prompts_and_forms.documents.plain_english import reading, syllables_of

SPOKEN = {
    "the": 1, "home": 1, "makes": 1, "walked": 1, "school": 1, "asked": 1, "money": 2, "people": 2, "about": 2,
    "agreed": 2, "little": 2, "wanted": 2, "create": 2, "houses": 2, "needed": 2, "table": 2, "children": 2,
    "together": 3, "understand": 3, "responsibility": 6,
}  # fmt: skip


@pytest.mark.parametrize("word", SPOKEN)
def test_syllables_are_those_people_speak(word: str) -> None:
    assert syllables_of(word) == SPOKEN[word]


def test_short_plain_lines_are_for_a_child_and_the_trade_is_for_nobody() -> None:
    plain = reading(
        ["We will come to your home on Tuesday.", "Mum gets up first.", "You can tell Devan when it is hard."]
    )
    assert plain.age is not None
    assert plain.age <= plain_english.CHILDREN
    assert (plain.long, plain.jargon) == ((), ())
    trade = reading(
        ["Engagement with therapeutic intervention remains an essential expectation of the multi-agency statutory plan "
         "and will be evaluated at the forthcoming review conference."]
    )  # fmt: skip
    assert trade.age is not None
    assert trade.age > plain_english.GROWN_UPS
    assert {word for word, _plain in trade.jargon} == {
        "conference", "engagement", "intervention", "multi-agency", "statutory",
    }  # fmt: skip
    assert len(trade.long) == 1


def test_of_a_few_words_nothing_is_said() -> None:
    assert reading(["See you on Friday."]).age is None
    assert reading([]).age is None


def test_a_word_is_of_the_trade_only_by_itself() -> None:
    assert plain_english.jargon("We place the lacquer in a flack jacket.") == ()
    assert plain_english.jargon("The LAC review is in May.") != ()
