"""What somebody typed in Teams comes back as it was meant: lines, blanks and signs, whatever markup carried them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.practice.teams.seat import as_html
from bot.teams.reading.said import words_of


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("<p>One</p>\n<p>&nbsp;</p>\n<p>Two</p>", "One\n\nTwo"),
        ("<p>One<br>Two<br><br>Three</p>", "One\nTwo\n\nThree"),
        ("<div><div>One</div><div>Two</div></div>", "One\nTwo"),
        ("<p>Two&nbsp; blanks and\none</p>", "Two  blanks and one"),
        ("<p>First:</p><ul><li>a</li><li>b</li></ul><p>Then</p>", "First:\n• a\n• b\nThen"),
        ("<p>&lt;b&gt; &amp; &lt;!channel&gt;</p>", "<b> & <!channel>"),
    ],
)
def test_markup_becomes_lines_and_blanks_as_they_were_seen(html: str, words: str) -> None:
    assert words_of(html) == words


LINE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cf")), min_size=1).map(str.strip)


@given(st.lists(st.lists(LINE.filter(bool), min_size=1).map("  ".join), min_size=1))
def test_every_line_that_is_typed_comes_back(lines: list[str]) -> None:
    assert words_of(as_html("\n".join(lines))) == "\n".join(lines)
