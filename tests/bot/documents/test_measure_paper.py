"""A questionnaire's result on paper, with the picture of how it went."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from bot.documents.contents import from_cards
from bot.documents.formats import chart_svg
from bot.documents.formats.pdf import as_pdf
from bot.documents.formats.word import as_word
from bot.documents.make import draw
from bot.documents.model import Paragraph, Picture
from prompts_and_forms.card import Chart
from tests.worlds.papers import inside, paper, words_of

FELL = Chart(
    title="Over time",
    points=("8 Oct 2026", "17 Nov 2026", "1 Dec 2026"),
    series=(("Total difficulties", (20.0, None, 12.0)), ("Impact", (4.0, 2.0, 2.0))),
    words="Total difficulties: 20 on 8 Oct 2026.",
)
SVG = "{http://www.w3.org/2000/svg}"


def texts(chart: Chart) -> list[str]:
    root = ElementTree.fromstring(chart_svg.drawing(chart))
    return [found.text or "" for found in root.iter(f"{SVG}text")]


def test_every_score_is_written_beside_its_mark_and_a_missing_one_is_not_drawn() -> None:
    said = texts(FELL)
    assert {"20", "12", "4", "2", "8 Oct 2026", "Total difficulties", "Impact"} <= set(said)
    assert len(ElementTree.fromstring(chart_svg.drawing(FELL)).findall(f"{SVG}circle")) == 2 + 1


def test_a_result_with_its_picture_is_a_page_and_a_word_file() -> None:
    parts = from_cards.parts([FELL])
    assert [type(part) for part in parts] == [Picture, Paragraph]
    assert as_pdf(paper(*parts)).startswith(b"%PDF")
    assert b"/Figure" in inside(as_pdf(paper(*parts)))
    assert "20 on 8 Oct 2026" in words_of(as_word(paper(*parts)))
    assert draw(paper(*parts), "pdf", "kestrel").name.startswith("kestrel-test-")


def test_of_one_point_there_is_no_picture_only_words() -> None:
    one = FELL.model_copy(update={"series": (("Impact", (4.0, None, None)),)})
    assert [type(part) for part in from_cards.parts([one])] == [Paragraph]


@given(
    st.lists(st.one_of(st.none(), st.floats(0, 144)), min_size=1, max_size=12),
    st.text(max_size=30),
)
def test_whatever_the_scores_and_names_the_drawing_is_well_formed(values: list[float | None], name: str) -> None:
    points = tuple(f"day {n}" for n in range(len(values)))
    chart = Chart(title=name, points=points, series=((name, tuple(values)),), words=name)
    root = ElementTree.fromstring(chart_svg.drawing(chart))
    inside_frame = [float(one.get("cy") or 0) for one in root.findall(f"{SVG}circle")]
    assert all(0 <= y <= chart_svg.HEIGHT for y in inside_frame)
