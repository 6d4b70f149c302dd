"""Words between people and Slack."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.slack.reading.emoji import with_signs
from bot.slack.text import decode, escape, shorten, split

NAMES = {"U0ANN": "Ann"}


def meant(text: str) -> str:
    return decode(text, NAMES.get)


def test_a_mention_of_somebody_known_becomes_their_name() -> None:
    assert meant("ask <@U0ANN> first") == "ask @Ann first"


def test_signs_are_decoded_once() -> None:
    assert meant("&lt;@U0ANN&gt; &amp;amp; &amp;lt;") == "<@U0ANN> &amp; &lt;"


def test_a_link_is_kept_as_it_was_typed() -> None:
    assert meant("see <https://example.org|example.org> or <mailto:a@b.org|a@b.org>") == "see example.org or a@b.org"
    assert meant("<https://example.org/a?b=1&amp;c=2>") == "https://example.org/a?b=1&c=2"


def test_a_shout_at_the_channel_is_only_words() -> None:
    assert meant("<!channel> and <!here>") == "@channel and @here"
    assert meant("&lt;!channel&gt;") == "<!channel>"


def test_markup_stays_as_it_was_typed() -> None:
    assert meant("*bold* _it_ ~no~ `code`") == "*bold* _it_ ~no~ `code`"


@given(st.text())
def test_what_is_escaped_is_decoded_to_the_same_words(text: str) -> None:
    assert meant(escape(text)) == with_signs(text)


@given(st.text(max_size=400), st.integers(min_value=1, max_value=60))
def test_a_split_text_is_the_same_text_in_pieces(text: str, most: int) -> None:
    pieces = split(text, most)
    assert "".join(pieces) == text
    assert all(len(piece) <= most for piece in pieces)


def test_a_text_is_split_after_a_word() -> None:
    assert split("one two three four", 10) == ["one two ", "three four"]


def test_a_label_that_is_too_long_says_so() -> None:
    assert shorten("abcdef", 4) == "abc…"
    assert shorten("abcd", 4) == "abcd"
