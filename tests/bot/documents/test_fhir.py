"""Forms and answers as FHIR R4B, checked by the models of fhir.resources."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.questionnaire import Questionnaire

from bot.documents.fhir import bundle, questionnaire
from prompts_and_forms.forms.catalogue import form_ids, load_form
from storage.database.db import Database
from tests.worlds.papers import AWKWARD, Kept, Reading
from tests.worlds.records_world import Room


@pytest.mark.parametrize("form_id", form_ids())
def test_every_form_is_a_questionnaire(form_id: str) -> None:
    made = Questionnaire.model_validate(questionnaire(load_form(form_id)))
    assert made.title == load_form(form_id).title


def test_what_was_handed_in_is_a_bundle_of_responses(kept: Kept) -> None:
    with kept.source() as source:
        found = bundle(source, "K3107C")
    Bundle.model_validate(found)
    responses = [
        one["resource"] for one in found["entry"] if one["resource"]["resourceType"] == "QuestionnaireResponse"
    ]
    assert {one["questionnaire"].split(":")[-1].split("|")[0] for one in responses} == {"safety", "action"}
    assert all(one["subject"]["identifier"]["value"] == "K3107C" for one in responses)
    assert json.dumps(AWKWARD) in json.dumps(responses)


def test_no_answer_is_no_answer_and_no_is_no(kept: Kept) -> None:
    with kept.source() as source:
        found = bundle(source, "K3107C")
    safety = next(one["resource"] for one in found["entry"] if "safety|" in str(one["resource"].get("questionnaire")))
    answers = {item["linkId"]: item.get("answer") for item in safety["item"]}
    assert answers["immediate_concern"] == [{"valueBoolean": False}]
    assert "manager_needed_today" not in answers


def test_a_clinicians_private_look_is_not_even_asked() -> None:
    assert "boundary_check" not in str(questionnaire(load_form("contract")))


def test_the_sample_unit_before_any_form_is_its_families_and_their_scores(db: Database) -> None:
    with Reading(Room(db)) as source:
        found, one = bundle(source), bundle(source, "K3107C")
    Bundle.model_validate(found)
    kinds = Counter(entry["resource"]["resourceType"] for entry in found["entry"])
    assert kinds["Group"] == 15
    assert kinds["Observation"] > 10
    scores = [entry["resource"] for entry in one["entry"] if entry["resource"]["resourceType"] == "Observation"]
    assert {score["subject"]["identifier"]["value"] for score in scores} == {"K3107C"}
    assert len({entry["fullUrl"] for entry in found["entry"]}) == len(found["entry"])
    total = next(score for score in scores if score["code"]["text"].endswith("Total difficulties"))
    assert total["code"]["coding"][0]["code"].isdigit()
    assert isinstance(total["valueInteger"], int)


def test_a_missing_score_is_said_to_be_missing(kept: Kept) -> None:
    with kept.source() as source:
        found = bundle(source)
    scores = [one["resource"] for one in found["entry"] if one["resource"]["resourceType"] == "Observation"]
    assert all(("dataAbsentReason" in one) != ("valueInteger" in one or "valueQuantity" in one) for one in scores)
