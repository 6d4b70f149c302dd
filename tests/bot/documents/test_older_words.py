"""Documents and exports of a form show the words it was asked in, whatever it is called today."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fhir.resources.R4B.bundle import Bundle

from bot.documents.fhir import bundle
from prompts_and_forms.forms import catalogue as form_catalogue
from tests.worlds.papers import Kept

QUESTION = "What we are worried about"


@pytest.fixture
def reworded(kept: Kept, tmp_path: Path) -> Iterator[Kept]:
    """The safety form was handed in once as it comes with the bot, then once in a council's own words."""
    (tmp_path / "own.yaml").write_text("wording_of: safety\nquestions: {worries: {label: Our worries}}\n", "utf-8")
    assert form_catalogue.use(tmp_path) == ()
    kept.room.record("devan", "safety", kept.discussion, {"immediate_concern": False, "worries": ["Nights."]})
    yield kept
    form_catalogue.use()


def test_each_paper_has_the_words_of_its_day(reworded: Kept) -> None:
    before, now = (reworded.document("form", entry.id).model_dump_json() for entry in reworded.room.entries("safety"))
    assert QUESTION in before
    assert "Our worries" not in before
    assert "Our worries" in now
    assert QUESTION not in now


def test_each_answer_points_at_the_form_it_answers(reworded: Kept) -> None:
    with reworded.source() as source:
        found = bundle(source, "K3107C")
    Bundle.model_validate(found)
    resources = [one["resource"] for one in found["entry"]]
    asked = {f"{one['url']}|{one['version']}": one for one in resources if one["resourceType"] == "Questionnaire"}
    answered = [one for one in resources if "safety|" in str(one.get("questionnaire"))]
    assert len(answered) == len({one["questionnaire"] for one in answered}) == 2
    assert len({one["id"] for one in asked.values()}) == len(asked)
    for one in answered:
        texts = {item["linkId"]: item["text"] for item in asked[one["questionnaire"]]["item"]}
        assert all(texts[item["linkId"]] == item["text"] for item in one["item"])
