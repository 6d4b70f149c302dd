"""What a person types is kept as Slack keeps it, and can be read back as it was meant."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.practice.slack.typed import _UNICODE as _EVERY_NAME
from bot.practice.slack.typed import as_kept, in_command, rich_text
from bot.slack.reading.emoji import sign_of, with_signs


def read_back(kept: str) -> str:
    leaves: list[dict[str, Any]] = rich_text(kept, "b")["elements"][0]["elements"]
    return "".join(leaf.get("text") or leaf.get("url") or sign_of(leaf["name"]) for leaf in leaves)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a & b < c > d", "a &amp; b &lt; c &gt; d"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("see https://example.org/a?b=1&c=2.", "see <https://example.org/a?b=1&amp;c=2>."),
        ("ask ann@example.org", "ask <mailto:ann@example.org|ann@example.org>"),
        ("<!channel> <@U1> &amp;", "&lt;!channel&gt; &lt;@U1&gt; &amp;amp;"),
    ],
)
def test_typed_text_is_escaped_and_links_are_marked(typed: str, kept: str) -> None:
    assert as_kept(typed) == kept
    assert "".join(typed.replace("\r\n", "\n").replace("\r", "\n")) == read_back(kept)


@given(some.text(alphabet=some.sampled_from("ab &<>@#|;:/.!\n*_~`") | some.characters(codec="utf-8"), max_size=60))
def test_whatever_is_typed_can_be_read_back(typed: str) -> None:
    meant = with_signs(typed, _EVERY_NAME) if "://" not in typed and "@" not in typed else typed
    assert read_back(as_kept(typed)) == meant.replace("\r\n", "\n").replace("\r", "\n")


@given(some.from_regex(r"(https?://[a-z&.;/<>]+|[a-z&;]+@[a-z.&]+| |x)*", fullmatch=True))
def test_links_can_be_read_back_too(typed: str) -> None:
    assert read_back(as_kept(typed)) == typed


def test_a_mention_is_marked_when_the_person_was_chosen() -> None:
    mentions = {"U1": "Ann", "U2": "Ann Archer"}
    assert as_kept("@Ann Archer and @Ann", mentions) == "<@U2> and <@U1>"
    assert as_kept("<@U1>", {"U1": "Ann"}) == "<@U1>"
    assert as_kept("@Ann") == "@Ann"


def test_a_command_marks_people_and_channels_by_name() -> None:
    people = {"ann": "<@U1|ann>", "Ann Archer": "<@U1|ann>"}
    channels = {"unit": "<#C1|unit>"}
    typed = "ring @Ann Archer & @ann in #unit, not a@ann or #united"
    kept = "ring <@U1|ann> &amp; <@U1|ann> in <#C1|unit>, not a@ann or #united"
    assert in_command(typed, people, channels) == kept
